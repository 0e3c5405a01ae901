package exact

import (
	"math"
	"math/big"

	"touchstone/activation"
	"touchstone/internal/bigfloat"
)

// The elementwise functions of the network in balls of math/big.

// beyond is where e^−|z| is taken for 0: there it is below 2^−7.7e8.
var beyond = new(big.Float).SetInt64(1 << 29)

func (ar bigs) isBeyond(z bigBall) bool { return new(big.Float).Abs(z.m).Cmp(beyond) > 0 }

// isSharp reports whether z is known to within ½, as the functions below want it.
func (z bigBall) isSharp() bool { return z.isKnown() && z.r.Cmp(half) <= 0 }

var half = power(-1)

// limit returns x, which a function differs from by less than e^(−2²⁸).
func (ar bigs) limit(x float64, r *big.Float) bigBall {
	return ar.ball(ar.new().SetFloat64(x), true, power(-380_000_000), r)
}

// function applies f, whose logarithmic derivative is at most c, to a known z.
// Package bigfloat is within 2^−prec·(1+2^−31) of the truth.
func (ar bigs) function(f func(x *big.Float, prec uint) *big.Float, z bigBall, c int64) bigBall {
	cr := mulUp(newRadius().SetInt64(c), z.r)
	if cr.Cmp(half) > 0 {
		return ar.unknown()
	}
	m := f(z.m, ar.prec)
	grown := addUp(cr, cr) // e^x − 1 < 2x for 0 < x < ½
	return ar.ball(m, false, mulUp(size(m), addUp(grown, power(-int(ar.prec)))))
}

func (ar bigs) activate(f activation.Func, z bigBall) (value, deriv bigBall, kink bool) {
	switch f.(type) {
	case activation.Identity:
		return z, ar.exactly(1), false
	case activation.ReLU:
		return ar.relu(z)
	}
	if !z.isSharp() {
		return ar.unknown(), ar.unknown(), false
	}
	switch f.(type) {
	case activation.Sigmoid:
		if ar.isBeyond(z) {
			return ar.logistic(z, false), ar.limit(0, noRadius), false
		}
		return ar.logistic(z, false), ar.function(bigfloat.SigmoidDeriv, z, 1), false
	case activation.Tanh:
		if ar.isBeyond(z) {
			return ar.limit(float64(z.m.Sign()), noRadius), ar.limit(0, noRadius), false
		}
		if z.isZero() {
			return z, ar.exactly(1), false
		}
		m := bigfloat.Tanh(z.m, ar.prec)
		value = ar.ball(m, false, mulUp(size(m), power(-int(ar.prec))), z.r) // |tanh′| ≤ 1
		return value, ar.function(bigfloat.TanhDeriv, z, 2), false
	case activation.Softplus:
		if ar.isBeyond(z) {
			if z.m.Sign() > 0 {
				return ar.ball(z.m, true, z.r, power(-380_000_000)), ar.logistic(z, false), false
			}
			return ar.limit(0, noRadius), ar.logistic(z, false), false
		}
		return ar.function(bigfloat.Softplus, z, 1), ar.logistic(z, false), false
	}
	return ar.unknown(), ar.unknown(), false
}

var noRadius = newRadius()

func (ar bigs) relu(z bigBall) (value, deriv bigBall, kink bool) {
	switch {
	case z.isZero():
		return z, z, true
	case !z.isKnown():
		return z, z, false
	case sizeBelow(z.m).Cmp(z.r) <= 0:
		return ar.ball(z.m, true, z.r, z.r), bigBall{ar.new().SetFloat64(0.5), half}, false
	case z.m.Sign() > 0:
		return z, ar.exactly(1), false
	}
	return ar.exactly(0), ar.exactly(0), false
}

func (ar bigs) logistic(z bigBall, minus bool) bigBall {
	if !z.isSharp() {
		return ar.unknown()
	}
	if minus {
		z = ar.neg(z)
	}
	if ar.isBeyond(z) {
		return ar.limit(math.Max(0, float64(z.m.Sign())), noRadius)
	}
	return ar.function(bigfloat.Sigmoid, z, 1)
}

// logTail returns log(1+e^−|z|), as softplus of −|z|.
func (ar bigs) logTail(z bigBall) bigBall {
	if !z.isSharp() {
		return ar.unknown()
	}
	if ar.isBeyond(z) {
		return ar.limit(0, noRadius)
	}
	return ar.function(bigfloat.Softplus, bigBall{ar.new().Neg(ar.new().Abs(z.m)), z.r}, 1)
}

func (ar bigs) exp(x bigBall) bigBall {
	if !x.isSharp() {
		return ar.unknown()
	}
	if ar.isBeyond(x) {
		if x.m.Sign() > 0 {
			return ar.unknown()
		}
		return ar.limit(0, noRadius)
	}
	return ar.function(bigfloat.Exp, x, 1)
}

func (ar bigs) log1p(x bigBall) bigBall {
	if x.isZero() || !x.isKnown() {
		return x
	}
	if x.m.Sign() <= 0 {
		return ar.unknown()
	}
	m := bigfloat.Log1p(x.m, ar.prec)
	return ar.ball(m, false, mulUp(size(m), power(-int(ar.prec))), x.r) // derivative ≤ 1
}

func (ar bigs) log(x bigBall) bigBall {
	if !x.isKnown() || x.m.Sign() <= 0 {
		return ar.unknown()
	}
	one := ar.exactly(1)
	if x.m.Cmp(one.m) == 0 && x.r.Sign() == 0 {
		return ar.exactly(0)
	}
	// log moves over the radius by at most r/(x−r), less than 2r/x for r < x/2.
	relative := ar.div(bigBall{ar.new().Set(x.r), newRadius()}, bigBall{x.m, newRadius()})
	if relative.m.Cmp(newRadius().SetFloat64(0.25)) > 0 {
		return ar.unknown()
	}
	m := bigfloat.Log(x.m, ar.prec)
	return ar.ball(m, false, mulUp(size(m), power(-int(ar.prec))), addUp(relative.mag(), relative.mag()))
}
