package exact

import (
	"math"

	"touchstone/internal/dd"
)

// A Ball is a result together with what is known of its error.
type Ball struct {
	Value   float64 // |truth − Value| ≤ Radius, always
	Radius  float64 // rounded up; 0 if Value is the truth; +Inf if Value overflowed
	Rounded bool    // Value is the float64 nearest the truth, ties to even
	Kink    bool    // depends on ReLU′ at exactly 0, by the convention ReLU′(0) = 0

	// Scale is the fair tolerance of the entry in units of the roundoff u: to first
	// order, no evaluation in precision u, in whatever order of summation, errs by
	// more than u·Scale. See the package documentation.
	Scale float64
}

const (
	u   = 0x1p-53   // unit roundoff
	eta = 0x1p-1074 // the smallest positive float64
)

// An interval v ± r in double-double arithmetic: the truth lies in it. r = 0 says
// that v is exact. An r that is +Inf or NaN says that nothing is known; a v that
// is not finite says so too.
type ball struct {
	v dd.DD
	r float64
}

func exactly(x float64) ball { return ball{v: dd.FromFloat(x)} }

var unknown = ball{r: math.Inf(1)}

// up returns a number not below x ≥ 0 if x was computed by at most 30 operations
// on nonnegative float64s, all rounded to nearest. It keeps an exact 0 if nothing
// underflowed on the way to it.
func up(x float64) float64 {
	if x == 0 {
		return 0
	}
	return float64(x*(1+0x1p-47)) + 30*eta
}

// mag returns a number not below |truth|.
func (a ball) mag() float64 { return up(math.Abs(a.v.Hi) + math.Abs(a.v.Lo) + a.r) }

func (a ball) isZero() bool { return a.v.Hi == 0 && a.r == 0 }

func (a ball) isFinite() bool { return a.v.Hi-a.v.Hi == 0 && a.v.Lo-a.v.Lo == 0 && a.r < math.Inf(1) }

func (a ball) neg() ball { return ball{a.v.Neg(), a.r} }

// The relative errors of package dd, in units of u², rounded up to whole numbers
// that leave room for the terms of higher order. The products may underflow:
// below 2⁻⁹⁰⁰ their bounds do not hold, and the error is taken as 2⁻⁹⁵⁰ instead,
// which decides nothing but is true.
const (
	addError = 4
	mulError = 7
	divError = 11
	tiny     = 0x1p-900
	blur     = 0x1p-950
)

// relative returns the radius that v has by a relative error of n·u².
func relative(n float64, v dd.DD) float64 {
	a := math.Abs(v.Hi)
	if a < tiny {
		return blur
	}
	return up(n * (u * u) * a)
}

func (a ball) add(b ball) ball {
	switch {
	case a.isZero():
		return b
	case b.isZero():
		return a
	}
	v := a.v.Add(b.v)
	// Sums do not underflow: whatever is rounded away is a multiple of the last bits
	// of the operands, so the relative bound holds for all of them. Of two float64s
	// the sum is exact.
	r := 0.0
	if a.v.Lo != 0 || b.v.Lo != 0 {
		r = addError*(u*u)*math.Abs(v.Hi) + eta
	}
	return ball{v, up(r + a.r + b.r)}
}

func (a ball) sub(b ball) ball { return a.add(b.neg()) }

func (a ball) mul(b ball) ball {
	if a.isZero() || b.isZero() {
		return ball{}
	}
	v := a.v.Mul(b.v)
	return ball{v, up(relative(mulError, v) + a.r*b.mag() + b.r*math.Abs(a.v.Hi)*(1+0x1p-50))}
}

// div returns a/b. It is unknown if b may be 0.
func (a ball) div(b ball) ball {
	if a.isZero() && !b.isZero() {
		return ball{}
	}
	least := math.Abs(b.v.Hi)*(1-0x1p-50) - b.r
	if !(least > 0x1p-800) || !(math.Abs(b.v.Hi) < 0x1p800) {
		return unknown
	}
	v := a.v.Div(b.v)
	// |a′/b′ − a/b| ≤ (|a′−a| + |a/b|·|b′−b|)/|b′|
	return ball{v, up(relative(divError, v) + (a.r+float64(math.Abs(v.Hi)*(1+0x1p-50)*b.r))/least)}
}

// widened returns a with a radius enlarged by r ≥ 0.
func (a ball) widened(r float64) ball { return ball{a.v, up(a.r + r)} }

// round returns the ball of the float64 nearest a, Rounded if all of a rounds to
// it. Rounding is monotone: if both ends round to one float64, so does the truth.
func (a ball) round() Ball {
	hi, lo := a.v.Hi, a.v.Lo
	if !a.isFinite() {
		return Ball{Value: math.NaN(), Radius: math.Inf(1)}
	}
	if a.r == 0 {
		return Ball{Value: hi, Radius: math.Abs(lo), Rounded: true}
	}
	above := hi + math.Nextafter(lo+a.r, math.Inf(1))
	below := hi + math.Nextafter(lo-a.r, math.Inf(-1))
	rounded := above == below && above-above == 0
	if rounded {
		hi = above
	}
	return Ball{Value: hi, Radius: up(math.Abs(lo) + a.r + math.Abs(hi-a.v.Hi)), Rounded: rounded}
}
