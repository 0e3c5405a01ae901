package mlp

import (
	"math"

	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/internal/alias"
)

// A Trace is everything that a forward and a backward pass of one batch write.
// Its matrices have one row for each sample of the batch. They may be read after
// a pass and are overwritten by the next; a Trace is for one goroutine at a time.
type Trace struct {
	Z     []blas64.General // Z[l]: pre-activations of layer l, batch × Width
	A     []blas64.General // A[l]: inputs of layer l, batch × fan-in; A[0] is a copy of x, A[L] the output
	Delta []blas64.General // Delta[l]: δ of layer l, ∂E/∂Z[l], batch × Width
	DX    blas64.General   // ∂E/∂x, batch × inputs

	net     *Net
	batch   int
	forward bool // Z and A are those of a forward pass
}

// NewTrace returns a Trace for batches of exactly the given number of samples.
// It panics if batch is below 1 or the matrices are too large to count.
func (n *Net) NewTrace(batch int) *Trace {
	if batch < 1 {
		panic("mlp: NewTrace: batch below 1")
	}
	tr := &Trace{net: n, batch: batch}
	tr.A = append(tr.A, newMatrix(batch, n.Inputs()))
	for l := range n.layers {
		tr.Z = append(tr.Z, newMatrix(batch, n.layers[l].Width))
		tr.A = append(tr.A, newMatrix(batch, n.layers[l].Width))
		tr.Delta = append(tr.Delta, newMatrix(batch, n.layers[l].Width))
	}
	tr.DX = newMatrix(batch, n.Inputs())
	return tr
}

// overlaps reports whether v shares memory with a matrix of tr.
func (tr *Trace) overlaps(v []float64) bool {
	for l := range tr.Z {
		if alias.Overlap(v, tr.Z[l].Data) || alias.Overlap(v, tr.A[l+1].Data) || alias.Overlap(v, tr.Delta[l].Data) {
			return true
		}
	}
	return touches(v, tr.A[0]) || alias.Overlap(v, tr.DX.Data)
}

// maxElements is just below 2^48 bytes, from which on make panics, or, where an int has
// 32 bits, 2 GiB.
const maxElements = min(1<<45-1, math.MaxInt>>3)

func newMatrix(rows, cols int) blas64.General {
	if rows > maxElements/cols {
		panic("mlp: NewTrace: batch too large")
	}
	return blas64.General{Rows: rows, Cols: cols, Stride: cols, Data: make([]float64, rows*cols)}
}

// row returns row i of m.
func row(m blas64.General, i int) []float64 {
	return m.Data[i*m.Stride : i*m.Stride+m.Cols]
}

// isShape reports whether m has the given shape, at least one row, and enough data.
func isShape(m blas64.General, rows, cols int) bool {
	return m.Rows == rows && m.Cols == cols && m.Stride >= cols &&
		len(m.Data) >= cols && (len(m.Data)-cols)/m.Stride >= rows-1
}
