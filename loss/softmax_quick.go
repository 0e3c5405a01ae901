package loss

import (
	"math"

	"touchstone/internal/dd"
	"touchstone/internal/round"
)

// settle returns the float64 nearest v·2^scale for all v within e ≥ 2^−700 of x,
// |x.Hi| < 2^900, and whether there is one for all of them.
func (s *softmax) settle(x dd.DD, e float64) (y float64, ok bool) {
	switch {
	case s.scale == 0:
		return x.Hi, round.Settled(x, e)
	case !isPart(e, 0x1p-55, x.Hi):
		return 0, false
	}
	return round.Nearest(x, e, s.scale)
}

// log returns l and k with l·2^k = log(1+r), r = rest·2^k, within 1.5ε of itself.
//
// Proof. The ε of r moves the logarithm by ε·r/(1+r), which is at most ε of it, and
// from 1 on even less. All else is below 2^−79 + n·2^−110 of it, which is below ε/4.
func (s *softmax) log() (l dd.DD, k int) {
	if s.k < -110 || s.rest.Hi == 0 {
		return s.rest, s.k // within n·2^−110
	}
	r := s.rest.Scale(s.k)
	if r.Hi < 1 {
		return dd.Log1pFast(r), 0
	}
	f, j := dd.OnePlus(r)
	return dd.Ln2.MulFloat(float64(j)).Add(dd.Log1pFast(f)), 0
}

// quickValue returns Σ tⱼ((y_top − yⱼ) + log(1+rest·2^k)). A logarithm is off by
// 1.5ε, a term by 5u² more, and the sum by n·3u² of the sizes of all terms. 2^−700
// covers what is far, and underflow: also in a target, as no finite d is below far then.
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
		return round.NearestWithin(v, 2*s.eps, k+s.scale)
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
			infinite += float64(s.t[j] * d.Hi)
			continue
		}
		term := d.Add(l).MulFloat(s.target(j)) // d + log(1 + e^−d + …) ≥ log 2
		sum = sum.Add(term)
		size += math.Abs(term.Hi)
	}
	if infinite != 0 {
		return infinite, true
	}
	e := bound(2*s.eps*l.Hi*s.size, 0x1p-102*s.n*size, 0x1p-700)
	if !(size < 0x1p900) {
		return 0, false
	}
	return s.settle(sum, e)
}

// quickGrad returns total·pⱼ − tⱼ. It reads no other elements of y and t than the
// j-th, as dst may be y or t.
//
// With p_top = 1/(1+rest·2^k), that is (others − t_top·rest·2^k)/(1+rest·2^k) for
// j = top, which for a one-hot target is the small number itself, where p_top − 1
// would cancel. No other p exceeds ½.
func (s *softmax) quickGrad(j int) (g float64, ok bool) {
	sums := float64(0x1p-103 * s.n * s.size) // the error of others and total
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
		return round.NearestWithin(q, 2*s.eps, s.k+s.scale)
	case j == s.top:
		if g, ok := s.saturated(); ok {
			return g, true
		}
		p := s.rest.MulFloat(-s.ttop).Scale(s.k)
		q := s.others.Add(p).Mul(s.inv)
		e := bound(s.inv.Hi*bound(sums, 2*s.eps*math.Abs(p.Hi)), 2*s.eps*math.Abs(q.Hi), 0x1p-700)
		return s.settle(q, e)
	case s.y[j]-s.ytop < far:
		return 0 - s.t[j], true
	}
	m, k := expDiff(s.y[j], s.ytop)
	p := m.Mul(s.inv) // within 2ε
	if s.t[j] == 0 {
		q := p.Mul(s.total)
		e := bound(2*s.eps*math.Abs(q.Hi), 2*sums*p.Hi) // which is more where the first underflows
		if !isPart(e, 0x1p-55, q.Hi) {
			return 0, false
		}
		return round.Nearest(q, e, k+s.scale)
	}
	p = p.Scale(k)
	q := p.Mul(s.total)
	d := q.AddFloat(-s.target(j))
	e := bound(2*s.eps*math.Abs(q.Hi), 2*sums*p.Hi, 0x1p-103*math.Abs(d.Hi), 0x1p-700)
	return s.settle(d, e)
}

// saturated returns total·p_top − t_top = others − total·r/(1+r), r = Σ e^dₖ over the
// others, where of the second term no more than the sign counts. Then a sum of
// targets may well be a midpoint, which no bound of its error would tell.
//
// Proof. others is h + l, with h the float64 nearest it. If it is no midpoint, it is at
// least 2^−107·|h| from the midpoints, as l has 53 bits; if it is one, the next is
// ¼ulp(h) away or more.
func (s *softmax) saturated() (g float64, ok bool) {
	h, l := s.others.Hi, s.others.Lo
	if !s.exact || s.scale != 0 || !(math.Abs(h) > 0x1p-900) {
		return 0, false
	}
	// 2^−1000 covers what is far.
	size := float64(math.Abs(s.total.Hi) * (float64(2*math.Ldexp(s.rest.Hi, s.k)) + 0x1p-1000))
	next := math.Nextafter(h, math.Copysign(math.Inf(1), l)) // beyond the midpoint
	if isMiddle := l != 0 && float64(2*l) == next-h; !isMiddle {
		return h, isPart(size, 0x1p-110, h)
	}
	if !s.alone && s.total.Hi != 0 && math.Signbit(s.total.Hi) != math.Signbit(l) {
		h = next
	}
	return h, isPart(size, 0x1p-60, h)
}

// open reports whether an entry of the gradient needs the fallback.
func (s *softmax) open() bool {
	for j := range s.y {
		if _, ok := s.quickGrad(j); !ok {
			return true
		}
	}
	return false
}
