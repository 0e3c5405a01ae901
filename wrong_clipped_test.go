package touchstone

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp"
	"touchstone/mlp/exact"
)

// Clipped probabilities and log(p+ε) are named from the loss alone, from the gradient
// alone and from both, whether the loss is given the probability or the logit.
func TestCauseOfClippedProbability(t *testing.T) {
	clip := func(p float64) float64 { return math.Max(0.01, math.Min(1-0.01, p)) }
	crossEntropy := func(t, p, q float64) float64 { return -t*math.Log(p) - (1-t)*math.Log(q) }
	const clipped, shifted = "SATURATION: the probability is clipped to [0.01, 1−0.01] in the loss", "SATURATION: log(p+0.01) is taken for log p"
	for _, b := range []struct {
		loss loss.Func
		last activation.Func
	}{{loss.CrossEntropy{}, activation.Sigmoid{}}, {loss.LogitCrossEntropy{}, activation.Identity{}}} {
		n := mlp.New(1, mlp.Layer{Width: 1, Activation: b.last, NoBias: true})
		c, err := NewCase("", exact.Problem{Net: n, Loss: b.loss, Theta: []float64{1}, X: filled(4, 1, inTurn(-5, 0.5, 6, -2)), T: filled(4, 1, inTurn(0.25, 1, 0.5, 0.125))})
		require.NoError(t, err)
		probability, slope := func(y float64) float64 { return y }, func(p float64) float64 { return 1 }
		if b.last == (activation.Identity{}) {
			probability, slope = activation.Sigmoid{}.Value, func(p float64) float64 { return p * (1 - p) }
		}
		for _, m := range []struct {
			text        string
			value, grad func(p, t float64) float64
		}{
			{clipped, func(p, t float64) float64 { return crossEntropy(t, clip(p), 1-clip(p)) },
				func(p, t float64) float64 { return (clip(p) - t) / (clip(p) * (1 - clip(p))) }},
			{clipped, func(p, t float64) float64 { return crossEntropy(t, clip(p), 1-clip(p)) },
				func(p, t float64) float64 { return flag(p == clip(p)) * (p - t) / (p * (1 - p)) }},
			{shifted, func(p, t float64) float64 { return crossEntropy(t, p+0.01, 1-p+0.01) },
				func(p, t float64) float64 { return -t/(p+0.01) + (1-t)/(1-p+0.01) }},
		} {
			right := planted{}.claim(&c)
			k := planted{dy: ofOutputs(func(y, t float64) float64 {
				p := probability(y)
				return m.grad(p, t) * slope(p)
			}), after: withLossOf(func(y, t float64) float64 { return m.value(probability(y), t) })}.claim(&c)
			for name, claim := range map[string]Claim{
				"loss": {Loss: k.Loss}, "gradient": {Grad: k.Grad}, "both": {Loss: k.Loss, Grad: k.Grad},
				"loss, and a right gradient": {Loss: k.Loss, Grad: right.Grad}, "gradient, and a right loss": {Loss: right.Loss, Grad: k.Grad},
			} {
				assert.Equal(t, m.text, causeText(&c, claim), fmt.Sprintf("%v: %s", c.Loss, name))
			}
		}
	}
}
