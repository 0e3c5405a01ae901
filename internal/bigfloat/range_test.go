package bigfloat

import (
	"math"
	"math/big"
	"runtime"
	"testing"
)

// TestRange goes through the ends of float64 and of big.Float and through the
// special cases. The results are exact.
func TestRange(t *testing.T) {
	inf, zero := math.Inf(1), math.Copysign(0, -1)
	const huge = math.MaxFloat64
	for _, c := range []struct {
		name    string
		f       function
		x, want float64
	}{
		{"Exp", Exp, 0, 1},
		{"Exp", Exp, zero, 1},
		{"Exp", Exp, huge, inf},
		{"Exp", Exp, -huge, 0},
		{"Exp", Exp, 0x1p30 + 1, inf},
		{"Exp", Exp, -0x1p30 - 1, 0},
		{"Exp", Exp, inf, inf},
		{"Exp", Exp, -inf, 0},
		{"Expm1", Expm1, 0, 0},
		{"Expm1", Expm1, zero, zero},
		{"Expm1", Expm1, 0x1p-1074, 0x1p-1074},
		{"Expm1", Expm1, huge, inf},
		{"Expm1", Expm1, -huge, -1},
		{"Expm1", Expm1, inf, inf},
		{"Expm1", Expm1, -inf, -1},
		{"Log", Log, 0, -inf},
		{"Log", Log, zero, -inf},
		{"Log", Log, 1, 0},
		{"Log", Log, inf, inf},
		{"Log1p", Log1p, 0, 0},
		{"Log1p", Log1p, zero, zero},
		{"Log1p", Log1p, 0x1p-1074, 0x1p-1074},
		{"Log1p", Log1p, -1, -inf},
		{"Log1p", Log1p, inf, inf},
		{"Sigmoid", Sigmoid, 0, 0.5},
		{"Sigmoid", Sigmoid, zero, 0.5},
		{"Sigmoid", Sigmoid, huge, 1},
		{"Sigmoid", Sigmoid, -huge, 0},
		{"Sigmoid", Sigmoid, inf, 1},
		{"Sigmoid", Sigmoid, -inf, 0},
		{"SigmoidDeriv", SigmoidDeriv, 0, 0.25},
		{"SigmoidDeriv", SigmoidDeriv, huge, 0},
		{"SigmoidDeriv", SigmoidDeriv, -huge, 0},
		{"SigmoidDeriv", SigmoidDeriv, inf, 0},
		{"SigmoidDeriv", SigmoidDeriv, -inf, 0},
		{"Tanh", Tanh, 0, 0},
		{"Tanh", Tanh, zero, zero},
		{"Tanh", Tanh, 0x1p-1074, 0x1p-1074},
		{"Tanh", Tanh, -0x1p-1074, -0x1p-1074},
		{"Tanh", Tanh, huge, 1},
		{"Tanh", Tanh, -huge, -1},
		{"Tanh", Tanh, inf, 1},
		{"Tanh", Tanh, -inf, -1},
		{"TanhDeriv", TanhDeriv, 0, 1},
		{"TanhDeriv", TanhDeriv, huge, 0},
		{"TanhDeriv", TanhDeriv, -huge, 0},
		{"TanhDeriv", TanhDeriv, inf, 0},
		{"TanhDeriv", TanhDeriv, -inf, 0},
		{"Softplus", Softplus, huge, huge},
		{"Softplus", Softplus, -huge, 0},
		{"Softplus", Softplus, inf, inf},
		{"Softplus", Softplus, -inf, 0},
	} {
		got := c.f(big.NewFloat(c.x), 400)
		if f, _ := got.Float64(); math.Float64bits(f) != math.Float64bits(c.want) || got.Prec() != 400 {
			t.Errorf("%s(%g) = %g to %d bits, want %g", c.name, c.x, got, got.Prec(), c.want)
		}
	}
}

// TestSaturation: up to ±2³⁰ the exponential is a number like any other.
func TestSaturation(t *testing.T) {
	top := Exp(saturation, 100)
	if e := top.MantExp(nil); e != 1549082005 { // ⌈2³⁰/ln 2⌉
		t.Errorf("the exponent of e^(2^30) is %d", e)
	}
	bottom := Exp(new(big.Float).Neg(saturation), 100)
	if one := top.Mul(top, bottom); !within(one, newInt(1), newInt(1), 98) {
		t.Errorf("e^(2^30)·e^(−2^30) = %g", one)
	}
}

