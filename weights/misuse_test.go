package weights

import (
	"errors"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"

	"touchstone/activation"
	"touchstone/internal/misuse"
	"touchstone/mlp"
)

// TestMisuse has every panic of the package.
func TestMisuse(t *testing.T) {
	s, id := new(Set), activation.Identity{}
	n := mlp.New(1, mlp.Layer{Width: 1, Activation: id, NoBias: true})
	assert.Empty(t, misuse.Check(os.DirFS("."), []misuse.Case{
		{Panic: "weights: Network: no orientation", Do: func() { _, _, _ = s.Network(0, Layer{"W", "", id}) }},
		{Panic: "weights: Network: no layers", Do: func() { _, _, _ = s.Network(InOut) }},
		{Panic: "weights: Network: nil activation", Do: func() { _, _, _ = s.Network(InOut, Layer{"W", "", nil}) }},
		{Panic: "weights: Samples: cols below 1", Do: func() { _, _ = s.Samples("x", 0) }},
		{Panic: "weights: EncodeNetwork: length of a tensor is not that of its shape", Do: func() {
			EncodeNetwork(n, []float64{1}, Tensor{Name: "x", Shape: []int{2}, Data: []float64{1}})
		}},
		{Panic: "weights: EncodeNetwork: name of a tensor is taken", Do: func() {
			EncodeNetwork(n, []float64{1}, Tensor{Name: "W0", Data: []float64{1}})
		}},
		{Panic: "weights: an archive in memory cannot be written", Do: func() { must(errors.New("cannot happen")) }},
	}))
}

// Every name of a network's own is taken, and so is that of another tensor.
func TestEncodeNetworkNames(t *testing.T) {
	n := mlp.New(1, mlp.Layer{Width: 1, Activation: activation.Identity{}})
	x := Tensor{Name: "x", Data: []float64{1}}
	assert.NotPanics(t, func() { EncodeNetwork(n, []float64{1, 2}, x) })
	for _, name := range []string{"W0", "b0", "activations", "x"} {
		assert.Panics(t, func() { EncodeNetwork(n, []float64{1, 2}, x, Tensor{Name: name, Data: []float64{1}}) }, name)
	}
}
