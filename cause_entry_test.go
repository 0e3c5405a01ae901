package touchstone

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp/exact"
)

// oneSample is a case of one unit, one sample and these inputs, all weights of which are 1.
func oneSample(t *testing.T, x ...float64) *Case {
	theta := make([]float64, len(x)+1)
	for i := range x {
		theta[i] = 1
	}
	c, err := NewCase("", exact.Problem{Net: chain(len(x), activation.Identity{}, 1), Loss: loss.Squared{}, Theta: theta,
		X: filled(1, len(x), inTurn(x...)), T: filled(1, 1, inTurn(0.125))})
	require.NoError(t, err)
	return &c
}

// A number that must be 0, and is, is not one that is wrong: no error is allowed to it.
func TestCauseOfOneEntryAmongZeros(t *testing.T) {
	c := oneSample(t, 0, 0.5, 0.75, 0)
	require.Equal(t, Decimal("0"), c.Exact.Grad[0])
	k := planted{}.claim(c)
	k.Grad[2] *= 2
	assert.Equal(t, "SCALE: only W0[0,2] is wrong: it is twice what it should be: ½ in the loss was forgotten, or it was added to itself", causeText(c, Claim{Grad: k.Grad}))
	k.Grad[0] = 1e-300
	assert.NotContains(t, causeText(c, Claim{Grad: k.Grad}), "only", "two are wrong")
}

// One number of few digits is not twice what it should be where any error would be as much.
func TestCauseOfOneBlurredEntry(t *testing.T) {
	for _, b := range []struct {
		x     float64
		clear bool
	}{{0x1p-3, true}, {0x1p-11, false}} {
		c := oneSample(t, 0.5, 0.75, b.x)
		k := planted{round: roundings[Float16]}.claim(c)
		k.Grad[2] *= 2
		v := Judge(*c, Claim{Grad: k.Grad, Precision: Float16})
		require.Equal(t, Fail, v.Outcome)
		e := v.First.entries[2]
		require.Equal(t, b.clear, e.value > 16*e.bound, "%v", e)
		if b.clear {
			require.NotNil(t, v.Cause)
			assert.Contains(t, v.Cause.Text, "only W0[0,2] is wrong: it is twice")
		} else {
			assert.Nil(t, v.Cause, "%v", v.Cause)
		}
	}
}

// What one parameter changes by is compared with −rate times its gradient, whose mistakes
// are named unless it is claimed and right.
func TestCauseOfOneChange(t *testing.T) {
	c := factorCase(t, 0)
	right := planted{}.claim(c)
	for r, is := range map[float64]struct{ text, ofGradient, ofStep string }{
		-1:  {"SIGN: only the change of W0[1,1] is wrong: it has the wrong sign", "", ""},
		0:   {"MISSING: only the change of W0[1,1] is wrong: it is zero", "", ""},
		0.5: {"SCALE: only the change of W0[1,1] is wrong: it is half of what it should be", ": ½ was taken twice", ": it was halved"},
		5:   {"REDUCTION: only the change of W0[1,1] is wrong: it is 5 times what it should be, the number of samples", ": it is a sum and not a mean", ""},
	} {
		after := slices.Clone(right.After)
		after[3] = c.Theta[3] - r*c.Step.Rate*right.Grad[3]
		assert.Equal(t, is.text+is.ofGradient, causeText(c, Claim{After: after}))
		assert.Equal(t, is.text+is.ofStep, causeText(c, Claim{Grad: right.Grad, After: after}))
	}
}
