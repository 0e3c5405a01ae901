package loss_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"touchstone/loss"
)

// extremes are samples that random ones hardly meet.
var extremes = []sample{
	// Beside targets from 2^200 on, what is far still counts.
	{[]float64{0, -1001, -1300}, []float64{1e308, 0, 0}},
	{[]float64{0, -1001, -1300}, []float64{0x1p300, 0x1p-1074, 0}},
	{[]float64{-1001, 0, -1300}, []float64{0, 0x1p201, 1}},
	// What is 1000 below the largest is not far yet.
	{[]float64{0, -1000}, []float64{0x1p1000, 0}},
	{[]float64{-1000, 0, -1000}, []float64{0, 0x1p1000, 1}},
	// A target that underflows when it is scaled counts beside a power that is less.
	{[]float64{0, -970}, []float64{0x1p300, 0x1p-1000}},
	{[]float64{-970, 0}, []float64{0x1p-1000, 0x1p300}},
	// A sum of few bits and a little more, which is a midpoint when it is rounded before
	// it is scaled back.
	{[]float64{0, -0x1p-60}, []float64{0x1p-1074, 0x1p-1073}},
	{[]float64{0, -0x1p-60}, []float64{0x1p1023, 0x1p1023}},
	// All equal, or a total of 0: the results are rational.
	{[]float64{2, 2, 2}, []float64{0x1p-1074, 0x1p-1073, 0}},
	{[]float64{2, 2, 1}, []float64{1e300, 0.5, -1e300}},
	{[]float64{2, 1.5, -1200}, []float64{1e300, -1e300, 0}},
}

// misroundedAt counts the results of r at s that are wrong.
func (r *softmaxResult) misroundedAt(s sample) (count int) {
	for j := range s.y {
		if r.f(s.y, s.t, j) != roundOf(func(c *calc) *big.Float { return r.truth(c, s.y, s.t, j) }) {
			count++
		}
	}
	return count
}

func TestSoftmaxExtremes(t *testing.T) {
	for _, r := range softmaxResults {
		for _, s := range extremes {
			if n := r.misroundedAt(s); n > 0 {
				t.Errorf("%s at y = %v, t = %v: %d of %d results are misrounded", r.name, s.y, s.t, n, len(s.y))
			}
		}
	}
}

// TestSoftmaxExtremesSeeErrors plants results that are rounded twice, and targets that
// lose what underflows.
func TestSoftmaxExtremesSeeErrors(t *testing.T) {
	r := softmaxResults[1]
	twice, loses := r, r
	twice.f = scaledTwice(r)
	loses.f = func(y, t []float64, j int) float64 {
		kept := make([]float64, len(t))
		for k := range t {
			if math.Abs(t[k]) >= 0x1p-900 {
				kept[k] = t[k]
			}
		}
		return r.f(y, kept, j)
	}
	for what, wrong := range map[string]softmaxResult{"rounding twice": twice, "underflow": loses} {
		count := 0
		for _, s := range extremes {
			count += wrong.misroundedAt(s)
		}
		if count == 0 {
			t.Errorf("%s is not seen", what)
		}
	}
}

// TestScaledSoftmax: targets far from 1 are scaled, and do not need the fallback.
func TestScaledSoftmax(t *testing.T) {
	var f loss.SoftmaxCrossEntropy
	y, dst := []float64{0.9, 0.75, 0.3}, make([]float64, 3)
	for _, u := range [][]float64{{1e-50, 2e200, 3e205}, {1e-300, 0, 2e-300}, {0, 1e300, 0}, {0, 0x1p-1074, 0x1p-1074}, {1e300, 0.5, 1e-300}} {
		if n := testing.AllocsPerRun(100, func() {
			f.Value(y, u)
			f.Grad(dst, y, u)
			copy(dst, y)
			f.Grad(dst, dst, u)
		}); n != 0 {
			t.Errorf("t = %v: %v allocations", u, n)
		}
	}
}

// fallbackAllocs returns how often grad allocates for n outputs that all need the
// fallback: the last logit is far, but not too far to matter to targets of this size.
func fallbackAllocs(n int, grad func(dst, y, t []float64)) float64 {
	rnd := rand.New(rand.NewPCG(33, 0))
	y, t, dst := make([]float64, n), make([]float64, n), make([]float64, n)
	for j := range y {
		y[j], t[j] = rnd.Float64(), 1e300*rnd.Float64()
	}
	y[n-1] = -1200
	return testing.AllocsPerRun(1, func() { grad(dst, y, t) })
}

// TestFallbackIsLinear: the entries of a gradient share what the fallback computes, so
// that four times the outputs take four times the work, and not sixteen times.
func TestFallbackIsLinear(t *testing.T) {
	var f loss.SoftmaxCrossEntropy
	growth := func(grad func(dst, y, t []float64)) float64 {
		return fallbackAllocs(80, grad) / fallbackAllocs(20, grad)
	}
	if g := growth(f.Grad); !(2 < g && g < 6) {
		t.Errorf("80 outputs allocate %.1f times as often as 20", g)
	}
	// One call for each entry, as if they shared nothing.
	if g := growth(func(dst, y, t []float64) {
		for range dst {
			f.Grad(dst, y, t)
		}
	}); g < 6 {
		t.Errorf("work that grows with the square goes by as %.1f times", g)
	}
}
