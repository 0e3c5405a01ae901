package dd

// series returns r + r²·(c2 + r·(c3 + r·(c4 + r·w))), where w stands for the rest
// of a power series that begins with r. Both expm1 and log1p have that form:
//
//	        |r| ≤      c2      c3     c4      |w| ≤
//	expm1   2^−13.5    1/2     1/6    1/24    1/119
//	log1p   2^−14.98   −1/2    1/3    −1/4    1/4.99
//
// The result is within 3.06u² of that value with the exact w, for |r| ≥ 2^−110 in
// either row and w within 2.2u of itself. The truncation comes on top.
//
// Proof. Every correction is below 2^−14.4 of what it is added to, well within the
// 2^−7 of addSmall; the closest is expm1's r²·a2 against r. A sum costs 3.04u² of
// itself, a product 6.01u², and a constant u². In absolute terms, each line taking
// |r| times the line before,
//
//	                                         expm1       log1p
//	r·w   2.2u·|r·w| + u·|r·w|               2^−71.7     2^−68.6
//	a4    that + (3.04+1)u²·|c4|             2^−71.7     2^−68.6
//	a3    |r|·(that + 6.01u²·|c4|)
//	      + (3.04+1)u²·|c3|                  2^−85.2     2^−83.5
//	a2    |r|·(that + 6.01u²·|c3|)
//	      + (3.04+1)u²·|c2|                  2^−98.6     2^−98.4
//	sum   |r|·(|r|·(that + 12.02u²·|c2|))    2^−112.1|r|  2^−113.3|r|
//	      + 3.04u²·|r|
//
// and 3.04u² + 2^−112.1 < 3.06u², as u² = 2^−106.
func series(r, c2, c3, c4 DD, w float64) DD {
	a4 := addSmall(c4, DD{float64(r.Hi * w), 0})
	a3 := addSmall(c3, r.Mul(a4))
	a2 := addSmall(c2, r.Mul(a3))
	return addSmall(r, r.Mul(r.Mul(a2)))
}

// Coefficients rounded to double-double. TestTables checks them.
var (
	half         = DD{0.5, 0}
	third        = DD{0x1.5555555555555p-02, 0x1.5555555555555p-56}
	sixth        = DD{0x1.5555555555555p-03, 0x1.5555555555555p-57}
	twentyfourth = DD{0x1.5555555555555p-05, 0x1.5555555555555p-59}
)
