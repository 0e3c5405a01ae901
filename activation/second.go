package activation

import (
	"math"

	"touchstone/internal/dd"
	"touchstone/internal/round"
)

// A Func2 is a Func that has a second derivative, as products with a Hessian need
// it. Every function of this package is one.
type Func2 interface {
	Func
	// Deriv2 returns f″(z): the second derivative at the pre-activation z.
	Deriv2(z float64) float64
}

// sigmoidDeriv2 returns d and k with |σ″(a)| = d·2^k, for 2^−30 ≤ a ≤ 1000, with d
// between 2^−116 and 2 and a relative error of at most 2^−73.
//
// Proof. With e = e^−a, it is e(1−e)/(1+e)³. From 80 on that is σ′(a) = e/(1+e)²
// within 2e < 2^−114. Below, with g = e^a − 1, it is g(1+g)/(2+g)³, where nothing
// cancels. A relative error of g is one of 1 − g(1+2g)/((1+g)(2+g)), between −1 and 1,
// times as much of that, so 2^−74. The rest is, in units of u², 2 of 1+g, 3·2 of 2+g,
// 4·6.01 of the products with it, 4.8 of Inv and 6.01 of the last product. (2+g)³ is
// below 2^347.
func sigmoidDeriv2(a float64) (d dd.DD, k int) {
	if a > 80 {
		return round.SigmoidDeriv(a)
	}
	g := dd.Expm1Fast(a)
	s := g.AddFloat(2)
	return g.Mul(g.AddFloat(1)).Mul(s.Mul(s).Mul(s).Inv()), 0
}

// slowSigmoidDeriv2 is the fallback of Sigmoid.Deriv2, and returns
// e(e−1)/(1+e)³ = σ″(z), e = e^−z. For z ≠ 0 that is transcendental.
func slowSigmoidDeriv2(z float64, prec uint) round.Interval {
	e := round.Exp(-z, prec)
	s := round.Point(1, prec).Add(e)
	return e.Mul(round.Expm1(-z, prec)).Quo(s.Mul(s).Mul(s))
}

// slowTanhDeriv2 is the fallback of Tanh.Deriv2: tanh″(z) = 8σ″(2z).
func slowTanhDeriv2(z float64, prec uint) round.Interval {
	return round.Point(8, prec).Mul(slowSigmoidDeriv2(2*z, prec))
}

// opposite returns y with the sign that z does not have, as an odd function that
// falls through 0 wants it.
func opposite(y, z float64) float64 { return math.Copysign(y, -z) }
