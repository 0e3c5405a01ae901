package gradcheck_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone/gradcheck"
)

// At 0 the first two differences of this polynomial agree by accident, off the
// derivative by 2⁻¹².
func TestAccidentalAgreement(t *testing.T) {
	f := func(x float64) float64 { return x * (1 + x*x*(-0.06640625+x*x)) }
	for claimed, want := range map[float64]gradcheck.Verdict{1: gradcheck.Pass, 1 - 0x1p-12: gradcheck.Fail} {
		r := run(t, scalar(f, func(float64) float64 { return claimed }, 0))
		assert.Equal(t, want, r.Verdict, "%v", r)
	}
}

// Nor are the first two enough where both are 0, to the noise that there is.
func TestAccidentalZeros(t *testing.T) {
	const a, b = 1. / 16, 1. / 16 / (3.7 * 3.7) // the squares of the first steps
	f := func(x float64) float64 { return 1 + 100*x*(x*x-a)*(x*x-b) }
	for claimed, want := range map[float64]gradcheck.Verdict{100 * a * b: gradcheck.Pass, 0: gradcheck.Fail} {
		r := run(t, scalar(f, func(float64) float64 { return claimed }, 0))
		assert.Equal(t, want, r.Verdict, "%v", r)
	}
}

// A kink does not excuse a value outside its slopes, and nothing excuses NaN.
func TestKinks(t *testing.T) {
	sign := func(v float64) func(float64) float64 { return func(float64) float64 { return v } }
	for claimed, want := range map[float64]gradcheck.Verdict{
		0: gradcheck.Inconclusive, 1: gradcheck.Inconclusive, -1: gradcheck.Inconclusive, 0.3: gradcheck.Inconclusive,
		1.5: gradcheck.Fail, -7: gradcheck.Fail, math.Inf(1): gradcheck.Fail,
	} {
		assert.Equal(t, want, run(t, scalar(math.Abs, sign(claimed), 0)).Verdict, "%v", claimed)
	}
	assert.Equal(t, gradcheck.Fail, run(t, scalar(math.Abs, sign(math.NaN()), 0)).Verdict)
	// What a right gradient may owe by Scale it may owe there, too, and no more.
	for scale, want := range map[float64]gradcheck.Verdict{
		0: gradcheck.Fail, 0x1p51: gradcheck.Fail, 0x1p52: gradcheck.Inconclusive, math.Inf(1): gradcheck.Inconclusive, // of 0, ¼, ½ and all
	} {
		p := scalar(math.Abs, sign(1.7), 0)
		p.Scale = []float64{scale}
		r := run(t, p)
		assert.Equal(t, want, r.Verdict, "%v: %v", scale, r)
		assert.Contains(t, r.Entries[0].Reason, "kink")
	}
	// Nor does curvature to both sides, which hides the kink from longer steps, make a
	// slope to one side wrong.
	for _, f := range []func(x float64) float64{
		func(x float64) float64 { return 1 + 0.1*math.Abs(x) + 100*x*x*math.Exp(x) },
		func(x float64) float64 { return 1 + 0.1*math.Abs(x) + 10000*x*x*x },
	} {
		for _, claimed := range []float64{0.1, -0.1} {
			r := run(t, scalar(f, sign(claimed), 0))
			assert.Equal(t, gradcheck.Inconclusive, r.Verdict, "%v: %v", claimed, r)
		}
		assert.Equal(t, gradcheck.Fail, run(t, scalar(f, sign(7), 0)).Verdict)
	}
	// However near, a kink is no reason for a wrong verdict.
	for _, distance := range []float64{1e-2, 1e-4, 1e-6, 1e-8} {
		f := func(x float64) float64 { return math.Abs(x-1) + math.Sin(x) }
		right := run(t, scalar(f, func(x float64) float64 { return 1 + math.Cos(x) }, 1+distance))
		wrong := run(t, scalar(f, func(x float64) float64 { return 2 * (1 + math.Cos(x)) }, 1+distance))
		assert.NotEqual(t, gradcheck.Fail, right.Verdict, "%v: %v", distance, right)
		assert.NotEqual(t, gradcheck.Pass, wrong.Verdict, "%v: %v", distance, wrong)
	}
}

