package activation_test

import (
	"math"
	"math/big"
	"testing"

	"touchstone/activation"
	"touchstone/internal/bigfloat"
)

// trueSigmoidDeriv2 is σ′(z)·(σ(−z)−σ(z)), word for word: with as many bits more as
// the difference loses. From 2¹² on the difference is ∓1 within 2^−5000, which math/big
// would hold in as many bits as e^−|z| is small.
func trueSigmoidDeriv2(z *big.Float, prec uint) *big.Float {
	if z.Sign() == 0 {
		return new(big.Float).Neg(z)
	}
	w := prec + 64
	switch exponent := z.MantExp(nil); {
	case exponent > 12:
		d := bigfloat.SigmoidDeriv(z, w)
		if z.Sign() > 0 {
			d.Neg(d)
		}
		return d.SetPrec(prec)
	case exponent < 0:
		w += uint(-exponent)
	}
	d := new(big.Float).SetPrec(w).Sub(bigfloat.Sigmoid(new(big.Float).Neg(z), w), bigfloat.Sigmoid(z, w))
	return d.Mul(d, bigfloat.SigmoidDeriv(z, w)).SetPrec(prec)
}

// trueTanhDeriv2 is −2·tanh(z)·tanh′(z).
func trueTanhDeriv2(z *big.Float, prec uint) *big.Float {
	v := bigfloat.Tanh(z, prec+64)
	v.Mul(v, bigfloat.TanhDeriv(z, prec+64))
	return v.Mul(v, big.NewFloat(-2)).SetPrec(prec)
}

func zero(*big.Float, uint) *big.Float { return new(big.Float) }

var wrongSigmoidDeriv2 = []formula{
	{"σ′(z)·(1−2σ(z))", func(z float64) float64 { return activation.Sigmoid{}.Deriv(z) * (1 - 2*σ(z)) }},
	{"σ′(z)·(σ(−z)−σ(z))", func(z float64) float64 { return activation.Sigmoid{}.Deriv(z) * (σ(-z) - σ(z)) }},
	{"the wrong sign", func(z float64) float64 { return -activation.Sigmoid{}.Deriv2(z) }},
	{"σ′", activation.Sigmoid{}.Deriv},
	{"−z/8", func(z float64) float64 { return -z / 8 }},
}

var wrongTanhDeriv2 = []formula{
	{"−2a(1−a²)", func(z float64) float64 { a := math.Tanh(z); return -2 * a * (1 - a*a) }},
	{"−2·tanh·tanh′, rounded thrice", func(z float64) float64 {
		return -2 * activation.Tanh{}.Value(z) * activation.Tanh{}.Deriv(z)
	}},
	{"4σ″(2z)", func(z float64) float64 { return 4 * activation.Sigmoid{}.Deriv2(2*z) }},
}

var wrongZero = []formula{{"an impulse at 0", func(z float64) float64 {
	if z == 0 {
		return 1
	}
	return 0
}}}

// specialSeconds is what the documentation lists under "Special cases are:".
var specialSeconds = []struct {
	f         activation.Func2
	z, deriv2 float64
}{
	{activation.Identity{}, 0, 0},
	{activation.Identity{}, -inf, 0},
	{activation.Identity{}, nan, nan},
	{activation.Sigmoid{}, 0, negZero},
	{activation.Sigmoid{}, negZero, 0},
	{activation.Sigmoid{}, inf, negZero},
	{activation.Sigmoid{}, -inf, 0},
	{activation.Sigmoid{}, 746, negZero},
	{activation.Sigmoid{}, -1e9, 0},
	{activation.Sigmoid{}, nan, nan},
	{activation.Tanh{}, 0, negZero},
	{activation.Tanh{}, negZero, 0},
	{activation.Tanh{}, inf, negZero},
	{activation.Tanh{}, -inf, 0},
	{activation.Tanh{}, nan, nan},
	{activation.ReLU{}, 0, 0},
	{activation.ReLU{}, negZero, 0},
	{activation.ReLU{}, 1, 0},
	{activation.ReLU{}, inf, 0},
	{activation.ReLU{}, nan, nan},
	{activation.Softplus{}, 0, 0.25},
	{activation.Softplus{}, inf, 0},
	{activation.Softplus{}, -inf, 0},
	{activation.Softplus{}, nan, nan},
}

func TestSpecialDeriv2(t *testing.T) {
	for _, c := range specialSeconds {
		if d := c.f.Deriv2(c.z); !same(d, c.deriv2) {
			t.Errorf("%v: Deriv2(%v) = %v, want %v", c.f, c.z, d, c.deriv2)
		}
	}
}

// A result among the subnormal numbers is z/8, but for z²/3 of itself: where that is
// a midpoint, rounding it to even is wrong every other time.
func TestDeriv2BetweenSubnormals(t *testing.T) {
	even := 0
	for n := range 100 {
		z := math.Ldexp(float64(n), -1074)
		want := math.Ldexp(-math.Ceil(float64(n)/8-0.5), -1074) // to nearest, ties to 0
		if d := (activation.Sigmoid{}).Deriv2(z); d != want {
			t.Errorf("Deriv2(%d·2^−1074) = %v, want %v", n, d, want)
		}
		if -z/8 != want {
			even++
		}
	}
	if even != 6 {
		t.Errorf("rounding to even errs %d times, want 6", even)
	}
}

// Among the subnormals σ″(z) is what is just below −z/8, rounded: at midpoints down, in
// magnitude, where −z/8 goes to even.
func TestSubnormalSigmoidDeriv2(t *testing.T) {
	differ := 0
	for k := 1; k < 1000; k++ {
		z := float64(k) * 0x1p-1074
		want := -float64((k+3)/8) * 0x1p-1074 // k/8 − ½, rounded up
		if got := (activation.Sigmoid{}).Deriv2(z); got != want {
			t.Errorf("at %d·2^−1074: %v, want %v", k, got, want)
		}
		if got := (activation.Sigmoid{}).Deriv2(-z); got != -want {
			t.Errorf("at −%d·2^−1074: %v, want %v", k, got, -want)
		}
		if -z/8 != want {
			differ++
		}
	}
	if differ != 62 { // every other midpoint
		t.Errorf("−z/8 differs at %d numbers", differ)
	}
}
