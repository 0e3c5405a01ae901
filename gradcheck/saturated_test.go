package gradcheck_test

import (
	"math"
	"math/cmplx"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"touchstone/gradcheck"
)

// A Func that goes through a probability is 0 where that has rounded to 1, and its right
// gradient is not. That does not fail, by whatever mode, and one that is wrong by more than
// the rounding still does.
func TestSaturatedTo0(t *testing.T) {
	entropy := func(x float64) float64 { return -math.Log(1 / (1 + math.Exp(-x))) }
	slope := func(x float64) float64 { return -1 / (1 + math.Exp(x)) }
	curvature := func(x float64) float64 { return 1 / (1 + math.Exp(x)) / (1 + math.Exp(-x)) }
	for x := 37.; x < 300; x += 0.75 {
		p := scalar(entropy, slope, x)
		complexP := p
		complexP.Complex = func(z []complex128) complex128 { return cmplx.Log(1 + cmplx.Exp(-z[0])) }
		two := gradcheck.Problem{
			Func: func(x []float64) float64 { return entropy(x[0]) + 1e-20*x[1]*x[1] },
			Grad: func(grad, x []float64) { grad[0], grad[1] = slope(x[0]), 2e-20*x[1] },
			X:    []float64{x, 3},
		}
		hess := scalar(entropy, func(x float64) float64 { return 1/(1+math.Exp(-x)) - 1 }, x)
		hess.HessVec = func(dst, x, v []float64) { dst[0] = curvature(x[0]) * v[0] }
		for name, c := range map[string]struct {
			p gradcheck.Problem
			s gradcheck.Settings
		}{
			"entries":    {p, gradcheck.Settings{}},
			"directions": {p, gradcheck.Settings{Mode: gradcheck.Directions}},
			"two":        {two, gradcheck.Settings{}},
			"complex":    {complexP, gradcheck.Settings{}},
			"HessVec":    {hess, gradcheck.Settings{}},
		} {
			r := runWith(t, c.p, c.s)
			assert.NotEqual(t, gradcheck.Fail, r.Verdict, "%s, %v: %v", name, x, r)
			assert.Empty(t, r.Remarks, "%s, %v", name, x)
		}
	}
	for _, wrong := range []float64{1e-3, -1e-3, 1e-12, -1e-12, 1e10} {
		r := run(t, scalar(entropy, func(float64) float64 { return wrong }, 49))
		assert.Equal(t, gradcheck.Fail, r.Verdict, "%v: %v", wrong, r)
		r = run(t, scalar(func(float64) float64 { return 0 }, func(float64) float64 { return wrong }, 0.5))
		assert.Equal(t, gradcheck.Fail, r.Verdict, "%v: %v", wrong, r)
	}
}

// Nor does that of a softmax of large logits, of which the largest is added and subtracted
// again.
func TestSaturatedSoftmax(t *testing.T) {
	terms := func(z []float64) (largest, sum, rest float64) {
		largest = slices.Max(z)
		for i, v := range z {
			sum += math.Exp(v - largest)
			if i > 0 {
				rest += math.Exp(v - largest)
			}
		}
		return largest, sum, rest
	}
	p := gradcheck.Problem{
		Func: func(z []float64) float64 {
			largest, sum, _ := terms(z)
			return largest + math.Log(sum) - z[0]
		},
		Grad: func(grad, z []float64) {
			largest, sum, rest := terms(z)
			for i, v := range z {
				grad[i] = math.Exp(v-largest) / sum
			}
			grad[0] = -rest / sum
		},
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	wrong := with(p, func(grad, _ []float64) { grad[1] += 1e-3 })
	for range 500 {
		x := make([]float64, 4)
		for i := range x {
			x[i] = 1e6 + 20*rnd.NormFloat64()
		}
		p.X, wrong.X = x, x
		for _, mode := range []gradcheck.Mode{gradcheck.Entries, gradcheck.Directions} {
			r := runWith(t, p, gradcheck.Settings{Mode: mode})
			assert.NotEqual(t, gradcheck.Fail, r.Verdict, "%v: %v", x, r)
			r = runWith(t, wrong, gradcheck.Settings{Mode: mode})
			assert.Equal(t, gradcheck.Fail, r.Verdict, "%v: %v", x, r)
		}
	}
}
