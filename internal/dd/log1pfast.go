package dd

import "math"

// Log1pFast returns log(1+x) with a relative error of at most 2^−80, down to the
// smallest x, in a fraction of the time of Log1p.
//
// It holds for 0 ≤ x ≤ 1.
//
// It is Log1p with f = h + l, not normalized, and log(1+f) summed in four parts:
//
//	h − h²/2 + (l·(1−h) − h²/2·h·w) + …, w = −2/3 + h/2 − 2h²/5 + h³/3.
//
// Proof. With y = log(1+x), the bounds of Log1p on the tables, f and ab·x hold.
// FastTwoSum is right for the logarithms, as log a = 0 or |log a| ≥ 0.0077 >
// 0.0040 ≥ |log b|; for s.Hi and h, as s.Hi = 0 or |s.Hi| ≥ 2^−14.01 > |h|; and
// for −h²/2, which is below 2^−14 of their sum. All that these and TwoProd pass on
// to the last line is exact, or below 7u·y in all and rounded within 2^−100·y.
// Compared to y, with |h| ≤ 1.02y and |l| ≤ 3.1u·y, and in units of 2^−84, what
// remains is
//
//	4u·|h|²/3·1.03      2.9   of the cubic part: h²/2, w and a product
//	10u·|h|²/3·1.03     7.1   of leaving l out of it
//	2u·|h|²/3·1.03      1.5   of the two sums that it passes
//	the rest            0.1   |h|⁶/7 ≤ 2^−92, and roundings at 2^−100
//
// in all 11.6, less than 16. Where h² underflows, h < 2^−480 and all is below
// 2^−480·y.
func Log1pFast(x DD) DD {
	a := &log1pi[uint(math.FMA(x.Hi, 128, 0.5))&255]
	j := int32(math.Float64bits(math.FMA(math.FMA(a.inv, x.Hi, a.inv), 0x1p14, magic)))
	b := &log1pj[uint8(j+64)]
	ab := float64(a.inv * b.inv)

	p := TwoProd(ab, x.Hi)
	f := TwoSum(ab-1, p.Hi)
	h, l := f.Hi, f.Lo+math.FMA(ab, x.Lo, p.Lo)

	s := FastTwoSum(a.log.Hi, b.log.Hi)
	r := FastTwoSum(s.Hi, h)
	hh := TwoProd(h, -0.5*h)
	v := FastTwoSum(r.Hi, hh.Hi)

	w := math.FMA(math.FMA(math.FMA(1./3, h, -2./5), h, 1./2), h, -2./3)
	c := math.FMA(float64(hh.Hi*h), w, math.FMA(-l, h, l)+hh.Lo)
	return FastTwoSum(v.Hi, c+(v.Lo+(r.Lo+(s.Lo+(a.log.Lo+b.log.Lo)))))
}
