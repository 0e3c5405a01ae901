// Package round gets from an approximation to the float64 nearest the truth, ties
// to even: Ziv's strategy.
//
// A quick phase returns a double-double x and a bound e on its error. Settled and
// Nearest tell whether all numbers within e of x round to the same float64. Where
// they do not, with the bounds of package dd for one argument in some 2^21, Slow
// evaluates the function in intervals of more and more bits until both ends agree.
// That takes some ten microseconds, or ten picoseconds a call on average.
//
// Slow ends unless the truth is a float64 or the midpoint of two. Those cases are
// the caller's to find; each caller proves which they are, mostly by the theorem of
// Lindemann and Weierstrass: for distinct algebraic a₁ … aₙ, a sum
// c₁e^a₁ + … + cₙe^aₙ with algebraic coefficients is 0 only if they all are. So
//
//	e^a with a rational a ≠ 0 is transcendental, and so is every rational function
//	of it that has rational coefficients and is not constant;
//
//	log(e^a₁ + … + e^aₙ) with rational aₖ and n > 1 is irrational: if it is b, then
//	Σ e^aₖ − e^b = 0, but at most one of the coefficients is not positive.
package round

import (
	"math"

	"touchstone/internal/dd"
)

// Settled reports whether all numbers v with |v − x| ≤ e·(1−u) − u²·|x.Hi|,
// u = 2^−53, round to the same float64, which then is x.Hi. It is for normal
// numbers; the sign of e does not matter.
//
// Proof. RN(x.Lo−e) and RN(x.Lo+e) are off by at most u·(|x.Lo| + e), and |x.Lo| ≤
// u·|x.Hi|: v is between x.Hi + RN(x.Lo−e) and x.Hi + RN(x.Lo+e), and so is x.
// Rounding is monotone. Hence if these two round to the same, so do v and x, and
// RN(x) is x.Hi.
func Settled(x dd.DD, e float64) bool {
	return x.Hi+(x.Lo-e) == x.Hi+(x.Lo+e)
}

// SettledWithin is Settled for e = r·|x.Hi|: for a relative error. Where e underflows to 0,
// x.Hi is to be the result.
func SettledWithin(x dd.DD, r float64) bool { return Settled(x, float64(r*x.Hi)) }

// Nearest is Settled for x·2^k, v·2^k and e·2^k, where x.Hi·2^k may be subnormal or
// overflow, and returns the float64 nearest v·2^k. It needs |e| ≤ 2^−55·|x.Hi|, and
// |x.Hi| from 2^−900 to 2^900.
//
// Proof for |x.Hi·2^k| < 2^−1022, where float64s have the distance g = 2^−1074.
// Midpoints of them are multiples of g/2, and so numbers of 53 bits, as x.Hi·2^k
// is. If that is none of them, it is further from all of them than v·2^k: another
// number of 53 bits is at least ½ulp away, counting ulp(x) above x, |x.Lo| is at most
// half of the distance to it, and |e| less than the other half. So v·2^k rounds as
// x.Hi·2^k does, which Ldexp rounds once. If x.Hi·2^k is a midpoint, x.Lo decides,
// unless e undoes it.
func Nearest(x dd.DD, e float64, k int) (y float64, ok bool) {
	y = math.Ldexp(x.Hi, k)
	if math.Abs(y) > 0x1p-1022 {
		return y, Settled(x, e)
	}
	r := x.Hi - math.Ldexp(y, -k) // exact: both are multiples of ulp(x.Hi)
	if r == 0 && math.Abs(y) == 0x1p-1022 {
		return y, Settled(x, e) // below it float64s have the same distance: Settled asks for more
	}
	if math.Abs(r) != math.Ldexp(1, -1075-k) {
		return y, true
	}
	if math.Signbit(r) == math.Signbit(x.Lo) { // v is beyond the midpoint, seen from y
		y += math.Copysign(0x1p-1074, r)
	}
	return y, math.Abs(x.Lo) > math.Abs(e)
}

// NearestWithin is Nearest for e = r·|x.Hi|, r ≤ 2^−55: for a relative error.
func NearestWithin(x dd.DD, r float64, k int) (y float64, ok bool) {
	return Nearest(x, float64(r*x.Hi), k)
}
