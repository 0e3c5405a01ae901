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

// A region is the rows × cols elements of a matrix from (i, j) on.
type region struct{ i, j, rows, cols int }

// all returns the region that is all of m.
func all(m *blas64.General) region { return region{0, 0, m.Rows, m.Cols} }

// row returns row i of m.
func row(m blas64.General, i int) []float64 {
	return m.Data[i*m.Stride : i*m.Stride+m.Cols]
}
