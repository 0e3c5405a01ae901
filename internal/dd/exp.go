package dd

import "math"

// Exp returns m and k with e^x = m·2^k and 0.703 < m < 1.407, with a relative error
// of at most 9.1u² < 2^−102.8.
//
// It holds for |x.Hi| ≤ 1000.
//
// Proof, in units of u². Each table entry is within 1 of itself, and Mul within 4:
// no product of its words underflows, as TestTables checks. So t is within 6. The
// error of r is 2^−119.9 ≤ 0.0001. p = e^r − 1 is within 3.14 of itself and
// |p| ≤ 2^−13.49; with the 6 of t and the 6.01 of Mul, t·p is within 15.2·2^−13.49
// ≤ 0.002 of t. The last sum is within 3.04. All in all 9.05, and the products of
// errors are O(u⁴).
func Exp(x DD) (m DD, k int) {
	n, r := reduce(x)
	k, i, j := split(n)
	t := exp2i[i].Mul(exp2j[j])
	return addSmall(t, t.Mul(expm1Series(r))), k
}

// expm1Series returns e^r − 1 with a relative error of at most 3.14u², for
// |r| ≤ 2^−13.5. Below 2^−110 it returns r, which is within |r|, so that no square
// underflows.
//
// Proof. 3.06u² are of series: the coefficients of w and its FMAs are each within
// u, and r.Lo, which it leaves out, within u·|r|. The power series stops after
// r⁷/5040, and what follows is below 1.01·|r|⁸/40320 ≤ 2^−109.7·|r| ≤ 0.08u²·|r|.
func expm1Series(r DD) DD {
	if math.Abs(r.Hi) < 0x1p-110 {
		return r
	}
	w := math.FMA(math.FMA(1./5040, r.Hi, 1./720), r.Hi, 1./120)
	return series(r, half, sixth, twentyfourth, w)
}
