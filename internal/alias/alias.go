// Package alias tells whether two slices share memory.
package alias

import (
	"unsafe"

	"gonum.org/v1/gonum/blas/blas64"
)

// Overlap reports whether x and y have an element in common.
func Overlap(x, y []float64) bool {
	return len(x) > 0 && len(y) > 0 &&
		start(x) < start(y)+size*uintptr(len(y)) && start(y) < start(x)+size*uintptr(len(x))
}

// Shifted reports whether x and y overlap otherwise than element by element: whether
// what reads y[i] and then writes x[i] would read what it has written.
func Shifted(x, y []float64) bool { return Overlap(x, y) && start(x) != start(y) }

// Touches reports whether x and m, of at least one row, have an element in common. What
// is between the rows of m, or after the last, is not m's.
func Touches(x []float64, m blas64.General) bool {
	return Overlap(x, m.Data[:(m.Rows-1)*m.Stride+m.Cols]) && touches(x, m)
}

func touches(x []float64, m blas64.General) bool {
	for i := range m.Rows {
		if Overlap(x, m.Data[i*m.Stride:][:m.Cols]) {
			return true
		}
	}
	return false
}

const size = unsafe.Sizeof(0.0)

// start returns where x begins.
func start(x []float64) uintptr { return uintptr(unsafe.Pointer(unsafe.SliceData(x))) }
