package gradcheck_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone/gradcheck"
)

func run(t *testing.T, p gradcheck.Problem) *gradcheck.Report {
	t.Helper()
	r, err := gradcheck.Check(p, nil)
	require.NoError(t, err)
	require.Len(t, r.Entries, len(p.X))
	return r
}

// rosenbrock is the chained function of n variables.
var rosenbrock = gradcheck.Problem{
	Func: func(x []float64) (f float64) {
		for i := range len(x) - 1 {
			a, b := 1-x[i], x[i+1]-x[i]*x[i]
			f += a*a + 100*b*b
		}
		return f
	},
	Grad: func(grad, x []float64) {
		clear(grad)
		for i := range len(x) - 1 {
			a, b := 1-x[i], x[i+1]-x[i]*x[i]
			grad[i] += -2*a - 400*x[i]*b
			grad[i+1] += 200 * b
		}
	},
	X: []float64{-1.2, 1, 0.7, -0.4},
}

// with returns p with change applied to every gradient.
func with(p gradcheck.Problem, change func(grad, x []float64)) gradcheck.Problem {
	grad := p.Grad
	p.Grad = func(g, x []float64) { grad(g, x); change(g, x) }
	return p
}

// scalar is a problem of one variable.
func scalar(f, deriv func(float64) float64, x float64) gradcheck.Problem {
	return gradcheck.Problem{
		Func: func(x []float64) float64 { return f(x[0]) },
		Grad: func(grad, x []float64) { grad[0] = deriv(x[0]) },
		X:    []float64{x},
	}
}

func TestRightGradientsPass(t *testing.T) {
	assert.Equal(t, gradcheck.Pass, run(t, rosenbrock).Verdict)
	cube := func(x float64) float64 { return x * x * x }
	for name, p := range map[string]gradcheck.Problem{
		"exp":             scalar(math.Exp, math.Exp, 1.5),
		"exp, large":      scalar(math.Exp, math.Exp, 300),
		"exp, tail":       scalar(math.Exp, math.Exp, -30),
		"sin":             scalar(math.Sin, math.Cos, 0.3),
		"sin, fast":       scalar(func(x float64) float64 { return math.Sin(1e6 * x) }, func(x float64) float64 { return 1e6 * math.Cos(1e6*x) }, 0.3),
		"cube, large x":   scalar(cube, func(x float64) float64 { return 3 * x * x }, 1e12),
		"cube, small x":   scalar(cube, func(x float64) float64 { return 3 * x * x }, 1e-3),
		"linear":          scalar(func(x float64) float64 { return 3*x + 1 }, func(float64) float64 { return 3 }, 0.1),
		"log, near 0":     scalar(math.Log, func(x float64) float64 { return 1 / x }, 0.01), // NaN across 0
		"sqrt, near 0":    scalar(math.Sqrt, func(x float64) float64 { return 0.5 / math.Sqrt(x) }, 1e-4),
		"minimum":         scalar(func(x float64) float64 { return x * x }, func(x float64) float64 { return 2 * x }, 0),
		"large offset":    scalar(func(x float64) float64 { return 1e6 + math.Sin(x) }, math.Cos, 1),
		"logistic":        scalar(func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }, func(x float64) float64 { s := 1 / (1 + math.Exp(-x)); return s * (1 - s) }, 2),
		"kink a bit away": scalar(math.Abs, func(x float64) float64 { return 1 }, 1e-3),
	} {
		r := run(t, p)
		assert.Equal(t, gradcheck.Pass, r.Verdict, "%s: %v", name, r)
	}
}

