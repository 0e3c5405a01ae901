package loss

import (
	"math"
	"slices"

	"touchstone/internal/dd"
	"touchstone/internal/round"
)

// SoftmaxCrossEntropy is the cross-entropy of the distribution
// pⱼ = e^yⱼ / Σₖ e^yₖ against the target distribution t:
// ℓ = −Σ tⱼ log pⱼ = Σ tⱼ (log Σₖ e^yₖ − yⱼ). Pair it with an Identity output
// layer.
//
// Targets that do not sum to exactly 1 are taken as they are: the gradient is
// (Σₖ tₖ)·pⱼ − tⱼ, the derivative of the formula above, and not pⱼ − tⱼ.
//
// Special cases, for finite targets of at least 0, are:
//
//	one yⱼ = +Inf, no NaN: p is 1 there and 0 elsewhere
//	yⱼ = −Inf, another finite: pⱼ = 0; the loss is 0·∞ = 0 if tⱼ = 0, else +Inf
//	two or more +Inf, or two or more −Inf and nothing else: both are NaN
//	any y or t NaN: both are NaN
//	one output: p = 1, so the loss and its gradient are 0 (NaN for y = NaN)
//	no output: the loss is 0
//	logits further apart than the largest float64: as if infinitely far
type SoftmaxCrossEntropy struct{}

// Value returns Σ tⱼ (log Σₖ e^yₖ − yⱼ), correctly rounded as a whole.
func (SoftmaxCrossEntropy) Value(y, t []float64) float64 {
	checkValue(y, t)
	if len(y) == 0 {
		return 0
	}
	s := newSoftmax(y, t)
	if s.nan {
		return math.NaN()
	}
	v, ok := s.quickValue()
	if !ok {
		v = slowSoftmax(y, t, s.top)
	}
	return v
}

// Grad stores ∂ℓ/∂yⱼ = (Σₖ tₖ)·pⱼ − tⱼ, correctly rounded.
func (SoftmaxCrossEntropy) Grad(dst, y, t []float64) {
	checkGrad(dst, y, t)
	if len(y) == 0 {
		return
	}
	s := newSoftmax(y, t)
	if s.nan {
		for j := range dst {
			dst[j] = math.NaN()
		}
		return
	}
	if &dst[0] == &y[0] || &dst[0] == &t[0] {
		s.keep()
	}
	for j := range dst {
		g, ok := s.quickGrad(j)
		if !ok {
			g = slowSoftmaxGrad(s.y, s.t, s.top, j)
		}
		dst[j] = g
	}
}

// String returns "softmax-cross-entropy".
func (SoftmaxCrossEntropy) String() string { return "softmax-cross-entropy" }

// A softmax is what value and gradient are computed from. With n logits, dₖ = yₖ −
// y_top and ε = 2^−75.9 + n·2^−104,
//
//	rest·2^k = Σ e^dₖ over all k ≠ top, within ε of itself,
//
// but dₖ < far are left out, less than n·2^−1442 in all. If there are no others,
// rest is 0.
//
// Each e^dₖ is within 2^−75.99, and every sum adds 3u² of itself.
type softmax struct {
	y, t []float64
	nan  bool // so are value and gradient

	top        int // the first index of the largest logit
	ytop, ttop float64
	rest       dd.DD
	k          int
	inv        dd.DD // 1/(1 + rest·2^k), within ε + 7u²

	others, total dd.DD   // Σ tₖ over all k ≠ top and over all k, within n·2^−104·size
	size          float64 // Σ |tₖ|, rounded
	hot           bool    // tₖ = 0 for all k ≠ top
	exotic        bool    // a tₖ ≠ 0 is not between 2^−300 and 2^300 in absolute value

	n   float64
	eps float64 // 2^−75 + n·2^−103 > 1.8ε
}

// far is where a term is left out of sums: e^far < 2^−1442. Times a target, if that
// is not exotic, it is below half of the smallest float64.
const far = -1000

func newSoftmax(y, t []float64) softmax {
	n := float64(len(y))
	s := softmax{y: y, t: t, hot: true, inv: dd.DD{Hi: 1}, n: n, eps: 0x1p-75 + float64(0x1p-103*n)}
	for k, yk := range y {
		if yk > y[s.top] {
			s.top = k
		}
	}
	s.ytop, s.ttop = y[s.top], t[s.top]
	second := math.Inf(-1)
	for k, yk := range y {
		a := math.Abs(t[k])
		if yk != yk || a-a != 0 || k != s.top && yk == s.ytop && yk-yk != 0 {
			s.nan = true
			return s
		}
		if a != 0 && !(0x1p-300 < a && a < 0x1p300) {
			s.exotic = true
		}
		s.size += a
		if k != s.top {
			second = max(second, yk)
			s.hot = s.hot && a == 0
			s.others = s.others.AddFloat(t[k])
		}
	}
	s.total = s.others.AddFloat(s.ttop)
	if len(y) == 1 || second-s.ytop < far {
		return s
	}
	_, s.k = expDiff(second, s.ytop)
	for k, yk := range y {
		if k != s.top && !(yk-s.ytop < far) {
			m, i := expDiff(yk, s.ytop)
			s.rest = s.rest.Add(m.Scale(max(i-s.k, -250))) // 2^−250 of rest is nothing
		}
	}
	s.inv = s.rest.Scale(max(s.k, -250)).AddFloat(1).Inv()
	return s
}

