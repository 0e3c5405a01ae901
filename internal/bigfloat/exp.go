package bigfloat

import (
	"math"
	"math/big"
)

// saturation is where e^x is taken for 0 or +Inf: the exponent of e^(2³⁰) is
// 1.55e9, which is below big.MaxExp = 2.1e9 with room for a few factors.
var saturation = newInt(1 << 30)

// Exp returns e^x.
//
// Special cases are:
//
//	Exp(x) = +Inf for x > 2³⁰
//	Exp(x) = 0 for x < −2³⁰
func Exp(x *big.Float, prec uint) *big.Float {
	return round(exp(x, prec+guard), prec)
}

// Expm1 returns e^x − 1.
//
// Special cases are:
//
//	Expm1(±0) = ±0
//	Expm1(x) = +Inf for x > 2³⁰
//	Expm1(x) = −1 for x < −2³⁰
func Expm1(x *big.Float, prec uint) *big.Float {
	return round(expm1(x, prec+guard), prec)
}

// exp returns e^x to nearly w bits. It writes x = k·ln 2 + r with k an integer and
// |r| < 0.4, so that e^x = 2^k·(1 + (e^r − 1)).
//
// Let u = 2^−w. L = ln2(w+32) is off by less than 2·2^−(w+32), and |k| < 2³¹, so
// k·L, which is exact in w+64 bits, is off by less than u; the subtraction rounds
// once more, by at most 0.4u. Thus r has an absolute error below 2u, and e^r a
// relative one. To it come 4(s+3)u of exp1, times (e^r−1)/e^r < ½, and at most 2u
// of the sum: together less than 4(s+3)u. With s ≤ 2¹⁵ and u = 2^−(prec+64) that is
// below 2^−(prec+46).
func exp(x *big.Float, w uint) *big.Float {
	if x.Cmp(saturation) > 0 {
		return newFloat(w).SetInf(false)
	}
	if x.Cmp(new(big.Float).Neg(saturation)) < 0 {
		return newFloat(w)
	}
	f, _ := x.Float64()
	k := math.RoundToEven(f / math.Ln2) // |k| < 2³¹; off from x/ln 2 by at most 0.5001
	r := x
	if k != 0 {
		kL := newFloat(w+64).Mul(newInt(int64(k)), ln2(w+32))
		r = newFloat(w).Sub(x, kL)
	}
	y := Add(newFloat(w), newInt(1), exp1(r, w))
	return y.SetMantExp(y, int(k))
}

// expm1 returns e^x − 1 to nearly w bits. From |x| = ½ on, the subtraction
// multiplies the relative error of e^x by e^x/|e^x−1| < 2.6.
func expm1(x *big.Float, w uint) *big.Float {
	if isBelow(x, 0) { // |x| < ½
		return exp1(x, w)
	}
	return Add(newFloat(w), exp(x, w), newInt(-1))
}

// exp1 returns e^r − 1 for |r| < ½, to nearly w bits: the relative error is below
// 4(s+3)u, where u = 2^−w and s is the square root of w.
//
// It halves r s times, so that |q| = |r|/2^s < 2^−(s+1); takes
//
//	e^q − 1 = q·(1 + q/2·(1 + q/3·(1 + … q/n)))
//
// and doubles the argument s times by e^2q − 1 = y·(2+y), y = e^q − 1.
//
// Proof. As s ≤ n, w < (n+1)·s ≤ n·(s+1), so the terms left out are below |q|^n < u of
// the first. In the nested sum, t ← 1 + q·t/m, all t are within 2^−s of 1. One step adds
// the error u of its sum and, times |q|, those of its product and quotient and of the t
// before it; altogether t errs by less than 2u, and y = q·t, with the roundings of q and
// of the product and with the terms left out, by less than 5u relatively.
//
// If y has the relative error ρ, then y·(2+y) has ρ·(1 + y/(2+y)) + 2u to first
// order. And y/(2+y) is tanh of half the argument of y, at most 2^−3, 2^−4, … from
// the last doubling back, so the factors multiply to less than e^¼ < 1.3, and the
// error is below 1.3·(5+2s)u. 4(s+3)u leaves ample room for the second order.
func exp1(r *big.Float, w uint) *big.Float {
	if isBelow(r, -int(w)) {
		return newFloat(w).Set(r) // e^r − 1 = r·(1 + r/2 + …)
	}
	s := int(math.Sqrt(float64(w)))
	n := int(w) / s
	q := newFloat(w).SetMantExp(r, -s)

	one, two := newInt(1), newInt(2)
	t := newFloat(w).Set(one)
	for m := n; m >= 2; m-- {
		t.Mul(t, q)
		t.Quo(t, newInt(int64(m)))
		t.Add(t, one)
	}
	y := t.Mul(t, q)
	for range s {
		y.Mul(y, newFloat(w).Add(y, two))
	}
	return y
}