// The cross-entropy of a probability that has rounded to nearly 1 is a staircase,
// with steps wider than those of any noise. Its right gradient does not fail.
func TestStaircase(t *testing.T) {
	logistic := func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
	entropy := func(x float64) float64 { return -math.Log(1 - logistic(x)) }
	failed := 0
	for x := 20.; x < 36; x += 0.1 {
		for name, p := range map[string]gradcheck.Problem{
			"alone":  scalar(entropy, logistic, x),
			"beside": scalar(func(x float64) float64 { return entropy(x) + x*x/100 }, func(x float64) float64 { return logistic(x) + x/50 }, x),
		} {
			r := run(t, p)
			require.NotEqual(t, gradcheck.Fail, r.Verdict, "%s, %v: %v", name, x, r)
			r = run(t, with(p, func(g, _ []float64) { g[0] *= -5 }))
			assert.NotEqual(t, gradcheck.Pass, r.Verdict, "%s, %v: %v", name, x, r)
			if r.Verdict == gradcheck.Fail {
				failed++
			}
		}
	}
	assert.Greater(t, failed, 160, "of 320 that are off by far more than a step")
}

// A function that rounds on its way, to stairs of any width up to a hundredth, is no other
// than the one that it stands for: not even where its stairs go down a steep slope.
func TestRoundedStairs(t *testing.T) {
	logistic := func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
	for name, c := range map[string]struct {
		f func(x float64, round func(float64) float64) float64
		d func(x float64) float64
	}{
		"argument": {func(x float64, round func(float64) float64) float64 { return math.Sin(round(x)) }, math.Cos},
		"value":    {func(x float64, round func(float64) float64) float64 { return round(math.Sin(x)) }, math.Cos},
		"term":     {func(x float64, round func(float64) float64) float64 { return round(math.Sin(x)) + x*x*x }, func(x float64) float64 { return math.Cos(x) + 3*x*x }},
		"table": {func(x float64, round func(float64) float64) float64 { a := logistic(round(x)) - 0.3; return a * a / 2 },
			func(x float64) float64 { return (logistic(x) - 0.3) * logistic(x) * logistic(-x) }},
	} {
		rnd := rand.New(rand.NewPCG(1, 2))
		refused, caught := 0, 0
		for range 1000 {
			width, x := math.Pow(10, -9+7*rnd.Float64()), 2*rnd.NormFloat64()
			round := func(x float64) float64 { return math.Round(x/width) * width }
			p := scalar(func(x float64) float64 { return c.f(x, round) }, c.d, x)
			if run(t, p).Verdict == gradcheck.Fail {
				refused++
			}
			r := run(t, with(p, func(g, _ []float64) { g[0] *= 1.1 }))
			assert.NotEqual(t, gradcheck.Pass, r.Verdict, "%s, %v, %v: %v", name, width, x, r)
			if r.Verdict == gradcheck.Fail {
				caught++
			}
		}
		t.Logf("%s: %d of 1000 right ones refused, %d wrong ones", name, refused, caught)
		assert.LessOrEqual(t, refused, 5, name)
		assert.Greater(t, caught, 500, name)
	}
}

// A kink so slight that it does not show in the quotients to its sides, a little
// way off: the longer steps blur it, the shorter ones tell.
func TestSlightKink(t *testing.T) {
	for distance := 1e-6; distance < 1e-2; distance *= 1.7 {
		f := func(x float64) float64 { return math.Sin(x) + 4e-9*math.Abs(x-1) }
		right := func(x float64) float64 { return math.Cos(x) + math.Copysign(4e-9, x-1) }
		r := run(t, scalar(f, right, 1+distance))
		assert.NotEqual(t, gradcheck.Fail, r.Verdict, "%v: %v", distance, r)
		r = run(t, scalar(f, func(x float64) float64 { return right(x) + 1e-7 }, 1+distance))
		assert.Equal(t, gradcheck.Fail, r.Verdict, "%v: %v", distance, r)
	}
}

