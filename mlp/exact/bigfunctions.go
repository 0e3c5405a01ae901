package exact

import (
	"math/big"

	"touchstone/activation"
	"touchstone/internal/bigfloat"
)

// The elementwise functions of the network in balls of math/big. Each is a dyadic
// number and what follows it, wherever that may be far smaller: 1 − σ(−z) for σ,
// ½ + ½·tanh(z/2) for the same near 0, and so on.

// extra is the number of bits, beyond the precision, to which an argument is taken.
// Its absolute error is the relative one of an exponential, and it has up to 30 bits
// before the point.
const extra = 40

// beyond is where e^−|z| is no longer computed: there it is below 2^−7.7e8.
var beyond = new(big.Float).SetInt64(1 << 29)

// tail holds e^−|z| beyond, and all that is a few times that: positive numbers below
// 2^−380000000.
var tail = bigBall{m: zero, r: power(-380_000_000), sign: 1}

var half = power(-1)

// argument returns the ball of z, its sign where it is beyond, and whether it is
// known to within ½, as the functions below want it.
func (ar bigs) argument(z split) (x bigBall, far int, ok bool) {
	x = bigs{ar.prec + extra}.merged(z)
	if !x.isKnown() {
		return x, 0, false
	}
	if sizeBelow(x.m).Cmp(addUp(beyond, x.r)) > 0 {
		return x, x.m.Sign(), true
	}
	return x, 0, x.r.Cmp(half) <= 0
}

// isSmall reports whether a function of x is taken around 0.
func (x bigBall) isSmall() bool { return x.m.Sign() == 0 || x.m.MantExp(nil) <= 0 }

// scaled returns x·2^k.
func (x bigBall) scaled(k int) bigBall {
	return bigBall{new(big.Float).SetMantExp(x.m, k), newRadius().SetMantExp(x.r, k), x.sign}
}

func (x bigBall) negAbs() bigBall {
	if x.m.Sign() > 0 {
		return x.neg()
	}
	return x
}

// proportional applies f > 0, whose logarithmic derivative is at most c, to a known
// x. Package bigfloat is within 2^−prec·(1+2^−31) of the truth.
func (ar bigs) proportional(f func(x *big.Float, prec uint) *big.Float, x bigBall, c int64) bigBall {
	cr := mulUp(newRadius().SetInt64(c), x.r)
	if cr.Cmp(half) > 0 {
		return ar.unknown()
	}
	m := f(x.m, ar.prec)
	grown := addUp(cr, cr) // e^x − 1 < 2x for 0 < x < ½
	return ar.ball(m, false, mulUp(size(m), addUp(grown, power(-int(ar.prec))))).signed(1)
}

// odd applies f, whose derivative is at most c and whose sign is that of x, to a
// known x.
func (ar bigs) odd(f func(x *big.Float, prec uint) *big.Float, x bigBall, c int64) bigBall {
	if x.isZero() {
		return x
	}
	m := f(x.m, ar.prec)
	return ar.ball(m, false, mulUp(size(m), power(-int(ar.prec))), mulUp(newRadius().SetInt64(c), x.r)).signed(x.sign)
}

func (ar splits) activate(f activation.Func, z split) (value, deriv split, kink bool) {
	switch f.(type) {
	case activation.Identity:
		return z, ar.exactly(1), false
	case activation.ReLU:
		return ar.relu(z)
	}
	x, far, ok := ar.argument(z)
	if !ok {
		return ar.unknown(), ar.unknown(), false
	}
	switch f.(type) {
	case activation.Sigmoid:
		return ar.sigmoid(x, far), ar.sigmoidDeriv(x, far), false
	case activation.Tanh:
		value, deriv = ar.tanh(z, x, far)
		return value, deriv, false
	case activation.Softplus:
		return ar.softplus(z, x, far), ar.sigmoid(x, far), false
	}
	return ar.unknown(), ar.unknown(), false
}

// sigmoid returns σ(x) = ½ + ½·tanh(x/2) = 1 − σ(−x).
func (ar splits) sigmoid(x bigBall, far int) split {
	if x.isSmall() {
		return ar.settled(half, ar.odd(bigfloat.Tanh, x.scaled(-1), 1).scaled(-1))
	}
	small := tail
	if far == 0 {
		small = ar.proportional(bigfloat.Sigmoid, x.negAbs(), 1)
	}
	if x.m.Signbit() {
		return plain(small)
	}
	return ar.settled(one, small.neg())
}

var one = power(0)

// sigmoidDeriv returns σ′(x) = ¼ − ¼·tanh²(x/2).
func (ar splits) sigmoidDeriv(x bigBall, far int) split {
	switch {
	case far != 0:
		return plain(tail)
	case x.isSmall():
		h := ar.odd(bigfloat.Tanh, x.scaled(-1), 1).scaled(-1)
		return ar.settled(power(-2), ar.bigs.mul(h, h).neg())
	}
	return plain(ar.proportional(bigfloat.SigmoidDeriv, x, 1))
}

