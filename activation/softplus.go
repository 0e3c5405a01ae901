package activation

import "math"

// Softplus is log(1+e^z), a smooth rectifier. Its derivative is the sigmoid.
type Softplus struct{}

// Value returns log(1+e^z), computed as max(z, 0) + log1p(e^−|z|): the form
// that neither overflows for large z nor loses e^z for very negative z.
//
// Special cases are:
//
//	Value(±0) = log 2
//	Value(+Inf) = +Inf
//	Value(-Inf) = 0
//	Value(NaN) = NaN
func (Softplus) Value(z float64) float64 {
	l := math.Log1p(math.Exp(-math.Abs(z)))
	if z > 0 {
		return z + l
	}
	return l
}

// Deriv returns σ(z), with the special cases of Sigmoid.Value.
func (Softplus) Deriv(z float64) float64 { return Sigmoid{}.Value(z) }

// String returns "softplus".
func (Softplus) String() string { return "softplus" }
