package dd

import "math"

// TwoSum returns a+b, exactly: Hi = RN(a+b) and Lo is the error of that sum.
//
// It holds for all finite a and b whose sum does not overflow, in whichever order, but
// for |b| = MaxFloat64: then s − a may overflow, and Lo is NaN. Underflow is harmless: a
// float64 sum below 2^−1021 is exact.
//
// Knuth, The Art of Computer Programming 2, theorem B of section 4.2.2, for exponents
// without limits. If s is finite and |b| < MaxFloat64, nothing after it overflows: s − a
// is within 2^970 of b, half an ulp of the largest numbers, and b an ulp or more below
// MaxFloat64; and s − b1 is within as much of a. If |a| = MaxFloat64 it is a: then a + b or
// s − a is exact by Sterbenz, or s = a.
func TwoSum(a, b float64) DD {
	s := a + b
	b1 := s - a
	a1 := s - b1
	return DD{s, (a - a1) + (b - b1)}
}

// FastTwoSum returns a+b, exactly, like TwoSum but with half the operations.
//
// It holds if |a| ≥ |b| or a = 0, more generally if a is an integer multiple of
// ulp(b), and if the sum does not overflow. Then s − a is exact, and does not either.
//
// Dekker, "A floating-point technique for extending the available precision",
// Numerische Mathematik 18 (1971).
func FastTwoSum(a, b float64) DD {
	s := a + b
	return DD{s, b - (s - a)}
}

// TwoProd returns a·b, exactly: Hi = RN(a·b) and Lo is the error of that product.
//
// It holds if a·b = 0 or 2^−968 ≤ |a·b| < 2^1023. The error is a multiple of
// ulp(a)·ulp(b), and from 2^−968 on that is at least 2^−1074, so the error is a
// float64. Below, Lo is rounded to a multiple of 2^−1074: it is off by at most
// 2^−1075.
func TwoProd(a, b float64) DD {
	p := float64(a * b)
	return DD{p, math.FMA(a, b, -p)}
}
