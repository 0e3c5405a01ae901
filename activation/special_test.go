package activation_test

import (
	"math"
	"math/big"
	"testing"

	"touchstone/activation"
	"touchstone/internal/bigfloat"
)

var (
	inf     = math.Inf(1)
	nan     = math.NaN()
	negZero = math.Copysign(0, -1)
)

// special is what the documentation lists under "Special cases are:", and the
// values of the functions that are exact everywhere.
var special = []struct {
	f            activation.Func
	z            float64
	value, deriv float64
}{
	{activation.Identity{}, 0, 0, 1},
	{activation.Identity{}, negZero, negZero, 1},
	{activation.Identity{}, inf, inf, 1},
	{activation.Identity{}, -inf, -inf, 1},
	{activation.Identity{}, nan, nan, nan},

	{activation.Sigmoid{}, 0, 0.5, 0.25},
	{activation.Sigmoid{}, negZero, 0.5, 0.25},
	{activation.Sigmoid{}, inf, 1, 0},
	{activation.Sigmoid{}, -inf, 0, 0},
	{activation.Sigmoid{}, nan, nan, nan},

	{activation.Tanh{}, 0, 0, 1},
	{activation.Tanh{}, negZero, negZero, 1},
	{activation.Tanh{}, inf, 1, 0},
	{activation.Tanh{}, -inf, -1, 0},
	{activation.Tanh{}, nan, nan, nan},

	{activation.ReLU{}, 0, 0, 0},
	{activation.ReLU{}, negZero, 0, 0},
	{activation.ReLU{}, 0x1p-1074, 0x1p-1074, 1},
	{activation.ReLU{}, -0x1p-1074, 0, 0},
	{activation.ReLU{}, inf, inf, 1},
	{activation.ReLU{}, -inf, 0, 0},
	{activation.ReLU{}, nan, nan, nan},

	{activation.Softplus{}, inf, inf, 1},
	{activation.Softplus{}, -inf, 0, 0},
	{activation.Softplus{}, nan, nan, nan},
}

// same reports whether x and y are the same float64, zeros of different sign not
// being the same and all NaNs being so.
func same(x, y float64) bool {
	return math.Float64bits(x) == math.Float64bits(y) || x != x && y != y
}

func TestSpecial(t *testing.T) {
	for _, c := range special {
		if v := c.f.Value(c.z); !same(v, c.value) {
			t.Errorf("%v: Value(%v) = %v, want %v", c.f, c.z, v, c.value)
		}
		if d := c.f.Deriv(c.z); !same(d, c.deriv) {
			t.Errorf("%v: Deriv(%v) = %v, want %v", c.f, c.z, d, c.deriv)
		}
	}
}

// TestSpecialSeesErrors: a zero of the wrong sign and a lost NaN are errors.
func TestSpecialSeesErrors(t *testing.T) {
	for _, c := range []struct{ got, want float64 }{
		{0, negZero},
		{negZero, 0},
		{0, nan},
		{nan, 1},
		{inf, -inf},
	} {
		if same(c.got, c.want) {
			t.Errorf("%v counts as %v", c.got, c.want)
		}
	}
}

// TestSoftplusAtZero: log 2 is rounded, so it has an error and not a bit pattern.
func TestSoftplusAtZero(t *testing.T) {
	f := activation.Softplus{}
	log2 := bigfloat.Log(big.NewFloat(2), 200)
	if err := bigfloat.UlpError(f.Value(0), log2); err > 0.5 || !same(f.Value(0), f.Value(negZero)) {
		t.Errorf("Value(0) = %v, Value(-0) = %v, off by %.2g ulp from log 2", f.Value(0), f.Value(negZero), err)
	}
	if f.Deriv(0) != 0.5 || f.Deriv(negZero) != 0.5 {
		t.Errorf("Deriv(±0) = %v, %v, want ½", f.Deriv(0), f.Deriv(negZero))
	}
}

// TestDocumented holds the comments of the package to what they say.
func TestDocumented(t *testing.T) {
	σ, tanh := activation.Sigmoid{}, activation.Tanh{}
	for _, c := range []struct {
		claim string
		true  bool
	}{
		{"σ(37.5) is nearest 1", nearest(bigfloat.Sigmoid, 37.5) == 1 && nearest(bigfloat.Sigmoid, 37.4) < 1},
		{"a(1−a) is 0 there", σ.Value(37.5)*(1-σ.Value(37.5)) == 0},
		{"σ′(37.5) is 5e-17", math.Abs(σ.Deriv(37.5)-5e-17) < 0.5e-17},
		{"σ′ stays positive up to 745", σ.Deriv(745) > 0 && σ.Deriv(-745) > 0 && σ.Deriv(746) == 0},
		{"σ(−745) is 5e-324", σ.Value(-745) == 5e-324 && 1/(1+math.Exp(745)) == 0},
		{"1−tanh² is 0 from 19.1 on", 1-tanh.Value(19.1)*tanh.Value(19.1) == 0 && 1-tanh.Value(19)*tanh.Value(19) != 0},
		{"tanh′(19.1) is 1e-16", math.Abs(tanh.Deriv(19.1)-1e-16) < 0.05e-16},
	} {
		if !c.true {
			t.Errorf("it is not true that %s", c.claim)
		}
	}
}
