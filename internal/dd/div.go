package dd

import "math"

// Inv returns 1/x with a relative error of at most 4.8u².
//
// It holds for 2^−900 ≤ |x| ≤ 2^900.
//
// It is one Newton step from t = RN(1/x.Hi), as in algorithm DWDivDW3 (number 18)
// of Joldes, Muller and Popescu, but with the residual d = 1 − t·x in a single
// float64.
//
// Proof. Let 1 ≤ x.Hi < 2; other binades and signs only scale. In [½, 1] half an
// ulp is at most u/2, so |t − 1/x.Hi| ≤ u/2. Then h = 1 − t·x.Hi is at most
// x.Hi·u/2 ≤ u and a multiple of 2^−52·2^−53, that is, of 2^−105: a float64, and
// the first FMA is exact. With |x.Lo| ≤ u, the exact residual D = h − t·x.Lo has
//
//	|D| ≤ (x.Hi/2 + 1/x.Hi)·u·(1+u) ≤ 1.5u·(1+u), as y/2 + 1/y ≤ 1.5 on [1, 2].
//
// Now 1/x = t/(1−D) = t·(1 + D + D²/(1−D)), and what is returned is
// t + RN(t·RN(D)), the last sum being exact. Relative to t, the errors are
//
//	D²/(1−D)            ≤ 2.25u²   leaving out the square
//	½ulp(2u)            ≤ 1.00u²   the rounding of D, as |D| < 2u
//	u·|D|               ≤ 1.50u²   the rounding of t·d
//
// in all 4.75u², and 1/x differs from t by a factor 1+O(u). An underflow in t·x.Lo
// or t·d, possible only where x.Lo is 0 or nearly so, adds at most 2^−1075 to D or
// to t·d: under 2^−174 of t.
func (x DD) Inv() DD {
	t := 1 / x.Hi
	h := math.FMA(-x.Hi, t, 1)
	d := math.FMA(-x.Lo, t, h)
	return FastTwoSum(t, float64(t*d))
}

// Div returns x/y with a relative error of at most 8.9u².
//
// It holds if x = 0 or 2^−900 ≤ |x/y| < 2^1023, given that 2^−900 ≤ |y| ≤ 2^900,
// and that no product of Mul underflows. If one does, the bound is 10.9u².
//
// Proof. It is x·(1/y), with the 4.8u² of Inv and the 4u² or 6.01u² of Mul; the
// product of the two errors is O(u⁴). DWDivDW3 has the same structure and the
// bound 9.8u², but takes ten more
// operations to get from t to 1/y.
func (x DD) Div(y DD) DD { return x.Mul(y.Inv()) }
