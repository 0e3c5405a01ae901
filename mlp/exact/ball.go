package exact

import (
	"math"
	"math/big"

	"touchstone/internal/dd"
)

// A Ball is a result together with what is known of its error.
type Ball struct {
	Value   float64 // |truth − Value| ≤ Radius, always
	Radius  float64 // rounded up; 0 if Value is known to be the truth; +Inf if Value overflowed
	Rounded bool    // Value is the float64 nearest the truth, ties to even; else that is not known
	Kink    bool    // may depend on a ReLU′ at exactly 0, by the convention ReLU′(0) = 0

	// Scale is the fair tolerance of the entry in units of the roundoff u: to first
	// order, no evaluation in precision u, in whatever order of summation, errs by
	// more than u·Scale, underflow apart. See the package documentation.
	Scale float64
}

// keepScale sees to it that Scale is not below |Value|, where it underflowed on the
// way, and is +Inf where it is not a number.
func (b *Ball) keepScale() {
	switch {
	case math.IsNaN(b.Scale):
		b.Scale = math.Inf(1) // an overflow, or 0/0 behind a saturated probability
	case b.Scale < math.Abs(b.Value):
		b.Scale = math.Abs(b.Value)
	}
}

const (
	u   = 0x1p-53   // unit roundoff
	eta = 0x1p-1074 // the smallest positive float64
)

// A ball is an interval (v ± r)·2^−512x in double-double arithmetic: the truth lies
// in it. r = 0 says that v is exact. An r that is +Inf or NaN says that nothing is
// known; a v that is not finite says so too.
//
// x is 0 but for numbers that are too small for double-double, whose low part would
// be rounded away from 2⁻⁹⁶⁸ on: the derivatives of saturated neurons. It is chosen
// such that 2⁻³⁰⁰ ≤ |v| if v is not 0, as products want it; only flat and shifted
// balls, which are for sums, may have a smaller v.
type ball struct {
	v dd.DD
	r float64
	x int
}

func exactly(x float64) ball { return scaled(ball{v: dd.FromFloat(x)}) }

var unknown = ball{r: math.Inf(1)}

const (
	radix  = 0x1p512
	little = 0x1p-300
)

// scaled returns a with x chosen as it is to be. It multiplies small numbers by a
// power of two, which is exact, and divides numbers above 2²¹² by one.
func scaled(a ball) ball {
	switch h := math.Abs(a.v.Hi); {
	case h == 0 || h-h != 0: // 0, or not finite
	case h < little:
		a.v, a.r, a.x = dd.DD{Hi: a.v.Hi * radix, Lo: a.v.Lo * radix}, a.r*radix, a.x+1
		return scaled(a) // again for a subnormal
	case a.x > 0 && h >= little*radix:
		a.v, a.r, a.x = dd.DD{Hi: a.v.Hi / radix, Lo: a.v.Lo / radix}, lowered(a.r), a.x-1
		return scaled(a)
	}
	return a
}

// lowered returns a number not below r/radix, and 0 only for 0.
func lowered(r float64) float64 {
	if r == 0 {
		return 0
	}
	return up(float64(r/radix) + eta)
}

// shifted returns a with an x that is not above a.x, and flat with 0. The result
// may be smaller than scaled would leave it: it is for sums.
func (a ball) shifted(x int) ball {
	if x == a.x {
		return a
	}
	down := 512 * (x - a.x) // negative; what underflows is off by at most eta
	v := dd.DD{Hi: math.Ldexp(a.v.Hi, down), Lo: math.Ldexp(a.v.Lo, down)}
	return ball{v, up(math.Ldexp(a.r, down) + 3*eta), x}
}

func (a ball) flat() ball {
	if a.isZero() {
		return ball{}
	}
	return a.shifted(0)
}

// up returns a number not below x ≥ 0 if x was computed by at most 30 operations
// on nonnegative float64s, all rounded to nearest. It keeps an exact 0 if nothing
// underflowed on the way to it.
func up(x float64) float64 {
	if x == 0 {
		return 0
	}
	return float64(x*(1+0x1p-47)) + 30*eta
}

// mag returns a number not below |v| + r.
func (a ball) mag() float64 { return up(atMost(a.v) + a.r) }

// isPositive reports whether all of a is above 0, by more than rounding.
func (a ball) isPositive() bool { return a.v.Hi*(1-0x1p-50) > a.r }

func (a ball) isZero() bool { return a.v.Hi == 0 && a.r == 0 }

func (a ball) isFinite() bool {
	return a.v.Hi-a.v.Hi == 0 && a.v.Lo-a.v.Lo == 0 && a.r < math.Inf(1)
}

