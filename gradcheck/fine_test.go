package gradcheck_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"

	"touchstone/gradcheck"
)

// A component of high frequency looks like noise to steps that are longer than its waves. A
// gradient that says nothing of it seldom passes, and none that does so is refused.
func TestFineStructure(t *testing.T) {
	for _, frequency := range []float64{1e3, 1e5, 1e6, 3e6} {
		rnd := rand.New(rand.NewPCG(1, 2))
		passed, tried := 0, 0
		for range 500 {
			w, slope, x := frequency*(1+rnd.Float64()), math.Pow(10, -4+4*rnd.Float64()), 2*rnd.NormFloat64()
			if math.Abs(math.Cos(w*x)) < 0.2 {
				continue
			}
			tried++
			p := scalar(func(x float64) float64 { return math.Sin(x) + x*x + slope/w*math.Sin(w*x) },
				func(x float64) float64 { return math.Cos(x) + 2*x + slope*math.Cos(w*x) }, x)
			r := run(t, p)
			assert.NotEqual(t, gradcheck.Fail, r.Verdict, "%v: %v", w, r)
			p.Grad = func(grad, x []float64) { grad[0] = math.Cos(x[0]) + 2*x[0] }
			if r := run(t, p); r.Verdict == gradcheck.Pass {
				passed++
			}
		}
		t.Logf("%g: %d of %d gradients without the component pass", frequency, passed, tried)
		assert.LessOrEqual(t, passed, tried/10)
	}
}

// Whether the noise is such a component is asked once: a function that rounds to stairs pays
// for one search, however many elements it has.
func TestFineStructureIsAskedOnce(t *testing.T) {
	p := gradcheck.Problem{
		Func: func(x []float64) float64 {
			sum := 0.0
			for _, v := range x {
				sum += math.Sin(v)
			}
			return math.Round(sum*1e9) / 1e9
		},
		Grad: func(grad, x []float64) {
			for i, v := range x {
				grad[i] = math.Cos(v)
			}
		},
		X: make([]float64, 200),
	}
	for i := range p.X {
		p.X[i] = float64(i) / 200
	}
	r := run(t, p)
	assert.Equal(t, gradcheck.Pass, r.Verdict, "%v", r)
	assert.Less(t, r.Evaluations, 200*14+1000)
}

// Noise that has no scale is as large over short steps, and no component: a few steps over
// which it happens to look like a slope must not make a right gradient inconclusive.
func TestWhiteNoiseIsNoFineStructure(t *testing.T) {
	noise := func(x float64) float64 { // its own at each x, in [−1, 1)
		return 2*rand.New(rand.NewPCG(math.Float64bits(x), 0)).Float64() - 1
	}
	for _, size := range []float64{1e-13, 1e-11} {
		rnd := rand.New(rand.NewPCG(3, 4))
		evaluations := 0
		for range 2000 {
			r := run(t, scalar(func(x float64) float64 { return math.Sin(x) + x*x + size*noise(x) },
				func(x float64) float64 { return math.Cos(x) + 2*x }, 2*rnd.NormFloat64()))
			assert.Equal(t, gradcheck.Pass, r.Verdict, "%v", r)
			evaluations += r.Evaluations
		}
		assert.Less(t, evaluations, 55*2000)
	}
}
