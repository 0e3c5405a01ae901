package gradcheck_test

import (
	"math"
	"math/cmplx"
	"testing"

	"github.com/stretchr/testify/assert"

	"touchstone/gradcheck"
)

func TestComplexStep(t *testing.T) {
	p := gradcheck.Problem{
		Func: func(x []float64) float64 { return math.Exp(x[0]) * math.Sin(x[1]*x[2]) },
		Grad: func(g, x []float64) {
			e, s, c := math.Exp(x[0]), math.Sin(x[1]*x[2]), math.Cos(x[1]*x[2])
			g[0], g[1], g[2] = e*s, e*c*x[2], e*c*x[1]
		},
		X:       []float64{0.3, -1.2, 2.5},
		Complex: func(z []complex128) complex128 { return cmplx.Exp(z[0]) * cmplx.Sin(z[1]*z[2]) },
	}
	r := run(t, p)
	assert.Equal(t, gradcheck.ComplexStep, r.Mode)
	assert.Equal(t, gradcheck.Pass, r.Verdict, "%v", r)
	for _, e := range r.Entries {
		assert.Less(t, e.MinDetectable, 1e-11)
	}
	assert.Equal(t, gradcheck.Fail, run(t, with(p, func(g, _ []float64) { g[1] *= 1 + 1e-10 })).Verdict)

	for name, q := range map[string]struct {
		f, d func(float64) float64
		c    func(complex128) complex128
		x    float64
	}{
		"log of a tiny x": {math.Log, func(x float64) float64 { return 1 / x }, cmplx.Log, 1e-40},
		"tiny values":     {func(x float64) float64 { return 1e-300 * math.Exp(x) }, func(x float64) float64 { return 1e-300 * math.Exp(x) }, func(z complex128) complex128 { return 1e-300 * cmplx.Exp(z) }, 0.5},
		"cancellation": {func(x float64) float64 { u := x + 1e6 - 1e6; return u * u }, func(x float64) float64 { return 2 * x },
			func(z complex128) complex128 { u := z + 1e6 - 1e6; return u * u }, 0.3},
	} {
		p := scalar(q.f, q.d, q.x)
		p.Complex = func(z []complex128) complex128 { return q.c(z[0]) }
		assert.NotEqual(t, gradcheck.Fail, run(t, p).Verdict, "%s: %v", name, run(t, p))
	}
	p.Complex = func(z []complex128) complex128 { return complex(cmplx.Abs(z[0]*z[1]*z[2]), 0) }
	p.Func = func(x []float64) float64 { return math.Abs(x[0] * x[1] * x[2]) }
	p.Grad = func(g, x []float64) { g[0], g[1], g[2] = 3, -0.75, 0.36 }
	assert.NotEqual(t, gradcheck.Pass, run(t, p).Verdict, "not analytic")
	assert.Contains(t, run(t, p).String(), "not analytic")
	p.Complex = func([]complex128) complex128 { return 0 }
	assert.Contains(t, run(t, p).String(), "not the same function")
}

// A derivative that overflows is no number that Complex could show.
func TestComplexStepOverflow(t *testing.T) {
	p := scalar(func(x float64) float64 { return 1e308 * x * 10 }, func(float64) float64 { return math.Inf(1) }, 1e-3)
	p.Complex = func(z []complex128) complex128 { return complex(1e308*real(z[0])*10, 1e308*imag(z[0])*10) }
	r := run(t, p)
	assert.Equal(t, gradcheck.Inconclusive, r.Verdict, "%v", r)
	assert.Equal(t, math.Inf(1), r.Entries[0].Bound)
}

// A sample is taken of Complex as of Func.
func TestComplexStepSample(t *testing.T) {
	p := gradcheck.Problem{
		Func: func(x []float64) (sum float64) {
			for _, v := range x {
				sum += math.Sin(v)
			}
			return sum
		},
		Grad: func(grad, x []float64) {
			for i, v := range x {
				grad[i] = math.Cos(v)
			}
		},
		Complex: func(z []complex128) (sum complex128) {
			for _, v := range z {
				sum += cmplx.Sin(v)
			}
			return sum
		},
		X: make([]float64, 100),
	}
	r := runWith(t, p, gradcheck.Settings{MaxEntries: 10})
	assert.Equal(t, gradcheck.Pass, r.Verdict, "%v", r)
	assert.Equal(t, gradcheck.ComplexStep, r.Mode)
	assert.Len(t, r.Entries, 10)
}

