package loss

import (
	"math"

	"touchstone/activation"
	"touchstone/internal/dd"
	"touchstone/internal/round"
)

// LogitCrossEntropy is the binary cross-entropy of logits, summed over the
// outputs: ℓ = Σ [log(1+e^yⱼ) − tⱼ yⱼ], which is CrossEntropy of σ(y). Pair it
// with an Identity output layer. It is accurate where CrossEntropy of a rounded
// sigmoid has nothing left: its gradient σ(y)−t is 1, not 0 or Inf, at y = 1000
// with label 0. Equations (25) to (27) of package mlp.
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

// Value returns Σ [log(1+e^yⱼ) − tⱼ yⱼ]: correctly rounded terms, summed in order.
func (LogitCrossEntropy) Value(y, t []float64) float64 {
	checkValue(y, t)
	sum := 0.0
	for j, yj := range y {
		v, ok := quickLogit(yj, t[j])
		if !ok {
			v = slowLogit(yj, t[j])
		}
		sum += v
	}
	return sum
}

// Grad stores ∂ℓ/∂yⱼ = σ(yⱼ)−tⱼ, correctly rounded: also where t is nearly σ(y) and
// every bit of a rounded σ(y) cancels.
func (LogitCrossEntropy) Grad(dst, y, t []float64) {
	checkGrad(dst, y, t)
	for j, yj := range y {
		g, ok := quickLogitGrad(yj, t[j])
		if !ok {
			g, ok = finerLogitGrad(yj, t[j])
		}
		if !ok {
			g = slowLogitGrad(yj, t[j])
		}
		dst[j] = g
	}
}

// String returns "logit-cross-entropy".
func (LogitCrossEntropy) String() string { return "logit-cross-entropy" }

// slope returns what ℓ and σ(y)−t are, in the second case by a factor y, but for a part
// that falls like e^−|y|:
//
//	log(1+e^y) − t·y = (1−t)·y + log(1+e^−y)    σ(y) − t = (1−t) − σ(−y)   y ≥ 0
//	                 =    −t·y + log(1+e^y)              =    −t + σ(y)    y < 0
//
// It is exact, and 0 for a hard target that is right.
func slope(y, t float64) dd.DD {
	if y >= 0 {
		return dd.TwoSum(1, -t)
	}
	return dd.FromFloat(-t)
}

// quickLogit returns ℓ. With p, of at most 2u² error, and l, of 2^−75.9, the sum
// adds 3u²·(|p|+l). 2^−1000 covers underflow, and e^−Limit < 2^−1154, which stands for
// all that are less.
func quickLogit(y, t float64) (v float64, ok bool) {
	a, s := math.Abs(y), slope(y, t)
	switch {
	case s.Hi == 0:
		return activation.Softplus{}.Value(-a), true // also where 0·y would be NaN
	case y-y != 0 || t-t != 0:
		return s.Hi * y, true // infinite or NaN
	case max(a, math.Abs(t)) > 0x1p500:
		return 0, false
	}
	m, k := round.Softplus(min(a, round.Limit))
	p, l := s.MulFloat(y), m.Scale(k)
	sum := p.Add(l)
	e := bound(0x1p-75*l.Hi, 0x1p-102*math.Abs(p.Hi), 0x1p-1000)
	return sum.Hi, round.Settled(sum, e)
}

// slowLogit is the fallback. ℓ is irrational for all y and t, as log(e^0 + e^y) is.
//
// For |y| > Limit, slope·y is a multiple of 2^−1074·ulp(800) = 2^−1117, and so are
// midpoints; the logarithm is less and only its sign counts.
func slowLogit(y, t float64) float64 {
	return round.Slow(func(prec uint) round.Interval {
		s := slope(y, t)
		p := round.Point(s.Hi, prec).Add(round.Point(s.Lo, prec)).Mul(round.Point(y, prec))
		return p.Add(round.SoftplusSlow(min(math.Abs(y), round.Limit), prec))
	})
}

// quickLogitGrad returns σ(y)−t as the difference of slope and σ(−|y|), the smaller
// one of σ(y) and σ(−y), which is off by 2^−75.9. The sum adds 3u² of itself, and
// 2^−800 covers σ(−600) < 2^−865, which stands for all that are less.
func quickLogitGrad(y, t float64) (g float64, ok bool) {
	s := slope(y, t)
	switch {
	case y == 0:
		return 0.5 - t, true
	case s.Hi == 0:
		return math.Copysign(activation.Sigmoid{}.Value(-math.Abs(y)), -y), true
	case y != y:
		return y, true
	case y-y != 0 || t-t != 0:
		return s.Hi, true
	}
	return logitGrad(y, s, round.Sigmoid(-min(math.Abs(y), 600)), 0x1p-75)
}

// finerLogitGrad is quickLogitGrad with the slower exponential, for targets of which
// some 20 bits agree with σ(y): σ(−|y|) is off by 9.1u² + 2u² + 4.8u². The other
// functions need no such step, which would save picoseconds.
func finerLogitGrad(y, t float64) (g float64, ok bool) {
	m, k := dd.Exp(dd.FromFloat(min(math.Abs(y), 600)))
	return logitGrad(y, slope(y, t), m.Scale(k).AddFloat(1).Inv(), 0x1p-101)
}

// logitGrad returns s + σ(y) or s − σ(−y), given q = σ(−|y|) within err.
func logitGrad(y float64, s, q dd.DD, err float64) (g float64, ok bool) {
	if y > 0 {
		q = q.Neg()
	}
	d := s.Add(q)
	e := bound(err*math.Abs(q.Hi), 0x1p-103*math.Abs(d.Hi), 0x1p-800)
	return d.Hi, round.Settled(d, e)
}

// slowLogitGrad is the fallback. For y ≠ 0, σ(y) is transcendental.
//
// For |y| > Limit it is slope, a multiple of 2^−1074, and a part below 2^−1154, of
// which only the sign counts.
func slowLogitGrad(y, t float64) float64 {
	return round.Slow(func(prec uint) round.Interval {
		σ := round.SigmoidSlow(max(-round.Limit, min(y, round.Limit)), prec)
		return σ.Sub(round.Point(t, prec))
	})
}
