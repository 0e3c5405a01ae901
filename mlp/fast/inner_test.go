package fast

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// dotOf returns dot of k as a way to multiply. It has no add.
func dotOf(k kernel) way { return func(c, a, b view, _ bool) { k.dots(c, a, b) } }

// Products by dot agree with the definition for all of its sizes, touch nothing beyond,
// and an element has the same bits wherever it is.
func TestDot(t *testing.T) {
	eachKernel(t, func(t *testing.T, k kernel) {
		if k.dot == nil {
			return
		}
		rnd := newRand(2)
		for rows := 1; rows <= dotSize; rows++ {
			for cols := 1; cols <= dotSize; cols++ {
				for depth := 1; depth < 40; depth++ {
					a, b := random(rnd, rows, depth, layouts[depth%2*2]), random(rnd, depth, cols, layouts[depth/2%2*2+1])
					assert.Empty(t, wrong(dotOf(k), a, b, depth%3, false, rnd))
					assert.True(t, alike(k, a, b), "%d × %d, %d", rows, cols, depth)
				}
			}
		}
	})
}

// alike reports whether each element of a product by dot has the bits that it has as the
// only one.
func alike(k kernel, a, b view) bool {
	c, one := newMatrix(a.rows, b.cols), newMatrix(1, 1)
	k.dots(viewOf(c), a, b)
	for i := range a.rows {
		for j := range b.cols {
			k.dots(viewOf(one), a.block(i, 0, 1, a.cols), b.block(0, j, b.rows, 1))
			if one.Data[0] != c.Data[i*c.Stride+j] {
				return false
			}
		}
	}
	return true
}

// The comparisons with the definition see a dot whose elements are wrong one at a time,
// and one that leaves out the last term.
func TestDotCatches(t *testing.T) {
	eachKernel(t, func(t *testing.T, k kernel) {
		if k.dot == nil {
			return
		}
		right, rnd := k.dot, newRand(2)
		a, b := random(rnd, dotSize, 19, layouts[0]), random(rnd, 19, dotSize, layouts[1])
		assert.Empty(t, wrong(dotOf(k), a, b, 0, false, rnd))
		for i := range dotSize {
			for j := range dotSize {
				k.dot = func(k int, a []float64, ai int, b []float64, bj int, c []float64, ci int, rows, cols int) {
					right(k, a, ai, b, bj, c, ci, rows, cols)
					c[i*ci+j] *= 1 + 0x1p-30
				}
				assert.NotEmpty(t, wrong(dotOf(k), a, b, 0, false, rnd))
			}
		}
		k.dot = func(k int, a []float64, ai int, b []float64, bj int, c []float64, ci int, rows, cols int) {
			right(k-1, a, ai, b, bj, c, ci, rows, cols)
		}
		assert.NotEmpty(t, wrong(dotOf(k), a, b, 0, false, rnd))
	})
}
