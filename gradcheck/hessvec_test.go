package gradcheck_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone/gradcheck"
)

func TestHessVec(t *testing.T) {
	p := rosenbrock
	p.HessVec = func(dst, x, v []float64) {
		clear(dst)
		for i := range len(x) - 1 {
			a, b := x[i], x[i+1]
			dst[i] += (2+1200*a*a-400*b)*v[i] - 400*a*v[i+1]
			dst[i+1] += 200*v[i+1] - 400*a*v[i]
		}
	}
	r := run(t, p)
	assert.Equal(t, gradcheck.Pass, r.Verdict, "%v", r)
	assert.Len(t, r.Second, 8)
	right := p.HessVec
	for name, change := range map[string]func(dst, x, v []float64){
		"twice":      func(dst, _, _ []float64) { scale(dst, 2) },
		"one entry":  func(dst, _, _ []float64) { dst[2] *= 1 + 1e-6 },
		"identity":   func(dst, _, v []float64) { copy(dst, v) },
		"adds":       func(dst, _, _ []float64) { dst[1] = math.NaN() },
		"far off":    func(dst, _, _ []float64) { scale(dst, -3) },
		"modifies v": func(_, _, v []float64) { v[0]++ },
		"modifies x": func(_, x, _ []float64) { x[0]++ },
	} {
		p.HessVec = func(dst, x, v []float64) { right(dst, x, v); change(dst, x, v) }
		r := run(t, p)
		assert.Equal(t, gradcheck.Fail, r.Verdict, "%s: %v", name, r)
	}
	// A row of zeros, and a function so wavy that differences see another Hessian.
	half := scalar(nil, nil, 0)
	half.Func = func(x []float64) float64 { return x[0]*x[0] + 3*x[1] }
	half.Grad = func(g, x []float64) { g[0], g[1] = 2*x[0], 3 }
	half.HessVec = func(dst, _, v []float64) { dst[0], dst[1] = 2*v[0], 0 }
	half.X = []float64{1, 2}
	assert.Equal(t, gradcheck.Pass, check(t, half).Verdict, "%v", check(t, half))
	rnd := rand.New(rand.NewPCG(7, 7))
	for range 300 {
		x := []float64{600 * rnd.NormFloat64(), rnd.NormFloat64()}
		wavy := gradcheck.Problem{
			Func: func(x []float64) float64 { return math.Sin(x[0])*math.Exp(x[1]) + math.Sin(x[1]) },
			Grad: func(g, x []float64) {
				g[0], g[1] = math.Cos(x[0])*math.Exp(x[1]), math.Sin(x[0])*math.Exp(x[1])+math.Cos(x[1])
			},
			HessVec: func(dst, x, v []float64) {
				e := math.Exp(x[1])
				dst[0] = -math.Sin(x[0])*e*v[0] + math.Cos(x[0])*e*v[1]
				dst[1] = math.Cos(x[0])*e*v[0] + (math.Sin(x[0])*e-math.Sin(x[1]))*v[1]
			},
			X: x,
		}
		require.NotEqual(t, gradcheck.Fail, check(t, wavy).Verdict, "%v: %v", x, check(t, wavy))
	}

	p.HessVec = func(dst, x, v []float64) {
		old := slices.Clone(dst)
		right(dst, x, v)
		add(dst, 1, old)
	}
	assert.Equal(t, gradcheck.Fail, run(t, p).Verdict, "adds to dst")
}

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

// Sums over all of v are rounded: beside a large component a small one may be off by a
// little of that.
func TestHessVecRounding(t *testing.T) {
	const large = 0x1p20
	p := gradcheck.Problem{
		Func: func(x []float64) float64 { return large*x[0]*x[0]/2 + x[1]*x[1]/2 },
		Grad: func(grad, x []float64) { grad[0], grad[1] = large*x[0], x[1] },
		X:    []float64{0.5, 0.25},
	}
	for off, want := range map[float64]gradcheck.Verdict{0x1p-48: gradcheck.Pass, -0x1p-48: gradcheck.Pass, 0x1p-40: gradcheck.Fail} {
		p.HessVec = func(dst, _, v []float64) { dst[0], dst[1] = large*v[0], v[1]+off*large*math.Abs(v[0]) }
		r := run(t, p)
		assert.Equal(t, want, r.Second[1].Verdict, "%v: %v", off, r)
	}
}

// Of HessVec as many components are looked at as elements of X: all, or in the mode
// Directions a sample of each block.
func TestHessVecSample(t *testing.T) {
	p := long(80)
	p.HessVec = func(dst, _, _ []float64) { clear(dst) } // only the choice matters here
	for mode, want := range map[gradcheck.Mode]int{gradcheck.Entries: 80, gradcheck.Directions: 2 * 24} {
		assert.Len(t, runWith(t, p, gradcheck.Settings{Mode: mode, PerBlock: 1}).Second, want, "%v", mode)
	}
}

