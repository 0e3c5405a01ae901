package loss

import (
	"math"
	"math/big"

	"touchstone/internal/alias"
	"touchstone/internal/dd"
	"touchstone/internal/round"
)

// A Func2 is a Func that has second derivatives, as products with a Hessian need
// them. Every function of this package is one.
//
// HessVec of Squared, CrossEntropy and LogitCrossEntropy is correctly rounded. That of
// SoftmaxCrossEntropy states its own bound.
type Func2 interface {
	Func
	// HessVec stores (∂²ℓ/∂y²)·v in dst, as long as y, t and v, overwriting it. dst may
	// be y, t or v itself. It panics if the lengths of its arguments differ, or if dst
	// overlaps one of them otherwise.
	HessVec(dst, y, t, v []float64)
}

func checkHessVec(dst, y, t, v []float64) {
	if len(dst) != len(y) || len(y) != len(t) || len(t) != len(v) {
		panic("loss: HessVec with dst, y, t and v of different lengths")
	}
	if alias.Shifted(dst, y) || alias.Shifted(dst, t) || alias.Shifted(dst, v) {
		panic("loss: HessVec with a dst that overlaps y, t or v without being it")
	}
}

// HessVec stores v, as the Hessian is the identity: but NaN where the gradient is.
func (Squared) HessVec(dst, y, t, v []float64) {
	checkHessVec(dst, y, t, v)
	for j, vj := range v {
		if d := y[j] - t[j]; d != d {
			vj = d
		}
		dst[j] = vj
	}
}

// HessVec stores hⱼvⱼ, h = t/y² + (1−t)/(1−y)², correctly rounded.
//
// Special cases, for each output and finite t, are:
//
//	y = 0 or 1, equal to t: h = 1
//	y = 0, t > 0, and y = 1, t < 1: h = +Inf, and so NaN for v = 0
//	y < 0, y > 1, or y is NaN: NaN
func (CrossEntropy) HessVec(dst, y, t, v []float64) {
	checkHessVec(dst, y, t, v)
	for j, yj := range y {
		h, ok := quickCrossEntropyHess(yj, t[j], v[j])
		if !ok {
			h = slowCrossEntropyHess(yj, t[j], v[j])
		}
		dst[j] = h
	}
}

// quickCrossEntropyHess returns h·v. With both terms over one denominator,
//
//	h = ((y−t)² + t(1−t)) / (y(1−y))²
//
// is a sum of two numbers that are not negative, for t in [0, 1].
func quickCrossEntropyHess(y, t, v float64) (h float64, ok bool) {
	switch {
	case !(0 <= y && y <= 1) || t-t != 0:
		return math.NaN(), true
	case y == t && (y == 0 || y == 1):
		return v, true
	case y == 0:
		return t * math.Inf(1) * v, true
	case y == 1:
		return (1 - t) * math.Inf(1) * v, true
	case v == 0:
		return v, true
	case v-v != 0:
		return v * slowCrossEntropyHess(y, t, 1), true
	case !inside(y, 0x1p-200, 1) || !inside(math.Abs(v), 0x1p-300, 0x1p300):
		return 0, false
	}
	rest := dd.TwoSum(1, -y)
	q := dd.FromFloat(v)
	switch {
	case t == 0:
		q = q.Div(rest.Mul(rest))
	case t == 1:
		q = q.Div(dd.TwoProd(y, y))
	case inside(t, 0x1p-200, 1):
		d, p := dd.TwoSum(y, -t), rest.MulFloat(y)
		n := d.Mul(d).Add(dd.TwoSum(1, -t).MulFloat(t)) // within 6.01u² + 3u²
		q = n.Div(p.Mul(p)).MulFloat(v)                 // the square is within 2·2u² + 6.01u²
	default:
		return 0, false
	}
	return q.Hi, round.SettledWithin(q, 0x1p-100) // 9.1u² + 10.1u² + 10.9u² + 2u² < 64u²
}

// slowCrossEntropyHess is exact until it rounds, as the quotient may be a midpoint. It
// is for 0 < y < 1.
func slowCrossEntropyHess(y, t, v float64) float64 {
	ry, rt, one := rat(y), rat(t), rat(1)
	d := new(big.Rat).Sub(ry, rt)
	n := new(big.Rat).Sub(one, rt)
	n.Mul(n, rt).Add(n, d.Mul(d, d)).Mul(n, rat(v))
	p := new(big.Rat).Sub(one, ry)
	p.Mul(p, ry)
	h, _ := n.Quo(n, p.Mul(p, p)).Float64()
	return h
}

// HessVec stores σ′(yⱼ)·vⱼ, correctly rounded: of the product, also where σ′(y) itself
// underflows.
//
// Special cases, for each output, are:
//
//	y = ±Inf: 0·v
//	v = ±Inf, y finite: v
//	y, t or v NaN: NaN
func (LogitCrossEntropy) HessVec(dst, y, t, v []float64) {
	checkHessVec(dst, y, t, v)
	for j, yj := range y {
		h, ok := quickLogitHess(yj, t[j], v[j])
		if !ok {
			h = slowLogitHess(yj, v[j])
		}
		dst[j] = h
	}
}

func quickLogitHess(y, t, v float64) (h float64, ok bool) {
	a := math.Abs(y)
	switch {
	case y != y || t != t:
		return math.NaN(), true
	case a-a != 0:
		return 0 * v, true
	case v == 0 || v-v != 0:
		return v, true
	case y == 0:
		return 0.25 * v, true
	}
	m, e := math.Frexp(v)
	d, k := logitSlope(min(a, 1500)) // from there on σ′·v < e^−1500·2^1024 < 2^−1075 rounds to 0
	q := d.MulFloat(m)
	return round.NearestWithin(q, 0x1p-74, k+e)
}

// logitSlope returns d and k with σ′(a) = d·2^k, for 0 ≤ a ≤ 1500, with a relative error
// of at most 2^−74.9. Beyond 1000 it is e^−a within 2^−1440, and that the square of
// e^−a/2, which is off by 2^−76.
func logitSlope(a float64) (d dd.DD, k int) {
	if a <= 1000 {
		return round.SigmoidDeriv(a)
	}
	m, k := dd.ExpFast(-a / 2)
	return m.Mul(m), 2 * k
}

// slowLogitHess is the fallback. For y ≠ 0, σ′(y) = e/(1+e)², e = e^y, is
// transcendental, and so is its product with v ≠ 0.
func slowLogitHess(y, v float64) float64 {
	return round.Slow(func(prec uint) round.Interval {
		e := round.Exp(y, prec)
		s := round.Point(1, prec).Add(e)
		return round.Point(v, prec).Mul(e).Quo(s.Mul(s))
	})
}
