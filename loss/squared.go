package loss

import (
	"math"
	"math/big"

	"touchstone/internal/dd"
	"touchstone/internal/round"
)

// Squared is ℓ = ½‖y−t‖² = ½ Σ (yⱼ−tⱼ)². The ½ belongs to the loss, so that its
// gradient is y−t and not twice that. Over several outputs it is a sum, never a
// mean. Equations (19) to (21) of package mlp.
//
// NaN and Inf propagate by the ordinary rules.
type Squared struct{}

// Value returns ½ Σ (yⱼ−tⱼ)²: correctly rounded terms, summed in order.
func (Squared) Value(y, t []float64) float64 {
	checkValue(y, t)
	sum := 0.0
	for j, yj := range y {
		v, ok := quickSquared(yj, t[j])
		if !ok {
			v = slowSquared(yj, t[j])
		}
		sum += v
	}
	return sum
}

// Grad stores ∂ℓ/∂yⱼ = yⱼ−tⱼ, correctly rounded.
func (Squared) Grad(dst, y, t []float64) {
	checkGrad(dst, y, t)
	for j, yj := range y {
		dst[j] = yj - t[j]
	}
}

// String returns "squared".
func (Squared) String() string { return "squared" }

// quickSquared returns ½(y−t)². To round y−t first would cost up to a whole ulp.
func quickSquared(y, t float64) (v float64, ok bool) {
	d := dd.TwoSum(y, -t)
	switch a := math.Abs(d.Hi); {
	case d.Lo == 0, d.Lo != d.Lo:
		// y−t is a float64, and one product rounds once; ½a is exact unless a² is
		// 0. Or it overflows, or is infinite or NaN, and so is the result.
		return float64(0.5 * a * a), true
	case !inside(a, 0x1p-400, 0x1p500):
		return 0, false
	}
	q := d.Mul(d) // within 6.01u²
	return 0.5 * q.Hi, round.SettledWithin(q, 0x1p-103)
}

// slowSquared is exact until it rounds, as ½(y−t)² may well be a midpoint.
func slowSquared(y, t float64) float64 {
	d := rat(y)
	d.Sub(d, rat(t))
	v, _ := d.Mul(d, d).Mul(d, big.NewRat(1, 2)).Float64()
	return v
}

func rat(x float64) *big.Rat { return new(big.Rat).SetFloat64(x) }
