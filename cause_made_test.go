package touchstone

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp"
	"touchstone/mlp/exact"
)

// A loss of clipped probabilities is flat where they are clipped, and right elsewhere.
func TestCauseOfFlatLoss(t *testing.T) {
	n := mlp.New(1, mlp.Layer{Width: 1, Activation: activation.Sigmoid{}, NoBias: true})
	logits := []float64{-5, 0.5, 6, -2} // probabilities of .007, .62, .998 and .12
	at := func(v []float64) func() float64 {
		return func() (x float64) { x, v = v[0], v[1:]; return x }
	}
	c, err := NewCase("", exact.Problem{Net: n, Loss: loss.CrossEntropy{}, Theta: []float64{1}, X: filled(4, 1, at(logits)), T: filled(4, 1, at([]float64{0.25, 1, 0.5, 0}))})
	require.NoError(t, err)
	flat := planted{dy: ofOutputs(func(y, t float64) float64 {
		if y < 0.01 || y > 0.99 {
			return 0
		}
		return (y - t) / (y * (1 - y))
	})}
	clipped := withLossOf(func(y, t float64) float64 {
		y = math.Max(0.01, math.Min(0.99, y))
		return -t*math.Log(y) - (1-t)*math.Log(1-y)
	})
	k := flat.claim(&c)
	const text = "SATURATION: the probability is clipped to [0.01, 1−0.01] in the loss"
	v := Judge(c, k)
	require.NotNil(t, v.Cause)
	assert.Equal(t, text, v.Cause.String())
	clipped(&c, &k)
	v = Judge(c, k)
	require.NotNil(t, v.Cause)
	assert.Equal(t, text, v.Cause.String())

	// The gradient of the clipped loss is as often taken at the clipped probability.
	k = planted{dy: ofOutputs(func(y, t float64) float64 {
		p := math.Max(0.01, math.Min(0.99, y))
		return (p - t) / (p * (1 - p))
	}), after: clipped}.claim(&c)
	v = Judge(c, k)
	require.NotNil(t, v.Cause)
	assert.Equal(t, text, v.Cause.String())
}

// Of a gradient of zeros nobody can say that it stands elsewhere.
func TestCauseOfTinyStep(t *testing.T) {
	n := mlp.New(1, mlp.Layer{Width: 1, Activation: activation.Identity{}, NoBias: true})
	one := func() float64 { return 1 }
	c, err := NewCase("", exact.Problem{Net: n, Loss: loss.Squared{}, Theta: []float64{1}, X: filled(1, 1, one), T: filled(1, 1, one), Rate: 0.5})
	require.NoError(t, err)
	require.Equal(t, []Decimal{"0"}, c.Exact.Grad)
	v := Judge(c, Claim{After: []float64{1e-310}})
	assert.Equal(t, Fail, v.Outcome)
	assert.Nil(t, v.Cause, "%v", v.Cause)
}