func (a ball) neg() ball { return ball{a.v.Neg(), a.r, a.x} }

// The relative errors of package dd, in units of u², rounded up to whole numbers
// that leave room for the terms of higher order. With factors of at least 2⁻³⁰⁰, or
// 0, no product underflows.
const (
	addError = 4
	mulError = 7
	divError = 11
)

// relative returns n·u²·|v|, and η for what may underflow in it.
func relative(n float64, v dd.DD) float64 { return float64(n*(u*u)*math.Abs(v.Hi)) + eta }

// atMost returns a number not below |v|, whose low part is at most u·|hi|.
func atMost(v dd.DD) float64 { return float64(math.Abs(v.Hi) * (1 + 0x1p-50)) }

func (a ball) add(b ball) ball {
	switch {
	case a.isZero():
		return b
	case b.isZero():
		return a
	}
	x := min(a.x, b.x)
	a, b = a.shifted(x), b.shifted(x)
	v := a.v.Add(b.v)
	// Sums do not underflow: whatever is rounded away is a multiple of the last bits
	// of the operands, so the relative bound holds for all of them. Of two float64s
	// the sum is exact.
	r := 0.0
	if a.v.Lo != 0 || b.v.Lo != 0 {
		r = relative(addError, v)
	}
	return scaled(ball{v, up(r + a.r + b.r), x})
}

func (a ball) sub(b ball) ball { return a.add(b.neg()) }

func (a ball) mul(b ball) ball {
	if a.isZero() || b.isZero() {
		return ball{}
	}
	v := a.v.Mul(b.v)
	r := float64(a.r*b.mag()) + float64(b.r*atMost(a.v))
	return scaled(ball{v, up(relative(mulError, v) + r), a.x + b.x})
}

// div returns a/b. It is unknown if b may be 0.
func (a ball) div(b ball) ball {
	if a.isZero() && !b.isZero() {
		return ball{}
	}
	b = b.flat()
	least := float64(math.Abs(b.v.Hi)*(1-0x1p-50)) - b.r
	if !(least > little) || !(math.Abs(b.v.Hi) < 1/little) {
		return unknown
	}
	v := a.v.Div(b.v)
	// |a′/b′ − a/b| ≤ (|a′−a| + |a/b|·|b′−b|)/|b′|
	return scaled(ball{v, up(relative(divError, v) + (a.r+float64(atMost(v)*b.r))/least), a.x})
}

// divided returns a/n for a float64 n from 1 to 2⁵³.
//
// hi/n = q + e/n with e = hi − q·n, which is a float64 of at most u·|hi|. Rounding
// e + lo, and then its quotient by n, costs 2u² each, relative to the result.
func (a ball) divided(n float64) ball {
	q := a.v.Hi / n
	e := math.FMA(-q, n, a.v.Hi)
	v := dd.FastTwoSum(q, (e+a.v.Lo)/n)
	r := a.r / n
	if e != 0 || a.v.Lo != 0 || a.r != 0 {
		r += relative(divError, v)
	}
	return scaled(ball{v, up(r), a.x})
}

// widened returns a with a radius enlarged by r ≥ 0.
func (a ball) widened(r float64) ball {
	a = a.flat()
	return scaled(ball{v: a.v, r: up(a.r + r)})
}

// round returns the ball of the float64 nearest a, Rounded if all of a rounds to
// it. Rounding is monotone: if both ends round to hi, so does the truth.
func (a ball) round() Ball {
	hi, lo := a.v.Hi, a.v.Lo
	switch {
	case !a.isFinite():
		return Ball{Value: math.NaN(), Radius: math.Inf(1)}
	case a.x != 0:
		return a.roundSmall()
	case a.r == 0:
		return Ball{Value: hi + 0, Radius: math.Abs(lo), Rounded: true} // −0 + 0 is 0
	}
	r := up(a.r + float64(2*u*math.Abs(lo))) // with room for the roundings of lo ± r
	rounded := hi+(lo-r) == hi && hi == hi+(lo+r)
	return Ball{Value: hi, Radius: up(math.Abs(lo) + a.r), Rounded: rounded}
}

// roundSmall rounds a ball that may end among the subnormals, where float64 has
// fewer bits: by way of math/big.
func (a ball) roundSmall() Ball {
	if a.x > 4 && a.mag() < radix { // below 2^(512−2560)
		return Ball{Radius: eta, Rounded: true}
	}
	m := new(big.Float).SetPrec(3000).SetFloat64(a.v.Hi)
	m.Add(m, new(big.Float).SetFloat64(a.v.Lo))
	b := bigBall{m: m, r: newRadius().SetFloat64(a.r)}
	return plain(b.scaled(-512 * a.x)).round()
}
