package gradcheck

import (
	"math/big"
	"testing"

	"github.com/stretchr/testify/assert"
)

// A bound is rounded up to a float64, if it is none.
func TestAbove(t *testing.T) {
	const next = 1 + 0x1p-52
	sum := func(a, b float64) *big.Float {
		x := new(big.Float).SetPrec(200).SetFloat64(a)
		return x.Add(x, big.NewFloat(b))
	}
	assert.Equal(t, 1., above(sum(1, 0)))
	assert.Equal(t, next, above(sum(1, 0x1p-60)), "which rounds down")
	assert.Equal(t, next, above(sum(next, -0x1p-60)), "which rounds up")
	assert.Zero(t, above(new(big.Float)))
	assert.Equal(t, 0x1p-1074, above(new(big.Float).SetMantExp(big.NewFloat(1), -2000)))
}

// A number is not less than itself.
func TestLess(t *testing.T) {
	one, two := big.NewFloat(1), big.NewFloat(2)
	assert.True(t, less(one, two))
	assert.False(t, less(two, one))
	assert.False(t, less(one, big.NewFloat(1)))
}
