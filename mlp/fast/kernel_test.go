package fast

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
)

// bugs returns wrong variants of a run: among them one for each element of a tile of
// rows × cols, which is off by one part in 2³⁰.
func bugs(right run, rows, cols int) map[string]run {
	all := map[string]run{
		"last step left out": func(k int, a []float64, ai, ak int, b []float64, bk int, c []float64, ci int, add bool, panels, bj int) {
			right(max(1, k-1), a, ai, ak, b, bk, c, ci, add, panels, bj)
		},
		"panels as if one": func(k int, a []float64, ai, ak int, b []float64, bk int, c []float64, ci int, add bool, panels, bj int) {
			right(k, a, ai, ak, b, bk, c, ci, add, panels, 0)
		},
		"last panel left out": func(k int, a []float64, ai, ak int, b []float64, bk int, c []float64, ci int, add bool, panels, bj int) {
			right(k, a, ai, ak, b, bk, c, ci, add, max(1, panels-1), bj)
		},
		"as if packed": func(k int, a []float64, ai, ak int, b []float64, bk int, c []float64, ci int, add bool, panels, bj int) {
			right(k, a, 1, ak, b, bk, c, ci, add, panels, bj)
		},
	}
	for i := range rows {
		for j := range cols {
			all[fmt.Sprintf("element (%d,%d)", i, j)] = func(k int, a []float64, ai, ak int, b []float64, bk int, c []float64, ci int, add bool, panels, bj int) {
				right(k, a, ai, ak, b, bk, c, ci, add, panels, bj)
				for q := range panels {
					c[i*ci+q*cols+j] *= 1 + 0x1p-30
				}
			}
		}
	}
	return all
}

// bugsOfPart returns such variants of a part. It is never asked for a whole tile, so
// the last element is another's.
func bugsOfPart(right part, rows, cols int) map[string]part {
	all := map[string]part{
		"a row too few": func(k int, a []float64, ai, ak int, b []float64, bk int, c []float64, ci int, add bool, r, n int) {
			right(k, a, ai, ak, b, bk, c, ci, add, max(r-1, 1), n)
		},
		"a column too few": func(k int, a []float64, ai, ak int, b []float64, bk int, c []float64, ci int, add bool, r, n int) {
			right(k, a, ai, ak, b, bk, c, ci, add, r, max(n-1, 1))
		},
	}
	for i := range rows {
		for j := range cols {
			if i == rows-1 && j == cols-1 {
				continue
			}
			all[fmt.Sprintf("element (%d,%d)", i, j)] = func(k int, a []float64, ai, ak int, b []float64, bk int, c []float64, ci int, add bool, r, n int) {
				right(k, a, ai, ak, b, bk, c, ci, add, r, n)
				if i < r && j < n {
					c[i*ci+j] *= 1 + 0x1p-30
				}
			}
		}
	}
	return all
}

// A tile agrees with the definition, and parts of one with the whole to the last bit.
// Nothing beyond a part is read or written: that is not mapped.
func TestTile(t *testing.T) {
	eachKernel(t, func(t *testing.T, k kernel) {
		rnd := newRand(2)
		for depth := 1; depth < 40; depth++ {
			add := depth%3 == 0
			a, b := random(rnd, k.rows, depth, layouts[depth%2]), random(rnd, depth, k.cols, layouts[depth%2*2])
			assert.Empty(t, wrong(tileOf(k), a, b, depth%3, add, rnd))
			b = random(rnd, depth, 3*k.cols, layouts[depth%2*2])
			assert.Empty(t, wrong(tileOf(k), a, b, depth%3, add, rnd))
		}
		if k.part == nil {
			return
		}
		for rows := 1; rows <= k.rows; rows++ {
			for cols := 1; cols <= k.cols; cols++ {
				add, depth := (rows+cols)%2 == 0, 1+cols%3
				a, b := random(rnd, rows, depth, layouts[rows%4]), random(rnd, depth, cols, layouts[cols%2*2])
				assert.Empty(t, wrong(tileOf(k), a, b, cols%3, add, rnd))
				assert.True(t, likeWhole(k, a, b, add), "%d × %d", rows, cols)
			}
		}
	})
}

// tileOf returns a tile of k as a way to multiply.
func tileOf(k kernel) way {
	return func(c, a, b view, add bool) {
		k.tiles(c, a, b.data, b.down, k.cols, add)
	}
}

// likeWhole reports whether a part of a tile is what a whole tile of the same and more
// has in its place.
func likeWhole(k kernel, a, b view, add bool) bool {
	wideA, wideB := newMatrix(k.rows, a.cols), newMatrix(b.rows, k.cols)
	for p := range a.cols {
		for i := range a.rows {
			wideA.Data[i*a.cols+p] = a.element(i, p)
		}
		for j := range b.cols {
			wideB.Data[p*k.cols+j] = b.element(p, j)
		}
	}
	whole, c := normal(newRand(6), k.rows, k.cols), newMatrix(a.rows, b.cols)
	for i := range a.rows {
		copy(row(c, i), row(whole, i))
	}
	tileOf(k)(viewOf(whole), viewOf(wideA), viewOf(wideB), add)
	tileOf(k)(viewOf(c), a, b, add)
	for i := range a.rows {
		if !slices.Equal(row(c, i), row(whole, i)[:b.cols]) {
			return false
		}
	}
	return true
}

// A kernel that always adds, or never, is seen.
func TestTileCatchesAdd(t *testing.T) {
	eachKernel(t, func(t *testing.T, k kernel) {
		rnd := newRand(2)
		a, b := random(rnd, k.rows, 5, layouts[0]), random(rnd, 5, k.cols, layouts[0])
		for _, always := range []bool{false, true} {
			planted := func(c, a, b view, _ bool) {
				k.run(5, a.data, a.down, a.right, b.data, b.down, c.data, c.down, always, 1, 0)
			}
			assert.NotEmpty(t, wrong(planted, a, b, 0, !always, rnd))
			assert.Empty(t, wrong(planted, a, b, 0, always, rnd))
		}
	})
}

// A tile beyond the end of a slice panics, and is not computed.
func TestTileChecks(t *testing.T) {
	eachKernel(t, func(t *testing.T, k kernel) {
		sizes := [][2]int{{k.rows, k.cols}}
		if k.part != nil {
			sizes = append(sizes, [2]int{k.rows - 1, k.cols - 2})
		}
		for _, size := range sizes {
			c, a, b := newMatrix(size[0], size[1]), newMatrix(size[0], 5), newMatrix(5, size[1])
			panics(t, tileOf(k), viewOf(c), viewOf(a), viewOf(b))
		}
		if k.dot != nil {
			c, a, b := newMatrix(3, 4), newMatrix(3, 5), newMatrix(4, 5)
			panics(t, dotOf(k), viewOf(c), viewOf(a), viewOf(b).t())
		}
	})
}

// panics demands that multiply panics if one of the slices is too short by one.
func panics(t *testing.T, multiply way, c, a, b view) {
	short := func(v view) view { v.data = v.data[1:]; return v }
	multiply(c, a, b, false)
	assert.Panics(t, func() { multiply(short(c), a, b, false) })
	assert.Panics(t, func() { multiply(c, short(a), b, false) })
	assert.Panics(t, func() { multiply(c, a, short(b), false) })
}
