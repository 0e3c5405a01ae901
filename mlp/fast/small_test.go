package fast

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"gonum.org/v1/gonum/blas/blas64"
)

// rowsOf returns v as a matrix: v itself if its rows are contiguous, or else a copy.
func rowsOf(v view) *blas64.General {
	if v.right == 1 {
		return &blas64.General{Rows: v.rows, Cols: v.cols, Stride: v.down, Data: v.data}
	}
	m := newMatrix(v.rows, v.cols)
	for i := range v.rows {
		for j := range v.cols {
			m.Data[i*v.cols+j] = v.element(i, j)
		}
	}
	return &m
}

// smallWays are the products as ways to multiply. Only a step can add.
var smallWays = map[string]way{
	"forward":  orStep(func(c, a, b view) { smallForward(rowsOf(c), rowsOf(a), rowsOf(b.t())) }),
	"below":    orStep(func(c, a, b view) { smallBelow(rowsOf(c), rowsOf(a), rowsOf(b)) }),
	"gradient": orStep(func(c, a, b view) { smallGradient(rowsOf(c), rowsOf(a.t()), rowsOf(b)) }),
}

// orStep is multiply if there is nothing to add to, and else a step of rate −1.
func orStep(multiply func(c, a, b view)) way {
	return func(c, a, b view, add bool) {
		if add {
			smallStep(rowsOf(c), rowsOf(a.t()), rowsOf(b), -1)
		} else {
			multiply(c, a, b)
		}
	}
}

// Plain loops compute products of all shapes, and touch nothing else.
func TestSmall(t *testing.T) {
	for name, multiply := range smallWays {
		assert.Empty(t, sweep(generic, multiply), name)
	}
}

// An element that is wrong by one part in 2³⁰ is seen, and so is an operand taken for
// its transpose.
func TestSmallCatches(t *testing.T) {
	for name, multiply := range smallWays {
		assert.NotEmpty(t, sweep(generic, func(c, a, b view, add bool) {
			multiply(c, a, b, add)
			c.data[0] *= 1 + 0x1p-30
		}), name)
	}
	assert.NotEmpty(t, sweep(generic, func(c, a, b view, add bool) {
		if a.cols == b.cols {
			b = b.t()
		}
		smallWays["gradient"](c, a, b, add)
	}))
}
