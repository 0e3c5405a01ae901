package touchstone

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp/exact"
)

// Weights that the step of all samples has changed before the layer below gets its δ are
// told from those that each sample has changed.
func TestCauseOfUpdatedWeights(t *testing.T) {
	for _, samples := range []int{1, 4} {
		rnd := rand.New(rand.NewPCG(9, 1))
		n := chain(3, activation.Tanh{}, 4, 2)
		c, err := NewCase("", exact.Problem{Net: n, Loss: loss.Squared{}, Theta: filled(1, n.NumParams(), rnd.NormFloat64).Data,
			X: filled(samples, 3, rnd.NormFloat64), T: filled(samples, 2, rnd.Float64), Rate: 0.25})
		require.NoError(t, err)
		right := planted{}.claim(&c).Grad // and so is that of the last layer; the weights of the first are not needed
		after := func(step []float64, l, j, k int) float64 {
			w, g := n.Weights(c.Theta, l), n.Weights(step, l)
			return w.Data[j*w.Cols+k] - c.Step.Rate*g.Data[j*w.Cols+k]
		}
		all := planted{weight: func(_ *Case, _ []float64, l, j, k int) float64 { return after(right, l, j, k) }}
		each := planted{weight: func(_ *Case, soFar []float64, l, j, k int) float64 { return after(soFar, l, j, k) }}
		const text = "ORDER: weights were updated before the deltas of the layer below were computed"
		assert.Equal(t, text, causeText(&c, Claim{Grad: all.claim(&c).Grad}))
		if samples > 1 { // of one sample both are the same
			assert.Equal(t, text+", sample by sample", causeText(&c, Claim{Grad: each.claim(&c).Grad}))
		}
	}
}