// A Complex with a conjugate in it has the values of Func and other derivatives. Func
// tells, even if the gradient agrees with Complex.
func TestComplexStepConjugate(t *testing.T) {
	p := gradcheck.Problem{
		Func:    func(x []float64) float64 { return x[0] * x[1] },
		Grad:    func(grad, x []float64) { grad[0], grad[1] = x[1], -x[0] },
		Complex: func(z []complex128) complex128 { return z[0] * cmplx.Conj(z[1]) },
		X:       []float64{2, 3},
	}
	r := run(t, p)
	assert.Zero(t, r.Failed)
	assert.Equal(t, gradcheck.Inconclusive, r.Verdict)
	assert.Equal(t, []string{"Complex is not analytic, or not the same function as Func"}, r.Remarks)
}

// Nor does a sample hide it, nor an element beside it that is lost.
func TestComplexStepConjugateBeside(t *testing.T) {
	p := gradcheck.Problem{
		Func: func(x []float64) (sum float64) {
			for i := 0; i < len(x); i += 2 {
				sum += x[i] * x[i+1]
			}
			return sum
		},
		Grad: func(grad, x []float64) {
			for i := 0; i < len(x); i += 2 {
				grad[i], grad[i+1] = x[i+1], -x[i]
			}
		},
		Complex: func(z []complex128) (sum complex128) {
			for i := 0; i < len(z); i += 2 {
				sum += z[i] * cmplx.Conj(z[i+1])
			}
			return sum
		},
		X: make([]float64, 50),
	}
	for i := range p.X {
		p.X[i] = 1 + float64(i)/10
	}
	r := runWith(t, p, gradcheck.Settings{MaxEntries: 5})
	assert.Len(t, r.Entries, 5)
	assert.Zero(t, r.Failed)
	assert.Equal(t, []string{"Complex is not analytic, or not the same function as Func"}, r.Remarks)

	p.X[3] = 0x1p-1074 // x·y is lost there
	r = runWith(t, p, gradcheck.Settings{})
	assert.Equal(t, math.Inf(1), r.Entries[3].Bound)
	assert.Equal(t, []string{"Complex is not analytic, or not the same function as Func"}, r.Remarks)
}

// A Complex that underflows says nothing of a Func that moves, to either side of x.
func TestComplexStepUnderflow(t *testing.T) {
	for name, c := range map[string]struct {
		f      func(x float64) float64
		reason string
	}{
		"moves":      {func(x float64) float64 { return x }, "Func moves here, and the imaginary part does not: Complex is not analytic, or too small a number"},
		"above":      {func(x float64) float64 { return math.Max(x, 100) }, "Func moves here, and the imaginary part does not: Complex is not analytic, or too small a number"},
		"below":      {func(x float64) float64 { return math.Min(x, 100) }, "Func moves here, and the imaginary part does not: Complex is not analytic, or too small a number"},
		"stands":     {func(x float64) float64 { return 100 }, "0 = 0: nothing moves here"},
		"far above":  {func(x float64) float64 { return math.Max(x-26, 100) }, "0 = 0: nothing moves here"},
		"far below":  {func(x float64) float64 { return math.Min(x+26, 100) }, "0 = 0: nothing moves here"},
		"not so far": {func(x float64) float64 { return math.Max(x-24, 100) }, "Func moves here, and the imaginary part does not: Complex is not analytic, or too small a number"},
		"nor there":  {func(x float64) float64 { return math.Min(x+24, 100) }, "Func moves here, and the imaginary part does not: Complex is not analytic, or too small a number"},
	} {
		p := scalar(c.f, func(float64) float64 { return 0 }, 100)
		p.Complex = func(z []complex128) complex128 { return 100 }
		r := run(t, p)
		assert.Equal(t, c.reason, r.Entries[0].Reason, name)
	}
}

// What differs from step to step widens the bound to four times as much, around the
// middle.
func TestComplexStepSpread(t *testing.T) {
	p := scalar(func(x float64) float64 { return x }, func(float64) float64 { return 1 }, 1)
	p.Complex = func(z []complex128) complex128 {
		im := imag(z[0])
		if im > 0.5*0x1p-300 && im < 0.7*0x1p-300 {
			im *= 1.25 // of one of four
		}
		return complex(real(z[0]), im)
	}
	r := run(t, p)
	assert.Equal(t, gradcheck.Inconclusive, r.Verdict, "%v", r)
	assert.InDelta(t, 1.125, r.Entries[0].Numeric, 1e-12)
	assert.InDelta(t, 1, r.Entries[0].Bound, 1e-12)
}

