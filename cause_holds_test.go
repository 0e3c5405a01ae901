package touchstone

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
)

// What stands where theta after the step should is rate times the gradient if it is off
// by no more than rate times what a gradient may be.
func TestCauseOfProductInsteadOfStep(t *testing.T) {
	c := factorCase(t, 0)
	right := planted{}.claim(c)
	product := slices.Clone(right.Grad)
	for i := range product {
		product[i] *= c.Step.Rate // of 5/16
	}
	bound := newLimits(c, rightPass(c), Float64).gradient(0, 3, 0, c)
	for bounds, is := range map[float64]bool{0: true, 1: true, -1: true, 2: false, -6: false} {
		after := slices.Clone(product)
		after[3] += bounds * bound
		const text = "MISSING: after holds rate times the gradient instead of theta after the step"
		assert.Equal(t, is, causeText(c, Claim{After: after}) == text, "off by %v bounds", bounds)
	}
}
