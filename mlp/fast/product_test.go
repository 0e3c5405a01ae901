package fast

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
)

// canary is a number that no product below can give, and that must not change.
var canary = math.Float64frombits(0x7ff8_dead_beef_dead)

// A layout is how a matrix lies in memory.
type layout struct {
	transposed bool
	gap        int // between two rows
}

var layouts = []layout{{false, 0}, {true, 0}, {false, 3}, {true, 5}}

// random returns a rows × cols view whose slice ends where it does. What is between
// its rows is NaN: if it were used, the result would be NaN too.
func random(rnd *rand.Rand, rows, cols int, at layout) view {
	if at.transposed {
		return random(rnd, cols, rows, layout{false, at.gap}).t()
	}
	stride := cols + at.gap
	v := view{guarded((rows-1)*stride + cols), rows, cols, stride, 1}
	for i := range v.data {
		v.data[i] = canary
	}
	for i := range rows {
		for j := range cols {
			v.data[i*stride+j] = rnd.NormFloat64()
		}
	}
	return v
}

func (v view) element(i, j int) float64 { return v.data[i*v.down+j*v.right] }

// A way is something that multiplies.
type way func(c, a, b view, add bool)

// wrong returns what is wrong with a product, or "". The sum of k products, in any
// order and fused or not, plus one number errs by at most (k+1)·u times the sum of the
// absolute values, to first order; one more allows for the sum that it is compared to.
func wrong(multiply way, a, b view, gap int, add bool, rnd *rand.Rand) string {
	c := random(rnd, a.rows, b.cols, layout{false, gap})
	before := append([]float64(nil), c.data...)
	multiply(c, a, b, add)
	for i := range c.rows {
		for j := range c.cols {
			want, size := 0.0, 0.0
			if add {
				want, size = before[i*c.down+j], math.Abs(before[i*c.down+j])
			}
			for p := range a.cols {
				x := a.element(i, p) * b.element(p, j)
				want += x
				size += math.Abs(x)
			}
			if got := c.element(i, j); !(math.Abs(got-want) <= 2*float64(a.cols+2)*u*size) {
				return fmt.Sprintf("C[%d,%d] = %v, want %v", i, j, got, want)
			}
			before[i*c.down+j] = c.element(i, j)
		}
	}
	for i, v := range before {
		if math.Float64bits(c.data[i]) != math.Float64bits(v) {
			return fmt.Sprintf("element %d of the slice, which is between two rows, is overwritten", i)
		}
	}
	return ""
}

// sizes are 1, primes, and the sizes of tiles and blocks and their neighbours.
func sizes(k kernel) []int {
	return []int{1, 2, 3, 7, k.rows - 1, k.rows, k.rows + 1, k.cols - 1, k.cols, k.cols + 1, 2*k.cols + 1, 37}
}

// sweep multiplies all sorts of matrices and returns what is wrong first, or "".
func sweep(k kernel, multiply way) (bad string) {
	rnd := newRand(1)
	try := func(m, n, p int, la, lb layout, gap int, add bool) {
		if bad != "" {
			return
		}
		a, b := random(rnd, m, p, la), random(rnd, p, n, lb)
		if s := wrong(multiply, a, b, gap, add, rnd); s != "" {
			bad = fmt.Sprintf("%d×%d by %d×%d, %v %v, gap %d, add %v: %s", m, p, p, n, la, lb, gap, add, s)
		}
	}
	for i, m := range sizes(k) {
		for j, n := range sizes(k) {
			for l, p := range sizes(k) {
				if m*n*p == 0 {
					continue // a tile of one row has a neighbour of none
				}
				x := i + j + l
				if testing.Short() && x%5 > 0 {
					continue
				}
				try(m, n, p, layouts[x%4], layouts[x/4%4], x%3, x%2 == 0)
			}
		}
	}
	for i, la := range layouts {
		for j, lb := range layouts {
			for _, add := range []bool{false, true} {
				if testing.Short() && add == ((i+j)%2 == 0) {
					continue
				}
				try(29, 53, 17, la, lb, 1, add)
				try(7, 2*blockCols+1, 5, la, lb, 0, add)
				try(5, 3, 2*blockDepth+1, la, lb, 2, add)
				try(5*k.rows+1, 5*k.cols+1, blockDepth+1, la, lb, 0, add)
				try(blockRows+k.rows+1, blockCols+k.cols+1, 3, la, lb, 0, add)
			}
		}
	}
	return bad
}

