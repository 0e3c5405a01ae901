// Package alias tells whether two slices share memory.
package alias

import "unsafe"

// Overlap reports whether x and y have an element in common.
func Overlap(x, y []float64) bool {
	return len(x) > 0 && len(y) > 0 && address(x, 0) <= address(y, len(y)-1) && address(y, 0) <= address(x, len(x)-1)
}

// Shifted reports whether x and y overlap otherwise than element by element: whether
// what reads y[i] and then writes x[i] would read what it has written.
func Shifted(x, y []float64) bool { return Overlap(x, y) && address(x, 0) != address(y, 0) }

func address(x []float64, i int) uintptr { return uintptr(unsafe.Pointer(&x[i])) }