// What HessVec is compared with is Grad, and where that is wrong, or noisy, it is it that
// the report names.
func TestHessVecNamesGrad(t *testing.T) {
	p := gradcheck.Problem{
		Func:    func(x []float64) float64 { return x[0] * x[0] },
		Grad:    func(grad, x []float64) { grad[0] = 3 * x[0] },
		HessVec: func(dst, _, v []float64) { dst[0] = 2 * v[0] },
		X:       []float64{1},
	}
	r := run(t, p)
	assert.Equal(t, gradcheck.Fail, r.Second[0].Verdict)
	assert.Equal(t, "but Grad, of which it is to be the derivative, is wrong itself", r.Second[0].Reason)
	assert.Equal(t, 3, r.Failed, "with the entry")
	p.Grad = func(grad, x []float64) { grad[0] = 2 * x[0] }
	p.HessVec = func(dst, _, v []float64) { dst[0] = 3 * v[0] }
	assert.Empty(t, run(t, p).Second[0].Reason, "now it is HessVec that is wrong")

	p.HessVec = func(dst, _, v []float64) { dst[0] = 2 * v[0] }
	p.Grad = func(grad, x []float64) { grad[0] = 2*x[0] + 1e-3*math.Sin(1e15*x[0]) }
	assert.Equal(t, "the derivative is lost in the noise of Grad", run(t, p).Second[0].Reason)
	p.Grad = func(grad, x []float64) { grad[0] = 2*x[0] + math.Abs(x[0]-1) }
	p.HessVec = func(dst, _, v []float64) { dst[0] = 2.5 * v[0] }
	assert.Equal(t, "Grad seems to have a kink here", run(t, p).Second[0].Reason)
}

// A component that is NaN or infinite says nothing of the others.
func TestHessVecNotFinite(t *testing.T) {
	for _, bad := range []float64{1, math.NaN(), math.Inf(1)} {
		r, err := gradcheck.Check(gradcheck.Problem{
			Func:    func(x []float64) float64 { return x[0]*x[0] + x[1]*x[1] + x[2]*x[2] + x[3] },
			Grad:    func(grad, x []float64) { grad[0], grad[1], grad[2], grad[3] = 2*x[0], 2*x[1], 2*x[2], 1 },
			HessVec: func(dst, _, v []float64) { dst[0], dst[1], dst[2], dst[3] = 2*v[0]*bad, 2.1*v[1], 2*v[2], 0 },
			X:       []float64{1, 2, 3, 4},
		}, nil)
		require.NoError(t, err)
		want := []gradcheck.Verdict{gradcheck.Fail, gradcheck.Fail, gradcheck.Pass, gradcheck.Pass}
		if bad == 1 {
			want[0] = gradcheck.Pass
		}
		for i, e := range r.Second {
			assert.Equal(t, want[i%4], e.Verdict, "%v: %v: %s", bad, e.Name, e.Reason)
			assert.Less(t, e.Allowed, 1e-10, "%v: %v", bad, e.Name)
		}
	}
}

// Two results of HessVec that differ by rounding, as those of a sum in another order, are
// no mistake, and more is one. It is said once, however many directions show it.
func TestHessVecTwoResults(t *testing.T) {
	const rounding = "HessVec gave two results at the same x, which differ by rounding"
	const state = "HessVec gave two results at the same x: it adds to its argument or keeps state"
	for name, c := range map[string]struct {
		by   float64 // of the largest
		want []string
	}{
		"none":         {0, nil},
		"an ulp":       {0x1p-52, []string{rounding}},
		"a sum":        {0x1p-47, []string{rounding}},
		"a part":       {0x1p-39, []string{state}},
		"much":         {1, []string{state}},
		"not finite":   {math.Inf(1), []string{state}},
		"not a number": {math.NaN(), []string{state}},
	} {
		for first := range 2 {
			calls := 0
			p := gradcheck.Problem{
				Func: func(x []float64) float64 { return x[0]*x[0] + 2*x[1]*x[1] },
				Grad: func(grad, x []float64) { grad[0], grad[1] = 2*x[0], 4*x[1] },
				HessVec: func(dst, _, v []float64) {
					dst[0], dst[1] = 2*v[0], 4*v[1]
					if calls++; calls%2 == first {
						dst[0] += c.by * math.Max(math.Abs(dst[0]), math.Abs(dst[1]))
					}
				},
				X: []float64{1, 1},
			}
			r := runWith(t, p, gradcheck.Settings{PerBlock: 5})
			assert.Equal(t, c.want, r.Remarks, name)
			if c.by == 0x1p-52 {
				assert.Equal(t, gradcheck.Inconclusive, r.Verdict)
				assert.Zero(t, r.Failed)
			}
		}
	}
	zero := 1.0
	p := scalar(func(x float64) float64 { return x }, func(float64) float64 { return 1 }, 1)
	p.HessVec = func(dst, _, _ []float64) { zero = -zero; dst[0] = 0 * zero }
	assert.Empty(t, run(t, p).Remarks, "two zeros are one number")
}

// A component that is 0 may come out as what is left of a large sum, which is rounding.
func TestHessVecRoundsBesideLargeOnes(t *testing.T) {
	calls := 0
	p := gradcheck.Problem{
		Func: func(x []float64) float64 { return 512*x[0]*x[0] + x[1] },
		Grad: func(g, x []float64) { g[0], g[1] = 1024*x[0], 1 },
		X:    []float64{1, 1},
	}
	for off, want := range map[float64]gradcheck.Verdict{0x1p-40: gradcheck.Inconclusive, 0x1p-30: gradcheck.Fail} {
		p.HessVec = func(dst, _, v []float64) {
			dst[0], dst[1] = 1024*v[0], 0
			if calls++; calls%2 == 0 {
				dst[1] = off
			}
		}
		assert.Equal(t, want, run(t, p).Verdict, "%v", off)
	}
}
