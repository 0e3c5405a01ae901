package touchstone_test

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone"
	"touchstone/loss"
	"touchstone/mlp"
)

// rightClaim is what float64 makes of the gradient and the step of a case.
func rightClaim(c *touchstone.Case) (grad, after []float64) {
	grad, after = make([]float64, len(c.Theta)), slices.Clone(c.Theta)
	c.Objective().Grad(grad, c.Theta)
	for i := range after {
		after[i] -= float64(c.Step.Rate * grad[i])
	}
	return grad, after
}

func causeOf(c *touchstone.Case, k touchstone.Claim) string {
	if v := touchstone.Judge(*c, k); v.Cause != nil {
		return v.Cause.String()
	}
	return ""
}

func find(t *testing.T, id string) *touchstone.Case {
	t.Helper()
	c, ok := touchstone.CaseByID(id)
	require.True(t, ok, id)
	return &c
}

// Zero is zero, and not the loss that is always 0 for one output.
func TestCauseOfZero(t *testing.T) {
	seen := 0
	for _, c := range touchstone.Cases() {
		if c.Loss == nil || c.Net.Outputs() > 1 {
			continue
		}
		zero := 0.0
		for _, k := range []touchstone.Claim{{Loss: &zero}, {Grad: make([]float64, len(c.Theta))}, {Loss: &zero, Grad: make([]float64, len(c.Theta))}} {
			v := touchstone.Judge(c, k)
			if v.Outcome != touchstone.Fail || v.Cause == nil {
				continue
			}
			if v.Cause.Type == "SATURATION" {
				tr := c.Net.NewTrace(c.X.Rows)
				c.Net.Forward(tr, c.Theta, c.X)
				y := tr.A[c.Net.NumLayers()].Data[0]
				assert.Equal(t, 1.0, math.Abs(y), "%s: 1−a rounds to 0", c.ID)
				continue
			}
			seen++
			assert.NotContains(t, v.Cause.Text, "softmax", c.ID)
			assert.Contains(t, v.Cause.Text, "is zero", c.ID)
			if k.Grad == nil {
				assert.NotContains(t, v.Cause.Text, "gradient", c.ID)
			}
		}
	}
	assert.Greater(t, seen, 100)
}

// Nor does that loss explain a gradient that is the regulariser's alone.
func TestCauseOfRegulariserAlone(t *testing.T) {
	seen := 0
	for _, c := range touchstone.Cases() {
		if c.Lambda == 0 || c.Loss == nil || c.Net.Outputs() > 1 {
			continue
		}
		seen++
		grad := make([]float64, len(c.Theta))
		for l := range c.Net.NumLayers() {
			for i, w := range c.Net.Weights(c.Theta, l).Data {
				c.Net.Weights(grad, l).Data[i] = c.Lambda * w
			}
		}
		assert.NotContains(t, causeOf(&c, touchstone.Claim{Grad: grad}), "softmax", c.ID)
	}
	assert.NotZero(t, seen)
}

// A loss alone says nothing of the gradient.
func TestCauseOfLossAlone(t *testing.T) {
	c := find(t, "mazur")
	twice := 2 * c.Exact.Loss.Float64()
	grad, _ := rightClaim(c)
	assert.NotContains(t, causeOf(c, touchstone.Claim{Loss: &twice}), "gradient")
	assert.Contains(t, causeOf(c, touchstone.Claim{Loss: &twice, Grad: grad}), "the gradient is not that of this loss")

	tr := c.Net.NewTrace(1)
	c.Net.Forward(tr, c.Theta, c.X)
	other := loss.CrossEntropy{}.Value(tr.A[c.Net.NumLayers()].Data, c.T.Data)
	assert.Equal(t, "MISSING: the loss is another one, cross-entropy", causeOf(c, touchstone.Claim{Loss: &other}))
}

// What may stand where theta after the step should.
func TestCauseOfStep(t *testing.T) {
	for _, id := range []string{"rectangular-squared", "pair-tanh-squared-sigmoid"} {
		c := find(t, id)
		grad, after := rightClaim(c)
		minus, plus, added := slices.Clone(grad), slices.Clone(grad), slices.Clone(c.Theta)
		for i := range grad {
			minus[i] *= -c.Step.Rate
			plus[i] *= c.Step.Rate
			added[i] += plus[i]
		}
		for _, b := range []struct {
			after []float64
			cause string
		}{
			{after, ""},
			{grad, "MISSING: after holds the gradient instead of theta after the step"},
			{minus, "MISSING: after holds the change, −rate times the gradient, instead of theta after the step"},
			{plus, "MISSING: after holds rate times the gradient instead of theta after the step"},
			{make([]float64, len(grad)), "MISSING: after is zero"},
		} {
			assert.Equal(t, b.cause, causeOf(c, touchstone.Claim{After: b.after}), id)
			assert.Equal(t, b.cause, causeOf(c, touchstone.Claim{Grad: grad, After: b.after}), id)
		}
		assert.Equal(t, "SIGN: the gradient has the wrong sign, or the step adds it instead of subtracting it", causeOf(c, touchstone.Claim{After: added}), id)
		assert.Equal(t, "SIGN: the step adds the gradient instead of subtracting it", causeOf(c, touchstone.Claim{Grad: grad, After: added}), id)

		grad[0] *= 1.25 // which is not what the rule would name
		assert.NotContains(t, causeOf(c, touchstone.Claim{After: grad}), "after holds", id)
	}
}

// One wrong number among right ones.
func TestCauseOfOneEntry(t *testing.T) {
	for _, id := range []string{"rectangular-squared", "pair-tanh-squared-sigmoid"} {
		c := find(t, id)
		for i := range c.Theta {
			name := c.Net.ParamName(i)
			if isAlone(c.Net, i) {
				continue // then it is the whole block
			}
			for r, cause := range map[float64]string{
				-1:       "SIGN: only " + name + " is wrong: it has the wrong sign",
				0:        "MISSING: only " + name + " is wrong: it is zero",
				1 + 1e-9: "",
			} {
				grad, _ := rightClaim(c)
				grad[i] *= r
				assert.Equal(t, cause, causeOf(c, touchstone.Claim{Grad: grad}), id)
			}
			grad, after := rightClaim(c)
			after[i] = c.Theta[i]
			assert.Equal(t, "MISSING: only the change of "+name+" is wrong: it is zero", causeOf(c, touchstone.Claim{Grad: grad, After: after}), id)

			// Of two it says nothing.
			grad[i] = -grad[i]
			grad[(i+1)%len(grad)] *= 1.5
			assert.NotContains(t, causeOf(c, touchstone.Claim{Grad: grad}), "only "+name)
		}
	}
}

// isAlone reports whether parameter i is a whole block.
func isAlone(n *mlp.Net, i int) bool {
	theta := make([]float64, n.NumParams())
	for l := range n.NumLayers() {
		for _, b := range [][]float64{n.Weights(theta, l).Data, n.Biases(theta, l)} {
			if len(b) == 1 && &b[0] == &theta[i] {
				return true
			}
		}
	}
	return false
}
