package fast

// A kernel computes tiles of a product: rows × cols elements of C at a time, which it
// keeps in registers.
type kernel struct {
	name       string
	rows, cols int

	// run computes C[i,j] = Σₚ A[i,p]·B[p,j] for 0 ≤ i < rows, 0 ≤ j < cols and
	// 0 ≤ p < k, where
	//
	//	A[i,p] = a[i·ai + p·ak], B[p,j] = b[p·bk + j], C[i,j] = c[i·ci + j].
	//
	// It adds the sum to C if add is set, and does not read C otherwise. Each sum runs
	// over p in order, from 0: an element does not depend on where in a tile it is.
	// Nothing else is read or written. The assembly does not check its arguments:
	// tile does that.
	run run

	// narrow is run for the first third of the columns, with the same bits; nil if
	// there is none.
	narrow run
}

type run = func(k int, a []float64, ai, ak int, b []float64, bk int, c []float64, ci int, add bool)

// best is the kernel of new objectives.
var best = kernels()[0]

// tile calls run, or narrow if that is enough for the given number of columns, after a
// look at the last elements that run may touch. All strides are positive.
func (t *kernel) tile(cols, k int, a []float64, ai, ak int, b []float64, bk int, c []float64, ci int, add bool) {
	_ = a[(t.rows-1)*ai+(k-1)*ak]
	_ = b[(k-1)*bk+t.cols-1]
	_ = c[(t.rows-1)*ci+t.cols-1]
	run := t.run
	if t.narrow != nil && 3*cols <= t.cols {
		run = t.narrow
	}
	run(k, a, ai, ak, b, bk, c, ci, add)
}

// generic is the kernel in Go, of 2 × 4: more sums than that find no registers.
var generic = kernel{"generic", 2, 4, tileGeneric, nil}

func tileGeneric(k int, a []float64, ai, ak int, b []float64, bk int, c []float64, ci int, add bool) {
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
