package exact

import (
	"math"
	"math/big"
)

// tiniest is far below the smallest float64.
const tiniest = -5000

// round returns the ball of the float64 nearest a, as ball.round does.
func (a split) round() Ball {
	if !a.isKnown() {
		return Ball{Value: math.NaN(), Radius: math.Inf(1)}
	}
	m, r, sign := a.m, a.d.mag(), a.d.sign
	if m.Sign() == 0 {
		m, r, sign = a.d.m, a.d.r, 0
	}
	if isTiny(m, tiniest) {
		m, r, sign = zero, addUp(r, power(tiniest)), 0
	}
	low, high := nearest(m, r, sign)
	if low != high {
		if whole, ok := a.whole(); ok {
			low, high = nearest(whole, a.d.r, 0)
		}
	}
	value := low
	if low != high {
		value, _ = m.Float64()
	}
	if math.IsInf(value, 0) {
		return Ball{Value: value, Radius: math.Inf(1), Rounded: low == high}
	}
	off := new(big.Float).SetPrec(64).SetMode(big.AwayFromZero).Sub(m, new(big.Float).SetFloat64(value))
	radius, acc := addUp(size(off), r).Float64()
	if acc == big.Below {
		radius = math.Nextafter(radius, math.Inf(1))
	}
	return Ball{Value: value + 0, Radius: radius, Rounded: low == high} // −0 + 0 is 0
}

// longestWhole is the number of bits up to which m and the centre of d are added up.
const longestWhole = 60_000

// whole returns the centre m + d.m of a, exactly, if that is not too long. The sign of
// a remainder says nothing about what is nearer to m than the remainder itself.
func (a split) whole() (sum *big.Float, ok bool) {
	if a.m.Sign() == 0 || a.d.m.Sign() == 0 || isTiny(a.m, tiniest) {
		return nil, false
	}
	return exactSum(a.m, a.d.m, longestWhole)
}

// nearest returns the float64s nearest the ends of an interval that holds the truth,
// and, rounding being monotone, thereby the float64 nearest the truth between them.
//
// The interval is [m−r, m+r]. Where the sign of truth − m is known it is half of
// that, without m: then its end is taken at m ± step, which rounds as all numbers do
// that follow m.
func nearest(m, r *big.Float, sign int) (low, high float64) {
	below, above := m, m
	if r.Sign() != 0 {
		step := stepOf(m)
		if r.Cmp(step) < 0 {
			r = step // lest math/big line up a billion bits
		}
		bits := uint(max(m.MantExp(nil), r.MantExp(nil)) - step.MantExp(nil) + 66)
		below = new(big.Float).SetPrec(bits).SetMode(big.ToNegativeInf)
		above = new(big.Float).SetPrec(bits).SetMode(big.ToPositiveInf)
		switch sign {
		case 0:
			below, above = below.Sub(m, r), above.Add(m, r)
		case 1:
			below, above = below.Add(m, step), above.Add(m, r)
		case -1:
			below, above = below.Sub(m, r), above.Sub(m, step)
		}
	}
	low, _ = below.Float64()
	high, _ = above.Float64()
	return low, high
}

// stepOf returns a power of two such that all numbers between m and m ± 2·step, both
// excluded, round to one float64 on either side of m. The middles of float64s next
// to m are multiples of 2^(e−55), 2^(e−1) ≤ |m| < 2^e, and of 2^−1075; and m is a
// multiple of its last bit. So none of those middles is nearer to m than the least
// of the three, unless it is m.
func stepOf(m *big.Float) *big.Float {
	if m.Sign() == 0 {
		return power(-1076)
	}
	e := m.MantExp(nil)
	return power(min(max(e-55, -1075), e-int(m.MinPrec())) - 1)
}
