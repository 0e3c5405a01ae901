package touchstone

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A case without a step is judged like any other, but for what only a step has.
func TestJudgeWithoutStep(t *testing.T) {
	c, ok := CaseByID("rectangular-squared")
	require.True(t, ok)
	k := planted{}.claim(&c)
	c.Step = nil
	v := Judge(c, k)
	assert.EqualError(t, v.Err, "claim: after is claimed, and the case has no step: leave it out")
	k.After = nil
	assert.Equal(t, Pass, Judge(c, k).Outcome)

	for i := range k.Grad {
		k.Grad[i] *= 0.5 // which is the rate of the step there was
	}
	v = Judge(c, k)
	assert.Equal(t, Fail, v.Outcome)
	assert.Equal(t, "SCALE: the gradient is half of what it should be: ½ was taken twice, or it was divided by the number of outputs", v.Cause.String())
	k.Grad = planted{}.claim(&Case{Net: c.Net, Loss: c.Loss, Theta: c.Theta, X: c.X, T: c.T, Step: new(Step)}).Grad
	for i := range c.Net.Weights(k.Grad, 0).Data {
		k.Grad[i] += float64(i % 5)
	}
	v = Judge(c, k) // after all known mistakes
	assert.Equal(t, Fail, v.Outcome)
	assert.Nil(t, v.Cause, "%v", v.Cause)
	assert.False(t, v.CutShort)
}
