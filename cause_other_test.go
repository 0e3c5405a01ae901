package touchstone

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp"
	"touchstone/mlp/exact"
)

// A factor that nobody knows is taken from the number that is surest, not from a large
// one that may be off by much.
func TestCauseOfFactorOfSurestNumber(t *testing.T) {
	for _, blurred := range []float64{17, 22, 12} { // each is 1.7 times 10, give or take 10.8 bounds
		d := detective{grad: []part{
			{got: []float64{blurred}, want: []float64{10}, penalty: []float64{0}, bound: []float64{2}},
			{got: []float64{1.7, -1.7}, want: []float64{1, -1}, penalty: []float64{0, 0}, bound: []float64{1e-6, 1e-3}},
		}}
		cause := d.otherFactor()
		if assert.NotNil(t, cause) {
			assert.Equal(t, "SCALE: the gradient is 1.7 times what it should be", cause.String())
		}
	}
}

// Where all parameters are regularised, a factor of the data alone is told too: also where
// it would pass for an error of bfloat16, whose bounds are wide.
func TestCauseOfFactorBesideRegulariser(t *testing.T) {
	for _, λ := range []float64{0.03125, 0.375} {
		rnd := rand.New(rand.NewPCG(8, 1))
		n := mlp.New(3, mlp.Layer{Width: 4, Activation: activation.Tanh{}, NoBias: true}, mlp.Layer{Width: 2, Activation: activation.Sigmoid{}, NoBias: true})
		c, err := NewCase("", exact.Problem{Net: n, Loss: loss.Squared{}, Theta: filled(1, n.NumParams(), rnd.NormFloat64).Data,
			X: filled(5, 3, rnd.NormFloat64), T: filled(5, 2, rnd.Float64), Lambda: λ})
		require.NoError(t, err)
		k := planted{}.claim(&c)
		for i, g := range k.Grad {
			penalty := c.Lambda * c.Theta[i]
			k.Grad[i] = 1.75*(g-penalty) + penalty
		}
		assert.Equal(t, "SCALE: the gradient is 1.75 times what it should be", causeText(&c, Claim{Grad: k.Grad}))
	}
}

// What one number in a lower precision does to all of them, here δ of the only neuron, is a
// factor too, but its cause is the precision.
func TestCauseOfFactorOfPrecision(t *testing.T) {
	n := mlp.New(3, mlp.Layer{Width: 1, Activation: activation.Sigmoid{}})
	for seed := range uint64(4) {
		rnd := rand.New(rand.NewPCG(seed, 2))
		x := filled(1, 3, rnd.NormFloat64)
		c, err := NewCase("", exact.Problem{Net: n, Loss: loss.Squared{}, Theta: filled(1, n.NumParams(), rnd.NormFloat64).Data,
			X: x, T: filled(1, 1, rnd.Float64)})
		require.NoError(t, err)
		delta := float64(float32(c.Exact.Grad[3].Float64())) // ∂E/∂b
		grad := []float64{delta * x.Data[0], delta * x.Data[1], delta * x.Data[2], delta}
		assert.Equal(t, "PRECISION: the errors are those of float32: a part of it was computed or stored so", causeText(&c, Claim{Grad: grad}))
	}
}
