package dd

import (
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TwoSum holds up to the largest float64 for a, and up to the one before it for b: with the
// largest, s−a may overflow.
func TestTwoSumLargest(t *testing.T) {
	const largest, half = math.MaxFloat64, 0x1p970 // half a unit in the last place
	before := math.Nextafter(largest, 0)
	sum := func(a, b float64) *big.Float { return new(big.Float).SetPrec(2200).Add(big.NewFloat(a), big.NewFloat(b)) }
	for _, small := range []float64{-1, -half, -1.5 * half, -2 * half, -3 * half, -5 * half, -before, -largest} {
		for _, c := range [][2]float64{{largest, small}, {-largest, -small}, {before, small}, {small, before}, {-small, -before}} {
			if c[1] == largest || c[1] == -largest {
				continue
			}
			s := TwoSum(c[0], c[1])
			assert.Zero(t, sum(c[0], c[1]).Cmp(sum(s.Hi, s.Lo)), "%v: %v", c, s)
		}
	}
	assert.True(t, math.IsNaN(TwoSum(-3*half, largest).Lo), "which is why it is left out")
}
