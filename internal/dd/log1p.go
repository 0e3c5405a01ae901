package dd

import "math"

// Log1p returns log(1+x) with a relative error of at most 12.6u² < 2^−102.3, down
// to the smallest x: below 2^−110 it returns x. So for e^−z = m·2^k with k < −110,
// which Scale might push into underflow, m·2^k itself is log1p(m·2^k) within
// 2^−111 of it, and no call is needed.
//
// It holds for 0 ≤ x ≤ 1.
//
// The tables hold factors a ≈ 1/(1+i/128) and b ≈ 1/(1+j/2^14), of 17 and 24 bits,
// and their logarithms; i/128 is near x, and j/2^14 near a·(1+x) − 1. (Of 2^14·a·(1+x),
// rounded, the low byte is that of j.) So
//
//	log(1+x) = −log a − log b + log(1+f), f = ab·(1+x) − 1 = ab·x + (ab − 1),
//
// where ab and ab − 1 are float64s, as multiples of 2^−41 below 2.
//
// Proof, in units of u² and relative to y = log(1+x). a·(1+i/128) is 1 within
// 2^−17, so |j| ≤ 64; with b·(1+j/2^14) = 1 within 2^−24.9, |f| ≤ 2^−14.98.
//
//	i = j = 0   f = x, and the tables hold 0 and 1, with which nothing is rounded.
//	            The error is the 3.4 of log1pSeries.
//	i = 0 < j   x ≥ 2^−15.01. −log b ≤ 2.02y, and off by as much. f is within
//	            2·|ab·x| + 2·|f|, each at most 1.02y: 4.1; its logarithm within
//	            3.4·1.02, and the sum within 3.01: 12.6 in all.
//	i > 0       x ≥ 1/256.1. −log a ≤ 2.01y, |log b| ≤ 1.01y, and off by as much;
//	            their sum, ≤ 1.02y, within 3.01·1.02; f within 2·1.01 + 2·0.01, its
//	            logarithm within 3.4·0.01, and the sum within 3.01: 11.2 in all.
func Log1p(x DD) DD {
	a := &log1pi[uint(math.FMA(x.Hi, 128, 0.5))&255]
	j := int32(math.Float64bits(math.FMA(math.FMA(a.inv, x.Hi, a.inv), 0x1p14, magic)))
	b := &log1pj[uint8(j+64)]
	ab := float64(a.inv * b.inv)
	f := x.MulFloat(ab).AddFloat(ab - 1)
	return a.log.Add(b.log).Add(log1pSeries(f))
}

// logEntry is a factor and the negative of its logarithm.
type logEntry struct {
	inv float64
	log DD
}

// log1pSeries returns log(1+f) with a relative error of at most 3.4u², for
// |f| ≤ 2^−14.98. Below 2^−110 it returns f, which is within |f|/2·1.01, so that
// no square underflows.
//
// Proof. 3.06u² are of series: the coefficients of w and its FMAs are each within
// u, and f.Lo, which it leaves out, within u·|f|. The power series stops after
// f⁷/7, and what follows is below 1.01·f⁸/8 ≤ 2^−107.8·|f| ≤ 0.29u²·|f|.
func log1pSeries(f DD) DD {
	if math.Abs(f.Hi) < 0x1p-110 {
		return f
	}
	w := math.FMA(math.FMA(1./7, f.Hi, -1./6), f.Hi, 1./5)
	return series(f, half.Neg(), third, DD{-0.25, 0}, w)
}
