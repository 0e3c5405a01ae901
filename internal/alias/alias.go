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

const size = unsafe.Sizeof(0.0)

// start returns where x begins.
func start(x []float64) uintptr { return uintptr(unsafe.Pointer(unsafe.SliceData(x))) }
