package gradcheck_test

import (
	"math"
	"math/big"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"touchstone/gradcheck"
)

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

// A report counts all calls: of Func, of Big and of Complex, and of Grad.
func TestCallsAreCounted(t *testing.T) {
	for _, mode := range []gradcheck.Mode{gradcheck.Entries, gradcheck.Directions, gradcheck.Certified, gradcheck.ComplexStep} {
		for _, factor := range []float64{1, 2, math.NaN()} {
			calls, gradients := 0, 0
			p := gradcheck.Problem{
				Func: func(x []float64) float64 { calls++; return x[0] * x[0] * x[1] },
				Grad: func(grad, x []float64) {
					gradients++
					grad[0], grad[1] = 2*x[0]*x[1], factor*x[0]*x[0]
				},
				Complex: func(z []complex128) complex128 { calls++; return z[0] * z[0] * z[1] },
				Big: func(x []*big.Float, prec uint) *big.Float {
					calls++
					f := new(big.Float).SetPrec(prec).Mul(x[0], x[0])
					return f.Mul(f, x[1])
				},
				HessVec: func(dst, x, v []float64) {
					dst[0], dst[1] = 2*x[1]*v[0]+2*x[0]*v[1], 2*x[0]*v[0]
				},
				X: []float64{2, 3},
			}
			p.Parts = []func([]float64) float64{p.Func}
			r := runWith(t, p, gradcheck.Settings{Mode: mode})
			assert.Equal(t, calls, r.Evaluations, "%v, %v", mode, factor)
			assert.Equal(t, gradients, r.Gradients, "%v, %v", mode, factor)
		}
	}
}

// It is said which function modified x.
func TestWhoModifiedX(t *testing.T) {
	square := scalar(func(x float64) float64 { return x * x }, func(x float64) float64 { return 2 * x }, 3)
	for want, change := range map[string]func(p *gradcheck.Problem){
		"Func modified x": func(p *gradcheck.Problem) {
			p.Func = func(x []float64) float64 { defer func() { x[0] = 7 }(); return x[0] * x[0] }
		},
		"Big modified x": func(p *gradcheck.Problem) {
			p.Big = func(x []*big.Float, _ uint) *big.Float { return x[0].Mul(x[0], x[0]) }
		},
		"Complex modified x": func(p *gradcheck.Problem) {
			p.Complex = func(z []complex128) complex128 { defer func() { z[0] = 7 }(); return z[0] * z[0] }
		},
	} {
		p := square
		change(&p)
		r := run(t, p)
		assert.Equal(t, []string{want}, r.Remarks)
		assert.Equal(t, gradcheck.Fail, r.Verdict)
	}
}

// What a check costs is what the package says: for each entry, in all, for each that is to
// fail, and for the search for jumps, of which there are eight however much fails.
func TestCost(t *testing.T) {
	right := long(400)
	right.Blocks = nil
	for b := range 8 {
		right.Blocks = append(right.Blocks, gradcheck.Block{Name: "b", Offset: 50 * b, Rows: 50})
	}
	wrong := with(right, func(g, _ []float64) { scale(g, 1.5) })
	for _, c := range []struct {
		name      string
		p         gradcheck.Problem
		mode      gradcheck.Mode
		low, high int
	}{
		{"right", right, gradcheck.Entries, 400 * 9, 400*14 + 40},
		{"wrong", wrong, gradcheck.Entries, 400*130 + 8*600, 400*170 + 8*700 + 40},
		{"right, by directions", right, gradcheck.Directions, 16 * 8, 16*12 + 40},
		{"wrong, by directions", wrong, gradcheck.Directions, 8*24*130 + 8*600, (16+8*25)*170 + 8*700 + 40},
	} {
		r := runWith(t, c.p, gradcheck.Settings{Mode: c.mode})
		assert.Greater(t, r.Evaluations, c.low, c.name)
		assert.Less(t, r.Evaluations, c.high, c.name)
	}
}

