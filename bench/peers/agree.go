package main

import "fmt"

// tolerance is how far a peer may be from package mlp. The numbers are of order 1: a
// right peer is off by some 1e-15 times the square root of the longest sum.
const tolerance = 1e-10

// agree returns an error unless got is want.
func agree(got, want []float64) error {
	if len(got) != len(want) {
		return fmt.Errorf("%d numbers instead of %d", len(got), len(want))
	}
	for i, w := range want {
		if d := got[i] - w; !(d >= -tolerance && d <= tolerance) { // NaN too
			return fmt.Errorf("number %d is %v and should be %v", i, got[i], w)
		}
	}
	return nil
}
