package weights

import (
	"encoding/binary"
	"errors"
	"fmt"
	"sort"

	"touchstone/internal/strictjson"
)

// maxSafetensorsHeader allows some 250 bytes for each of maxTensors. The format allows 100
// MB, all of which metadata may take, of as many names.
const maxSafetensorsHeader = 1 << 20

// maxDimensions is that of NumPy.
const maxDimensions = 32

func isSafetensors(data []byte) bool { return len(data) > 8 && data[8] == '{' }

// A stored tensor of a safetensors file is data[begin:end], after the header.
type stored struct {
	name, dtype string
	shape       []int
	begin, end  int
}

// openSafetensors lists a safetensors file: the length of the header in 8 bytes, the
// header in JSON, and the numbers, little endian and row by row. The tensors have to
// cover the numbers, without a gap and without sharing any.
func openSafetensors(data []byte) ([]entry, error) {
	size, rest := binary.LittleEndian.Uint64(data), data[8:]
	switch {
	case size > maxSafetensorsHeader:
		return nil, fmt.Errorf("the header has %d bytes, want at most %d", size, maxSafetensorsHeader)
	case size > uint64(len(rest)):
		return nil, fmt.Errorf("the header has %d bytes, and %d are there", size, len(rest))
	}
	list, err := parseSafetensorsHeader(rest[:size])
	if err != nil {
		return nil, err
	}
	rest = rest[size:]

	entries := make([]entry, len(list))
	for i, t := range list {
		entries[i] = entry{name: t.name, decode: func() (*Tensor, error) { return t.decode(rest) }}
	}
	sort.SliceStable(list, func(i, j int) bool { // empty ones before those that begin there
		a, b := list[i], list[j]
		return a.begin < b.begin || a.begin == b.begin && a.end < b.end
	})
	at := 0
	for _, t := range list {
		switch {
		case t.end < t.begin || t.end > len(rest):
			return nil, fmt.Errorf("tensor %s has the offsets %d and %d, within %d bytes", quote(t.name), t.begin, t.end, len(rest))
		case t.begin < at:
			return nil, fmt.Errorf("tensor %s begins at %d, where another ends at %d", quote(t.name), t.begin, at)
		case t.begin > at:
			return nil, fmt.Errorf("tensor %s begins at %d, and the bytes from %d on belong to none", quote(t.name), t.begin, at)
		}
		if e, ok := safetensorsElements[t.dtype]; ok {
			if err := e.checkSize(t.shape, t.end-t.begin); err != nil {
				return nil, fmt.Errorf("tensor %s: %w", quote(t.name), err)
			}
		}
		at = t.end
	}
	if at != len(rest) {
		return nil, fmt.Errorf("the tensors end at %d of %d bytes", at, len(rest))
	}
	return entries, nil
}

// parseSafetensorsHeader reads the header. Its tensors are in the order of the file.
func parseSafetensorsHeader(header []byte) ([]stored, error) {
	var list []stored
	err := strictjson.Read(header, func(r *strictjson.Reader) {
		r.Map(func(name string) {
			switch {
			case name == "__metadata__":
				r.Map(func(string) { r.Text() })
			case len(list) == maxTensors:
				r.Fail("is one tensor more than %d", maxTensors)
			default:
				t := stored{name: name}
				t.read(r)
				list = append(list, t)
			}
		})
	})
	if e := (*strictjson.Error)(nil); errors.As(err, &e) {
		return nil, fmt.Errorf("the header: %w", e)
	}
	return list, nil
}

func (t *stored) read(r *strictjson.Reader) {
	r.Object(func(field string) bool {
		switch field {
		case "dtype":
			t.dtype = r.Text()
		case "shape":
			r.Array(func(i int) {
				if i == maxDimensions {
					r.Fail("is one dimension more than %d", maxDimensions)
				}
				t.shape = append(t.shape, r.Int(0))
			})
		case "data_offsets":
			var at []int
			r.Array(func(int) { at = append(at, r.Int(0)) })
			if len(at) != 2 {
				r.Fail("has %d numbers, want 2", len(at))
				return true
			}
			t.begin, t.end = at[0], at[1]
		default:
			return false
		}
		return true
	}, "dtype", "shape", "data_offsets")
}

func (t *stored) decode(data []byte) (*Tensor, error) {
	e, ok := safetensorsElements[t.dtype]
	if !ok {
		return nil, fmt.Errorf("the type %s is not of real numbers of 8 to 64 bits; save it as F64", quote(t.dtype))
	}
	return e.decode(t.shape, data[t.begin:t.end], binary.LittleEndian, false)
}