// TestLogNearOne: log(1+x) is as accurate where it is next to 0, and a sum of two
// logarithms would cancel.
func TestLogNearOne(t *testing.T) {
	for _, e := range []int{-3, -60, -200} {
		for _, x := range []float64{1, -1, 1.25, -1.75} {
			x := new(big.Float).SetMantExp(big.NewFloat(x), e)
			want := Log1p(x, 400)
			if got := Log(newFloat(300).Add(x, newInt(1)), 200); !within(got, want, want, 199) {
				t.Errorf("Log(1 + %g) = %g, want %g", x, got, want)
			}
		}
	}
}

// TestLogOfNegative: no NaN, a panic.
func TestLogOfNegative(t *testing.T) {
	for _, f := range []func(){
		func() { Log(big.NewFloat(-1), 53) },
		func() { Log(new(big.Float).SetInf(true), 53) },
		func() { Log1p(big.NewFloat(-1.5), 53) },
	} {
		func() {
			defer func() {
				if r := recover(); r != "bigfloat: logarithm of a negative number" {
					t.Errorf("recovered %v", r)
				}
			}()
			f()
		}()
	}
}

// TestAdd: what is left out of a sum is less than half of its last place, also next to a
// power of two: the sum is rounded like any other.
func TestAdd(t *testing.T) {
	const w = 20
	for _, x := range []float64{1, -1, 1 + 0x1p-19, 2 - 0x1p-19} {
		for d := w - 3; d < w+5; d++ {
			for _, y := range []float64{1, -1, 2 - 0x1p-19, 0x1p-19 - 2} {
				x, y := big.NewFloat(x), new(big.Float).SetMantExp(big.NewFloat(y), -d)
				want := newFloat(w).Add(x, y)
				if got := Add(newFloat(w), x, y); got.Cmp(want) != 0 {
					t.Errorf("%g + %g = %g, want %g", x, y, got, want)
				}
				if got := Add(newFloat(w), y, x); got.Cmp(want) != 0 {
					t.Errorf("%g + %g = %g, want %g", y, x, got, want)
				}
			}
		}
	}
}

// TestFarApart: sums of very different terms cost no more than others.
func TestFarApart(t *testing.T) {
	tiny := new(big.Float).SetMantExp(newInt(1), -2e9)
	huge := new(big.Float).SetMantExp(newInt(1), 2e9)
	for _, c := range []struct {
		name string
		f    func()
	}{
		{"Exp", func() { Exp(tiny, 400) }},
		{"Expm1", func() { Expm1(tiny, 400) }},
		{"Expm1", func() { Expm1(big.NewFloat(1e9), 400) }},
		{"Log1p", func() { Log1p(tiny, 400) }},
		{"Log1p", func() { Log1p(huge, 400) }},
		{"Sigmoid", func() { Sigmoid(big.NewFloat(-1e9), 400) }},
		{"SigmoidDeriv", func() { SigmoidDeriv(big.NewFloat(1e9), 400) }},
		{"Tanh", func() { Tanh(tiny, 400) }},
		{"Tanh", func() { Tanh(big.NewFloat(5e8), 400) }},
		{"TanhDeriv", func() { TanhDeriv(big.NewFloat(5e8), 400) }},
		{"Softplus", func() { Softplus(big.NewFloat(1e9), 400) }},
		{"Softplus", func() { Softplus(big.NewFloat(-1e9), 400) }},
		{"UlpError", func() { UlpError(1, tiny) }},
		{"UlpError", func() { UlpError(1, huge) }},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		c.f()
		runtime.ReadMemStats(&after)
		if n := after.TotalAlloc - before.TotalAlloc; n > 1<<22 {
			t.Errorf("%s allocates %d bytes", c.name, n)
		}
	}
}

// TestArgumentsUnchanged: an argument is only read, and so is the ln 2 that all
// results share.
func TestArgumentsUnchanged(t *testing.T) {
	for _, fn := range functions {
		for _, v := range []float64{1e-9, 0.3, 0.7, 5, 1e5} {
			x := big.NewFloat(v)
			first := fn.f(x, 200)
			if f, acc := x.Float64(); f != v || acc != big.Exact || x.Prec() != 53 {
				t.Errorf("%s(%g) has changed its argument to %g", fn.name, v, x)
			}
			r := fn.f(x, 200)
			r.Mul(r, newInt(3))
			if again := fn.f(x, 200); again.Cmp(first) != 0 {
				t.Errorf("%s(%g) = %g, then %g", fn.name, v, first, again)
			}
		}
	}
}
