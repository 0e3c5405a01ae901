// Package neuron is what a user of Touchstone might write: a neuron with its gradient
// by hand. .ci/vendored tests it against a vendored Touchstone, without network.
package neuron

import "math"

func output(w, x []float64) float64 {
	z := w[len(x)]
	for k := range x {
		z += w[k] * x[k]
	}
	return 1 / (1 + math.Exp(-z))
}

// Loss is half the square of what a sigmoid neuron is off by; w has its weights and,
// last, its bias.
func Loss(w, x []float64, t float64) float64 {
	d := output(w, x) - t
	return d * d / 2
}

// Grad stores the derivatives of Loss in grad.
func Grad(grad, w, x []float64, t float64) {
	y := output(w, x)
	delta := (y - t) * y * (1 - y)
	for k := range x {
		grad[k] = delta * x[k]
	}
	grad[len(x)] = delta
}
