package gradcheck_test

import (
	"math"
	"math/big"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"touchstone/gradcheck"
)

// What is beyond Allowed fails, and nothing else of finite numbers does; whatever
// the mode, the function and the error of its gradient.
func TestAllowed(t *testing.T) {
	square := gradcheck.Problem{
		Func: func(x []float64) float64 { return x[0]*x[0] + x[1]*x[2] },
		Grad: func(grad, x []float64) { grad[0], grad[1], grad[2] = 2*x[0], x[2], x[1] },
		HessVec: func(dst, x, v []float64) {
			dst[0], dst[1], dst[2] = 2*v[0], v[2], v[1]
		},
		X:       []float64{3, -0.5, 0.25},
		Complex: func(z []complex128) complex128 { return z[0]*z[0] + z[1]*z[2] },
		Big: func(x []*big.Float, prec uint) *big.Float {
			number := func() *big.Float { return new(big.Float).SetPrec(prec) }
			return number().Add(number().Mul(x[0], x[0]), number().Mul(x[1], x[2]))
		},
	}
	kink := scalar(math.Abs, func(x float64) float64 { return math.Copysign(1, x) }, 0)
	seen := map[gradcheck.Verdict]int{}
	for _, mode := range []gradcheck.Mode{gradcheck.Entries, gradcheck.Directions, gradcheck.Certified, gradcheck.ComplexStep} {
		for _, off := range []float64{0, 1e-13, 1e-11, 1e-9, 1e-3, 1} {
			for _, p := range []gradcheck.Problem{square, kink, rosenbrock} {
				if mode > gradcheck.Directions && p.Big == nil {
					continue
				}
				p = with(p, func(grad, _ []float64) { grad[len(grad)-1] += off })
				r := runWith(t, p, gradcheck.Settings{Mode: mode})
				for _, e := range slices.Concat(r.Entries, r.Directions, r.Second) {
					seen[e.Verdict]++
					beyond := math.Abs(e.Analytic-e.Numeric) > e.Allowed
					assert.GreaterOrEqual(t, e.Allowed, e.Bound)
					assert.Equal(t, e.Verdict == gradcheck.Fail, beyond && e.Verdict != gradcheck.Inconclusive, "%v, off by %g: %+v", mode, off, e)
				}
			}
		}
	}
	assert.Greater(t, min(seen[gradcheck.Pass], seen[gradcheck.Inconclusive], seen[gradcheck.Fail]), 5, "%v", seen)
}
