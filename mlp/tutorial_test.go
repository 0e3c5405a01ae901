package mlp_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone"
	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp"
)

// The claims that tutorials of backpropagation make, tried on the patient
// network. (That a network without activation functions is one affine map is
// TestIdentityNetIsAffine.)

// train returns the loss before training and after each epoch of full batches.
func train(t *testing.T, rate float64, epochs int) []float64 {
	c, ok := touchstone.CaseByID("patient-cohort")
	require.True(t, ok)
	o, theta := c.Objective(), slices.Clone(c.Theta)
	losses := []float64{o.Func(theta)}
	require.NoError(t, mlp.SGD{Rate: rate, Epochs: epochs,
		OnEpoch: func(e mlp.Epoch) { losses = append(losses, e.Loss) }}.Train(theta, o))
	return losses
}

// Gradient descent with a small enough rate lowers the loss in every epoch.
func TestEpochsReduceTheLoss(t *testing.T) {
	losses := train(t, 0.5, 2000)
	for i := 1; i < len(losses); i++ {
		require.Less(t, losses[i], losses[i-1], "epoch %d", i)
	}
	assert.Less(t, losses[2000], losses[0]/50)
}

// Too high a rate overshoots: on the way down the loss also goes up. Too low a rate
// is slow: after as many epochs it is far behind.
func TestLearningRate(t *testing.T) {
	const epochs = 200
	right, high, low := train(t, 5, epochs), train(t, 500, epochs), train(t, 0.005, epochs)
	rises := func(losses []float64) (n int) {
		for i := 1; i < len(losses); i++ {
			if losses[i] > losses[i-1] {
				n++
			}
		}
		return n
	}
	assert.Zero(t, rises(right))
	assert.NotZero(t, rises(high), "overshoots")
	assert.Greater(t, slices.Max(high), 2*high[0])
	assert.Zero(t, rises(low))
	assert.Greater(t, low[epochs], 0.9*low[0], "hardly moved")
	assert.Less(t, right[epochs], 0.1*right[0])
}

// On the parabola ½w² the limits are exact: w ← w − ηw overshoots for η > 1 and
// diverges for η > 2.
func TestLearningRateLimit(t *testing.T) {
	n := mlp.New(1, mlp.Layer{Width: 1, Activation: activation.Identity{}, NoBias: true})
	o := mlp.NewObjective(n, loss.Squared{}, matrix([]float64{1}), matrix([]float64{0}))
	for _, c := range []struct{ rate, want float64 }{
		{0.5, 0.125}, {1, 0}, {1.5, -0.125}, {2, -1}, {2.5, -3.375},
	} {
		theta := []float64{1}
		require.NoError(t, mlp.SGD{Rate: c.rate, Epochs: 3}.Train(theta, o))
		assert.Equal(t, c.want, theta[0], "rate %v", c.rate)
	}
}

// Weights that contribute more to the error move more: for one neuron the step of
// each weight is proportional to its input.
func TestWeightsMoveByTheirContribution(t *testing.T) {
	c, ok := touchstone.CaseByID("neuron-standardised-label-1")
	require.True(t, ok)
	grad := make([]float64, len(c.Theta))
	c.Objective().Grad(grad, c.Theta)
	for k, x := range c.X.Data {
		assert.InEpsilon(t, grad[0]/c.X.Data[0], grad[k]/x, 1e-15)
	}
}

// The raw neuron does not learn, the standardised one does: the reason to
// standardise features.
func TestStandardisedNeuronLearns(t *testing.T) {
	after := func(id string) (p float64, moved bool) {
		c, ok := touchstone.CaseByID(id)
		require.True(t, ok)
		theta := slices.Clone(c.Theta)
		require.NoError(t, mlp.SGD{Rate: 0.01, Epochs: 1000}.Train(theta, c.Objective()))
		y := c.Net.Forward(c.Net.NewTrace(1), theta, c.X)
		return y.Data[0], !slices.Equal(theta, c.Theta)
	}
	_, moved := after("neuron-raw-label-1")
	assert.False(t, moved)
	p, _ := after("neuron-raw-label-0")
	assert.Equal(t, 1.0, p, "the worst error there is, and no way out of it")
	p, moved = after("neuron-standardised-label-1")
	assert.True(t, moved)
	assert.Greater(t, p, 0.8)
}
