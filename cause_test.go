package touchstone

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// A factor is named where it is far more than the bound, and only there: in low
// precision, twice a number may be as near to it as any error.
func TestJudgeNamesClearFactors(t *testing.T) {
	mistakes := map[string]func(c *Case) (Claim, string){
		"loss": func(c *Case) (Claim, string) {
			twice := 2 * c.Exact.Loss.Float64()
			return Claim{Loss: &twice}, "the loss is twice"
		},
		"b0": func(c *Case) (Claim, string) {
			k := planted{}.claim(c)
			b := c.Net.Biases(k.Grad, 0)
			for j := range b {
				b[j] *= 2
			}
			return Claim{Grad: k.Grad}, "b0 is twice"
		},
		"after": func(c *Case) (Claim, string) {
			k := planted{}.claim(c)
			for i, g := range k.Grad {
				k.After[i] = c.Theta[i] - 2*c.Step.Rate*g
			}
			return Claim{Grad: k.Grad, After: k.After}, "the change of the step is twice"
		},
	}
	for name, mistake := range mistakes {
		clear, blurred := 0, 0
		for _, c := range someCases() {
			if c.Net.Layer(0).NoBias || len(c.Step.Frozen) > 0 {
				continue
			}
			for p := Float64; p <= Float16; p++ {
				k, text := mistake(&c)
				k.Precision = p
				v := Judge(c, k)
				if v.Outcome != Fail || v.First.Name != name {
					continue
				}
				says := false
				for i := range v.First.entries {
					e := &v.First.entries[i]
					change := e.value
					if name == "after" {
						change = c.Step.Rate * c.Exact.Grad[i].Float64()
					}
					says = says || math.Abs(change) > 16*e.bound
				}
				named := v.Cause != nil && strings.Contains(v.Cause.Text, text)
				switch {
				case !says:
					blurred++
					assert.False(t, named, "%s in %v: %v", c.ID, p, v.Cause)
				case named:
					clear++
				}
			}
		}
		t.Logf("%s: %d named, %d not clear", name, clear, blurred)
		assert.Greater(t, clear, len(someCases())/6)
		assert.Greater(t, blurred, 1)
	}
}

// One number that is off by a little is not the right numbers in another order, and
// says nothing of a factor.
func TestJudgeNamesNoOrderForSmallErrors(t *testing.T) {
	for _, c := range Cases() {
		k := planted{}.claim(&c)
		b := &blocks(&c, &Claim{Grad: k.Grad})[0] // W of the last layer
		newLimits(&c, rightPass(&c), Float64).allow(b)
		c.Net.Weights(k.Grad, c.Net.NumLayers()-1).Data[0] += 3 * b.entries[0].bound
		v := Judge(c, Claim{Grad: k.Grad})
		if v.Cause != nil {
			assert.NotEqual(t, "ORDER", v.Cause.Type, "%s: %v", c.ID, v.Cause)
			assert.NotEqual(t, "TRANSPOSE", v.Cause.Type, "%s: %v", c.ID, v.Cause)
		}
	}
}

// The same goes for a loss without its regulariser.
func TestJudgeNamesClearRegulariser(t *testing.T) {
	clear, blurred := 0, 0
	for _, c := range Cases() {
		if c.Lambda == 0 {
			continue
		}
		for p := Float64; p <= Float16; p++ {
			for _, lambda := range []float64{c.Lambda, c.Lambda / 16, c.Lambda / 256} {
				// The judge takes the loss as it is, and λ for how much may be missing.
				less := c
				less.Lambda = lambda
				lacking := c.Exact.Loss.Float64() - less.penalty()
				v := judge(&less, &Claim{Loss: &lacking, Precision: p}, maxSearch)
				if v.Outcome != Fail {
					continue
				}
				named := v.Cause != nil && strings.Contains(v.Cause.Text, "lacks the regulariser")
				switch {
				case less.penalty() <= 16*v.First.Bound:
					blurred++
					assert.False(t, named, "%s in %v: %v", c.ID, p, v.Cause)
				case named:
					clear++
				}
			}
		}
	}
	t.Logf("%d named, %d not clear", clear, blurred)
	assert.Greater(t, clear, len(Cases())/15)
	assert.Greater(t, blurred, 1)
}

// A mistake explains a number that is within four times its bound, and would change it
// clearly only by more than sixteen: no number is both.
func TestExplainedAndClearly(t *testing.T) {
	for _, c := range []struct {
		off                float64
		explained, clearly bool
	}{
		{0, true, false},
		{4, true, false},
		{-4, true, false},
		{4.01, false, false},
		{16, false, false},
		{-16, false, false},
		{16.01, false, true},
		{-16.01, false, true},
		{math.Inf(1), false, true},
		{math.NaN(), false, false},
	} {
		assert.Equal(t, c.explained, explained(c.off/8, 0.125), "%v", c.off)
		assert.Equal(t, c.clearly, clearly(c.off/8, 0.125), "%v", c.off)
	}
	assert.True(t, explained(0, 0))
	assert.False(t, clearly(0, 0))
}
