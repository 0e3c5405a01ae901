package weights

import (
	"encoding/json"
	"math"
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"touchstone/activation"
)

// load returns the tensors of files of testdata.
func load(t testing.TB, names ...string) *Set {
	t.Helper()
	s := new(Set)
	for _, name := range names {
		require.NoError(t, s.ReadFile("testdata/"+name))
	}
	return s
}

func tensor(t testing.TB, s *Set, name string) *Tensor {
	t.Helper()
	v, err := s.Tensor(name)
	require.NoError(t, err)
	return v
}

// An expectation is what testdata/make.py says of the files that it wrote.
type expectation struct {
	NumPy map[string]struct {
		Shape  []int
		Values []string
	}
	Torch             map[string]map[string][]string
	Float16, BFloat16 string // hashes
}

func expected(t *testing.T) (e expectation) {
	t.Helper()
	data, err := os.ReadFile("testdata/expected.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(data, &e))
	return e
}

// requireSame demands the bits of hexadecimal numbers, but for which NaN it is.
func requireSame(t *testing.T, want []string, got []float64) {
	t.Helper()
	require.Len(t, got, len(want))
	for i := range want {
		v, err := strconv.ParseFloat(want[i], 64)
		require.NoError(t, err)
		if math.IsNaN(v) && math.IsNaN(got[i]) {
			continue
		}
		require.Equal(t, math.Float64bits(v), math.Float64bits(got[i]), "element %d is %v, want %v", i, got[i], v)
	}
}

// torchLayers are those of the network 3-4-5-2 that testdata/make.py trains.
var torchLayers = []Layer{
	{"0.weight", "0.bias", activation.Tanh{}},
	{"2.weight", "2.bias", activation.Sigmoid{}},
	{"4.weight", "4.bias", activation.Identity{}},
}

// sklearnLayers are those of its models of scikit-learn.
func sklearnLayers(hidden, last activation.Func) []Layer {
	return []Layer{
		{"coefs_0", "intercepts_0", hidden},
		{"coefs_1", "intercepts_1", hidden},
		{"coefs_2", "intercepts_2", last},
	}
}