// expDiff returns m and k with m·2^k = e^(y−top) within 2^−75.99, for y−top ≥ far.
//
// Proof. The difference is h + l with |l| ≤ ½ulp(1000) = 2^−44, and e^(h+l) =
// e^h·(1+l) within l²/2 ≤ 2^−89. ExpFast is off by 2^−76; m.Lo·l and two roundings
// cost at most 2^−97 each.
func expDiff(y, top float64) (m dd.DD, k int) {
	d := dd.TwoSum(y, -top)
	m, k = dd.ExpFast(d.Hi)
	return dd.FastTwoSum(m.Hi, m.Lo+float64(m.Hi*d.Lo)), k
}

// log returns l and k with l·2^k = log(1+rest·2^k), within 1.5ε: a logarithm from
// log 2 on is off by at most ε/log 2, for the sum in it, and 2^−79.
func (s *softmax) log() (l dd.DD, k int) {
	if s.k < -110 || s.rest.Hi == 0 {
		return s.rest, s.k // within n·2^−110
	}
	r := s.rest.Scale(s.k)
	if r.Hi < 1 {
		return dd.Log1pFast(r), 0
	}
	z := r.AddFloat(1) // 2^j·(1+x), 0 ≤ x ≤ 1
	_, j := math.Frexp(z.Hi)
	j--
	x := z.Scale(-j).AddFloat(-1)
	if x.Hi < 0 { // z.Hi is a power of two, and z less
		j--
		x = z.Scale(-j).AddFloat(-1)
	}
	return ln2.MulFloat(float64(j)).Add(dd.Log1pFast(x)), 0
}

// quickValue returns Σ tⱼ((y_top − yⱼ) + log(1+rest·2^k)). A logarithm is off by
// 1.5ε, a term by 5u² more, and the sum by n·3u² of the sizes of all terms. The terms
// are not below 2^−301, and 2^−700 covers underflow and what is far.
func (s *softmax) quickValue() (v float64, ok bool) {
	if s.exotic {
		return 0, false
	}
	l, k := s.log()
	if s.hot {
		if s.rest.Hi == 0 || s.ttop == 0 {
			return 0, true
		}
		v := l.MulFloat(s.ttop)
		return round.Nearest(v, float64(2*s.eps*v.Hi), k)
	}
	l = l.Scale(k)
	sum := l.MulFloat(s.ttop)
	size, infinite := math.Abs(sum.Hi), 0.0
	for j, yj := range s.y {
		if j == s.top || s.t[j] == 0 {
			continue
		}
		d := dd.TwoSum(s.ytop, -yj)
		if math.IsInf(d.Hi, 0) {
			infinite += s.t[j] * d.Hi
			continue
		}
		term := d.Add(l).MulFloat(s.t[j]) // d + log(1 + e^−d + …) ≥ log 2
		sum = sum.Add(term)
		size += math.Abs(term.Hi)
	}
	if infinite != 0 {
		return infinite, true
	}
	e := float64(2*s.eps*l.Hi*s.size) + float64(0x1p-102*s.n*size) + 0x1p-700
	return sum.Hi, round.Settled(sum, e) && size < 0x1p900
}

// quickGrad returns total·pⱼ − tⱼ. It reads no other elements of y and t than the
// j-th, as dst may be y or t.
//
// With p_top = 1/(1+rest·2^k), that is (others − t_top·rest·2^k)/(1+rest·2^k) for
// j = top, which for a one-hot target is the small number itself, where p_top − 1
// would cancel. No other p exceeds ½.
func (s *softmax) quickGrad(j int) (g float64, ok bool) {
	tj, sums := s.t[j], float64(0x1p-103*s.n*s.size) // the error of others and total
	switch {
	case s.size == 0:
		return 0, true
	case s.exotic:
		return 0, false
	case j == s.top && s.hot:
		if s.rest.Hi == 0 {
			return 0, true
		}
		q := s.rest.Mul(s.inv).MulFloat(-s.ttop) // r/(1+r) is off by no more than r
		return round.Nearest(q, float64(2*s.eps*q.Hi), s.k)
	case j == s.top:
		p := s.rest.MulFloat(-s.ttop).Scale(s.k)
		q := s.others.Add(p).Mul(s.inv)
		e := float64(s.inv.Hi*(sums+float64(2*s.eps*math.Abs(p.Hi)))) + float64(2*s.eps*math.Abs(q.Hi)) + 0x1p-700
		return q.Hi, round.Settled(q, e)
	case s.y[j]-s.ytop < far:
		return 0 - tj, true
	}
	m, k := expDiff(s.y[j], s.ytop)
	p := m.Mul(s.inv) // within 2ε
	if tj == 0 {
		q := p.Mul(s.total)
		e := float64(2*s.eps*math.Abs(q.Hi)) + float64(2*sums*p.Hi)
		if !(e < 0x1p-55*math.Abs(q.Hi)) {
			return 0, false
		}
		return round.Nearest(q, e, k)
	}
	p = p.Scale(k)
	q := p.Mul(s.total)
	d := q.AddFloat(-tj)
	e := float64(2*s.eps*math.Abs(q.Hi)) + float64(2*sums*p.Hi) + float64(0x1p-103*math.Abs(d.Hi)) + 0x1p-700
	return d.Hi, round.Settled(d, e)
}

// keep saves y and t from what is written to dst, if the fallback will read them.
func (s *softmax) keep() {
	for j := range s.y {
		if _, ok := s.quickGrad(j); !ok {
			s.y, s.t = slices.Clone(s.y), slices.Clone(s.t)
			return
		}
	}
}
