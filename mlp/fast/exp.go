package fast

import "math"

// ln 2 = ln2Hi + ln2Lo. The 32 last bits of ln2Hi are 0, so that its multiples by
// integers of 11 bits are float64s.
const (
	ln2Hi = 0x1.62e42feep-1
	ln2Lo = 0x1.a39ef35793c76p-33
)

// lowest is the argument down to which exp is for: e^lowest is a normal number.
const lowest = -708

// exp returns p and s with e^x = (1+p)·s, for lowest ≤ x ≤ 0: s is a power of two, and
// p is e^r − 1 with |r| ≤ ½·ln 2. 1+p is within 0.7u, u = 2⁻⁵³, of e^r. For s = 1, where
// tanh wants p alone, it is within 1.1 ulp, and x itself if that is small: see vector.go
// for the errors, to which comes here the rounding of p.
func exp(x float64) (p, s float64) {
	// x = n·ln 2 + r, where h is exact, and c is what r has lost.
	const shift = 0x1.8p52 // added to a small number, rounds it to an integer
	n := float64(x*(1/math.Ln2)) + shift - shift
	h, l := x-float64(n*ln2Hi), float64(n*ln2Lo)
	r := h - l
	c := (h - r) - l

	// e^r − 1 = r + r²/2! + r³/3! + …; the first power left out, r¹⁴/14!, is below
	// 2^−57·r. The terms are taken in pairs, and pairs of pairs, so that few wait for
	// each other.
	r2 := r * r
	r4 := r2 * r2
	q0 := (1./2 + r*(1./6)) + r2*(1./24+r*(1./120))
	q1 := (1./720 + r*(1./5040)) + r2*(1./40320+r*(1./362880))
	q2 := (1./3628800 + r*(1./39916800)) + r2*(1./479001600+r*(1./6227020800))
	p = r + (c + r2*(q0+r4*(q1+r4*q2)))
	return p, math.Float64frombits(uint64(int64(n)+1023) << 52)
}
