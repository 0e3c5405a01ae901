package loss

import "math"

// CrossEntropy is the binary cross-entropy of probabilities, summed over the
// outputs: ℓ = −Σ [tⱼ log yⱼ + (1−tⱼ) log(1−yⱼ)], with 0·log 0 = 0.
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

// Value returns −Σ [tⱼ log yⱼ + (1−tⱼ) log(1−yⱼ)].
func (CrossEntropy) Value(y, t []float64) float64 {
	checkValue(y, t)
	sum := 0.0
	for j, yj := range y {
		sum += float64(crossEntropy(yj, t[j]))
	}
	return sum
}

// Grad stores ∂ℓ/∂yⱼ = (yⱼ−tⱼ) / (yⱼ(1−yⱼ)).
func (CrossEntropy) Grad(dst, y, t []float64) {
	checkGrad(dst, y, t)
	for j, yj := range y {
		dst[j] = crossEntropyGrad(yj, t[j])
	}
}

// String returns "cross-entropy".
func (CrossEntropy) String() string { return "cross-entropy" }

func crossEntropy(y, t float64) float64 {
	if !(0 <= y && y <= 1) {
		return math.NaN()
	}
	// A factor of exactly 0 wins over an infinite logarithm.
	v := 0.0
	if t != 0 {
		v -= float64(t * log(y))
	}
	if t != 1 {
		v -= float64((1 - t) * math.Log1p(-y)) // log(1−y) would round 1−y first
	}
	return v
}

func crossEntropyGrad(y, t float64) float64 {
	if !(0 <= y && y <= 1) {
		return math.NaN()
	}
	y = math.Abs(y) // −0 would send −t/y to the wrong infinity
	switch t {
	case 0:
		return 1 / (1 - y)
	case 1:
		return -1 / y
	}
	return (y - t) / (y * (1 - y)) // one difference; −t/y + (1−t)/(1−y) would cancel
}

// log returns log y. math.Log takes a subnormal number for another one on amd64
// and s390x: see https://go.dev/issue/56600.
func log(y float64) float64 {
	if 0 < y && y < 0x1p-1022 {
		return math.Log(y*0x1p52) - 52*math.Ln2
	}
	return math.Log(y)
}
