package gradcheck

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Differences are central but where an edge is near, and then to the side that has more
// room; a line without room for any has none.
func TestSide(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		below, above float64
		side         int
		ok           bool
		reach        float64
	}{
		{inf, inf, 0, true, inf},
		{0x1p-5, inf, 0, true, 0x1p-5}, // 2⁻⁶ of the unit, which is 2, is enough
		{inf, 0x1p-5, 0, true, 0x1p-5},
		{math.Nextafter(0x1p-5, 0), inf, 1, true, inf},
		{inf, math.Nextafter(0x1p-5, 0), -1, true, inf},
		{0, 0x1p-39, 1, true, 0x1p-39},
		{0x1p-39, 0, -1, true, 0x1p-39},
		{0x1p-39, 0x1p-39, 1, true, 0x1p-39},
		{0, math.Nextafter(0x1p-39, 0), 0, false, 0},
		{0, 0, 0, false, 0},
	} {
		l := &line{unit: 2, below: c.below, above: c.above}
		side, ok := l.side()
		assert.Equal(t, c.ok, ok, "%+v", c)
		assert.Equal(t, c.side, side, "%+v", c)
		assert.Equal(t, c.reach, l.reach(side), "%+v", c)
	}
}

// A direction goes as far as the element that reaches its edge first, in units of how
// far it moves that.
func TestDirectionRoom(t *testing.T) {
	c := newChecker(Problem{X: []float64{1, 1, 1}, Lower: []float64{0, -9, 1}, Upper: []float64{9, 3, 1}}, Settings{})
	l := c.direction([]int{0, 1, 2}, []float64{2, -4, 0})
	assert.Equal(t, 0.5, l.below) // x[0] at 0; x[1] would be at 3, too
	assert.Equal(t, 2.5, l.above) // x[1] at −9; x[0] would reach 9 at 4
	l = c.direction([]int{0}, []float64{-0.5})
	assert.Equal(t, 16., l.below)
	assert.Equal(t, 2., l.above)
	assert.True(t, math.IsInf(c.direction([]int{2}, []float64{0}).above, 1), "what does not move has all room")
}

// The unit of an element is its size, and at least 1.
func TestCoordinateUnit(t *testing.T) {
	c := newChecker(Problem{X: []float64{0.5, -3}, Lower: []float64{0, -5}, Upper: []float64{2, 4}}, Settings{})
	l := c.coordinate(0)
	assert.Equal(t, []float64{1, 0.5, 1.5}, []float64{l.unit, l.below, l.above})
	l = c.coordinate(1)
	assert.Equal(t, []float64{3, 2, 7}, []float64{l.unit, l.below, l.above})
}
