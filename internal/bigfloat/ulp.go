package bigfloat

import (
	"math"
	"math/big"
)

// UlpError returns |got − want| in units in the last place: the distance of
// neighbouring float64s at want, the smaller one where want is a power of two, but
// never below 2^−1074, the distance of subnormals, nor above 2^971. It is rounded
// up, so that got is a float64 nearest want if and only if UlpError is at most ½.
//
// An infinite got counts as ±2^1024, the number that would follow the largest
// finite float64: it is a right answer from the overflow threshold 2^1024 − 2^970
// on, and has no error at all beyond 2^1024. A NaN, and a finite got where want is
// infinite, have the error +Inf. The sign of a zero does not count.
func UlpError(got float64, want *big.Float) float64 {
	g := new(big.Float)
	switch {
	case got != got:
		return math.Inf(1)
	case math.IsInf(got, 0):
		if math.Signbit(got) == want.Signbit() && (want.IsInf() || want.MantExp(nil) > 1024) {
			return 0
		}
		g.SetMantExp(newInt(1), 1024)
		if math.Signbit(got) {
			g.Neg(g)
		}
	default:
		g.SetFloat64(got)
	}
	if want.IsInf() {
		return math.Inf(1)
	}
	unit := -1074
	if want.Sign() != 0 {
		unit = want.MantExp(nil) - 53 // 2^(unit+52) ≤ |want| < 2^(unit+53)
		if want.MinPrec() == 1 {
			unit-- // a power of two
		}
		unit = min(max(unit, -1074), 971)
	}
	d := newFloat(53).SetMode(big.AwayFromZero)
	Add(d, g, new(big.Float).Neg(want))
	f, _ := d.SetMantExp(d.Abs(d), -unit).Float64()
	return f
}
