package gradcheck_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"touchstone/gradcheck"
)

// HessVec is compared with differences of Grad, which must be finite.
func TestHessVecOfNoGradient(t *testing.T) {
	p := with(rosenbrock, func(g, _ []float64) { g[2] = math.NaN() })
	p.HessVec = func(_, _, _ []float64) { t.Error("there is nothing to compare with") }
	r := run(t, p)
	assert.Contains(t, r.Remarks, "HessVec was not checked: Grad is not finite")
	assert.Empty(t, r.Second)
}

// Grad is not differenced across a kink that Branch tells of, or the Hessian of one side
// would be compared with the slope from one side to the other.
func TestHessVecBranch(t *testing.T) {
	side := func(x float64) float64 {
		if x > 0 {
			return 3
		}
		return -2
	}
	p := gradcheck.Problem{
		Func:    func(x []float64) float64 { return side(x[0])*x[0] + x[0]*x[0] },
		Grad:    func(grad, x []float64) { grad[0] = side(x[0]) + 2*x[0] },
		HessVec: func(dst, _, v []float64) { dst[0] = 2 * v[0] },
		Branch:  func(x []float64) uint64 { return math.Float64bits(side(x[0])) },
		X:       []float64{1e-2},
	}
	assert.Equal(t, gradcheck.Pass, run(t, p).Verdict, "%v", run(t, p))
	p.HessVec = func(dst, _, v []float64) { dst[0] = 2.001 * v[0] }
	assert.Equal(t, gradcheck.Fail, run(t, p).Verdict)

	p.HessVec = func(dst, _, v []float64) { dst[0] = 2 * v[0] }
	p.X[0] = 1e-14
	r := run(t, p)
	assert.Equal(t, gradcheck.Inconclusive, r.Second[0].Verdict)
	assert.Contains(t, r.Second[0].Reason, "a kink, by Branch, is too near")
}