// A worker computes C = A·B or C += A·B, whatever the shapes and however they lie in
// memory, and touches nothing else.
func TestMultiply(t *testing.T) {
	eachKernel(t, func(t *testing.T, k kernel) {
		assert.Empty(t, sweep(k, newWorker(k, 5*k.rows+5*k.cols+2*blockDepth+2*blockCols).multiply))
	})
}

// byTeam is a team of one as a way to multiply: by inner products where they are preferred.
func byTeam(k kernel) way {
	return newTeam(k, 1, 5*k.rows+5*k.cols+2*blockDepth+2*blockCols).multiply
}

// So does a team, which takes inner products for skinny shapes.
func TestMultiplyInner(t *testing.T) {
	eachKernel(t, func(t *testing.T, k kernel) {
		assert.Empty(t, sweep(k, byTeam(k)))
		if k.dot == nil {
			return
		}
		right := k.dot
		k.dot = func(k int, a []float64, ai int, b []float64, bj int, c []float64, ci int, rows, cols int) {
			right(k, a, ai, b, bj, c, ci, rows, cols)
			c[(rows-1)*ci+cols-1] *= 1 + 0x1p-30
		}
		assert.NotEmpty(t, sweep(k, byTeam(k)))
	})
}

// The sweep sees all the ways in which a kernel may be wrong.
func TestMultiplyCatches(t *testing.T) {
	if testing.Short() {
		t.Skip("as often as there are bugs, all of TestMultiply")
	}
	eachKernel(t, func(t *testing.T, k kernel) {
		planted := func(k kernel, what string) {
			w := newWorker(k, 5*k.rows+5*k.cols+2*blockDepth+2*blockCols)
			assert.NotEmpty(t, sweep(k, w.multiply), what)
		}
		for what, run := range bugs(k.run, k.rows, k.cols) {
			wrong := k
			wrong.run = run
			planted(wrong, what)
		}
		if k.part == nil {
			return
		}
		for what, part := range bugsOfPart(k.part, k.rows, k.cols) {
			wrong := k
			wrong.part = part
			planted(wrong, "part: "+what)
		}
	})
}

// NaN and Inf go where the definition sends them: 0·NaN and 0·∞ are NaN, and an
// element that does not have them among its operands is as it was.
func TestMultiplySpecial(t *testing.T) {
	eachKernel(t, func(t *testing.T, k kernel) {
		w := newWorker(k, 100)
		special(t, k, func(c, a, b view, _ bool) { w.multiply(c, a, b, false) })
		if k.dot != nil {
			special(t, k, func(c, a, b view, _ bool) { w.inner(c, a, b) })
		}
	})
	special(t, generic, smallWays["forward"])
	special(t, generic, smallWays["below"])
	special(t, generic, smallWays["gradient"])
}

func special(t *testing.T, k kernel, multiply way) {
	m, n, p := k.rows+1, k.cols+1, 31
	for _, special := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		for _, at := range []int{0, 1, k.rows - 1, k.rows} {
			for _, place := range []int{0, p - 1} {
				rnd := newRand(3)
				a, b := random(rnd, m, p, layouts[0]), random(rnd, p, n, layouts[1])
				for j := range n {
					b.data[place*b.down+j*b.right] = 0
				}
				a.data[at*a.down+place] = special
				c := random(rnd, m, n, layouts[0])
				multiply(c, a, b, false)
				for i := range m {
					for j := range n {
						assert.Equal(t, i == at, math.IsNaN(c.element(i, j)), "special %v in row %d: C[%d,%d]", special, at, i, j)
					}
				}
			}
		}
	}
}
