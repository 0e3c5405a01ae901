package gradcheck

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// What differs by exactly the bound is within it and not beyond, and what is no number
// is neither.
func TestWithinAndBeyond(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, c := range []struct {
		a, b, bound    float64
		within, beyond bool
	}{
		{3, 1, 2, true, false},
		{1, 3, 2, true, false},
		{-1, 1, 2, true, false},
		{3, 1, math.Nextafter(2, 0), false, true},
		{1, 1, 0, true, false},
		{inf, 1, 2, false, true},
		{inf, 1, inf, true, false},
		{inf, inf, 2, false, false},
		{nan, 1, inf, false, false},
		{1, nan, inf, false, false},
		{1, 1, nan, false, false},
	} {
		assert.Equal(t, c.within, isWithin(c.a, c.b, c.bound), "%v", c)
		assert.Equal(t, c.beyond, isBeyond(c.a, c.b, c.bound), "%v", c)
	}
}

// Of noise, 16 times as much is not yet clear.
func TestIsClear(t *testing.T) {
	assert.False(t, isClear(16, 1))
	assert.False(t, isClear(-16, 1))
	assert.True(t, isClear(math.Nextafter(16, 17), 1))
	assert.True(t, isClear(math.Nextafter(-16, -17), 1))
	assert.True(t, isClear(math.SmallestNonzeroFloat64, 0))
	assert.False(t, isClear(0, 0))
	assert.False(t, isClear(math.NaN(), 1))
	assert.False(t, isClear(1, math.NaN()))
}

// A zero has no sign.
func TestSameSign(t *testing.T) {
	assert.True(t, sameSign(1, 2))
	assert.True(t, sameSign(-1, -2))
	assert.True(t, sameSign(math.Inf(1), 2))
	assert.True(t, sameSign(1e-200, 1e-200), "whose product underflows")
	for _, c := range [][2]float64{{1, -2}, {-1, 2}, {0, 1}, {1, 0}, {0, 0}, {0, math.Inf(1)}, {0, -1}, {-1, 0}, {1e-200, -1e-200}, {math.NaN(), 1}, {-1, math.NaN()}} {
		assert.False(t, sameSign(c[0], c[1]), "%v", c)
	}
}
