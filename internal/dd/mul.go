package dd

import "math"

// MulFloat returns x·a with a relative error of at most 2u².
//
// It holds if x·a = 0 or 2^−900 ≤ |x·a| < 2^1023.
//
// Algorithm DWTimesFP3 (number 9) of Joldes, Muller and Popescu; machine-checked
// by Muller and Rideau. If x.Lo·a underflows, which the theorem
// leaves out, the FMA is off by a further 2^−1075 at most, under 2^−174·|x·a|.
func (x DD) MulFloat(a float64) DD {
	c := TwoProd(x.Hi, a)
	return FastTwoSum(c.Hi, math.FMA(x.Lo, a, c.Lo))
}

// Mul returns x·y with a relative error of at most 4u².
//
// It holds if x·y = 0, or if 2^−900 ≤ |x·y| < 2^1023 and none of the products
// x.Hi·y.Lo, x.Lo·y.Hi and x.Lo·y.Lo underflows without being 0.
//
// If one does, as it may where a Lo part is far below an ulp of its Hi part, the
// relative error is at most 6.01u². The proofs of this package use that bound.
//
// Algorithm DWTimesDW3 (number 12) of Joldes, Muller and Popescu. They prove 5u²;
// the bound 4u² is theorem 2.8 of Muller and Rideau, who found a gap in the older
// proof and checked the new one by machine.
//
// Proof of the second bound. Let P = |x.Hi·y.Hi|, and let η ≤ 2^−1075 < 2^−174·P
// stand for an underflow. TwoProd is exact, |c.Lo| ≤ u·P, and the last sum is
// exact. Up to factors 1+O(u), the roundings are: of x.Lo·y.Lo, ≤ u²·P, at a cost
// of u³·P + η; of t, ≤ u·P, at u²·P + η; of the outer FMA, ≤ 2u·P, at 2u²·P + η;
// and of its sum with c.Lo, ≤ 3u·P, at 3u²·P. That is 6u²·P, and
// P ≤ (1+3u)·|x·y|.
func (x DD) Mul(y DD) DD {
	c := TwoProd(x.Hi, y.Hi)
	t := math.FMA(x.Hi, y.Lo, float64(x.Lo*y.Lo))
	return FastTwoSum(c.Hi, c.Lo+math.FMA(x.Lo, y.Hi, t))
}
