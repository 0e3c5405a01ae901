package touchstone

import (
	"math"
	"math/rand/v2"
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

	// Nor of a single number that it is a multiple, as it is one of any other.
	c, err = NewCase("", exact.Problem{Net: n, Loss: loss.Squared{}, Theta: []float64{1.5}, X: filled(1, 1, one), T: filled(1, 1, one)})
	require.NoError(t, err)
	v = Judge(c, Claim{Grad: []float64{0.85}})
	assert.Equal(t, Fail, v.Outcome)
	assert.Nil(t, v.Cause, "%v", v.Cause)
}

// A frozen number that is 0 may be itself where the gradient stands instead of the step.
func TestCauseOfFrozenZero(t *testing.T) {
	n := mlp.New(1, mlp.Layer{Width: 1, Activation: activation.Identity{}})
	one := func() float64 { return 1 }
	c, err := NewCase("", exact.Problem{Net: n, Loss: loss.Squared{}, Theta: []float64{1.5, 0}, X: filled(1, 1, one), T: filled(1, 1, one), Rate: 0.25})
	require.NoError(t, err)
	c.Step.Frozen, c.Step.Theta[1], c.Scale.After[1] = []string{"b0"}, "0", 0
	assert.Equal(t, "MISSING: after holds the gradient instead of theta after the step", causeText(&c, Claim{After: []float64{0.5, 0}}))
}

// What is off by as much as is allowed, for a factor, is that factor.
func TestCauseSlack(t *testing.T) {
	const bound = 0x1p-4
	for _, b := range []struct{ r, slack float64 }{{2, 12 * bound}, {-1, 8 * bound}, {0, 4 * bound}} {
		for off, is := range map[float64]bool{0: true, b.slack: true, -b.slack: true, b.slack + 0x1p-40: false, math.NaN(): false} {
			e := entry{got: 8*b.r + off, value: 8, bound: bound}
			p := part{got: []float64{8*b.r + off}, want: []float64{8}, penalty: []float64{0}, bound: []float64{bound}}
			assert.Equal(t, is, e.is(b.r), "%v off %v", b.r, off)
			assert.Equal(t, is, p.is(b.r, 1), "%v off %v", b.r, off)
		}
	}
	p := part{got: []float64{8 + bound}, want: []float64{6}, penalty: []float64{2}, bound: []float64{bound}}
	assert.True(t, p.is(1, 1), "which is the claim itself, and judged as such")
	p.got[0] += 0x1p-40
	assert.False(t, p.is(1, 1))
	assert.True(t, near([]float64{1}, []float64{1 + 4*bound}, bound))
	assert.False(t, near([]float64{1}, []float64{1 + 4.1*bound}, bound))
}

// Without a loss, the objective is Σ DY·y of whatever y comes out.
func TestCauseWithoutLoss(t *testing.T) {
	rnd := rand.New(rand.NewPCG(2, 9))
	n := chain(2, activation.Tanh{}, 3, 2)
	c, err := NewCase("", exact.Problem{Net: n, Theta: filled(1, n.NumParams(), rnd.NormFloat64).Data, X: filled(4, 2, rnd.NormFloat64), DY: filled(4, 2, rnd.NormFloat64), Rate: 0.25})
	require.NoError(t, err)
	for _, b := range forwardBugs() {
		if b.theta == nil {
			continue
		}
		k := b.claim(&c)
		assert.Contains(t, causeText(&c, k), b.cause)
		k.Z, k.A = nil, nil
		assert.Contains(t, causeText(&c, k), b.cause)
		assert.Contains(t, causeText(&c, Claim{Loss: k.Loss}), b.cause)
	}
	k := planted{from: func(s, n int) int { return n - 1 }}.claim(&c)
	assert.Equal(t, "STALE: the error of the last sample is taken for all", causeText(&c, Claim{Grad: k.Grad, DX: k.DX}))
}