// tanh returns tanh x = ±(1 − 2σ(−2|x|)) and its derivative 1 − tanh² x. z is x, in
// two parts.
func (ar splits) tanh(z split, x bigBall, far int) (value, deriv split) {
	if x.isSmall() {
		h := ar.odd(bigfloat.Tanh, x, 1)
		deriv = ar.settled(one, ar.bigs.mul(h, h).neg())
		if x.m.Sign() == 0 || !isTiny(x.mag(), -int(ar.prec)/4) {
			return plain(h), deriv
		}
		// x − x³/3 < tanh x < x − x³/3 + 2x⁵/15 for x > 0: the relative error of the
		// second term is below x². Against h, it is m of z that remains exact.
		cube := ar.bigs.mul(ar.bigs.mul(x, x), x)
		cube = ar.bigs.div(cube, exact(new(big.Float).SetInt64(-3)))
		cube.r = addUp(cube.r, mulUp(cube.mag(), mulUp(x.mag(), x.mag())))
		return ar.settled(z.m, ar.bigs.add(z.d, cube)), deriv
	}
	small, derivative := tail, tail
	if far == 0 {
		small = ar.proportional(bigfloat.Sigmoid, x.negAbs().scaled(1), 1).scaled(1)
		derivative = ar.proportional(bigfloat.TanhDeriv, x, 2)
	}
	value = ar.settled(one, small.neg())
	if x.m.Signbit() {
		value = value.neg()
	}
	return value, plain(derivative)
}

// softplus returns log(1+e^x) = z + log(1+e^−x). z is x, in two parts.
func (ar splits) softplus(z split, x bigBall, far int) split {
	t := plain(ar.tailOf(x, far))
	if x.m.Sign() <= 0 {
		return t
	}
	return ar.add(z, t)
}

// tailOf returns log(1+e^−|x|), as softplus of −|x|.
func (ar bigs) tailOf(x bigBall, far int) bigBall {
	if far != 0 {
		return tail
	}
	return ar.proportional(bigfloat.Softplus, x.negAbs(), 1)
}

func (ar splits) relu(z split) (value, deriv split, kink bool) {
	switch {
	case z.isZero():
		return z, z, true
	case !z.isKnown():
		return z, z, false
	case z.sign() > 0:
		return z, ar.exactly(1), false
	case z.sign() < 0:
		return ar.exactly(0), ar.exactly(0), false
	}
	// The sign of z, which is a plain ball, is open: 2r > |m|, so that 0 is in m ± 2r.
	return plain(ar.ball(z.d.m, true, z.d.r, z.d.r)), plain(bigBall{m: half, r: half}), true
}

func (ar splits) logistic(z split, minus bool) split {
	if minus {
		z = z.neg()
	}
	x, far, ok := ar.argument(z)
	if !ok {
		return ar.unknown()
	}
	return ar.sigmoid(x, far)
}

// logTail returns log(1+e^−|z|).
func (ar splits) logTail(z split) split {
	x, far, ok := ar.argument(z)
	if !ok {
		return ar.unknown()
	}
	return plain(ar.tailOf(x, far))
}

// exp returns e^z = 1 + (e^z − 1).
func (ar splits) exp(z split) split {
	x, far, ok := ar.argument(z)
	switch {
	case !ok || far > 0:
		return ar.unknown()
	case far < 0:
		return plain(tail)
	case x.isSmall():
		return ar.settled(one, ar.odd(bigfloat.Expm1, x, 5)) // e^(1+½) < 5
	}
	return plain(ar.proportional(bigfloat.Exp, x, 1))
}

// log1p returns log(1+z) for z ≥ 0.
func (ar splits) log1p(z split) split {
	x := ar.merged(z)
	if x.isZero() || !x.isKnown() {
		return plain(x)
	}
	if !z.isPositive() {
		return ar.unknown()
	}
	if x.m.Sign() <= 0 {
		return plain(x) // 0 < log(1+x) < x
	}
	return plain(ar.odd(bigfloat.Log1p, x, 1))
}

// log returns the logarithm of a positive z.
func (ar splits) log(z split) split {
	if !z.isPositive() {
		return ar.unknown()
	}
	if z.m.Cmp(one) == 0 {
		return plain(ar.odd(bigfloat.Log1p, z.d, 2)) // d is small
	}
	// log moves over the radius by at most r/(x−r), less than 2r/x for r < x/2.
	x := ar.merged(z)
	relative := ar.bigs.div(exact(x.r), exact(x.m)).mag()
	if relative.Cmp(newRadius().SetFloat64(0.25)) > 0 {
		return ar.unknown()
	}
	m := bigfloat.Log(x.m, ar.prec)
	return plain(ar.ball(m, false, mulUp(size(m), power(-int(ar.prec))), addUp(relative, relative)))
}
