package weights

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every array that NumPy wrote is read as NumPy says it is, or refused.
func TestNumPy(t *testing.T) {
	e := expected(t)
	refused := map[string]string{
		"odd_i8":  "element 1 is 9007199254740993, which no float64 is",
		"odd_u8":  "element 0 is 18446744073709551615, which no float64 is",
		"object":  "holds Python objects, which are a program (pickle) and are not executed; save it as numbers",
		"struct":  "the NPY header: describes records of several fields, and weights are numbers",
		"complex": `the type "<c16" is not of real numbers of at most 64 bits; save it as float64`,
		"long":    `the type "<f16" is not of real numbers of at most 64 bits; save it as float64`,
		"text":    `the type "<U4" is not of real numbers of at most 64 bits; save it as float64`,
		"date":    `the type "<M8[D]" is not of real numbers of at most 64 bits; save it as float64`,
		"void":    `the type "|V2" is not of real numbers of at most 64 bits; save it as float64`,
		"cube":    "has 3 dimensions, and dense layers have two",
	}
	s := load(t, "numpy.npz")
	require.Len(t, s.Names(), len(e.NumPy)+len(refused))
	for _, name := range s.Names() {
		v, err := s.Tensor(name)
		if reason, ok := refused[name]; ok {
			assert.Equal(t, &Error{"testdata/numpy.npz", name, reason}, err)
			continue
		}
		require.NoError(t, err)
		want := e.NumPy[name]
		assert.True(t, slices.Equal(want.Shape, v.Shape), "%s: %v, want %v", name, v.Shape, want.Shape)
		requireSame(t, want.Values, v.Data)
	}
	assert.Equal(t, "float16", tensor(t, s, "big_f2").Type)
	assert.Equal(t, "bool", tensor(t, s, "bool").Type)
}

func TestNPYVersions(t *testing.T) {
	s := load(t, "version1.npy", "version2.npy", "version3.npy", "numpy_compressed.npz")
	assert.Equal(t, []string{"version1", "version2", "version3", "m", "zeros"}, s.Names())
	for _, name := range []string{"version1", "version2", "version3", "m"} {
		v := tensor(t, s, name)
		assert.Equal(t, []int{2, 3}, v.Shape)
		requireSame(t, expected(t).NumPy["f8"].Values, v.Data)
	}
	assert.Equal(t, make([]float64, 2000), tensor(t, s, "zeros").Data)
}

// Each of the 65536 numbers of 16 bits is what NumPy and PyTorch make of it.
func TestSixteenBits(t *testing.T) {
	e := expected(t)
	for _, f := range []struct {
		element
		want string
	}{{elements["f2"], e.Float16}, {safetensorsElements["BF16"], e.BFloat16}} {
		h := sha256.New()
		for b := range uint64(1 << 16) {
			v := math.Float64bits(f.value(b))
			if math.IsNaN(math.Float64frombits(v)) {
				v = 0x7ff8000000000000
			}
			h.Write(binary.LittleEndian.AppendUint64(nil, v))
		}
		assert.Equal(t, f.want, hex.EncodeToString(h.Sum(nil)), f.name)
	}
}