// A Func that rounds more than Complex, here to the stairs of a probability that is nearly
// 1, is the same function as long as the stairs are low: before a no, what it may lose is
// measured.
func TestComplexStepOfStairs(t *testing.T) {
	logistic := func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
	for x := 10.; x < 23; x += 0.1 {
		p := scalar(func(x float64) float64 { return -math.Log(1 - logistic(x)) }, logistic, x)
		p.Complex = func(z []complex128) complex128 { return z[0] + cmplx.Log(1+cmplx.Exp(-z[0])) }
		r := run(t, p)
		assert.Empty(t, r.Remarks, "%v", x)
		assert.Zero(t, r.Failed, "%v: %v", x, r)
	}
}

// However small x is, the step is small against it; where there is no such step, nothing is
// decided.
func TestComplexStepOfTinyX(t *testing.T) {
	for name, c := range map[string]struct {
		f, d func(float64) float64
		c    func(complex128) complex128
	}{
		"log":  {math.Log, func(x float64) float64 { return 1 / x }, cmplx.Log},
		"sqrt": {math.Sqrt, func(x float64) float64 { return 0.5 / math.Sqrt(x) }, cmplx.Sqrt},
		"line": {func(x float64) float64 { return 3 * x }, func(float64) float64 { return 3 }, func(z complex128) complex128 { return 3 * z }},
	} {
		for _, x := range []float64{1e-200, 1e-209, 1e-211, 1e-215, 1e-250, 1e-290, 1e-300, 0x1p-1022, 0x1p-1060, 0x1p-1074} {
			p := scalar(c.f, c.d, x)
			p.Complex = func(z []complex128) complex128 { return c.c(z[0]) }
			r := run(t, p)
			assert.NotEqual(t, gradcheck.Fail, r.Verdict, "%s, %v: %v", name, x, r)
			if x >= 1e-290 {
				assert.Equal(t, gradcheck.Pass, r.Verdict, "%s, %v: %v", name, x, r)
			}
			r = run(t, with(p, func(grad, _ []float64) { grad[0] *= 1.01 }))
			assert.NotEqual(t, gradcheck.Pass, r.Verdict, "%s, %v: %v", name, x, r)
			if x >= 1e-290 {
				assert.Equal(t, gradcheck.Fail, r.Verdict, "%s, %v: %v", name, x, r)
			}
		}
	}
}

// The step is short beside the smallest x, and where no step is, nothing is said.
func TestComplexStepSmallX(t *testing.T) {
	for x, want := range map[float64]gradcheck.Verdict{1e-200: gradcheck.Pass, 1e-250: gradcheck.Pass, 1e-290: gradcheck.Pass, 1e-305: gradcheck.Pass, 5e-324: gradcheck.Inconclusive} {
		p := complexer(scalar(math.Log, func(x float64) float64 { return 1 / x }, x), func(z complex128) complex128 { return cmplx.Log(z) })
		p.Lower = []float64{0}
		r := run(t, p)
		assert.Equal(t, want, r.Verdict, "%v: %v", x, r)
		r = run(t, with(p, func(g, _ []float64) { g[0] /= 2 }))
		assert.NotEqual(t, gradcheck.Pass, r.Verdict, "%v: %v", x, r)
	}
}

// A derivative that underflows in the imaginary part is not 0 for that.
func TestComplexStepHiddenByUnderflow(t *testing.T) {
	for x, slope := range map[float64]float64{1: 1e-250, 1e-250: 1e-60} {
		p := complexer(scalar(func(x float64) float64 { return 1 + slope*x }, func(float64) float64 { return slope }, x),
			func(z complex128) complex128 { return complex(1+slope*real(z), slope*imag(z)) })
		r := run(t, p)
		assert.Equal(t, gradcheck.Inconclusive, r.Verdict, "%v: %v", slope, r)
		r = run(t, with(p, func(g, _ []float64) { g[0] = 1e-6 }))
		assert.Equal(t, gradcheck.Fail, r.Verdict, "%v: %v", slope, r)
	}
}
