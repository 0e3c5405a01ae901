package fast

import "gonum.org/v1/gonum/blas/blas64"

// A view is a matrix in a slice: element (i, j) is data[i·down + j·right]. Its
// transpose is the same data with the strides exchanged.
type view struct {
	data        []float64
	rows, cols  int
	down, right int
}

func viewOf(m blas64.General) view { return view{m.Data, m.Rows, m.Cols, m.Stride, 1} }

// t returns the transpose.
func (v view) t() view { return view{v.data, v.cols, v.rows, v.right, v.down} }

// block returns the rows × cols elements from (i, j) on.
func (v view) block(i, j, rows, cols int) view {
	return view{v.data[i*v.down+j*v.right:], rows, cols, v.down, v.right}
}

// row returns row i of m.
func row(m blas64.General, i int) []float64 {
	return m.Data[i*m.Stride : i*m.Stride+m.Cols]
}

// pack copies v into dst, column after column. A column takes width elements there,
// of which those beyond its own stay as they are: what a tile makes of them is thrown
// away. One of the strides of v is 1.
func pack(dst []float64, v view, width int) {
	if v.right != 1 {
		for p := range v.cols {
			copy(dst[p*width:], v.data[p*v.right:][:v.rows])
		}
		return
	}
	i := 0
	for ; i+8 <= v.rows; i += 8 {
		pack8(dst[i:], v.data[i*v.down:], v.cols, v.down, width)
	}
	for ; i < v.rows; i++ {
		for p, x := range v.data[i*v.down:][:v.cols] {
			dst[p*width+i] = x
		}
	}
}

// pack8 copies eight rows at a time, which fill a cache line of dst: a row at a time
// would write each line again and again.
func pack8(dst, src []float64, cols, down, width int) {
	r0, r1, r2, r3 := src[:cols], src[down:][:cols], src[2*down:][:cols], src[3*down:][:cols]
	src = src[4*down:]
	r4, r5, r6, r7 := src[:cols], src[down:][:cols], src[2*down:][:cols], src[3*down:][:cols]
	for p := range cols {
		d := dst[p*width:][:8:8]
		d[0], d[1], d[2], d[3] = r0[p], r1[p], r2[p], r3[p]
		d[4], d[5], d[6], d[7] = r4[p], r5[p], r6[p], r7[p]
	}
}
