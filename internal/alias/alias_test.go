package alias_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"touchstone/internal/alias"
)

func TestOverlap(t *testing.T) {
	v := make([]float64, 9)
	for _, c := range []struct {
		x, y             []float64
		overlap, shifted bool
	}{
		{nil, nil, false, false},
		{v, nil, false, false},
		{v, v[:0], false, false},
		{v, v[2:2], false, false},
		{v, v, true, false},
		{v[:3], v, true, false},
		{v[1:2], v, true, true},
		{v[:4:4], v[3:], true, true},
		{v[:3], v[3:], false, false},
		{v[5:7:7], v[2:5:9], false, false},
		{v, make([]float64, 9), false, false},
	} {
		assert.Equal(t, c.overlap, alias.Overlap(c.x, c.y))
		assert.Equal(t, c.overlap, alias.Overlap(c.y, c.x))
		assert.Equal(t, c.shifted, alias.Shifted(c.x, c.y))
		assert.Equal(t, c.shifted, alias.Shifted(c.y, c.x))
	}
}

// Rows of a matrix count, and what is between and after them does not.
func TestTouches(t *testing.T) {
	v := make([]float64, 20)
	for from := range v {
		for to := from; to <= len(v); to++ {
			want := false
			for _, i := range []int{1, 2, 6, 7, 11, 12} { // those of 3 rows of 2, 5 apart, from 1 on
				want = want || from <= i && i < to
			}
			assert.Equal(t, want, alias.Touches(v[from:to], v[1:], 3, 2, 5), "%d to %d", from, to)
		}
	}
}
