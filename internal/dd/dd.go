package dd

import "math"

// A DD is the unevaluated sum Hi + Lo of two float64s, with Hi = RN(Hi+Lo): the
// float64 nearest the sum, ties to even. So |Lo| ≤ ½ulp(Hi) ≤ u·|Hi|.
//
// Every function of this package takes and returns DDs of that form. An infinite
// or NaN operand gives an unspecified result.
type DD struct{ Hi, Lo float64 }

// FromFloat returns a, exactly.
func FromFloat(a float64) DD { return DD{a, 0} }

// Neg returns −x, exactly.
func (x DD) Neg() DD { return DD{-x.Hi, -x.Lo} }

// Abs returns |x|, exactly. The sign of a DD is that of Hi.
func (x DD) Abs() DD {
	if x.Hi < 0 {
		return x.Neg()
	}
	return x
}

// Scale returns x·2^k. It is exact if no part overflows and each part, if not 0,
// stays at 2^−1022 or more in absolute value. A part that drops below is rounded
// to a multiple of 2^−1074, an error of at most 2^−1075, and the result may then
// lack the form Hi = RN(Hi+Lo).
func (x DD) Scale(k int) DD {
	if uint(k+1022) < 2046 { // −1022 ≤ k ≤ 1023
		p := math.Float64frombits(uint64(k+1023) << 52)
		return DD{float64(x.Hi * p), float64(x.Lo * p)}
	}
	return x.ldexp(k)
}

// ldexp is Scale for the powers of two that are no float64.
func (x DD) ldexp(k int) DD { return DD{math.Ldexp(x.Hi, k), math.Ldexp(x.Lo, k)} }
