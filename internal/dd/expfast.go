package dd

import "math"

// ExpFast returns m and k with e^x = m·2^k and 0.703 < m < 1.407, with a relative
// error of at most 2^−76: Exp for a float64, in a fraction of the time.
//
// It holds for |x| ≤ 1000.
//
// Proof. The reduction is that of reduce without step3: r = h + l, with a exact as
// there, |h| ≤ 2^−13.5 and |l| ≤ 2^−67. If |n·step2| ≤ |a|/2, the difference a − h
// is exact by Sterbenz; if not, it is at most 2^−23.4. With e^r = 1 + h + q and t
// the product of the tables, |q| ≤ 2^−28, |t.Lo| ≤ 3.01u·t.Hi, and the errors are,
// as parts of e^x and in units of 2^−80,
//
//	2^22.5·2^−101       2.83  leaving step3 out
//	½ulp(2^−23.4)       8     of a − h
//	|h|·|l|·1.01        0.72  leaving l out of the square
//	3u·½h²·1.001        1.51  of h², of what multiplies it, and of their FMA
//	|t.Lo|·|q|          1.51  leaving it out
//	2u·2^−28            1     of the last FMA and the last sum, both next to t·q
//	the rest            0.01  |h|⁶/720 ≤ 2^−90, and roundings at 2^−103
//
// in all 15.58, less than 16.
func ExpFast(x float64) (m DD, k int) {
	nf, n := nearest(x)
	a := math.FMA(-nf, step1, x)
	h := math.FMA(-nf, step2, a)
	l := math.FMA(-nf, step2, a-h)
	q := math.FMA(math.FMA(math.FMA(1./120, h, 1./24), h, 1./6), h, 0.5)
	q = math.FMA(float64(h*h), q, l)

	k, i, j := split(n)
	u, v := &exp2i[i], &exp2j[j]
	t := TwoProd(u.Hi, v.Hi)
	t.Lo += math.FMA(u.Hi, v.Lo, float64(u.Lo*v.Hi))

	p := TwoProd(t.Hi, h)
	s := FastTwoSum(t.Hi, p.Hi)
	l = math.FMA(t.Lo, h, t.Lo) + p.Lo
	return FastTwoSum(s.Hi, s.Lo+math.FMA(t.Hi, q, l)), k
}
