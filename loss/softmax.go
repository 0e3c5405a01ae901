package loss

import "math"

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

// Value returns Σ tⱼ (log Σₖ e^yₖ − yⱼ).
func (SoftmaxCrossEntropy) Value(y, t []float64) float64 {
	checkValue(y, t)
	if len(y) == 0 {
		return 0
	}
	top, rest := softmax(y)
	l := math.Log1p(rest)
	// log Σ e^yₖ − yⱼ = (y_top − yⱼ) + log1p(rest): no term is negative.
	sum := 0.0
	for j, yj := range y {
		switch {
		case t[j] == 0: // also where yⱼ is −Inf
		case j == top: // also where y_top is +Inf and y_top − y_top would be NaN
			sum += float64(t[j] * l)
		default:
			sum += float64(t[j] * ((y[top] - yj) + l))
		}
	}
	if l != l {
		return l // even if every target is 0
	}
	return sum
}

// Grad stores ∂ℓ/∂yⱼ = (Σₖ tₖ)·pⱼ − tⱼ.
func (SoftmaxCrossEntropy) Grad(dst, y, t []float64) {
	checkGrad(dst, y, t)
	if len(y) == 0 {
		return
	}
	top, rest := softmax(y)
	others := 0.0 // Σ tₖ, k ≠ top
	for k, tk := range t {
		if k != top {
			others += tk
		}
	}
	// With p_top = 1/(1+rest), the derivative at top is
	// (others + t_top)/(1+rest) − t_top = (others − t_top·rest)/(1+rest),
	// which for a one-hot target is −rest/(1+rest): the small number itself,
	// where p_top − 1 would have cancelled. No other p exceeds ½.
	ytop, ttop := y[top], t[top]
	total := others + ttop
	for j := range dst {
		if j == top {
			continue
		}
		p := math.Exp(y[j]-ytop) / (1 + rest)
		dst[j] = float64(total*p) - t[j]
	}
	dst[top] = (others - float64(ttop*rest)) / (1 + rest)
}

// String returns "softmax-cross-entropy".
func (SoftmaxCrossEntropy) String() string { return "softmax-cross-entropy" }

// softmax returns the index of the largest element of y, which must not be
// empty, and rest = Σ e^(yₖ − y_top) over all the others, so that
// Σₖ e^yₖ = e^y_top·(1 + rest). rest is NaN if any element is.
func softmax(y []float64) (top int, rest float64) {
	for k, yk := range y {
		if yk > y[top] {
			top = k
		}
	}
	if y[top] != y[top] {
		return top, math.NaN() // y[0] is NaN, and nothing compares greater
	}
	for k, yk := range y {
		if k != top {
			rest += math.Exp(yk - y[top])
		}
	}
	return top, rest
}
