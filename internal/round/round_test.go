package round

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"touchstone/internal/dd"
)

// truth returns the float64 nearest (x+d)·2^k.
func truth(x dd.DD, d float64, k int) float64 {
	v := new(big.Float).SetPrec(3000).SetFloat64(x.Hi)
	v.Add(v, big.NewFloat(x.Lo))
	v.Add(v, big.NewFloat(d))
	y, _ := v.SetMantExp(v, k).Float64()
	return y
}

// draw returns a double-double of random signs, often near a midpoint, and a bound.
func draw(rnd *rand.Rand) (x dd.DD, e float64) {
	hi := 1 + float64(rnd.Uint64()>>(12+rnd.IntN(52)))*0x1p-52
	if rnd.IntN(2) == 0 { // few bits: a midpoint of subnormals
		hi = 1 + float64(rnd.IntN(1<<10))*0x1p-10
	}
	lo := []float64{0, 0x1p-53, 0x1p-54, 0x1p-60, 0x1p-80, 0x1p-100}[rnd.IntN(6)] * []float64{1, rnd.Float64(), 1 - 0x1p-30}[rnd.IntN(3)]
	if rnd.IntN(2) == 0 {
		lo = -lo
	}
	x = dd.TwoSum(hi, lo)
	if rnd.IntN(2) == 0 {
		x = x.Neg()
	}
	return x, float64(math.Ldexp(1+rnd.Float64(), -56-rnd.IntN(44)) * x.Hi)
}

// wrong counts results of a rounding test that hold for x but not for an end of the
// interval. open counts those that are left open.
func wrong(test func(x dd.DD, e float64, k int) (float64, bool), k func(*rand.Rand) int) (wrong, open int) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		x, e := draw(rnd)
		k := k(rnd)
		y, ok := test(x, e, k)
		if !ok {
			open++
			continue
		}
		d := math.Abs(e)*(1-0x1p-53) - 0x1p-106*math.Abs(x.Hi)
		if truth(x, d, k) != y || truth(x, -d, k) != y || truth(x, 0, k) != y {
			wrong++
		}
	}
	return wrong, open
}

func zero(*rand.Rand) int          { return 0 }
func normal(rnd *rand.Rand) int    { return rnd.IntN(2000) - 1000 }
func subnormal(rnd *rand.Rand) int { return -1020 - rnd.IntN(60) }
func overflow(rnd *rand.Rand) int  { return 1020 + rnd.IntN(6) }

func settled(x dd.DD, e float64, k int) (float64, bool) {
	return math.Ldexp(x.Hi, k), Settled(x, e)
}

func TestNearest(t *testing.T) {
	for _, c := range []struct {
		name string
		test func(x dd.DD, e float64, k int) (float64, bool)
		k    func(*rand.Rand) int
	}{
		{"Settled", settled, zero}, {"normal", Nearest, normal}, {"subnormal", Nearest, subnormal}, {"overflow", Nearest, overflow},
	} {
		bad, open := wrong(c.test, c.k)
		t.Logf("%s: %d left open", c.name, open)
		if bad > 0 || open > 10_000 {
			t.Errorf("%s: %d wrong and %d left open of 20000", c.name, bad, open)
		}
	}
}

// TestNearestSeesErrors plants a missing test, a bound of a quarter, and a double
// rounding of subnormals.
func TestNearestSeesErrors(t *testing.T) {
	for name, test := range map[string]func(x dd.DD, e float64, k int) (float64, bool){
		"no test":        func(x dd.DD, e float64, k int) (float64, bool) { return math.Ldexp(x.Hi, k), true },
		"a quarter of e": func(x dd.DD, e float64, k int) (float64, bool) { return Nearest(x, e/4, k) },
		"rounding twice": settled,
		"one-sided":      func(x dd.DD, e float64, k int) (float64, bool) { return math.Ldexp(x.Hi, k), x.Hi == x.Hi+(x.Lo+e) },
		"rounding to zero": func(x dd.DD, e float64, k int) (float64, bool) {
			y, ok := Nearest(x, e, k)
			return y - math.Mod(y, 0x1p-1073), ok
		},
	} {
		bad := 0
		for _, k := range []func(*rand.Rand) int{zero, subnormal} {
			n, _ := wrong(test, k)
			bad += n
		}
		if bad == 0 {
			t.Errorf("%s is not seen", name)
		}
	}
}

