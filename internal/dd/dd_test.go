package dd

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// TestExact checks the operations that round nothing against math/big.
func TestExact(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	for range 10_000 {
		x, y := pair(rnd)
		if rnd.IntN(4) == 0 {
			y = x
		}
		X, Y := x.big(), y.big()
		if got, want := x.Cmp(y), X.Cmp(Y); got != want {
			t.Errorf("%v.Cmp(%v) = %d, want %d", x, y, got, want)
		}
		if got := x.Neg().big(); got.Cmp(wide().Neg(X)) != 0 {
			t.Errorf("%v.Neg() = %v", x, got)
		}
		if got := x.Abs().big(); got.Cmp(wide().Abs(X)) != 0 {
			t.Errorf("%v.Abs() = %v", x, got)
		}
		if want, _ := X.Float64(); x.Float64() != want {
			t.Errorf("%v.Float64() = %g, want %g", x, x.Float64(), want)
		}
		if got := FromFloat(x.Hi).big(); got.Cmp(big.NewFloat(x.Hi)) != 0 {
			t.Errorf("FromFloat(%g) = %g", x.Hi, got)
		}
		k := rnd.IntN(701) - 350
		if x.Lo != 0 && math.Ilogb(x.Lo)+k < -1022 {
			continue
		}
		if got, want := x.Scale(k).big(), wide().SetMantExp(X, k); got.Cmp(want) != 0 {
			t.Errorf("%v.Scale(%d) = %v, want %v", x, k, got, want)
		}
	}
}

// TestScaleFar takes powers of two that are no float64, in both directions.
func TestScaleFar(t *testing.T) {
	for _, c := range []struct {
		x    float64
		k    int
		want float64
	}{
		{0x1p-1000, 2000, 0x1p1000},
		{0x1p1000, -2000, 0x1p-1000},
		{1, -1074, 0x1p-1074},
		{1.5, -1075, 0x1p-1074},
		{1, -1076, 0},
		{1, 1023, 0x1p1023},
		{1, -1022, 0x1p-1022},
		{1, -1023, 0x1p-1023},
		{0.5, 1024, 0x1p1023},
	} {
		if got := (DD{c.x, 0}).Scale(c.k); got != (DD{c.want, 0}) {
			t.Errorf("%g·2^%d = %v, want %g", c.x, c.k, got, c.want)
		}
	}
}

// TestSpecial checks the values that come out exact, and the smallest arguments.
func TestSpecial(t *testing.T) {
	one, zero, tiny := DD{1, 0}, DD{}, DD{0x1p-1074, 0}
	if got := zero.Abs(); math.Signbit(got.Hi) || math.Signbit(got.Lo) {
		t.Errorf("%v.Abs() = %v", zero, got)
	}
	for _, x := range []DD{zero, {0x1p-1074, 0}, {-0x1p-1074, 0}} {
		if m, k := Exp(x); m != one.AddFloat(x.Hi) || k != 0 {
			t.Errorf("Exp(%v) = %v·2^%d", x, m, k)
		}
		if m, k := ExpFast(x.Hi); m.Hi != 1 || k != 0 {
			t.Errorf("ExpFast(%v) = %v·2^%d", x, m, k)
		}
		if got := Expm1(x); got != x {
			t.Errorf("Expm1(%v) = %v", x, got)
		}
		if got := Expm1Fast(x.Hi); got != x {
			t.Errorf("Expm1Fast(%v) = %v", x, got)
		}
	}
	for _, x := range []DD{zero, tiny, {0x1p-120, 0x1p-180}} {
		if got := Log1p(x); got != x {
			t.Errorf("Log1p(%v) = %v", x, got)
		}
	}
	for _, x := range []DD{zero, tiny} {
		if got := Log1pFast(x); got != x {
			t.Errorf("Log1pFast(%v) = %v", x, got)
		}
	}
}

// TestExpRange holds Exp and ExpFast to the interval they give for m.
func TestExpRange(t *testing.T) {
	for i := -4_000; i <= 4_000; i++ {
		x := float64(i) / 4
		if m, _ := Exp(DD{x, 0}); m.Hi <= 0.703 || m.Hi >= 1.407 {
			t.Errorf("Exp(%g): m = %v", x, m)
		}
		if m, _ := ExpFast(x); m.Hi <= 0.703 || m.Hi >= 1.407 {
			t.Errorf("ExpFast(%g): m = %v", x, m)
		}
	}
}

// TestNoAlloc: a DD lives in registers.
func TestNoAlloc(t *testing.T) {
	x := DD{0.3, 0x1p-60}
	if n := testing.AllocsPerRun(100, func() {
		m, k := Exp(x)
		sinkD = Log1p(Expm1(x)).Add(m.Scale(k)).Div(x)
	}); n != 0 {
		t.Errorf("%g allocations", n)
	}
}
