package loss

import (
	"math"
	"math/big"

	"touchstone/internal/dd"
	"touchstone/internal/round"
)

// CrossEntropy is the binary cross-entropy of probabilities, summed over the
// outputs: ℓ = −Σ [tⱼ log yⱼ + (1−tⱼ) log(1−yⱼ)], with 0·log 0 = 0. Equations (22)
// to (24) of package mlp.
//
// It takes y at its word. Where y is a rounded sigmoid it has already lost its
// tail: at z = 36 the loss of the right label is off by 4 %; from z = 37.5 on it is
// 0, and that of the wrong label +Inf. To train, pair LogitCrossEntropy with an
// identity output.
//
// Special cases, for each output, are:
//
//	y = 0 or 1, equal to t: the loss is 0, the gradient is 1 (y = 0) or −1 (y = 1)
//	y = 0, t > 0: the loss is +Inf, the gradient −Inf
//	y = 1, t < 1: the loss is +Inf, the gradient +Inf
//	y < 0, y > 1, or either is NaN: both are NaN
//
// That list is for finite t. Targets are not restricted to [0, 1]: outside it, the
// formulas hold as they are.
type CrossEntropy struct{}

// Value returns −Σ [tⱼ log yⱼ + (1−tⱼ) log(1−yⱼ)]: correctly rounded terms, summed
// in order.
func (CrossEntropy) Value(y, t []float64) float64 {
	checkValue(y, t)
	sum := 0.0
	for j, yj := range y {
		v, ok := quickCrossEntropy(yj, t[j])
		if !ok {
			v = slowCrossEntropy(yj, t[j])
		}
		sum += v
	}
	return sum
}

// Grad stores ∂ℓ/∂yⱼ = (yⱼ−tⱼ) / (yⱼ(1−yⱼ)), correctly rounded.
func (CrossEntropy) Grad(dst, y, t []float64) {
	checkGrad(dst, y, t)
	for j, yj := range y {
		g, ok := quickCrossEntropyGrad(yj, t[j])
		if !ok {
			g = slowCrossEntropyGrad(yj, t[j])
		}
		dst[j] = g
	}
}

// String returns "cross-entropy".
func (CrossEntropy) String() string { return "cross-entropy" }

func quickCrossEntropy(y, t float64) (v float64, ok bool) {
	switch {
	case !(0 <= y && y <= 1) || t-t != 0:
		return math.NaN(), true
	case y == t && (y == 0 || y == 1):
		return 0, true
	case y == 0:
		return t * math.Inf(1), true
	case y == 1:
		return (1 - t) * math.Inf(1), true
	case t == 0:
		// For a subnormal y it is y itself, as y + y²/2 rounds to y.
		b := negLog1m(y)
		return b.Hi, round.SettledWithin(b, 0x1p-78)
	case t == 1:
		a := negLog(y)
		return a.Hi, round.SettledWithin(a, 0x1p-78)
	case !inside(math.Abs(t), 0x1p-800, 0x1p800):
		return 0, false
	}
	// The first term is at least 2^−853, so that 2^−78 of it covers an underflow
	// in the second.
	a := negLog(y).MulFloat(t)
	b := negLog1m(y).Mul(dd.TwoSum(1, -t))
	s := a.Add(b)
	return s.Hi, round.Settled(s, float64(0x1p-78*(math.Abs(a.Hi)+math.Abs(b.Hi))))
}

// slowCrossEntropy is the fallback. For 0 < y < 1, ℓ = −log(y^t·(1−y)^(1−t)) is the
// logarithm of an algebraic number, and transcendental unless that is 1. It never
// is: let y = a/2ⁿ and 1−y = b/2ⁿ with odd a and b, n ≥ 1, and t = p/q. Then
// a^p·b^(q−p), a quotient of odd numbers, would be 2^(nq).
func slowCrossEntropy(y, t float64) float64 {
	return round.Slow(func(prec uint) round.Interval {
		a := round.Point(t, prec).Mul(round.Log(y, prec))
		b := round.Point(1, prec).Sub(round.Point(t, prec)).Mul(round.Log1p(-y, prec))
		return a.Add(b).Neg()
	})
}

func quickCrossEntropyGrad(y, t float64) (g float64, ok bool) {
	if !(0 <= y && y <= 1) {
		return math.NaN(), true
	}
	y = math.Abs(y) // −0 would send −t/y to the wrong infinity
	switch {
	case t == 1:
		return -1 / y, true
	case t == 0 && y >= 0.5:
		return 1 / (1 - y), true // 1−y is exact
	case t == 0:
		q := dd.TwoSum(1, -y).Inv() // within 4.8u²
		return q.Hi, round.SettledWithin(q, 0x1p-103)
	case y == 0 || y == 1 || y == t || t-t != 0:
		return (y - t) / float64(y*(1-y)), true // 0, infinite or NaN
	}
	d := dd.TwoSum(y, -t) // one difference; −t/y + (1−t)/(1−y) would cancel
	if !inside(y, 0x1p-400, 1) || !inside(math.Abs(d.Hi), 0x1p-400, 0x1p400) {
		return 0, false
	}
	q := d.Div(dd.TwoSum(1, -y).MulFloat(y)) // within 10.9u² + 2u²
	return q.Hi, round.SettledWithin(q, 0x1p-102)
}

// slowCrossEntropyGrad is exact until it rounds, as the quotient may be a midpoint.
func slowCrossEntropyGrad(y, t float64) float64 {
	d := rat(1)
	d.Sub(d, rat(y)).Mul(d, rat(y))
	n := rat(y)
	n.Sub(n, rat(t))
	g, _ := new(big.Rat).Quo(n, d).Float64()
	return g
}
