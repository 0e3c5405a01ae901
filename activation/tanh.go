package activation

import (
	"math"

	"touchstone/internal/dd"
	"touchstone/internal/round"
)

// Tanh is the hyperbolic tangent, tanh z = 2σ(2z) − 1, of which its derivatives follow.
type Tanh struct{}

// Value returns tanh z, correctly rounded.
//
// Special cases are:
//
//	Value(±0) = ±0
//	Value(±Inf) = ±1
//	Value(NaN) = NaN
func (Tanh) Value(z float64) float64 {
	y, ok := quickTanh(z)
	if !ok {
		return slow(tanh, z)
	}
	return y
}

func quickTanh(z float64) (y float64, ok bool) {
	a := math.Abs(z)
	switch {
	case !(a >= 0x1p-27):
		// |tanh z − z| < |z|³/3 < 2^−55·|z|, less than half the distance from z to
		// its neighbours. NaN comes here too.
		return z, true
	case a > 20:
		return math.Copysign(1, z), true // 1 − tanh a < 2e^−40 < 2^−56
	}
	// tanh a = g/(g+2) with g = e^2a − 1. A relative error of g is one of 2/(g+2) < 1
	// times as much of that, so the 2^−74 of Expm1Fast; AddFloat and Div add 12.9u².
	g := dd.Expm1Fast(2 * a)
	q := g.Div(g.AddFloat(2))
	return math.Copysign(q.Hi, z), round.SettledWithin(q, 0x1p-73)
}

// tanh is the fallback of Value. For z ≠ 0, tanh z is transcendental.
func tanh(z float64, prec uint) round.Interval {
	g := round.Expm1(2*z, prec)
	return g.Quo(g.Add(round.Point(2, prec)))
}

// Deriv returns tanh′(z) = 1/cosh² z = 4e/(1+e)², e = e^−2|z|, correctly rounded.
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
	y, ok := quickTanhDeriv(z)
	if !ok {
		return slow(tanhDeriv, z)
	}
	return y
}

func quickTanhDeriv(z float64) (y float64, ok bool) {
	a := math.Abs(z)
	if !(a <= 374) {
		return vanish(z), true // tanh′(z) < 4e^−748 < 2^−1075
	}
	d, k := round.SigmoidDeriv(2 * a) // tanh′(z) = 4σ′(2z)
	return round.NearestWithin(d, 0x1p-75, k+2)
}

// tanhDeriv is the fallback of Deriv. For z ≠ 0, tanh′(z) is transcendental; for
// z = 0 the quick phase is exact.
func tanhDeriv(z float64, prec uint) round.Interval {
	return round.Point(4, prec).Mul(sigmoidDeriv(2*z, prec))
}

// Deriv2 returns tanh″(z) = −2·tanh(z)·tanh′(z), correctly rounded.
//
// Special cases are:
//
//	Deriv2(±0) = ∓0
//	Deriv2(±Inf) = ∓0
//	Deriv2(NaN) = NaN
func (Tanh) Deriv2(z float64) float64 {
	y, ok := quickTanhDeriv2(z)
	if !ok {
		return slow(slowTanhDeriv2, z)
	}
	return y
}

func quickTanhDeriv2(z float64) (y float64, ok bool) {
	a := math.Abs(z)
	switch {
	case !(a <= 374):
		return opposite(vanish(z), z), true // |tanh″(z)| < 8e^−748 < 2^−1075
	case a < 0x1p-30:
		return -2 * z, true // |tanh″(z) + 2z| < 4z²/3·|2z| < 2^−59·|2z|
	}
	d, k := sigmoidDeriv2(2 * a) // tanh″(z) = 8σ″(2z)
	y, ok = round.NearestWithin(d, 0x1p-73, k+3)
	return opposite(y, z), ok
}

// String returns "tanh".
func (Tanh) String() string { return "tanh" }