// A wrong gradient fails however small the relative error is, down to what the
// differences can show.
func TestWrongGradientsFail(t *testing.T) {
	for name, change := range map[string]func(grad, x []float64){
		"twice":         func(g, _ []float64) { scale(g, 2) },
		"half":          func(g, _ []float64) { scale(g, .5) },
		"negated":       func(g, _ []float64) { scale(g, -1) },
		"zero":          func(g, _ []float64) { scale(g, 0) },
		"off by 1 %":    func(g, _ []float64) { scale(g, 1.01) },
		"off by 1e-6":   func(g, _ []float64) { scale(g, 1+1e-6) },
		"off by 1e-8":   func(g, _ []float64) { scale(g, 1+1e-8) },
		"one entry":     func(g, _ []float64) { g[2] *= 1 + 1e-6 },
		"swapped":       func(g, _ []float64) { g[0], g[3] = g[3], g[0] },
		"rotated":       func(g, _ []float64) { g[0], g[1], g[2], g[3] = g[1], g[2], g[3], g[0] },
		"weight decay":  func(g, x []float64) { add(g, 1e-3, x) },
		"NaN":           func(g, _ []float64) { g[1] = math.NaN() },
		"Inf":           func(g, _ []float64) { g[1] = math.Inf(1) },
		"float32":       func(g, _ []float64) { g[0] = float64(float32(g[0])) },
		"one forgotten": func(g, _ []float64) { g[3] = 0 },
	} {
		r := run(t, with(rosenbrock, change))
		assert.Equal(t, gradcheck.Fail, r.Verdict, "%s: %v", name, r)
	}
}

func scale(g []float64, c float64) {
	for i := range g {
		g[i] *= c
	}
}

func add(g []float64, c float64, x []float64) {
	for i := range g {
		g[i] += c * x[i]
	}
}

// What no difference can decide is no pass, whether the gradient is right or not.
func TestInconclusive(t *testing.T) {
	zero := func(float64) float64 { return 0 }
	logistic := func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
	for name, p := range map[string]gradcheck.Problem{
		"exp, far tail":         scalar(math.Exp, math.Exp, -300), // under minNoise
		"saturated, right":      scalar(logistic, func(x float64) float64 { return logistic(x) * logistic(-x) }, 50),
		"saturated, zero":       scalar(logistic, zero, 50),
		"saturated square":      scalar(func(x float64) float64 { d := logistic(x) - 1; return d * d / 2 }, func(x float64) float64 { return -logistic(-x) * logistic(x) * logistic(-x) }, 49),
		"constant":              scalar(func(float64) float64 { return 7 }, zero, 1),
		"constant zero":         scalar(zero, zero, 1),
		"kink":                  scalar(math.Abs, zero, 0),
		"rectifier at its kink": scalar(func(x float64) float64 { return math.Max(x, 0) }, zero, 0),
		"NaN":                   scalar(func(float64) float64 { return math.NaN() }, zero, 1),
		"Inf":                   scalar(func(float64) float64 { return math.Inf(1) }, zero, 1),
		"domain of a point":     scalar(func(x float64) float64 { return math.Sqrt(-x * x) }, zero, 0),
		"noise":                 scalar(func(x float64) float64 { return 1e15 + x }, func(float64) float64 { return 1 }, 1e-3),
	} {
		r := run(t, p)
		assert.Equal(t, gradcheck.Inconclusive, r.Verdict, "%s: %v", name, r)
		assert.Contains(t, r.String(), "INCONCLUSIVE", name)
	}
}

// But a value that Func would have shown is wrong even where Func is constant.
func TestConstantWithGradientFails(t *testing.T) {
	p := scalar(func(float64) float64 { return 7 }, func(float64) float64 { return 1e-3 }, 1)
	assert.Equal(t, gradcheck.Fail, run(t, p).Verdict)
	step := scalar(func(x float64) float64 { return math.Floor(100*x) / 100 }, func(float64) float64 { return 1 }, 0.335)
	assert.NotEqual(t, gradcheck.Pass, run(t, step).Verdict, "a table instead of a function")
}

