package touchstone

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp"
	"touchstone/mlp/exact"
)

// Of probabilities near 0 and 1, the terms of a loss and of its gradient underflow, too.
func TestUnderflowOfSmallProbabilities(t *testing.T) {
	for _, b := range []struct {
		loss       loss.Func
		activation activation.Func
	}{
		{loss.CrossEntropy{}, activation.Sigmoid{}},
		{loss.LogitCrossEntropy{}, activation.Identity{}},
		{loss.SoftmaxCrossEntropy{}, activation.Identity{}},
	} {
		// z is ∓12, and then ∓0.5; what 1 − t leaves of log(1−p) is small where t is near 1.
		c, err := NewCase("", exact.Problem{Net: mlp.New(1, mlp.Layer{Width: 2, Activation: b.activation}), Loss: b.loss, Theta: []float64{-1, 1, 0, 0},
			X: filled(2, 1, inTurn(12, 0.5)), T: filled(2, 2, inTurn(0.5, 1-0x1p-17, 0x1p-17, 0.75)), Rate: 0.25})
		require.NoError(t, err)
		for _, p := range []Precision{BFloat16, Float16} {
			assertUnderflow(t, &c, rightPass(&c), formats[p])
		}
	}
}

// The mean over more samples than the smallest normal number has 1/N for loses digits of
// 1/N itself.
func TestUnderflowOfManySamples(t *testing.T) {
	const N = 1<<14 + 1
	require.Less(t, 1/float64(N), Float16.SmallestNormal())
	rnd := rand.New(rand.NewPCG(6, 6))
	c := Case{Net: mlp.New(1, mlp.Layer{Width: 1, Activation: activation.Identity{}}), Loss: loss.Squared{}, Theta: []float64{0.75, -0.25},
		X: filled(N, 1, rnd.NormFloat64), T: filled(N, 1, rnd.Float64), Step: &Step{Rate: 0.5}}
	scale := [][][]float64{matrixOf(filled(1, N, func() float64 { return 4 }).Data, N)} // of no exact results, which take longer
	c.Scale = Scale{Z: scale, A: scale, Delta: scale, Grad: []float64{4, 4}}
	assertUnderflow(t, &c, rightPass(&c), formats[Float16])
}
