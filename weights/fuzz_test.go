package weights

import (
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// seeds adds the files of testdata and what else is given.
func seeds(f *testing.F, pattern string, more ...[]byte) {
	paths, err := filepath.Glob("testdata/" + pattern)
	require.NoError(f, err)
	require.NotEmpty(f, paths)
	for _, path := range paths {
		data, err := os.ReadFile(path)
		require.NoError(f, err)
		f.Add(data)
	}
	for _, data := range more {
		f.Add(data)
	}
}

// check demands that what was decoded is consistent, of no more numbers than the file
// has bytes, and the same when it is written and read again.
func check(t *testing.T, v *Tensor, size int) {
	n, ok := count(v.Shape)
	if !ok || n != len(v.Data) || n > size || len(v.Shape) > 2 {
		t.Fatalf("%d numbers of the shape %v in %d bytes", len(v.Data), v.Shape, size)
	}
	var data []byte
	for _, x := range v.Data {
		data = binary.LittleEndian.AppendUint64(data, math.Float64bits(x))
	}
	again, err := decodeNPY(npyFile("<f8", v.Shape, data))
	if err != nil {
		t.Fatal(err)
	}
	for i, x := range v.Data {
		if math.Float64bits(x) != math.Float64bits(again.Data[i]) {
			t.Fatalf("element %d is %v, and %v when read again", i, x, again.Data[i])
		}
	}
}

func FuzzNPY(f *testing.F) {
	var more [][]byte
	for _, b := range malformedNPY {
		more = append(more, b.data)
	}
	for code := range elements {
		more = append(more, npy(dict(">"+code, "(1, 1)"), elements[code].size))
	}
	seeds(f, "*.npy", more...)
	f.Fuzz(func(t *testing.T, data []byte) {
		if v, err := decodeNPY(data); err == nil {
			check(t, v, len(data))
		}
	})
}

func FuzzNPZ(f *testing.F) {
	whole := zipped(f, "a.npy", string(npy(dict("<f8", "()"), 8)))
	seeds(f, "*.npz", whole, bomb(f, 1000, 1000), bomb(f, 1000, 10), commented(f, whole, "hello"), sixtyFour(whole, true), sixtyFour(whole, false))
	f.Fuzz(func(t *testing.T, data []byte) {
		var s Set
		if s.Decode("w.npz", append([]byte("PK\x03\x04"), bytes.TrimPrefix(data, []byte("PK\x03\x04"))...)) != nil {
			return
		}
		for _, name := range s.Names() {
			if v, err := s.Tensor(name); err == nil {
				check(t, v, MaxFile)
			}
		}
	})
}

// FuzzSafetensors also demands that the tensors share no bytes, and leave none.
func FuzzSafetensors(f *testing.F) {
	var more [][]byte
	for _, b := range malformedSafetensors {
		more = append(more, b.data)
	}
	seeds(f, "*.safetensors", more...)
	f.Fuzz(func(t *testing.T, data []byte) {
		if !isSafetensors(data) {
			return
		}
		entries, err := openSafetensors(data)
		if err != nil {
			return
		}
		left, names := len(data)-8-int(binary.LittleEndian.Uint64(data)), map[string]bool{}
		for _, e := range entries {
			if names[e.name] {
				t.Fatalf("%q is there twice", e.name)
			}
			names[e.name] = true
			v, err := e.decode()
			if err != nil {
				return // of a type that is not known, or of more dimensions
			}
			check(t, v, len(data))
			for _, d := range safetensorsElements {
				if d.name == v.Type {
					left -= len(v.Data) * d.size
				}
			}
		}
		if left != 0 {
			t.Fatalf("%d bytes belong to no tensor", left)
		}
	})
}
