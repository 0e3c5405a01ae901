package exact

import (
	"math"

	"touchstone/activation"
	"touchstone/internal/dd"
)

// The elementwise functions of a ball. Each evaluates at the centre v with a
// relative error that package dd proves, and adds what the function moves over
// the radius r. In the tails it moves in proportion to itself: the logarithmic
// derivatives of σ, σ′, log(1+e^z) and e^z are bounded by 1, so that over r the values
// change by factors within e^±r.

// funcError is the relative error of the double-double functions below, each of
// a few operations of package dd: Exp, Expm1 and Log1p are within 2⁻⁹⁵, the
// divisions, sums and products between them within 40u² < 2⁻¹⁰⁰.
const funcError = 0x1p-93

// moved widens f·2^−512x, which was computed at the centre of a ball of radius r ≤ ¼,
// by the growth of a function whose logarithmic derivative is at most 1.
func moved(f dd.DD, x int, r float64) ball {
	e := funcError + float64(2*r) // e^x − 1 < 1.2x for 0 ≤ x ≤ ¼
	return scaled(ball{f, up(float64(e*math.Abs(f.Hi)) + eta), x})
}

// scale2 returns m·2^k as v·2^−512x, v not far below 2⁻³⁰⁰.
func scale2(m dd.DD, k int) (v dd.DD, x int) {
	for k < -300 {
		k, x = k+512, x+1
	}
	return m.Scale(k), x
}

// logistic holds the parts of σ at one z, without cancellation.
type logistic struct {
	z     ball
	e     dd.DD // e^−|z|·2^512x
	x     int
	large dd.DD // σ(|z|) = 1/(1+e^−|z|)
	far   bool  // beyond farthest: e^−|z| < 2⁻¹⁴⁴⁰, and not computed
}

const farthest = 1000 // the domain of dd.Exp

// small is a ball that holds e^−|z|, σ(−|z|), σ′(z) and log(1+e^−|z|) beyond
// farthest: 0 ± 2^(−414−1024).
var small = ball{r: 0x1p-414, x: 2}

// newLogistic reports whether z is known well enough.
func newLogistic(z ball) (g logistic, ok bool) {
	if z = z.flat(); !z.isFinite() || z.r > 0.25 {
		return logistic{}, false
	}
	if math.Abs(z.v.Hi) > farthest {
		return logistic{z: z, large: dd.FromFloat(1), far: true}, true
	}
	g = logistic{z: z, large: dd.FromFloat(1)}
	g.e, g.x = scale2(dd.Exp(z.v.Abs().Neg()))
	if g.x == 0 {
		g.large = g.large.Div(g.e.AddFloat(1))
	} // else 1, to within 2⁻³⁰⁰
	return g, true
}

// value returns σ(z), or σ(−z).
func (g logistic) value(minus bool) ball {
	large := math.Signbit(g.z.v.Hi) == minus
	switch {
	case large:
		return moved(g.large, 0, g.z.r)
	case g.far:
		return small
	}
	return moved(g.e.Mul(g.large), g.x, g.z.r)
}

// deriv returns σ′(z) = σ(z)·σ(−z).
func (g logistic) deriv() ball {
	if g.far {
		return small
	}
	return moved(g.e.Mul(g.large).Mul(g.large), g.x, g.z.r)
}

// softplus returns log(1+e^z).
func (g logistic) softplus() ball {
	if math.Signbit(g.z.v.Hi) {
		return g.logTail()
	}
	if g.far || g.x > 0 {
		return g.z.widened(0x1p-299)
	}
	l := dd.Log1p(g.e).Add(g.z.v) // both positive: the relative error stays
	return moved(l, 0, g.z.r)
}

// logTail returns log(1+e^−|z|).
func (g logistic) logTail() ball {
	switch {
	case g.far:
		return small
	case g.x > 0:
		return moved(g.e, g.x, g.z.r) // log(1+e) = e·(1 − e/2 + …), e < 2⁻³⁰⁰
	}
	return moved(dd.Log1p(g.e), 0, g.z.r)
}

// tanh returns tanh z and its derivative.
func tanh(z ball) (value, deriv ball) {
	if z.isZero() {
		return ball{}, exactly(1)
	}
	z = z.flat()
	g, ok := newLogistic(ball{v: z.v.Scale(1), r: 2 * z.r})
	if !ok {
		return unknown, unknown
	}
	deriv = g.deriv().mul(exactly(4)) // tanh′ z = 4σ′(2z)
	if z.v.Hi == 0 {
		return z, deriv
	}
	// tanh |z| = (1−e)/(1+e), and for small z −expm1(−2|z|)/(1+e).
	var v dd.DD
	switch {
	case g.far || g.x > 0:
		v = dd.FromFloat(1)
	case math.Abs(z.v.Hi) < 0.25:
		v = dd.Expm1(z.v.Abs().Scale(1).Neg()).Neg().Div(g.e.AddFloat(1))
	default: // 1−e ≥ 0.39, so that the errors of e grow by less than 2
		v = g.e.Neg().AddFloat(1).Div(g.e.AddFloat(1))
	}
	if math.Signbit(z.v.Hi) {
		v = v.Neg()
	}
	return moved(v, 0, 0).widened(z.r), deriv // |tanh′| ≤ 1
}

// relu returns max(0, z), its derivative, and whether z may be 0, where that is a
// convention.
func relu(z ball) (value, deriv ball, kink bool) {
	switch z = z.flat(); {
	case !z.isFinite():
		return unknown, unknown, false
	case z.isZero():
		return ball{}, ball{}, true
	case z.isPositive():
		return z, exactly(1), false
	case z.neg().isPositive():
		return ball{}, ball{}, false
	}
	// The sign of z is open: the value is within r of v, the derivative in [0, 1].
	return ball{v: z.v, r: 2 * z.r}, ball{v: dd.FromFloat(0.5), r: 0.5}, true
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
	if x = x.flat(); !x.isFinite() || x.r > 0.25 || x.v.Hi > 600 {
		return unknown
	}
	if x.v.Hi < -farthest {
		return small
	}
	e, shift := scale2(dd.Exp(x.v))
	return moved(e, shift, x.r)
}

// log1p returns log(1+x) for x ≥ 0.
func (doubles) log1p(x ball) ball {
	if x.isZero() {
		return ball{}
	}
	if !x.isFinite() || x.v.Hi < 0 || x.x == 0 && x.v.Hi > 0x1p40 {
		return unknown
	}
	if x.x > 0 || x.v.Hi == 0 {
		// log(1+x) = x·(1 − x/2 + …), x < 2⁻³⁰⁰
		x.r = up(x.r + float64(funcError*x.mag()))
		return x
	}
	if x.v.Hi <= 1 {
		// The derivative is at most 1.
		return moved(dd.Log1p(x.v), 0, 0).widened(x.r)
	}
	// OnePlus moves the logarithm by 4u². It is at least log 2, of which funcError is far
	// more.
	f, k := dd.OnePlus(x.v)
	v := dd.Log1p(f).Add(dd.Ln2.MulFloat(float64(k)))
	return moved(v, 0, 0).widened(x.r)
}

// log is left to big: it is wanted only where CrossEntropy is fed by something
// else than a sigmoid.
func (doubles) log(ball) ball { return unknown }
