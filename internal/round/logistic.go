package round

import (
	"touchstone/internal/dd"
)

// The functions below are the quick phases that activations and losses share.

// Limit is where e^−a is below 2^−1154, and so has no part in a float64 but this:
// where the rest of a sum is a midpoint, it decides to which side the sum rounds.
// Its size does not matter then, and the fallbacks take e^−min(a, Limit).
const Limit = 800

// Sigmoid returns σ(z) = 1/(1+e^−z) for |z| ≤ 600, with a relative error of at most
// 2^−75.9.
//
// Proof. e^−z is within 2^−76 of itself, which is at most 2^−76 of 1+e^−z; and
// 2u² + 4.8u² come from the sum and Inv, for which 1+e^600 < 2^867 is not too large.
func Sigmoid(z float64) dd.DD {
	m, k := dd.ExpFast(-z)
	return m.Scale(k).AddFloat(1).Inv()
}

// SigmoidDeriv returns d and k with σ′(a) = d·2^k, for 0 ≤ a ≤ 1000, with 0.17 < d <
// 1.41 and a relative error of at most 2^−75.9.
//
// Proof. It is e/(1+e)² with e = m·2^k = e^−a. A relative error of e is one of at
// most (1−e)/(1+e) ≤ 1 times as much of that, so 2^−76; the rest is, in units of
// u², at most 2·2 of the sum, 4.8 of Inv, and 2·6.01 of the products. To raise k to
// −200 changes 1+e by less than 2^−199.
func SigmoidDeriv(a float64) (d dd.DD, k int) {
	m, k := dd.ExpFast(-a)
	s := m.Scale(max(k, -200)).AddFloat(1)
	return m.Mul(s.Mul(s).Inv()), k
}

// Softplus returns l and k with log(1+e^−a) = l·2^k, for 0 ≤ a ≤ 1000, with a
// relative error of at most 2^−75.9. k is 0 if that is above 2^−110.
//
// Proof. With x = e^−a, a relative error of x is one of at most x/((1+x)·log(1+x)) ≤
// 1 times as much of log(1+x), so 2^−76; Log1pFast adds 2^−80. Below 2^−110, x is
// within x/2 of log(1+x). No x is above 1: where a < 2^−14 the n of ExpFast is 0, and
// its error is below 2^−60·a, or a is 0 and e^0 exact.
func Softplus(a float64) (l dd.DD, k int) {
	m, k := dd.ExpFast(-a)
	if k < -110 {
		return m, k
	}
	return dd.Log1pFast(m.Scale(k)), 0
}

// SigmoidSlow returns σ(z) in a fallback.
func SigmoidSlow(z float64, prec uint) Interval {
	one := Point(1, prec)
	return one.Quo(one.Add(Exp(-z, prec)))
}

// SoftplusSlow returns log(1+e^−a), a ≥ 0, in a fallback.
func SoftplusSlow(a float64, prec uint) Interval { return Exp(-a, prec).Log1p() }
