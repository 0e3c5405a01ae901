package dd

import (
	"math"
	"slices"
	"testing"
)

// TestBoundsSeeErrors plants an error in each operation and expects it to be
// found: a check that nothing can fail checks nothing.
func TestBoundsSeeErrors(t *testing.T) {
	if testing.Short() {
		t.Skip("it tests tests")
	}
	for _, p := range []struct {
		name string
		f    func(x, y DD) (DD, int)
	}{
		{"TwoSum", plain(func(x, y DD) DD { return FastTwoSum(x.Hi, y.Hi) })},      // needs |x| ≥ |y|
		{"FastTwoSum", plain(func(x, y DD) DD { return FastTwoSum(y.Hi, x.Hi) })},  // the wrong way round
		{"TwoSum, largest", plain(func(x, y DD) DD { return TwoSum(y.Hi, x.Hi) })}, // x may be the largest
		{"AddFloat, largest", plain(func(x, y DD) DD { return DD{y.Hi, 0}.Add(x) })},
		{"Add, largest", plain(func(x, y DD) DD { return y.Add(x) })},
		{"Sub, largest", plain(func(x, y DD) DD { return y.Sub(x.Neg()) })},
		{"TwoProd", plain(func(x, y DD) DD { return DD{x.Hi * y.Hi, 0} })},  // no error term
		{"AddFloat", plain(func(x, y DD) DD { return TwoSum(x.Hi, y.Hi) })}, // no Lo
		{"Add", plain(addSmall)}, // sloppy
		{"Sub", plain(func(x, y DD) DD { return addSmall(x, y.Neg()) })},                               // sloppy
		{"addSmall", plain(func(x, y DD) DD { return x.AddFloat(y.Hi) })},                              // no y.Lo
		{"MulFloat", plain(func(x, y DD) DD { return TwoProd(x.Hi, y.Hi) })},                           // no Lo
		{"Mul", plain(func(x, y DD) DD { return x.MulFloat(y.Hi) })},                                   // no y.Lo
		{"Inv", plain(func(x, _ DD) DD { return DD{x.Hi, 0}.Inv() })},                                  // no Lo
		{"Div", plain(func(x, y DD) DD { return x.MulFloat(1 / y.Hi) })},                               // no correction
		{"OnePlus", func(x, _ DD) (DD, int) { f, k := OnePlus(DD{x.Hi, 0}); return f.AddFloat(1), k }}, // no Lo
		{"Exp", func(x, _ DD) (DD, int) { return Exp(DD{x.Hi, 0}) }},                                   // no Lo
		{"Exp", func(x, _ DD) (DD, int) { return ExpFast(x.Hi) }},                                      // the other one
		{"ExpFast", func(x, _ DD) (DD, int) { m, k := ExpFast(x.Hi); m.Lo = 0; return m, k }},
		{"Expm1", plain(func(x, _ DD) DD { m, k := Exp(x); return m.Scale(k).AddFloat(-1) })}, // cancels
		{"Expm1Fast", plain(func(x, _ DD) DD { m, k := ExpFast(x.Hi); return m.Scale(k).AddFloat(-1) })},
		{"Log1pFast", plain(func(x, _ DD) DD { return Log1pFast(DD{x.Hi, 0}) })},          // no Lo
		{"Log1p", plain(func(x, _ DD) DD { return Log1pFast(x) })},                        // the other one
		{"Log1p", plain(func(x, _ DD) DD { return Log1p(DD{1, 0}.Add(x).AddFloat(-1)) })}, // cancels
	} {
		i := slices.IndexFunc(claims, func(c claim) bool { return c.name == p.name })
		c := claims[i]
		c.f = p.f
		if ratio, _, _ := c.worst(1_000, uint64(i)); ratio <= 1 && (c.bound != 0 || ratio == 0) {
			t.Errorf("%s: planted error not seen, worst %.3g of the bound", c.name, ratio)
		}
	}
}

// TestBoundsSeeTables changes a table entry at a time, by 8 times the bound of the
// function that uses it, and expects that to be seen.
func TestBoundsSeeTables(t *testing.T) {
	if testing.Short() {
		t.Skip("it tests tests")
	}
	check := func(name string, entry *DD) {
		t.Helper()
		defer func(was DD) { *entry = was }(*entry)
		i := slices.IndexFunc(claims, func(c claim) bool { return c.name == name })
		entry.Lo += 8 * claims[i].bound * entry.Hi
		if ratio, _, _ := claims[i].worst(2_000, 7); ratio <= 1 {
			t.Errorf("%s: planted table error not seen, worst %.3g of the bound", name, ratio)
		}
	}
	check("Exp", &exp2i[40])
	check("Exp", &exp2j[3])
	check("ExpFast", &exp2i[40])
	check("ExpFast", &exp2j[3])
	check("Expm1", &expm1i[33])
	check("Expm1", &expm1j[33])
	check("Expm1Fast", &expm1j[33])
	check("Log1pFast", &log1pi[1].log)
	check("Log1p", &log1pi[1].log)
	check("Log1p", &log1pj[65].log)
}

// TestProofs repeats, from the tables themselves, the figures that the proofs take
// from them.
func TestProofs(t *testing.T) {
	if !(math.Abs(step2) < 0x1p-46 && math.Abs(step3) < 0x1p-101 && step1*0x1p42 == math.Trunc(step1*0x1p42)) {
		t.Error("steps are larger or longer than the proof of reduce says")
	}
	if n, _ := nearest(maxExp); n > math.Exp2(22.5) {
		t.Errorf("n = %g at the end of the domain", n)
	}
	// No product of table words underflows, as Exp wants for the 4u² of Mul.
	for _, tab := range [...]*[64]DD{&exp2i, &exp2j} {
		for i, e := range tab {
			if e.Lo != 0 && math.Abs(e.Lo) < 0x1p-200 {
				t.Errorf("entry %d: Lo = %g", i, e.Lo)
			}
		}
	}
	// Log1p: ab and ab − 1 are exact, and f is small.
	for i, a := range log1pi[:129] {
		if e := math.Abs(math.FMA(a.inv, 1+float64(i)/128, -1)); e > 0x1p-17 {
			t.Errorf("a at %d is off by %g", i, e)
		}
		for _, b := range log1pj[:129] {
			if ab := a.inv * b.inv; TwoProd(a.inv, b.inv).Lo != 0 || TwoSum(ab, -1).Lo != 0 {
				t.Fatalf("ab is not exact at %d", i)
			}
		}
	}
	for j, b := range log1pj[:129] {
		if e := math.Abs(math.FMA(b.inv, 1+float64(j-64)/(1<<14), -1)); e > math.Exp2(-24.9) {
			t.Errorf("b at %d is off by %g", j, e)
		}
	}
}

// TestCoefficients checks the constants that series is given.
func TestCoefficients(t *testing.T) {
	for d, c := range map[float64]DD{2: half, 3: third, 6: sixth, 24: twentyfourth} {
		if want := nearestDD(real(1).Quo(real(1), real(d))); c != want {
			t.Errorf("1/%g: got %v, want %v", d, c, want)
		}
	}
}
