package exact

import (
	"math"

	"touchstone/activation"
	"touchstone/internal/dd"
)

// The elementwise functions of a ball. Each evaluates at the centre v with a
// relative error that package dd proves, and adds what the function moves over
// the radius r. In the tails it moves in proportion to itself: the logarithmic
// derivatives of σ, σ′, log(1+e^z) and 1/cosh² are bounded by 1, 1, 1 and 2, so
// that over r the values change by factors within e^±r or e^±2r.

// funcError is the relative error of the double-double functions below, each of
// a few operations of package dd: Exp, Expm1 and Log1p are within 2⁻⁹⁵, the
// divisions, sums and products between them within 40u² < 2⁻¹⁰⁰.
const funcError = 0x1p-93

// moved widens f, which was computed at the centre of a ball of radius r, by the
// growth of a function whose logarithmic derivative is at most c.
func moved(f dd.DD, c, r float64) ball {
	if !(c*r < 0.5) {
		return unknown
	}
	e := funcError + 2*c*r // e^x − 1 < 1.3x for 0 ≤ x < ½
	if math.Abs(f.Hi) < tiny {
		return ball{f, up(blur + e*math.Abs(f.Hi))}
	}
	return ball{f, up(e * math.Abs(f.Hi))}
}

// logistic holds the parts of σ at one z, without cancellation.
type logistic struct {
	z     ball
	e     dd.DD   // e^−|z|
	large dd.DD   // σ(|z|) = 1/(1+e)
	small dd.DD   // σ(−|z|) = e/(1+e)
	tail  float64 // if not 0: small, e and log(1+e) are only known to be below it
}

const (
	farthest = 700       // where the tails leave the range of package dd
	farTail  = 0x1p-1008 // > e^−699.5
)

// newLogistic reports whether z is known well enough.
func newLogistic(z ball) (g logistic, ok bool) {
	if !z.isFinite() || z.r > 0.25 {
		return logistic{}, false
	}
	if math.Abs(z.v.Hi) > farthest {
		return logistic{z: z, large: dd.FromFloat(1), tail: farTail}, true
	}
	m, k := dd.Exp(z.v.Abs().Neg())
	e := m.Scale(k) // inexact below 2⁻⁹⁵⁰ only: moved allows for it
	large := dd.FromFloat(1).Div(e.AddFloat(1))
	return logistic{z: z, e: e, large: large, small: e.Mul(large)}, true
}

// value returns σ(z), or σ(−z).
func (g logistic) value(minus bool) ball {
	large := (g.z.v.Hi >= 0) != minus
	switch {
	case g.tail != 0 && large:
		return ball{g.large, g.tail}
	case g.tail != 0:
		return ball{r: g.tail}
	case large:
		return moved(g.large, 1, g.z.r)
	}
	return moved(g.small, 1, g.z.r)
}

// deriv returns σ′(z).
func (g logistic) deriv() ball {
	if g.tail != 0 {
		return ball{r: g.tail}
	}
	return moved(g.large.Mul(g.small), 1, g.z.r)
}

// softplus returns log(1+e^z).
func (g logistic) softplus() ball {
	if g.z.v.Hi <= 0 {
		return g.logTail()
	}
	if g.tail != 0 {
		return g.z.widened(g.tail)
	}
	l := tailOf(g.e).Add(g.z.v) // both positive: the relative error stays
	return moved(l, 1, g.z.r)
}

// logTail returns log(1+e^−|z|).
func (g logistic) logTail() ball {
	if g.tail != 0 {
		return ball{r: g.tail}
	}
	return moved(tailOf(g.e), 1, g.z.r)
}

// tailOf returns log(1+e).
func tailOf(e dd.DD) dd.DD {
	if e.Hi < tiny {
		return e // log(1+e) = e·(1 − e/2 + …)
	}
	return dd.Log1p(e)
}