func TestImpureFunctions(t *testing.T) {
	calls := 0.0
	total := make([]float64, 4)
	for name, c := range map[string]struct {
		change func(p *gradcheck.Problem)
		want   gradcheck.Verdict
		remark string
	}{
		"Grad adds": {func(p *gradcheck.Problem) {
			g := p.Grad
			p.Grad = func(grad, x []float64) {
				old := slices.Clone(grad)
				g(grad, x)
				add(grad, 1, old)
			}
		}, gradcheck.Fail, ""},
		"Grad keeps a sum": {func(p *gradcheck.Problem) {
			g := p.Grad
			p.Grad = func(grad, x []float64) {
				g(grad, x)
				add(total, 1, grad)
				copy(grad, total)
			}
		}, gradcheck.Fail, "Grad gave two results"},
		"Grad leaves one entry": {func(p *gradcheck.Problem) {
			g := p.Grad
			p.Grad = func(grad, x []float64) {
				old := grad[2]
				g(grad, x)
				grad[2] = old
			}
		}, gradcheck.Fail, ""},
		"Grad modifies x": {func(p *gradcheck.Problem) {
			g := p.Grad
			p.Grad = func(grad, x []float64) { g(grad, x); x[1] *= 0.99 }
		}, gradcheck.Fail, "Grad modified x"},
		"Func modifies x": {func(p *gradcheck.Problem) {
			f := p.Func
			p.Func = func(x []float64) float64 { defer func() { x[0] = 0 }(); return f(x) }
		}, gradcheck.Fail, "Func modified x"},
		"Func has a state": {func(p *gradcheck.Problem) {
			f := p.Func
			p.Func = func(x []float64) float64 { calls++; return f(x) + calls }
		}, gradcheck.Inconclusive, "two values"},
	} {
		p := rosenbrock
		c.change(&p)
		r := run(t, p)
		assert.GreaterOrEqual(t, r.Verdict, c.want, "%s: %v", name, r)
		assert.Contains(t, r.String(), c.remark, name)
		assert.Equal(t, []float64{-1.2, 1, 0.7, -0.4}, p.X, "%s: X is not touched", name)
	}
}

// Correct gradients never fail, over functions that are hard on differences: sums
// of squares at and near their zero minimum, polynomials with coefficients of all
// sizes, sums of slow and fast waves; and hardly any is left undecided.
func TestRightGradientsNeverFail(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 1))
	size := func() float64 { return math.Exp(6*rnd.NormFloat64()) * (rnd.Float64() - 0.5) }
	squares := func(from float64) gradcheck.Problem {
		c, x := make([]float64, 5), make([]float64, 5)
		for i := range x {
			c[i] = rnd.NormFloat64()
			x[i] = c[i] + from*rnd.NormFloat64()
		}
		return gradcheck.Problem{
			Func: func(x []float64) (f float64) {
				for i := range x {
					f += (x[i] - c[i]) * (x[i] - c[i])
				}
				return f
			},
			Grad: func(grad, x []float64) {
				for i := range x {
					grad[i] = 2 * (x[i] - c[i])
				}
			},
			X: x,
		}
	}
	for name, draw := range map[string]func() gradcheck.Problem{
		"squares at 0":    func() gradcheck.Problem { return squares(0) },
		"squares at 1e-3": func() gradcheck.Problem { return squares(1e-3) },
		"squares at 1e-9": func() gradcheck.Problem { return squares(1e-9) },
		"polynomial": func() gradcheck.Problem {
			a, b, c, d := size(), size(), size(), size()
			return scalar(
				func(x float64) float64 { return x * (a + x*x*(b+x*x*(c+x*x*d))) },
				func(x float64) float64 { return a + x*x*(3*b+x*x*(5*c+x*x*7*d)) },
				rnd.NormFloat64()*float64(rnd.IntN(2)))
		},
		"waves": func() gradcheck.Problem {
			a, b, c := size(), size(), size()
			return scalar(
				func(x float64) float64 { return a*math.Sin(3*x) + b*math.Sin(50*x) + c*math.Cos(x) },
				func(x float64) float64 { return 3*a*math.Cos(3*x) + 50*b*math.Cos(50*x) - c*math.Sin(x) },
				rnd.NormFloat64())
		},
		"a sum in another order": func() gradcheck.Problem {
			c, backwards := make([]float64, 3000), 0.0
			for i := range c {
				c[i] = rnd.Float64()
			}
			for i := range c {
				backwards += c[len(c)-1-i]
			}
			return scalar(func(x float64) (f float64) {
				for _, v := range c {
					f += v * x
				}
				return f
			}, func(float64) float64 { return backwards }, rnd.NormFloat64())
		},
	} {
		entries, undecided := 0, 0
		for range 300 {
			r := run(t, draw())
			require.Zero(t, r.Failed, "%s: %v", name, r)
			entries += len(r.Entries)
			undecided += r.Undecided
		}
		assert.LessOrEqual(t, undecided, entries/100, name)
	}
}

