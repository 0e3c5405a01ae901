package loss

import (
	"math"

	"touchstone/internal/dd"
)

// SoftmaxCrossEntropy is the cross-entropy of the distribution
// pⱼ = e^yⱼ / Σₖ e^yₖ against the target distribution t:
// ℓ = −Σ tⱼ log pⱼ = Σ tⱼ (log Σₖ e^yₖ − yⱼ). Pair it with an Identity output
// layer. Equations (28) to (32) of package mlp.
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
		v = newSlowSum(y, t, s.top).value(t)
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
	var slow *slowSum // for the first entry that needs it, or before dst overwrites y or t
	if (&dst[0] == &y[0] || &dst[0] == &t[0]) && s.open() {
		slow = newSlowSum(y, t, s.top)
	}
	for j := range dst {
		g, ok := s.quickGrad(j)
		if !ok {
			if slow == nil {
				slow = newSlowSum(y, t, s.top)
			}
			g = slow.grad(j, t[j])
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
//
// Value and gradient are linear in the targets. They are computed for the targets
// times 2^−scale, and the results are multiplied by 2^scale when they are rounded.
type softmax struct {
	y, t []float64
	nan  bool // so are value and gradient

	top        int // the first index of the largest logit
	ytop, ttop float64
	rest       dd.DD
	k          int
	inv        dd.DD // 1/(1 + rest·2^k), within ε + 7u²

	scale         int     // 0 if the largest |tₖ| is 0 or between 2^−200 and 2^200; else its exponent
	others, total dd.DD   // Σ tₖ over all k ≠ top and over all k, within n·2^−104·size
	size          float64 // Σ |tₖ|, rounded
	exact         bool    // others is the sum itself
	hot           bool    // tₖ = 0 for all k ≠ top
	alone         bool    // e^dₖ = 0 for all k ≠ top, not just very small
	exotic        bool    // scale > 0, and a dₖ < far is finite

	n   float64
	eps float64 // 2^−75 + n·2^−103 > 1.8ε
}

// far is where a term is left out of sums: e^far < 2^−1442. Times targets of at most
// 2^200, n of them are below n·2^−167 of half the smallest float64, and nothing in what
// does not round to 0. Larger targets have a scale > 0, and count as exotic if a term is
// left out that is not 0.
const far = -1000

func newSoftmax(y, t []float64) softmax {
	n := float64(len(y))
	s := softmax{y: y, t: t, exact: true, hot: true, inv: dd.DD{Hi: 1}, n: n, eps: bound(0x1p-75, 0x1p-103*n)}
	largest := 0.0
	for k, yk := range y {
		if yk > y[s.top] {
			s.top = k
		}
		largest = max(largest, math.Abs(t[k]))
	}
	if largest != 0 && !inside(largest, 0x1p-200, 0x1p200) {
		s.scale = math.Ilogb(largest)
	}
	s.ytop, s.ttop = y[s.top], s.target(s.top)
	second := s.sumTargets()
	s.alone = math.IsInf(second-s.ytop, -1)
	if !s.nan && second-s.ytop >= far {
		s.sumPowers(second)
	}
	return s
}

// sumTargets sets what is known of the targets, and nan. It returns the largest of the
// logits other than y_top, or −Inf.
func (s *softmax) sumTargets() (second float64) {
	second = math.Inf(-1)
	for k, yk := range s.y {
		tk := s.target(k)
		a := math.Abs(tk)
		if yk != yk || a-a != 0 || k != s.top && yk == s.ytop && yk-yk != 0 {
			s.nan = true
			return
		}
		if d := yk - s.ytop; s.scale > 0 && inside(d, math.Inf(-1), far) {
			s.exotic = true
		}
		s.size += a
		if k != s.top {
			second = max(second, yk)
			s.hot = s.hot && s.t[k] == 0
			s.exact = s.exact && dd.TwoSum(s.others.Lo, dd.TwoSum(s.others.Hi, tk).Lo).Lo == 0
			s.others = s.others.AddFloat(tk)
		}
	}
	s.total = s.others.AddFloat(s.ttop)
	return second
}

// sumPowers sets rest, k and inv.
func (s *softmax) sumPowers(second float64) {
	_, s.k = expDiff(second, s.ytop)
	for k, yk := range s.y {
		if k != s.top && !(yk-s.ytop < far) {
			m, i := expDiff(yk, s.ytop)
			s.rest = s.rest.Add(m.Scale(max(i-s.k, -250))) // 2^−250 of rest is nothing
		}
	}
	s.inv = s.rest.Scale(max(s.k, -250)).AddFloat(1).Inv()
}

// target returns tₖ·2^−scale. It is exact, unless scale > 0 and it underflows: then it is
// off by at most 2^−1075, where the largest target is 1 or more.
func (s *softmax) target(k int) float64 {
	if s.scale == 0 {
		return s.t[k]
	}
	return math.Ldexp(s.t[k], -s.scale)
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