// tanh returns tanh z and its derivative.
func tanh(z ball) (value, deriv ball) {
	if z.isZero() {
		return ball{}, exactly(1)
	}
	g, ok := newLogistic(ball{z.v.Scale(1), 2 * z.r})
	if !ok {
		return unknown, unknown
	}
	deriv = g.deriv()
	deriv = ball{deriv.v.Scale(2), 4 * deriv.r} // tanh′ z = 4σ′(2z)
	if z.v.Hi == 0 {
		return z, deriv
	}
	// tanh |z| = (1−e)/(1+e), and for small z −expm1(−2|z|)/(1+e).
	var v dd.DD
	switch {
	case g.tail != 0:
		v = dd.FromFloat(1)
	case math.Abs(z.v.Hi) < 0.25:
		v = dd.Expm1(z.v.Abs().Scale(1).Neg()).Neg().Div(g.e.AddFloat(1))
	default: // 1−e ≥ 0.39, so that the errors of e grow by less than 2
		v = g.e.Neg().AddFloat(1).Div(g.e.AddFloat(1))
	}
	if z.v.Hi < 0 {
		v = v.Neg()
	}
	return moved(v, 0, 0).widened(z.r + 4*g.tail), deriv // |tanh′| ≤ 1
}

// relu returns max(0, z), its derivative, and whether that is the convention at
// exactly 0.
func relu(z ball) (value, deriv ball, kink bool) {
	switch {
	case !z.isFinite():
		return unknown, unknown, false
	case z.isZero():
		return ball{}, ball{}, true
	case math.Abs(z.v.Hi)*(1-0x1p-50) <= z.r:
		// The sign of z is open: the value is within r of v, the derivative in [0, 1].
		return ball{z.v, 2 * z.r}, ball{dd.FromFloat(0.5), 0.5}, false
	case z.v.Hi > 0:
		return z, exactly(1), false
	}
	return ball{}, ball{}, false
}

// The functions of the network, as arithmetic[ball] wants them.

func (doubles) activate(f activation.Func, z ball) (value, deriv ball, kink bool) {
	switch f.(type) {
	case activation.Identity:
		return z, exactly(1), false
	case activation.Sigmoid:
		if g, ok := newLogistic(z); ok {
			return g.value(false), g.deriv(), false
		}
	case activation.Tanh:
		value, deriv = tanh(z)
		return value, deriv, false
	case activation.ReLU:
		return relu(z)
	case activation.Softplus:
		if g, ok := newLogistic(z); ok {
			return g.softplus(), g.value(false), false
		}
	}
	return unknown, unknown, false
}

func (doubles) logistic(z ball, minus bool) ball {
	g, ok := newLogistic(z)
	if !ok {
		return unknown
	}
	return g.value(minus)
}

func (doubles) logTail(z ball) ball {
	g, ok := newLogistic(z)
	if !ok {
		return unknown
	}
	return g.logTail()
}

func (doubles) exp(x ball) ball {
	switch {
	case !x.isFinite() || x.r > 0.25 || x.v.Hi > farthest:
		return unknown
	case x.v.Hi < -farthest:
		return ball{r: farTail}
	}
	m, k := dd.Exp(x.v)
	return moved(m.Scale(k), 1, x.r)
}

// log1p returns log(1+x) for x ≥ 0.
func (doubles) log1p(x ball) ball {
	if x.isZero() {
		return ball{}
	}
	if !x.isFinite() || x.v.Hi < 0 || x.v.Hi > 0x1p40 {
		return unknown
	}
	if x.v.Hi < tiny {
		return x.widened(blur) // log(1+x) = x·(1 − x/2 + …)
	}
	if x.v.Hi <= 1 {
		// The derivative is at most 1.
		return moved(dd.Log1p(x.v), 0, 0).widened(x.r)
	}
	// log(1+x) = k·log 2 + log1p(f), 1+x = 2^k·(1+f), 0 ≤ f < 1.
	m := x.v.AddFloat(1)
	_, k := math.Frexp(m.Hi)
	k--
	f := m.Scale(-k).AddFloat(-1)
	l := dd.DD{}
	if f.Hi > 0 {
		l = dd.Log1p(f)
	}
	// m is off by 2u²·m, which moves the logarithm by 2u²; |f| likewise.
	v := l.Add(ln2.MulFloat(float64(k)))
	return moved(v, 0, 0).widened(x.r + 8*u*u)
}

// ln2 is log 2 to within 2⁻¹¹⁰.
var ln2 = dd.DD{Hi: 0x1.62e42fefa39efp-1, Lo: 0x1.abc9e3b39803fp-56}

// log is left to big: it is wanted only where CrossEntropy is fed by something
// else than a sigmoid.
func (doubles) log(ball) ball { return unknown }
