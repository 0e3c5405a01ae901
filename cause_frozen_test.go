package touchstone

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Of a step that freezes b0 and W1, what is claimed and what is named.
func TestCauseOfFrozenStep(t *testing.T) {
	c, ok := CaseByID("batch-frozen")
	require.True(t, ok)
	require.Equal(t, []string{"b0", "W1"}, c.Step.Frozen)
	var grad, right []float64
	for i := range c.Theta {
		grad, right = append(grad, c.Exact.Grad[i].Float64()), append(right, c.Step.Theta[i].Float64())
	}
	after := func(at func(i int, frozen bool) float64) (v []float64) {
		for i := range c.Theta {
			v = append(v, at(i, c.Step.isFrozen(c.Net.ParamName(i))))
		}
		return v
	}
	moved := func(r float64) []float64 {
		return after(func(i int, _ bool) float64 { return c.Theta[i] - r*c.Step.Rate*grad[i] })
	}
	instead := func(r float64) []float64 {
		return after(func(i int, frozen bool) float64 {
			if frozen {
				return c.Theta[i]
			}
			return r * grad[i]
		})
	}
	b0 := len(c.Net.Weights(c.Theta, 0).Data) // where b0 begins
	one := slices.Clone(right)
	one[b0+1] -= 2 * c.Step.Rate * grad[b0+1]
	for _, b := range []struct {
		text  string
		claim Claim
		cause string
	}{
		{"nothing is wrong", Claim{Grad: grad, After: right}, ""},
		{"frozen blocks move", Claim{Grad: grad, After: moved(1)}, "MISSING: the step moves blocks that are frozen"},
		{"nothing moves", Claim{Grad: grad, After: c.Theta}, "MISSING: the step changes nothing"},
		{"frozen blocks move twice as far as others should", Claim{Grad: grad, After: moved(2)}, ""},
		{"the free ones are the gradient", Claim{After: instead(1)}, "MISSING: after holds the gradient instead of theta after the step"},
		{"the free ones are its product", Claim{After: instead(0.25)}, "MISSING: after holds rate times the gradient instead of theta after the step"},
		// What is frozen says nothing of the gradient.
		{"the frozen ones move, and no gradient is claimed", Claim{After: moved(1)}, ""},
		{"the free ones move twice as far", Claim{After: after(func(i int, frozen bool) float64 {
			if frozen {
				return c.Theta[i]
			}
			return c.Theta[i] - 2*c.Step.Rate*grad[i]
		})}, "SCALE: the gradient is twice what it should be: ½ in the loss was forgotten, or it was added to itself, or it was multiplied by the number of outputs"},
		// Nor is what moved one of them a known multiple of how far it should move.
		{"one frozen number moves", Claim{Grad: grad, After: one}, ""},
	} {
		v := Judge(c, b.claim)
		assert.Equal(t, b.text == "nothing is wrong", v.Outcome != Fail, b.text)
		got := ""
		if v.Cause != nil {
			got = v.Cause.String()
		}
		assert.Equal(t, b.cause, got, b.text)
	}
}