// TestNearestAtEdges has the cases that a random number meets too seldom: x at a power of
// two, below which float64s are denser, and around 2^−1022, below which they are not.
func TestNearestAtEdges(t *testing.T) {
	const (
		below  = 2 - 0x1p-52          // of a power of two
		half   = 0x1p-53              // ulp(1)/2
		most   = half * (1 - 0x1p-40) // rounds with e as half does, or does not
		e      = 0x1p-60
		normal = 0x1p-1022
		gap    = 0x1p-1074
	)
	for _, c := range []struct {
		name   string
		hi, lo float64
		k      int
		y      float64
		ok     bool
	}{
		{"above a power of two there is room for half an ulp", 1, 0.75 * half, 0, 1, true},
		{"but not for more", 1, most, 0, 1, false},
		{"below there is room for half of that", 1, -0.25 * half, 0, 1, true},
		{"but not for that", 1, -0.5 * half, 0, 1, false},
		{"at 2^−1022 an ulp is that of a normal number", 1, most, -1022, normal, false},
		{"and rounded up to it, a midpoint above", below, e * 2, -1023, normal, true},
		{"a midpoint below it", below, -e * 2, -1023, normal - gap, true},
		{"a midpoint, and e undoes Lo", below, -e, -1023, normal - gap, false},
		{"a midpoint of which nothing is known", below, 0, -1023, normal, false},
		{"a subnormal has room for a whole ulp of Hi", 1, most, -1023, normal / 2, true},
		{"a midpoint of an even number and the next", 1 + 0x1p-51, e * 2, -1024, normal/4 + gap, true},
		{"from the other side", 1 + 0x1p-51, -e * 2, -1024, normal / 4, true},
	} {
		for _, sign := range []float64{1, -1} {
			y, ok := Nearest(dd.DD{Hi: sign * c.hi, Lo: sign * c.lo}, e, c.k)
			if ok != c.ok || ok && y != sign*c.y {
				t.Errorf("%s: (%g, %g)·2^%d is %g, %v, want %g, %v", c.name, sign*c.hi, sign*c.lo, c.k, y, ok, sign*c.y, c.ok)
			}
		}
	}
}

// TestWithin: a relative bound is one of x's size, whatever that is.
func TestWithin(t *testing.T) {
	for _, scale := range []int{-300, -1, 0, 1, 300} {
		for _, hi := range []float64{1.5, -1.5} {
			x := dd.DD{Hi: hi, Lo: 0x1p-53 - 0x1p-73}.Scale(scale) // 2^−73/1.5 from a midpoint
			for r, want := range map[float64]bool{0x1p-73: false, 0x1p-74: true} {
				if got := SettledWithin(x, r); got != want {
					t.Errorf("SettledWithin(%v, %g) is %v", x, r, got)
				}
				if y, got := NearestWithin(x, r, -scale); got != want || y != hi {
					t.Errorf("NearestWithin(%v, %g, %d) is %v, %v", x, r, -scale, y, got)
				}
			}
		}
	}
}

// contains reports whether the interval of f contains f(x, y) computed with far more
// bits.
func contains(v Interval, x *big.Float) bool { return v.lo.Cmp(x) <= 0 && x.Cmp(v.hi) <= 0 }

func TestInterval(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	num := func() float64 { return math.Ldexp(rnd.Float64()-0.5, rnd.IntN(40)-20) }
	big2 := func(f func(z, x, y *big.Float) *big.Float, x, y float64) *big.Float {
		return f(new(big.Float).SetPrec(2000), big.NewFloat(x), big.NewFloat(y))
	}
	for range 2000 {
		x, y := num(), num()
		// An interval of 3 bits contains x and much else.
		X, Y, P := Point(x, 3), Point(y, 5), Point(math.Abs(y), 60)
		for name, ok := range map[string]bool{
			"Point": contains(X, big.NewFloat(x)),
			"Add":   contains(X.Add(Y), big2((*big.Float).Add, x, y)),
			"Sub":   contains(X.Sub(Y), big2((*big.Float).Sub, x, y)),
			"Mul":   contains(X.Mul(Y), big2((*big.Float).Mul, x, y)),
			"Quo":   contains(X.Quo(P), big2((*big.Float).Quo, x, math.Abs(y))),
		} {
			if !ok {
				t.Fatalf("%s of %v and %v does not contain the truth", name, x, y)
			}
		}
		w := new(big.Float)
		for name, f := range map[string]func(prec uint) Interval{
			"Exp":     func(prec uint) Interval { return Exp(x, prec) },
			"Expm1":   func(prec uint) Interval { return Expm1(x, prec) },
			"Log":     func(prec uint) Interval { return Log(math.Abs(x), prec) },
			"Log1p":   func(prec uint) Interval { return Log1p(math.Abs(x), prec) },
			"Sigmoid": func(prec uint) Interval { return SigmoidSlow(x, prec) },
		} {
			a, b := f(20), f(300)
			if a.lo.Cmp(b.lo) > 0 || b.hi.Cmp(a.hi) > 0 {
				t.Fatalf("%s(%v): 20 bits exclude what 300 bits find", name, x)
			}
			if w.Sub(b.hi, b.lo); w.Sign() != 0 && w.MantExp(nil) > b.hi.MantExp(nil)-290 {
				t.Fatalf("%s(%v): 300 bits are wide", name, x)
			}
		}
	}
}

