package dd

import "math"

// Expm1Fast returns e^x − 1 with a relative error of at most 2^−74, down to the
// smallest x: Expm1 for a float64, in a fraction of the time.
//
// It holds for x ≤ 709.
//
// Proof. Let |x| ≤ 0.34. The reduction is that of ExpFast, but with |n| < 2^11, so
// that |n·step2| < 2^−35.4, and a − h is exact or below 2^−35.3. The tables are
// used as in Expm1, whose figures hold, with sums and products that cost less than
// 10u² each. With g = e^x − 1, |g| ≥ 2^−13.54 if n ≠ 0, and the errors are, as
// parts of g and in units of 2^−80,
//
//	2^11·2^−101/|g|      11.7  leaving step3 out, if n ≠ 0
//	½ulp(2^−35.3)/|g|    23.3  of a − h, if n ≠ 0
//	9u·|h|²/6·1.02       1.6   of the cubic part of p, 4u, and its sums, 2u,
//	                           and of leaving l ≤ u·|h| out of it, 3u
//	the rest             0.1   the series after h⁶/720, and all of order u²
//
// in all 36.7, less than 64. Where h² underflows, x < 2^−480 and all is below
// 2^−480·|x|. Elsewhere e^x ≤ 3.48·|e^x − 1|, so that the 16 of ExpFast become 55.7,
// and AddFloat adds 2u². Below −150, −1 is within 2^−216.
func Expm1Fast(x float64) DD {
	switch {
	case math.Abs(x) <= 0.34:
		nf, n := nearest(x)
		a := math.FMA(-nf, step1, x)
		h := math.FMA(-nf, step2, a)
		l := math.FMA(-nf, step2, a-h)
		_, i, j := split(n)
		f := grow(&exp2j[j], &expm1j[j], expm1Fast(h, l))
		return grow(&exp2i[i], &expm1i[i], f)
	case x < -150:
		return DD{-1, 0}
	}
	m, k := ExpFast(x)
	return m.Scale(k).AddFloat(-1)
}

// expm1Fast returns e^(h+l) − 1 as h + h²/2 + (l·(1+h) + h²/2·h·w).
func expm1Fast(h, l float64) DD {
	hh := TwoProd(h, 0.5*h)
	v := FastTwoSum(h, hh.Hi)
	w := math.FMA(math.FMA(math.FMA(1./360, h, 1./60), h, 1./12), h, 1./3)
	c := math.FMA(float64(hh.Hi*h), w, math.FMA(l, h, l)+hh.Lo)
	return FastTwoSum(v.Hi, v.Lo+c)
}

// grow returns t·(1+f) − 1 = (t−1) + t·f, given t and t−1, where t = 1 or
// |t−1| ≥ |t·f|.
func grow(t, less1 *DD, f DD) DD {
	p := TwoProd(t.Hi, f.Hi)
	l := math.FMA(t.Hi, f.Lo, math.FMA(t.Lo, f.Hi, p.Lo))
	s := FastTwoSum(less1.Hi, p.Hi)
	return FastTwoSum(s.Hi, s.Lo+(less1.Lo+l))
}
