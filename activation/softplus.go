package activation

import (
	"math"

	"touchstone/internal/round"
)

// Softplus is log(1+e^z), a smooth rectifier. Its derivative is the sigmoid.
type Softplus struct{}

// Value returns log(1+e^z), correctly rounded. It is max(z, 0) + log(1+e^−|z|): the
// form that neither overflows for large z nor loses e^z for very negative z.
//
// Special cases are:
//
//	Value(±0) = log 2
//	Value(+Inf) = +Inf
//	Value(-Inf) = 0
//	Value(NaN) = NaN
func (Softplus) Value(z float64) float64 {
	y, ok := quickSoftplus(z)
	if !ok {
		return slow(softplus, z)
	}
	return y
}

func quickSoftplus(z float64) (y float64, ok bool) {
	switch {
	case z > 34:
		return z, true // log(1+e^−z) < e^−34 < 2^−49 < ½ulp(z)
	case !(z >= -746):
		return vanish(z), true // log(1+e^z) < e^−746 < 2^−1075
	}
	l, k := round.Softplus(math.Abs(z))
	return round.NearestWithin(l.AddFloat(max(z, 0)), 0x1p-75, k) // k is 0 if z > 0
}

// softplus is the fallback of Value. log(e^0 + e^z) is irrational, also for z = 0.
func softplus(z float64, prec uint) round.Interval {
	return round.Point(max(z, 0), prec).Add(round.SoftplusSlow(math.Abs(z), prec))
}

// Deriv returns σ(z), correctly rounded, with the special cases of Sigmoid.Value.
func (Softplus) Deriv(z float64) float64 { return Sigmoid{}.Value(z) }

// Deriv2 returns σ′(z), correctly rounded, with the special cases of Sigmoid.Deriv.
func (Softplus) Deriv2(z float64) float64 { return Sigmoid{}.Deriv(z) }

// String returns "softplus".
func (Softplus) String() string { return "softplus" }
