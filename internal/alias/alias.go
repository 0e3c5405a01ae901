// Package alias tells whether two slices share memory.
package alias

import "unsafe"

// Overlap reports whether x and y have an element in common.
func Overlap(x, y []float64) bool {
	return len(x) > 0 && len(y) > 0 &&
		start(x) < start(y)+size*uintptr(len(y)) && start(y) < start(x)+size*uintptr(len(x))
}

// Shifted reports whether x and y overlap otherwise than element by element: whether
// what reads y[i] and then writes x[i] would read what it has written.
func Shifted(x, y []float64) bool { return Overlap(x, y) && start(x) != start(y) }

// Touches reports whether x and a matrix of at least one row have an element in common.
// What is between the rows, each stride after the one before, or after the last, is not
// the matrix's.
func Touches(x, data []float64, rows, cols, stride int) bool {
	if !Overlap(x, data[:(rows-1)*stride+cols]) { // most often, and then it is all
		return false
	}
	for i := range rows {
		if Overlap(x, data[i*stride:][:cols]) {
			return true
		}
	}
	return false
}

const size = unsafe.Sizeof(0.0)

// start returns where x begins.
func start(x []float64) uintptr { return uintptr(unsafe.Pointer(unsafe.SliceData(x))) }
