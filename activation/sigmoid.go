package activation

import (
	"math"

	"touchstone/internal/dd"
	"touchstone/internal/round"
)

// Sigmoid is the logistic function σ(z) = 1/(1+e^−z).
//
// It obeys σ(z) + σ(−z) = 1 and σ′(z) = σ(z)·σ(−z). Equations (33) to (35) of package
// mlp.
type Sigmoid struct{}

// Value returns σ(z), correctly rounded.
//
// Special cases are:
//
//	Value(±0) = 1/2
//	Value(+Inf) = 1
//	Value(-Inf) = 0
//	Value(NaN) = NaN
func (Sigmoid) Value(z float64) float64 {
	y, ok := quickSigmoid(z)
	if !ok {
		// For z ≠ 0, σ(z) is transcendental; σ(0) the quick phase gets exactly.
		return slow(round.SigmoidSlow, z)
	}
	return y
}

func quickSigmoid(z float64) (y float64, ok bool) {
	switch {
	case z > 38:
		return 1, true // 1 − σ(z) < e^−38 < 2^−54
	case z >= -600:
		q := round.Sigmoid(z)
		return q.Hi, round.SettledWithin(q, 0x1p-75)
	case !(z >= -746):
		return vanish(z), true // σ(z) < e^−746 < 2^−1075
	}
	// e^z/(1+e^z) is e^z within 2^−865.
	m, k := dd.ExpFast(z)
	return round.NearestWithin(m, 0x1p-75, k)
}

// Deriv returns σ′(z) = σ(z)·σ(−z) = e/(1+e)², e = e^−|z|, correctly rounded.
//
// It keeps full relative accuracy in both tails, down to the subnormals.
//
// Special cases are:
//
//	Deriv(±0) = 1/4
//	Deriv(±Inf) = 0
//	Deriv(NaN) = NaN
func (Sigmoid) Deriv(z float64) float64 {
	y, ok := quickSigmoidDeriv(z)
	if !ok {
		return slow(sigmoidDeriv, z)
	}
	return y
}

func quickSigmoidDeriv(z float64) (y float64, ok bool) {
	a := math.Abs(z) // σ′ is even
	if !(a <= 746) {
		return vanish(z), true // σ′(z) < e^−746 < 2^−1075
	}
	d, k := round.SigmoidDeriv(a)
	return round.NearestWithin(d, 0x1p-75, k)
}

// sigmoidDeriv is the fallback of Deriv. For z ≠ 0, σ′(z) is transcendental; for
// z = 0 the quick phase is exact.
func sigmoidDeriv(z float64, prec uint) round.Interval {
	e := round.Exp(z, prec)
	s := round.Point(1, prec).Add(e)
	return e.Quo(s.Mul(s))
}

// Deriv2 returns σ″(z) = σ′(z)·(σ(−z)−σ(z)), correctly rounded.
//
// It keeps full relative accuracy in both tails and near 0, where the difference
// would cancel.
//
// Special cases are:
//
//	Deriv2(±0) = ∓0
//	Deriv2(±Inf) = ∓0
//	Deriv2(NaN) = NaN
func (Sigmoid) Deriv2(z float64) float64 {
	y, ok := quickSigmoidDeriv2(z)
	if !ok {
		return slow(slowSigmoidDeriv2, z)
	}
	return y
}

func quickSigmoidDeriv2(z float64) (y float64, ok bool) {
	a := math.Abs(z)
	switch {
	case !(a <= 746):
		return opposite(vanish(z), z), true // |σ″(z)| < e^−746 < 2^−1075
	case a < 0x1p-30:
		// |z/8|·(1 − z²/3) < |σ″(z)| < |z/8|, for z ≠ 0: what rounds to z/8, which is a
		// float64 from 2^−1019 on. Below that, it may be a midpoint, and |σ″(z)| is less.
		y = float64(-z / 8) // compiled as a product with ⅛, which the next sum must not fuse
		if float64(8*math.Abs(y))-a == 0x1p-1072 {
			y -= math.Copysign(0x1p-1074, y)
		}
		return y, true
	}
	d, k := sigmoidDeriv2(a)
	y, ok = round.NearestWithin(d, 0x1p-73, k)
	return opposite(y, z), ok
}

// String returns "sigmoid".
func (Sigmoid) String() string { return "sigmoid" }
