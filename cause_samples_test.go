package touchstone

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"touchstone/activation"
	"touchstone/loss"
)

// What samples count is found for 2 to 64 of them, whichever they are.
func TestCauseOfSamples(t *testing.T) {
	of := func(samples int, counts func(s int) float64) string {
		c := roughCase(chain(2, activation.Tanh{}, 3, 2), loss.Squared{}, samples, 3)
		k := planted{sample: func(s, _ int) float64 { return counts(s) }}.claim(&c)
		return causeText(&c, Claim{Grad: k.Grad})
	}
	without := func(m int) func(s int) float64 { return func(s int) float64 { return flag(s != m) } }
	assert.Equal(t, "MISSING: only sample 0 contributes to the gradient", of(2, without(1)))
	for _, n := range []int{2, 3, 64} {
		assert.Equal(t, "MISSING: the gradient of sample 0 is missing", of(n, without(0)))
	}
	for _, n := range []int{3, 64} {
		assert.Equal(t, "MISSING: the gradient of the last sample is missing", of(n, without(n-1)))
	}
	assert.Empty(t, of(65, without(0)))
	assert.Equal(t, "MISSING: the gradient of sample 62 is missing", of(64, without(62)))
	for _, m := range []int{2, 3, 4} {
		assert.Equal(t, fmt.Sprintf("MISSING: only the first %d samples contribute to the gradient", m), of(6, func(s int) float64 { return flag(s < m) }))
		assert.Equal(t, fmt.Sprintf("MISSING: only the first %d samples contribute to the gradient, as if they were all", m),
			of(6, func(s int) float64 { return flag(s < m) * 6 / float64(m) }))
	}
	assert.Equal(t, "MISSING: the gradient of the last sample is missing", of(6, func(s int) float64 { return flag(s < 5) }))
	assert.Equal(t, "MISSING: only sample 1 contributes to the gradient, as if it were all", of(6, func(s int) float64 { return 6 * flag(s == 1) }))
}
