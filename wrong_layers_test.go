package touchstone

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp"
)

// A derivative that is wrong in some layers is named with the layers.
func TestCauseNamesLayers(t *testing.T) {
	without := func(n *mlp.Net, in func(l int) bool) string {
		c := roughCase(n, loss.Squared{}, 5, 4)
		k := planted{deriv: func(l int, f activation.Func, z, _ float64) float64 {
			if in(l) {
				return 1
			}
			return f.Deriv(z)
		}}.claim(&c)
		return causeText(&c, Claim{Grad: k.Grad})
	}
	const missing = "MISSING: the derivative of the activation is missing"
	for _, widths := range [][]int{{4, 3}, {4, 5, 3}} {
		n := chain(3, activation.Tanh{}, widths...) // for a sigmoid it would be the gradient of the cross-entropy
		last := len(widths) - 1
		assert.Equal(t, missing, without(n, func(int) bool { return true }))
		assert.Equal(t, missing+" in the hidden layers", without(n, func(l int) bool { return l < last }))
		assert.Equal(t, missing+" in the output layer", without(n, func(l int) bool { return l == last }))
	}
	n := chain(3, activation.Sigmoid{}, 4, 5, 4, 3)
	for _, l := range []int{0, 1, 2} {
		assert.Equal(t, fmt.Sprint(missing, " in layer ", l), without(n, func(at int) bool { return at == l }))
	}

	// Layers of one function that are neither all, nor the hidden ones, nor a single one.
	for _, f := range []activation.Func{activation.Sigmoid{}, activation.Tanh{}, activation.ReLU{}, activation.Softplus{}} {
		var other activation.Func = activation.Sigmoid{}
		if f == other {
			other = activation.Tanh{}
		}
		n := mlp.New(3, mlp.Layer{Width: 5, Activation: f}, mlp.Layer{Width: 4, Activation: other}, mlp.Layer{Width: 3, Activation: f})
		assert.Equal(t, fmt.Sprintf("%s in %v layers", missing, f), without(n, func(l int) bool { return l != 1 }))
	}
}
