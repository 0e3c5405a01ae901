package dd

// AddFloat returns x+a with a relative error of at most 2u².
//
// It holds for all operands with |a| < MaxFloat64, as TwoSum wants it, if no Hi
// overflows: a float64 sum that underflows is exact.
//
// Algorithm DWPlusFP (number 4) of Joldes, Muller and Popescu; machine-checked by
// Muller and Rideau.
func (x DD) AddFloat(a float64) DD {
	s := TwoSum(x.Hi, a)
	return FastTwoSum(s.Hi, x.Lo+s.Lo)
}

// Add returns x+y with a relative error of at most 3u²/(1−4u) < 3u² + 13u³, even
// under cancellation.
//
// It holds for all operands with |y.Hi| < MaxFloat64, as TwoSum wants it, if no Hi
// overflows: a float64 sum that underflows is exact. If x or y is 0 the sum is exact.
//
// Algorithm AccurateDWPlusDW (number 6) of Joldes, Muller and Popescu;
// machine-checked by Muller and Rideau. Their cheaper SloppyDWPlusDW
// (number 5) has no bound at all when the signs differ.
func (x DD) Add(y DD) DD {
	s := TwoSum(x.Hi, y.Hi)
	t := TwoSum(x.Lo, y.Lo)
	v := FastTwoSum(s.Hi, s.Lo+t.Hi)
	return FastTwoSum(v.Hi, t.Lo+v.Lo)
}

// Sub returns x−y with the bound and the conditions of Add.
func (x DD) Sub(y DD) DD { return x.Add(y.Neg()) }

// addSmall returns x+y with a relative error of at most 3.04u², given that
// |y| ≤ 2^−7·|x|: SloppyDWPlusDW with a Fast2Sum. It holds for all such operands
// if no Hi overflows.
//
// Proof. The two FastTwoSums are exact, and there are two roundings. Let
// A = |x.Hi| + |y.Hi|. The first, t = RN(x.Lo+y.Lo), is of a number ≤ u·A and
// costs ≤ u²·A. The second is of s.Lo + t, ≤ u·|s.Hi| + u·(1+u)·A, and costs
// ≤ u²·(|s.Hi| + (1+u)·A). By the condition A ≤ (1+2^−7)/(1−2^−7)·(1+3u)·|x+y|
// < 1.016·|x+y|, and |s.Hi| ≤ (1+3u)·|x+y|. In all 2·1.016 + 1 = 3.032, and the
// terms in u³ fit in what is left to 3.04.
func addSmall(x, y DD) DD {
	s := FastTwoSum(x.Hi, y.Hi)
	return FastTwoSum(s.Hi, s.Lo+(x.Lo+y.Lo))
}