// A NaN that is there each time is no second result.
func TestNaNEachTime(t *testing.T) {
	r := run(t, with(rosenbrock, func(g, _ []float64) { g[1] = math.NaN() }))
	assert.Equal(t, gradcheck.Fail, r.Verdict)
	assert.Empty(t, r.Remarks)

	calls := 0
	r = run(t, with(rosenbrock, func(g, _ []float64) {
		if calls++; calls > 1 {
			g[1] = math.NaN()
		}
	}))
	assert.NotEmpty(t, r.Remarks, "and one that is not is")

	calls = 0
	r = run(t, with(rosenbrock, func(g, _ []float64) {
		if calls++; calls == 1 {
			g[1] = math.Inf(1)
		}
	}))
	assert.Equal(t, []string{"Grad gave two results at the same x: it adds to its argument or keeps state"}, r.Remarks, "however large the first is")
}

// Entries are in the order of X, whatever the order of the blocks.
func TestOrderOfEntries(t *testing.T) {
	p := long(400)
	p.Blocks = []gradcheck.Block{{Name: "b", Offset: 200, Rows: 200}, {Name: "W", Rows: 100, Cols: 2}}
	wrong := with(p, func(g, _ []float64) { scale(g, 2) })
	for _, mode := range []gradcheck.Mode{gradcheck.Entries, gradcheck.Directions} {
		r := runWith(t, wrong, gradcheck.Settings{Mode: mode})
		assert.Equal(t, []string{"b", "W"}, []string{r.Blocks[0].Name, r.Blocks[1].Name})
		assert.NotEmpty(t, r.Entries)
		assert.True(t, slices.IsSortedFunc(r.Entries, func(a, b gradcheck.Entry) int { return a.Index - b.Index }), "%v", mode)
	}
}

// Two results of Grad differ by rounding up to 2⁻⁴⁰ of an element and 2⁻⁵⁰ of the largest
// of its block, and by more than that beyond, however large they are.
func TestTwoResults(t *testing.T) {
	const rounding = 0x1p-40 + 0x1p-48
	for _, size := range []float64{1, 0x1p20, 0x1p-20} {
		for by, want := range map[float64]string{
			0:                   "",
			0x1p-52:             "Grad gave two results at the same x, which differ by rounding",
			rounding:            "Grad gave two results at the same x, which differ by rounding",
			-rounding:           "Grad gave two results at the same x, which differ by rounding",
			rounding + 0x1p-52:  "Grad gave two results at the same x: it adds to its argument or keeps state",
			-rounding - 0x1p-52: "Grad gave two results at the same x: it adds to its argument or keeps state",
			math.Inf(1):         "Grad gave two results at the same x: it adds to its argument or keeps state",
		} {
			calls := 0
			p := gradcheck.Problem{
				Func: func(x []float64) float64 { return size * (x[0] + 4*x[1]) },
				Grad: func(grad, _ []float64) {
					grad[0], grad[1] = size, 4*size
					if calls++; calls == 2 {
						grad[0] += size * by
					}
				},
				X: []float64{1, 1},
			}
			r := run(t, p)
			assert.Empty(t, r.Blocks[0].Causes, "nothing of it is wrong")
			if want == "" {
				assert.Empty(t, r.Remarks)
				continue
			}
			assert.Equal(t, []string{want}, r.Remarks, "%v of %v", by, size)
		}
	}
}

// A Grad that adds to its argument is told from one that leaves it as it is, and is checked
// for what it adds to a 0.
func TestGradAdds(t *testing.T) {
	const adds = "Grad adds to its argument instead of overwriting it, which makes that a state"
	p := gradcheck.Problem{
		Func: func(x []float64) float64 { return x[0] + 4*x[1] },
		Grad: func(grad, _ []float64) { grad[0] += 1; grad[1] = 4 },
		X:    []float64{1, 1},
	}
	r := run(t, p)
	assert.Equal(t, []string{adds}, r.Remarks)
	assert.Equal(t, 1., r.Entries[0].Analytic)
	assert.Zero(t, r.Failed)

	p.Grad = func(grad, _ []float64) { grad[1] = 4 }
	r = run(t, p)
	assert.NotContains(t, r.Remarks, adds)
	assert.True(t, math.IsNaN(r.Entries[0].Analytic))
	assert.Equal(t, 1, r.Failed)
}