// Long steps that are whole multiples of a period see a straight line.
func TestResonance(t *testing.T) {
	for name, p := range map[string]gradcheck.Problem{
		"Fourier feature": scalar(func(x float64) float64 { return x*x + math.Sin(256*math.Pi*x) }, func(x float64) float64 { return 2 * x }, 0.3),
		"a whole year":    scalar(func(x float64) float64 { return 1e-3*x*x + math.Sin(2*math.Pi*x) }, func(x float64) float64 { return 2e-3 * x }, 1024),
		"sin 8x":          scalar(func(x float64) float64 { return math.Sin(8 * x) }, func(float64) float64 { return 0.0011085933909 }, 402.2719770284507),
	} {
		assert.NotEqual(t, gradcheck.Pass, run(t, p).Verdict, name)
	}
	rnd := rand.New(rand.NewPCG(5, 5))
	pass := 0
	for range 2000 {
		w, x := float64(1+rnd.IntN(8)), 300*rnd.NormFloat64()
		r := run(t, scalar(func(x float64) float64 { return math.Sin(w * x) }, func(x float64) float64 { return w * math.Cos(w*x) }, x))
		require.NotEqual(t, gradcheck.Fail, r.Verdict, "%v", r)
		if r.Verdict == gradcheck.Pass {
			pass++
		}
	}
	assert.Greater(t, pass, 1900)
}

// A feature far narrower than the first steps, of a right gradient and of one
// without it.
func TestNarrow(t *testing.T) {
	f := func(x float64) float64 { return x + 0.5*x*math.Exp(-(x/1e-3)*(x/1e-3)) }
	assert.NotEqual(t, gradcheck.Fail, run(t, scalar(f, func(float64) float64 { return 1.5 }, 0)).Verdict)
	assert.NotEqual(t, gradcheck.Pass, run(t, scalar(f, func(float64) float64 { return 1 }, 0)).Verdict)
	// Where x is large, the segments on which noise is measured are wider than it.
	rnd := rand.New(rand.NewPCG(6, 6))
	for _, size := range []float64{1e4, 1e6, 1e7, 1e9} {
		for range 300 {
			x := size * (1 + rnd.Float64())
			r := run(t, scalar(math.Sin, math.Cos, x))
			require.NotEqual(t, gradcheck.Fail, r.Verdict, "sin %v: %v", x, r)
			c := x + rnd.NormFloat64()
			r = run(t, scalar(func(x float64) float64 { return math.Exp(-(x-c)*(x-c)/2) + x/c },
				func(x float64) float64 { return -(x-c)*math.Exp(-(x-c)*(x-c)/2) + 1/c }, x))
			require.NotEqual(t, gradcheck.Fail, r.Verdict, "bell %v: %v", x, r)
		}
	}
}

// Near an edge of its domain log x has structure of the size of x, far finer than the steps:
// its right gradient does not fail.
func TestStructureOfTheSizeOfX(t *testing.T) {
	for x := 1e-3; x > 1e-300; x *= 1e-3 {
		p := scalar(math.Log, func(x float64) float64 { return 1 / x }, x)
		p.Lower = []float64{0}
		r := run(t, p)
		assert.NotEqual(t, gradcheck.Fail, r.Verdict, "%v: %v", x, r)
		for _, wrong := range []float64{-1, 0, 0.5, 2} {
			r := run(t, with(p, func(g, _ []float64) { g[0] *= wrong }))
			assert.NotEqual(t, gradcheck.Pass, r.Verdict, "%v, times %v: %v", x, wrong, r)
		}
	}
}
