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
		x := dd(rnd)
		X := x.big()
		if got := x.Neg().big(); got.Cmp(wide().Neg(X)) != 0 {
			t.Errorf("%v.Neg() = %v", x, got)
		}
		if got := x.Abs().big(); got.Cmp(wide().Abs(X)) != 0 {
			t.Errorf("%v.Abs() = %v", x, got)
		}
		if want, _ := X.Float64(); x.Hi != want {
			t.Errorf("%v is not of the form Hi = RN(Hi+Lo): %g", x, want)
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

// TestLargest has the operands that the claims named "largest" leave out: of a sum that
// does not overflow, TwoSum says nothing if b is ±MaxFloat64.
func TestLargest(t *testing.T) {
	const least = 3 * 0x1p970 // 1½ ulp of MaxFloat64
	for _, sign := range []float64{1, -1} {
		a, b := -sign*least, sign*math.MaxFloat64
		if got := TwoSum(a, b); got.Hi != a+b || !math.IsNaN(got.Lo) {
			t.Errorf("TwoSum(%g, %g) = %v", a, b, got)
		}
		if got := TwoSum(b, a).big(); got.Cmp(sum(DD{a, 0}.big(), DD{b, 0}.big())) != 0 {
			t.Errorf("TwoSum(%g, %g) = %v", b, a, got)
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

// TestOnePlusRange holds OnePlus to the interval for f, where rounding may leave it: at
// powers of two and just below them.
func TestOnePlusRange(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	for range 10_000 {
		x, _ := aboveOne(rnd)
		if f, _ := OnePlus(x); !(f.Hi >= 0) || f.AddFloat(-1).Hi > 0 {
			t.Errorf("OnePlus(%v): f = %v", x, f)
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
