package fast

// A kernel computes tiles of a product: rows × cols elements of C at a time, which it
// keeps in registers. What it has no function for is done by other means. The assembly
// does not check its arguments: the methods do that.
type kernel struct {
	name       string
	rows, cols int

	// run computes some tiles side by side, one for each panel of B: for 0 ≤ q < panels,
	// 0 ≤ i < rows, 0 ≤ j < cols and 0 ≤ p < k, C[i,q·cols+j] = Σₚ A[i,p]·B[p,q·cols+j],
	// where
	//
	//	A[i,p] = a[i·ai + p·ak], B[p,q·cols+j] = b[q·bj + p·bk + j], C[i,j] = c[i·ci + j].
	//
	// It adds the sum to C if add is set, and does not read C otherwise. Each sum runs
	// over p in order, from 0: an element does not depend on where in a tile it is.
	// Nothing else is read or written.
	run run

	// part computes the first rows and columns of one tile, with the same bits. It
	// touches nothing beyond them. It may be nil.
	part part

	// dot computes C[i,j] = Σₚ A[i,p]·B[p,j] for up to dotSize rows and columns, where
	//
	//	A[i,p] = a[i·ai + p], B[p,j] = b[j·bj + p], C[i,j] = c[i·ci + j],
	//
	// so that both operands are read along p as they stand. Sums run over p in another
	// order than those of run, but in the same one wherever an element is. It may be
	// nil.
	dot dot

	// pack stores dst[p·width + i] = src[i·down + p] for 0 ≤ p < cols and 0 ≤ i < rows,
	// where rows is at most 8, and may store anything for rows ≤ i < 8. It may be nil.
	pack func(dst []float64, width int, src []float64, down, rows, cols int)

	// copy stores dst[p·width + i] = src[p·right + i] for 0 ≤ p < cols and 0 ≤ i < rows,
	// where rows is at most 24, and nothing else. It may be nil.
	copy func(dst []float64, width int, src []float64, right, rows, cols int)
}

type (
	run  = func(k int, a []float64, ai, ak int, b []float64, bk int, c []float64, ci int, add bool, panels, bj int)
	part = func(k int, a []float64, ai, ak int, b []float64, bk int, c []float64, ci int, add bool, rows, cols int)
	dot  = func(k int, a []float64, ai int, b []float64, bj int, c []float64, ci int, rows, cols int)
)

// dotSize is how many rows, and how many columns, dot computes at most.
const dotSize = 5

// best is the kernel of new objectives.
var best = kernels()[0]

// tiles computes C = A·B, or C += A·B, for A of as many rows as a tile, by run, and by
// part for what is less than a tile, after a look at the last elements that they may
// touch. The panels of B, of bk from row to row, begin bj after each other. Less than a
// tile is for kernels that have a part.
func (t *kernel) tiles(c, a view, b []float64, bk, bj int, add bool) {
	k, whole := a.cols, c.cols/t.cols
	if c.rows < t.rows {
		whole = 0
	}
	_ = a.data[(c.rows-1)*a.down+(k-1)*a.right]
	_ = c.data[(c.rows-1)*c.down+c.cols-1]
	if whole > 0 {
		_ = b[(whole-1)*bj+(k-1)*bk+t.cols-1]
		t.run(k, a.data, a.down, a.right, b, bk, c.data, c.down, add, whole, bj)
	}
	for q := whole; q*t.cols < c.cols; q++ {
		cols, b := min(t.cols, c.cols-q*t.cols), b[q*bj:]
		_ = b[(k-1)*bk+cols-1]
		t.part(k, a.data, a.down, a.right, b, bk, c.data[q*t.cols:], c.down, add, c.rows, cols)
	}
}

// dots computes C = A·B by dot, after such a look.
func (t *kernel) dots(c, a, b view) {
	_ = a.data[(a.rows-1)*a.down+a.cols-1]
	_ = b.data[(b.cols-1)*b.right+b.rows-1]
	_ = c.data[(c.rows-1)*c.down+c.cols-1]
	t.dot(a.cols, a.data, a.down, b.data, b.right, c.data, c.down, c.rows, c.cols)
}

// generic is the kernel in Go, of 2 × 4: more sums than that find no registers.
var generic = kernel{name: "generic", rows: 2, cols: 4, run: tileGeneric}

func tileGeneric(k int, a []float64, ai, ak int, b []float64, bk int, c []float64, ci int, add bool, panels, bj int) {
	for q := range panels {
		oneGeneric(k, a, ai, ak, b[q*bj:], bk, c[4*q:], ci, add)
	}
}

func oneGeneric(k int, a []float64, ai, ak int, b []float64, bk int, c []float64, ci int, add bool) {
	var c00, c01, c02, c03, c10, c11, c12, c13 float64
	for p := range k {
		a0, a1, b := a[p*ak], a[p*ak+ai], b[p*bk:][:4:4]
		c00 += a0 * b[0]
		c01 += a0 * b[1]
		c02 += a0 * b[2]
		c03 += a0 * b[3]
		c10 += a1 * b[0]
		c11 += a1 * b[1]
		c12 += a1 * b[2]
		c13 += a1 * b[3]
	}
	r0, r1 := c[:4:4], c[ci:][:4:4]
	if add {
		c00, c01, c02, c03 = c00+r0[0], c01+r0[1], c02+r0[2], c03+r0[3]
		c10, c11, c12, c13 = c10+r1[0], c11+r1[1], c12+r1[2], c13+r1[3]
	}
	r0[0], r0[1], r0[2], r0[3] = c00, c01, c02, c03
	r1[0], r1[1], r1[2], r1[3] = c10, c11, c12, c13
}
