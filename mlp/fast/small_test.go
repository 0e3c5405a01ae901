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

// smallWays are the three products as ways to multiply. Only one can add.
var smallWays = map[string]way{
	"forward": func(c, a, b view, add bool) {
		if add {
			smallWay(c, a, b, add)
			return
		}
		smallForward(rowsOf(c), rowsOf(a), rowsOf(b.t()))
	},
	"below": func(c, a, b view, add bool) {
		if add {
			smallWay(c, a, b, add)
			return
		}
		smallBelow(rowsOf(c), rowsOf(a), rowsOf(b))
	},
	"gradient": smallWay,
}

func smallWay(c, a, b view, add bool) { smallGradient(rowsOf(c), rowsOf(a.t()), rowsOf(b), add) }

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
		smallWay(c, a, b, add)
	}))
}
