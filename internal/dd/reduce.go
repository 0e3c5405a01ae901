package dd

import "math"

// Exponentials are reduced to a short interval by
//
//	e^x = 2^(n/4096)·e^r, with n the integer nearest x·4096/ln 2,
//
// so that |r| is at most half of step = ln(2)/4096, or 2^−13.52. With i and j from
// −32 to 31, n = 4096k + 64i + j, and 2^(n/4096) = 2^k·2^(i/64)·2^(j/4096) takes
// two small tables.

// maxExp bounds the |x.Hi| that can be reduced. There |n| < 2^22.5.
const maxExp = 1000

// magic, added to a number below 2^51 in absolute value, leaves the nearest integer
// in the low bits.
const magic = 0x1.8p52

// nearest returns the integer nearest x·4096/ln 2, as a float64 and as an int32.
// That rounding and the one of perLn2 cost at most 2^−29, so that
// |x − n·step| ≤ step·(½ + 2^−29) for a float64 x, |x| ≤ maxExp.
func nearest(x float64) (n float64, bits int32) {
	t := math.FMA(x, perLn2, magic)
	return t - magic, int32(math.Float64bits(t))
}

// split returns the k of n and the places of 2^(i/64) and 2^(j/4096) in the tables,
// which begin at −32.
func split(n int32) (k int, i, j uint) {
	n += 32*64 + 32
	return int(n >> 12), uint(n>>6) & 63, uint(n) & 63
}

// reduce returns n and r = x − n·step with an absolute error of at most 2^−119.9,
// or of 0 if n = 0. It holds for |x.Hi| ≤ maxExp, and |r| ≤ 2^−13.5.
//
// Proof. step is step1 + step2 + step3 within 2^−155: step1 is a multiple of 2^−42,
// |step2| < 2^−46 and |step3| < 2^−101. Four steps are exact:
//
//	a   n·step1 is a multiple of 2^−42, and if n ≠ 0, |x.Hi| > 2^−14, a multiple of
//	    2^−66. So a is one too, and |a| < 2^−13: it fits in 53 bits.
//	p   |n·step2| < 2^−23.5, so |p.Lo| ≤ 2^−77.
//	b   |x.Lo| ≤ 2^−44, so |b.Hi| < 2^−23.4 and |b.Lo| ≤ 2^−77.
//	c   |c.Hi| < 2^−13, so |c.Lo| ≤ 2^−67.
//
// The errors are
//
//	2^22.5·2^−155               of step
//	½ulp, |q| < 2^−76           of q: 2^−130
//	½ulp, less than 2^−75       of b.Lo − q: 2^−129
//	½ulp, less than 2^−66       of its sum with c.Lo: 2^−120
//
// and add up to less than 2^−119.9. With n = 0 every part but x is 0.
func reduce(x DD) (n int32, r DD) {
	nf, n := nearest(x.Hi)
	a := math.FMA(-nf, step1, x.Hi)
	p := TwoProd(nf, step2)
	b := TwoSum(x.Lo, -p.Hi)
	c := TwoSum(a, b.Hi)
	q := math.FMA(nf, step3, p.Lo)
	return n, TwoSum(c.Hi, c.Lo+(b.Lo-q))
}
