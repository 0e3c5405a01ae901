package gradcheck_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone/gradcheck"
)

// Func is not called outside its domain, and is differenced to one side at an edge,
// whether that is declared or shows by NaN.
func TestDomain(t *testing.T) {
	power := func(x float64) float64 { return x * math.Sqrt(x) }
	powerD := func(x float64) float64 { return 1.5 * math.Sqrt(x) }
	entropy := func(x float64) float64 { return -x*math.Log(x) - (1-x)*math.Log1p(-x) }
	entropyD := func(x float64) float64 { return math.Log1p(-x) - math.Log(x) }
	line := func(x float64) float64 { return 3*x + x*x }
	lineD := func(x float64) float64 { return 3 + 2*x }
	for name, c := range map[string]struct {
		f, d         func(float64) float64
		x            float64
		lower, upper float64
	}{
		"inside":        {entropy, entropyD, 0.3, 0, 1},
		"near an edge":  {entropy, entropyD, 1e-5, 0, 1},
		"at the lower":  {line, lineD, 0, 0, 5},
		"at the upper":  {line, lineD, 5, 0, 5},
		"power":         {power, powerD, 4, 4, math.Inf(1)},
		"a narrow room": {line, lineD, 1, 1 - 1e-4, 1 + 1e-4},
		"no edge":       {line, lineD, 1, math.Inf(-1), math.Inf(1)},
	} {
		for _, mode := range []gradcheck.Mode{gradcheck.Entries, gradcheck.Directions} {
			f := func(x float64) float64 {
				require.True(t, c.lower <= x && x <= c.upper, "%s: called at %v", name, x)
				return c.f(x)
			}
			p := scalar(f, c.d, c.x)
			p.Lower, p.Upper = []float64{c.lower}, []float64{c.upper}
			r := runWith(t, p, gradcheck.Settings{Mode: mode})
			assert.Equal(t, gradcheck.Pass, r.Verdict, "%s: %v", name, r)
			r = runWith(t, with(p, func(g, _ []float64) { g[0] *= 1.001 }), gradcheck.Settings{Mode: mode})
			assert.Equal(t, gradcheck.Fail, r.Verdict, "%s: %v", name, r)
		}
	}
	// Not declared: NaN to the left.
	edge := func(x float64) float64 { return 2*x + math.Sqrt(x)*x*x }
	assert.Equal(t, gradcheck.Pass, run(t, scalar(edge, func(float64) float64 { return 2 }, 0)).Verdict)
	assert.Equal(t, gradcheck.Fail, run(t, scalar(edge, func(float64) float64 { return 2.001 }, 0)).Verdict)

	p := scalar(line, lineD, 1)
	p.Lower, p.Upper = []float64{1}, []float64{1}
	assert.Equal(t, gradcheck.Inconclusive, run(t, p).Verdict, "a point")
}

// No difference is taken across a kink that Branch tells of.
func TestBranch(t *testing.T) {
	relu := func(x float64) float64 { return math.Max(x, 0) + 1e-3*x*x }
	reluD := func(x float64) float64 {
		if x > 0 {
			return 1 + 2e-3*x
		}
		return 2e-3 * x
	}
	branch := func(x []float64) uint64 {
		if x[0] > 0 {
			return 1
		}
		return 0
	}
	for _, x := range []float64{1, 1e-2, 1e-3, -1e-3} {
		p := scalar(relu, reluD, x)
		p.Branch = branch
		assert.Equal(t, gradcheck.Pass, run(t, p).Verdict, "%v", x)
		assert.Equal(t, gradcheck.Fail, run(t, with(p, func(g, _ []float64) { g[0] += 1e-3 })).Verdict, "%v", x)
	}
	p := scalar(relu, reluD, 0)
	p.Branch = branch
	r := run(t, p)
	assert.Equal(t, gradcheck.Inconclusive, r.Verdict)
	assert.Contains(t, r.String(), "Branch")
	p.X[0] = 1e-14
	assert.Equal(t, gradcheck.Inconclusive, run(t, p).Verdict)
}

// An edge that is not declared shows by NaN to one side, whichever it is, and Func is
// differenced to the other.
func TestUndeclaredEdge(t *testing.T) {
	for name, f := range map[string]func(x float64) float64{
		"lower": func(x float64) float64 { return 2*x + math.Sqrt(x)*x*x },
		"upper": func(x float64) float64 { return 2*x + math.Sqrt(-x)*x*x },
	} {
		r := run(t, scalar(f, func(float64) float64 { return 2 }, 0))
		assert.Equal(t, gradcheck.Pass, r.Verdict, "%s: %v", name, r)
		r = run(t, scalar(f, func(float64) float64 { return 2.001 }, 0))
		assert.Equal(t, gradcheck.Fail, r.Verdict, "%s: %v", name, r)
	}
}

// A slope that is not Lipschitz is no kink: it excuses nothing, down to the shortest steps.
func TestSteepSlopeIsNoKink(t *testing.T) {
	for _, wave := range []float64{1, 1e3} {
		f := func(x float64) float64 { return math.Sin(wave*x)/wave + math.Pow(math.Abs(x), 1.6) }
		for claimed, wrong := range map[float64]bool{1: false, 1.01: true} {
			r := run(t, scalar(f, func(float64) float64 { return claimed }, 0))
			assert.Equal(t, wrong, r.Verdict == gradcheck.Fail, "wave %v, claimed %v: %v", wave, claimed, r)
		}
	}
}
