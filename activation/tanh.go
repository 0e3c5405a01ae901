package activation

import "math"

// Tanh is the hyperbolic tangent, tanh z = 2σ(2z) − 1.
type Tanh struct{}

// Value returns tanh z.
//
// Special cases are:
//
//	Value(±0) = ±0
//	Value(±Inf) = ±1
//	Value(NaN) = NaN
func (Tanh) Value(z float64) float64 { return math.Tanh(z) }

// Deriv returns tanh′(z) = 1/cosh² z = 4e/(1+e)², e = e^−2|z|.
//
// Written as 1 − tanh² z it would cancel: to 0 from |z| = 19.1 on, where the
// derivative is 1e-16.
//
// Special cases are:
//
//	Deriv(±0) = 1
//	Deriv(±Inf) = 0
//	Deriv(NaN) = NaN
func (Tanh) Deriv(z float64) float64 {
	e := math.Exp(-2 * math.Abs(z))
	return 2 / (1 + e) * (2 * e / (1 + e))
}

// String returns "tanh".
func (Tanh) String() string { return "tanh" }
