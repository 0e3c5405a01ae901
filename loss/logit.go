package loss

import (
	"math"

	"touchstone/activation"
)

// LogitCrossEntropy is the binary cross-entropy of logits, summed over the
// outputs: ℓ = Σ [log(1+e^yⱼ) − tⱼ yⱼ], which is CrossEntropy of σ(y). Pair it
// with an Identity output layer. It is accurate where CrossEntropy of a rounded
// sigmoid has nothing left: its gradient σ(y)−t is 1, not 0 or Inf, at y = 1000
// with label 0.
//
// Special cases, for each output, are:
//
//	y = +Inf: the loss is 0 if t = 1, else +Inf; the gradient is 1−t
//	y = −Inf: the loss is 0 if t = 0, else +Inf; the gradient is −t
//	y or t NaN: both are NaN
//
// That list is for t in [0, 1]. Targets outside it are not refused: the formulas
// hold as they are.
type LogitCrossEntropy struct{}

// Value returns Σ [log(1+e^yⱼ) − tⱼ yⱼ].
func (LogitCrossEntropy) Value(y, t []float64) float64 {
	checkValue(y, t)
	sum := 0.0
	for j, yj := range y {
		sum += float64(logitCrossEntropy(yj, t[j]))
	}
	return sum
}

// Grad stores ∂ℓ/∂yⱼ = σ(yⱼ)−tⱼ.
func (LogitCrossEntropy) Grad(dst, y, t []float64) {
	checkGrad(dst, y, t)
	for j, yj := range y {
		dst[j] = logitCrossEntropyGrad(yj, t[j])
	}
}

// String returns "logit-cross-entropy".
func (LogitCrossEntropy) String() string { return "logit-cross-entropy" }

// logitCrossEntropy splits by the sign of y, so that for t in [0, 1] no term is
// negative and nothing cancels:
//
//	log(1+e^y) − t·y = (1−t)·y + log1p(e^−y)   y ≥ 0
//	                 =    −t·y + log1p(e^y)    y < 0
func logitCrossEntropy(y, t float64) float64 {
	l := math.Log1p(math.Exp(-math.Abs(y)))
	slope := -t
	if y >= 0 {
		slope = 1 - t
	}
	if slope == 0 {
		return l // also where y is infinite and 0·y would be NaN
	}
	return float64(slope*y) + l
}

// logitCrossEntropyGrad returns σ(y)−t, for large y as (1−t) − σ(−y): there
// σ(y) has rounded its distance from 1 away and σ(−y) has not. For t ≥ ½ the
// difference 1−t is exact.
func logitCrossEntropyGrad(y, t float64) float64 {
	if y > 0 && t >= 0.5 {
		return (1 - t) - activation.Sigmoid{}.Value(-y)
	}
	return activation.Sigmoid{}.Value(y) - t
}
