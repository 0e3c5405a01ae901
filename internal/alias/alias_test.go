package alias_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"gonum.org/v1/gonum/blas/blas64"

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
	m := blas64.General{Rows: 3, Cols: 2, Stride: 5, Data: v[1:]} // 1 2, 6 7, 11 12
	for from := range v {
		for to := from; to <= len(v); to++ {
			want := false
			for _, i := range []int{1, 2, 6, 7, 11, 12} {
				want = want || from <= i && i < to
			}
			assert.Equal(t, want, alias.Touches(v[from:to], m), "%d to %d", from, to)
		}
	}
}