// The cost is as documented.
func TestEvaluations(t *testing.T) {
	p := rosenbrock
	p.X = make([]float64, 50)
	for i := range p.X {
		p.X[i] = float64(i%7) - 2.5
	}
	r := run(t, p)
	assert.Equal(t, gradcheck.Pass, r.Verdict, "%v", r)
	assert.LessOrEqual(t, r.Evaluations, 30+14*50)
}

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

func TestReport(t *testing.T) {
	p := with(rosenbrock, func(g, _ []float64) { g[1] *= 2; g[2] *= 1.5 })
	r := run(t, p)
	assert.Equal(t, 2, r.Failed)
	assert.Zero(t, r.Undecided)
	worst := r.Worst()
	assert.Equal(t, 1, worst.Index)
	assert.InDelta(t, 2, worst.Ratio(), 1e-6)
	assert.Contains(t, r.String(), "gradcheck: FAIL: 2 of 4 entries wrong, 0 inconclusive\n")

	p.Blocks = []gradcheck.Block{{Name: "W", Rows: 1, Cols: 2}, {Name: "b", Offset: 2, Rows: 2}}
	r = run(t, p)
	assert.Equal(t, "W[0,1]", r.Worst().Name)
	assert.Equal(t, "b[1]", r.Entries[3].Name)
	p.Name = func(i int) string { return fmt.Sprint("parameter ", i) }
	assert.Equal(t, "parameter 1", run(t, p).Worst().Name)

	assert.Equal(t, "PASS INCONCLUSIVE FAIL Verdict(?)",
		fmt.Sprint(gradcheck.Pass, gradcheck.Inconclusive, gradcheck.Fail, gradcheck.Verdict(9)))
	assert.Equal(t, run(t, p), run(t, p), "the same report each time")
}

func TestResolution(t *testing.T) {
	// 1e-3 of the size of f: visible to about 1e-10 of itself.
	p := scalar(func(x float64) float64 { return 1 + 1e-3*math.Sin(x) }, func(x float64) float64 { return 1e-3 * math.Cos(x) }, 1)
	for resolution, want := range map[float64]gradcheck.Verdict{0: gradcheck.Pass, 1e-8: gradcheck.Pass, 1e-14: gradcheck.Inconclusive} {
		r, err := gradcheck.Check(p, &gradcheck.Settings{Resolution: resolution})
		require.NoError(t, err)
		assert.Equal(t, want, r.Verdict, "%v: %v", resolution, r)
	}
}

