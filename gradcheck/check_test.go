package gradcheck_test

import (
	"fmt"
	"math"
	"math/rand/v2"
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
