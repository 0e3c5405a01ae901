package touchstone

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"touchstone/activation"
	"touchstone/loss"
)

// Mistakes are named in layers of more inputs than are compared at a time, too.
func TestCauseOfWideLayers(t *testing.T) {
	for _, inputs := range []int{columns - 1, columns, columns + 1, 2*columns + 5} {
		c := roughCase(chain(inputs, activation.Tanh{}, 3, 2), loss.Squared{}, 4, 11)
		k := planted{sample: func(s, _ int) float64 { return flag(s != 1) }}.claim(&c)
		const text = "MISSING: the gradient of sample 1 is missing"
		assert.Equal(t, text, causeText(&c, Claim{Grad: k.Grad}), "%d inputs", inputs)
		assert.Equal(t, text, causeText(&c, Claim{After: k.After}), "%d inputs", inputs)

		last := c.Net.Weights(k.Grad, 0).Data[3*inputs-1:]
		last[0] += 0.25 // which no mistake explains
		assert.Empty(t, causeText(&c, Claim{Grad: k.Grad}), "%d inputs", inputs)
	}
}