func TestProblemErrors(t *testing.T) {
	for want, change := range map[string]func(p *gradcheck.Problem, s *gradcheck.Settings){
		"gradcheck: Func is nil, want the function whose gradient Grad says it is":           func(p *gradcheck.Problem, _ *gradcheck.Settings) { p.Func = nil },
		"gradcheck: Grad is nil, want the gradient to be checked":                            func(p *gradcheck.Problem, _ *gradcheck.Settings) { p.Grad = nil },
		"gradcheck: X is empty, want the point to check at":                                  func(p *gradcheck.Problem, _ *gradcheck.Settings) { p.X = nil },
		"gradcheck: X has NaN at 1, want finite numbers":                                     func(p *gradcheck.Problem, _ *gradcheck.Settings) { p.X = []float64{0, math.NaN()} },
		"gradcheck: Blocks[0] lies outside X: 5 rows and 0 columns from 0 on, of 4 elements": func(p *gradcheck.Problem, _ *gradcheck.Settings) { p.Blocks = []gradcheck.Block{{Rows: 5}} },
		"gradcheck: Blocks[1] lies outside X: 2147483647 rows and 2 columns from 0 on, of 4 elements": func(p *gradcheck.Problem, _ *gradcheck.Settings) {
			p.Blocks = []gradcheck.Block{{Rows: 1}, {Rows: math.MaxInt32, Cols: 2}}
		},
		"gradcheck: Blocks[1] overlaps Blocks[0], which goes from 0 to 2": func(p *gradcheck.Problem, _ *gradcheck.Settings) {
			p.Blocks = []gradcheck.Block{{Rows: 3}, {Offset: 2, Rows: 1}}
		},
		"gradcheck: Lower has 1 elements, want 4, as X": func(p *gradcheck.Problem, _ *gradcheck.Settings) { p.Lower = []float64{0} },
		"gradcheck: Upper has 0 elements, want 4, as X": func(p *gradcheck.Problem, _ *gradcheck.Settings) { p.Upper = []float64{} },
		"gradcheck: X has -1.2 at 0, outside of Lower and Upper": func(p *gradcheck.Problem, _ *gradcheck.Settings) {
			p.Lower = []float64{0, 0, 0, -1}
		},
		"gradcheck: X has 1 at 1, outside of Lower and Upper": func(p *gradcheck.Problem, _ *gradcheck.Settings) {
			p.Upper = []float64{0, math.NaN(), 0, 1}
		},
		"gradcheck: Scale has -1 at 2, want at least 0":                    func(p *gradcheck.Problem, _ *gradcheck.Settings) { p.Scale = []float64{0, 0, -1, 0} },
		"gradcheck: PartGrad is given without Parts: give both or neither": func(p *gradcheck.Problem, _ *gradcheck.Settings) { p.PartGrad = func(_, _ []float64, _ int) {} },
		"gradcheck: Parts[0] is nil, want the function of a part":          func(p *gradcheck.Problem, _ *gradcheck.Settings) { p.Parts = make([]func([]float64) float64, 1) },
		"gradcheck: Big is nil in the mode Certified: give it, or take the mode Entries": func(_ *gradcheck.Problem, s *gradcheck.Settings) {
			s.Mode = gradcheck.Certified
		},
		"gradcheck: Complex is nil in the mode ComplexStep: give it, or take the mode Entries": func(_ *gradcheck.Problem, s *gradcheck.Settings) {
			s.Mode = gradcheck.ComplexStep
		},
		"gradcheck: Mode is 9, want one of the modes Auto to ComplexStep":                  func(_ *gradcheck.Problem, s *gradcheck.Settings) { s.Mode = 9 },
		"gradcheck: MaxEntries is -1, want at least 1, or 0 for all":                       func(_ *gradcheck.Problem, s *gradcheck.Settings) { s.MaxEntries = -1 },
		"gradcheck: PerBlock is -1, want at least 1, or 0 for the default":                 func(_ *gradcheck.Problem, s *gradcheck.Settings) { s.PerBlock = -1 },
		"gradcheck: Resolution is -1, want a number between 0 and 1, or 0 for the default": func(_ *gradcheck.Problem, s *gradcheck.Settings) { s.Resolution = -1 },
	} {
		p, s := rosenbrock, &gradcheck.Settings{}
		change(&p, s)
		r, err := gradcheck.Check(p, s)
		assert.Nil(t, r)
		assert.EqualError(t, err, want)
		var problem *gradcheck.ProblemError
		assert.True(t, errors.As(err, &problem))
	}
}

// A recorder is a test that only notes its errors.
type recorder struct{ errors []string }