// TestSlow: it takes as many bits as needed, and rounds to even where it can know.
func TestSlow(t *testing.T) {
	calls := 0
	for _, c := range []struct {
		delta int // 1 + 2^−53 + 2^−delta
		want  float64
		calls int
	}{{100, 1 + 0x1p-52, 1}, {300, 1 + 0x1p-52, 2}, {3000, 1 + 0x1p-52, 5}} {
		calls = 0
		got := Slow(func(prec uint) Interval {
			calls++
			tiny := new(big.Float).SetMantExp(big.NewFloat(1), -c.delta)
			return Point(1, prec).Add(Point(0x1p-53, prec)).Add(Big(tiny, prec))
		})
		if got != c.want || calls != c.calls {
			t.Errorf("2^-%d: %v in %d steps, want %v in %d", c.delta, got, calls, c.want, c.calls)
		}
	}
	point := func(x float64) func(uint) Interval {
		return func(prec uint) Interval { return Point(x, prec).Mul(Point(0.5, prec)) }
	}
	for x, want := range map[float64]float64{3 * 0x1p-1074: 0x1p-1073, 5 * 0x1p-1074: 0x1p-1073, 0x1p-1074: 0, 4: 2} {
		if got := Slow(point(x)); got != want {
			t.Errorf("half of %v: %v, want %v", x, got, want)
		}
	}
	huge := func(prec uint) Interval { return Point(math.MaxFloat64, prec).Mul(Point(2, prec)) }
	if got := Slow(huge); !math.IsInf(got, 1) {
		t.Errorf("2·MaxFloat64: %v", got)
	}
}

func TestNoAllocations(t *testing.T) {
	if n := testing.AllocsPerRun(100, func() {
		y, _ := Nearest(Sigmoid(3), 0x1p-80, -1050)
		d, _ := SigmoidDeriv(2)
		l, _ := Softplus(4)
		_ = y + d.Hi + l.Hi
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// TestSoftplusIsInScale: from 2^−110 on, Softplus can be added to other numbers as it is.
func TestSoftplusIsInScale(t *testing.T) {
	for a := 0.0; a < 110*math.Ln2; a += 0.05 {
		if l, k := Softplus(a); k != 0 {
			t.Errorf("log(1+e^−%v) is %v·2^%d, want no scale", a, l.Hi, k)
		}
	}
	if _, k := Softplus(700); k == 0 {
		t.Error("log(1+e^−700), which has no scale, loses its low word")
	}
}

// TestQuick holds the quick phases to their bounds.
func TestQuick(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	for name, f := range map[string]func(a float64) (dd.DD, int, Interval){
		"Sigmoid": func(a float64) (dd.DD, int, Interval) {
			a = min(a, 600)
			return Sigmoid(-a), 0, SigmoidSlow(-a, 250)
		},
		"SigmoidDeriv": func(a float64) (dd.DD, int, Interval) {
			d, k := SigmoidDeriv(a)
			e := Exp(-a, 250)
			s := Point(1, 250).Add(e)
			return d, k, e.Quo(s.Mul(s))
		},
		"Softplus": func(a float64) (dd.DD, int, Interval) {
			l, k := Softplus(a)
			return l, k, SoftplusSlow(a, 250)
		},
	} {
		worst := 0.0
		for range 4000 {
			a := []float64{rnd.Float64(), 40 * rnd.Float64(), 1000 * rnd.Float64(), math.Exp2(-60 * rnd.Float64())}[rnd.IntN(4)]
			x, k, want := f(a)
			v := new(big.Float).SetPrec(250).SetFloat64(x.Hi)
			v.Add(v, big.NewFloat(x.Lo))
			v.SetMantExp(v, k)
			v.Sub(v, want.lo).Quo(v, want.lo)
			e, _ := v.Float64()
			worst = max(worst, math.Abs(e))
		}
		t.Logf("%s: 2^%.1f", name, math.Log2(worst))
		if worst > math.Exp2(-75.9) || worst < 0x1p-90 {
			t.Errorf("%s is off by 2^%.1f", name, math.Log2(worst))
		}
	}
}
