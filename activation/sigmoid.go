package activation

import "math"

// Sigmoid is the logistic function σ(z) = 1/(1+e^−z).
//
// It obeys σ(z) + σ(−z) = 1 and σ′(z) = σ(z)·σ(−z).
type Sigmoid struct{}

// Value returns σ(z).
//
// Special cases are:
//
//	Value(±0) = 1/2
//	Value(+Inf) = 1
//	Value(-Inf) = 0
//	Value(NaN) = NaN
func (Sigmoid) Value(z float64) float64 {
	// Both branches take e^−|z| ≤ 1, which cannot overflow: written as
	// 1/(1+e^−z) alone, σ(−745) would be 1/Inf = 0 instead of 5e-324.
	e := math.Exp(-math.Abs(z))
	if z < 0 {
		return e / (1 + e)
	}
	return 1 / (1 + e)
}

// Deriv returns σ′(z) = σ(z)·σ(−z) = e/(1+e)², e = e^−|z|.
//
// It keeps full relative accuracy in both tails, down to the denormals.
//
// Special cases are:
//
//	Deriv(±0) = 1/4
//	Deriv(±Inf) = 0
//	Deriv(NaN) = NaN
func (Sigmoid) Deriv(z float64) float64 {
	e := math.Exp(-math.Abs(z)) // σ′ is even, so the sign of z does not matter
	return 1 / (1 + e) * (e / (1 + e))
}

// String returns "sigmoid".
func (Sigmoid) String() string { return "sigmoid" }
