package fast

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"gonum.org/v1/gonum/blas/blas64"
)

// TestAliases: with every kernel, what shares memory without harm gives the same bits as
// what does not. What must not is in TestMisuse.
func TestAliases(t *testing.T) {
	eachKernel(t, func(t *testing.T, k kernel) {
		n := network([]int{4, 9, 4})
		rnd := newRand(6)
		x := normal(rnd, 5, 4)
		theta, grad := normal(rnd, 1, n.NumParams()).Data, make([]float64, n.NumParams())
		long := blas64.General{Rows: len(theta) / 4, Cols: 4, Stride: 4, Data: theta}
		both := slices.Concat(grad, theta)
		copyOf := func(m blas64.General) blas64.General { m.Data = slices.Clone(m.Data); return m }
		for name, c := range map[string]struct {
			x, ownX, t  blas64.General
			grad, theta []float64
		}{
			"t is x":                          {x, copyOf(x), x, grad, theta},
			"x is theta":                      {long, copyOf(long), copyOf(long), grad, theta},
			"grad and theta are neighbours":   {x, x, x, both[:len(grad)], both[len(grad):]},
			"grad ends where theta is before": {x, x, x, both[len(grad):], both[:len(grad):len(grad)]},
		} {
			shared, own := newObjective(k, n, squared, c.x, c.t), newObjective(k, n, squared, c.ownX, copyOf(c.t))
			want, at := make([]float64, len(grad)), slices.Clone(c.theta)
			own.Grad(want, at)
			value := own.Func(at)
			assert.Equal(t, value, shared.Func(c.theta), name)
			shared.Grad(c.grad, c.theta)
			assert.Equal(t, want, c.grad, name)
		}
	})
}