func (r *recorder) Helper() {}
func (r *recorder) Errorf(format string, args ...any) {
	r.errors = append(r.errors, fmt.Sprintf(format, args...))
}

func TestAssert(t *testing.T) {
	gradcheck.Assert(t, rosenbrock, nil)

	var rec recorder
	gradcheck.Assert(&rec, with(rosenbrock, func(g, _ []float64) { scale(g, 2) }), nil)
	require.Len(t, rec.errors, 1)
	assert.Contains(t, rec.errors[0], "twice")

	constant := scalar(func(float64) float64 { return 1 }, func(float64) float64 { return 0 }, 1)
	gradcheck.Assert(&rec, constant, nil)
	require.Len(t, rec.errors, 2)
	assert.Contains(t, rec.errors[1], "INCONCLUSIVE")
	gradcheck.Assert(&rec, constant, &gradcheck.Settings{AllowInconclusive: true})
	require.Len(t, rec.errors, 2)

	gradcheck.Assert(&rec, gradcheck.Problem{}, nil)
	require.Len(t, rec.errors, 3)
	assert.Equal(t, "gradcheck: Func is nil, want the function whose gradient Grad says it is", rec.errors[2])
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

// A right gradient may be infinite, overflow, or differ by rounding from call to call.
func TestOddGradients(t *testing.T) {
	root := scalar(math.Sqrt, func(x float64) float64 { return 0.5 / math.Sqrt(x) }, 0)
	assert.Equal(t, gradcheck.Inconclusive, run(t, root).Verdict)

	calls := 0
	wobbly := with(rosenbrock, func(g, _ []float64) {
		if calls++; calls%2 == 0 {
			g[1] = math.Nextafter(g[1], 0)
		}
	})
	assert.Equal(t, gradcheck.Inconclusive, run(t, wobbly).Verdict)

	var kept []float64
	keeps := rosenbrock
	keeps.Grad = func(g, x []float64) {
		for i := range kept {
			kept[i] = 1e9
		}
		rosenbrock.Grad(g, x)
		kept = g
	}
	assert.Equal(t, gradcheck.Pass, run(t, keeps).Verdict)

	// Cancelled to less than its rounding: nothing can be said, wrong or right.
	small := gradcheck.Problem{
		Func: func(x []float64) float64 { return x[0] + 5e-16*x[1] },
		Grad: func(g, _ []float64) { g[0], g[1] = 1, 1e-15 },
		X:    []float64{0, 0},
	}
	assert.Equal(t, gradcheck.Inconclusive, run(t, small).Verdict)
	small.Grad = func(g, _ []float64) { g[0], g[1] = 2, 1e-15 }
	small.Scale = []float64{math.Inf(1), math.Inf(1)}
	assert.Equal(t, gradcheck.Inconclusive, run(t, small).Verdict, "a Scale that allows all")
}

// Blocks may be empty, be named "x", and come in any order.
func TestOddBlocks(t *testing.T) {
	p := rosenbrock
	p.Blocks = []gradcheck.Block{{Name: "empty", Offset: 1, Cols: 3}, {Name: "x", Offset: 2, Rows: 1, Cols: 2}}
	r := run(t, p)
	assert.Equal(t, gradcheck.Pass, r.Verdict)
	var names []string
	for _, e := range r.Entries {
		names = append(names, e.Name)
	}
	assert.Equal(t, []string{"x[0]", "x[1]", "x[0,0]", "x[0,1]"}, names)
	assert.Equal(t, gradcheck.Entry{}, (&gradcheck.Report{}).Worst())

	p.Lower, p.Upper = []float64{-9, 1, -9, -9}, []float64{9, 1, 9, 9} // x[1] cannot move
	r, err := gradcheck.Check(p, &gradcheck.Settings{Mode: gradcheck.Directions})
	require.NoError(t, err)
	assert.Equal(t, gradcheck.Pass, r.Verdict, "%v", r)
}
