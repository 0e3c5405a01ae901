package dd

import "math"

// Expm1 returns e^x − 1 with a relative error of at most 34u² < 2^−100.9, down to
// the smallest x: from |x.Hi| < 2^−110 on it returns x.
//
// It holds for x.Hi ≤ 709.
//
// Near 0 it does not subtract 1 from e^x, but adds to what the tables hold of
// 2^(i/64) − 1 and 2^(j/4096) − 1. In units of u², for |x.Hi| ≤ 0.34, with
// f = 2^(j/4096)·e^r − 1 and the result g = 2^(i/64)·(1+f) − 1:
//
//	f   if j ≠ 0, |f| ≥ step/2·0.999. The table entry is at most 2.01·|f| and off
//	    by as much; the product is at most 1.01·|f|, and 1.01·(1 + 3.14 + 6.01)
//	    off; the sum is 3.01 off: 15.3 in all. If j = 0, f = e^r − 1 and 3.14 off.
//	g   if i ≠ 0, |x| ≥ 31.4·step. The table entry is at most 2.06·|g| and off by
//	    as much; the product is at most 1.06·|g|, and 1.06·(1 + 15.3 + 6.01) off;
//	    the sum is 3.01 off: 28.8 in all. If i = 0, g = f, as then the table
//	    holds 1 and 0 and nothing is rounded.
//	r   if n ≠ 0, |g| ≥ step/2·0.999 and the error of r is 2^−119.9·(1+|g|), or
//	    at most 0.8 of g. If n = 0, it is 0.
//
// That is at most 29.6. Elsewhere e^x ≤ 3.48·|e^x − 1|, so that the 9.1 of Exp
// become 31.7 at most, and AddFloat adds 2. Below −150, −1 is within 2^−216.
func Expm1(x DD) DD {
	switch {
	case math.Abs(x.Hi) <= 0.34:
		n, r := reduce(x)
		_, i, j := split(n)
		f := expm1j[j].Add(exp2j[j].Mul(expm1Series(r)))
		return expm1i[i].Add(exp2i[i].Mul(f))
	case x.Hi < -150:
		return DD{-1, 0}
	}
	m, k := Exp(x)
	return m.Scale(k).AddFloat(-1)
}
