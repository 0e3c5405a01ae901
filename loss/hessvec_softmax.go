package loss

import (
	"math"

	"touchstone/internal/dd"
	"touchstone/internal/round"
)

// HessVec stores T·pⱼ·(vⱼ − Σ pₖvₖ), T = Σ tₖ: that is T·(p∘v − p·(p·v)).
//
// It is computed in double-double arithmetic, from differences to v at the largest
// logit, and rounded. So a v with equal elements gives exact zeros, and a p that is
// nearly 1 costs nothing. The error is, beside that of rounding the result, at most
//
//	2^−70·S·pⱼ·(|vⱼ−v_top| + Σ pₖ|vₖ−v_top| + 2^−900·max |v|),  S = Σ |tₖ|
//
// for up to 2^20 outputs: the result is as good as correctly rounded unless its terms
// cancel. A logit more than 1000 below the largest counts as −Inf, for which p = 0.
//
// Special cases are:
//
//	the gradient is NaN, or an element of v is NaN or infinite: all are NaN
func (SoftmaxCrossEntropy) HessVec(dst, y, t, v []float64) {
	checkHessVec(dst, y, t, v)
	if len(y) == 0 {
		return
	}
	s := newSoftmax(y, t)
	size := 0.0
	for _, vk := range v {
		size = max(size, math.Abs(vk)) // NaN stays
	}
	if s.nan || size-size != 0 {
		for j := range dst {
			dst[j] = math.NaN()
		}
		return
	}
	// Powers of two are taken out of v and T, that no product over- or underflows.
	_, i := math.Frexp(size)
	_, e := math.Frexp(s.total.Hi)
	total, vtop := s.total.Scale(-e), v[s.top]
	e += s.scale
	mean := s.mean(v, i)
	for j := range dst {
		switch {
		case j == s.top:
			q := dd.DD{}.Sub(mean).Mul(s.inv).Mul(total)
			dst[j] = scaled(q, s.k+i+e)
		case s.y[j]-s.ytop < far:
			dst[j] = 0
		default:
			m, k := expDiff(s.y[j], s.ytop)
			d := difference(v[j], vtop, i).Sub(mean.Scale(s.k))
			q := m.Mul(s.inv).Mul(d).Mul(total)
			dst[j] = scaled(q, k+i+e)
		}
	}
}

// scaled returns the float64 nearest q·2^k: rounded once, also among the subnormals.
func scaled(q dd.DD, k int) float64 {
	if q.Lo == 0 {
		return math.Ldexp(q.Hi, k)
	}
	_, i := math.Frexp(q.Hi) // Nearest wants a number near 1
	y, _ := round.Nearest(q.Scale(-i), 0, k+i)
	return y
}

// mean returns Σ pₖ(vₖ−v_top)/2^(k+i), with the k of s.
func (s *softmax) mean(v []float64, i int) dd.DD {
	sum := dd.DD{}
	for j, yj := range s.y {
		if j != s.top && !(yj-s.ytop < far) {
			m, k := expDiff(yj, s.ytop)
			d := difference(v[j], v[s.top], i)
			sum = sum.Add(m.Scale(k - s.k).Mul(d))
		}
	}
	return sum.Mul(s.inv)
}

// difference returns (a−b)/2^i, where neither is above 2^i.
func difference(a, b float64, i int) dd.DD {
	return dd.TwoSum(math.Ldexp(a, -i), -math.Ldexp(b, -i))
}
