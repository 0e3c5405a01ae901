package gradcheck_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone/gradcheck"
)

// TestAliases: functions may keep the slices they are given and write to them later, or
// give away their own; either nothing comes of it, or the report says so. X stays as it
// was.
func TestAliases(t *testing.T) {
	for name, c := range map[string]struct {
		change func(p *gradcheck.Problem)
		want   gradcheck.Verdict
		remark string
	}{
		"all of their own": {func(*gradcheck.Problem) {}, gradcheck.Pass, ""},
		"Func keeps x and writes to it in the next call": {func(p *gradcheck.Problem) {
			f, kept := p.Func, []float64(nil)
			p.Func = func(x []float64) float64 {
				v := f(x)
				if kept != nil && &kept[0] != &x[0] {
					kept[0] = 99
				}
				kept = x
				return v
			}
		}, gradcheck.Pass, ""},
		"Func writes to x": {func(p *gradcheck.Problem) {
			f := p.Func
			p.Func = func(x []float64) float64 { v := f(x); x[0] = 99; return v }
		}, gradcheck.Fail, "Func modified x"},
		"Grad writes to x": {func(p *gradcheck.Problem) {
			g := p.Grad
			p.Grad = func(grad, x []float64) { g(grad, x); x[1] = 99 }
		}, gradcheck.Fail, "Grad modified x"},
		"Grad writes to the grad of an earlier call": {func(p *gradcheck.Problem) {
			g, kept := p.Grad, []float64(nil)
			p.Grad = func(grad, x []float64) {
				if kept != nil && &kept[0] != &grad[0] {
					clear(kept)
				}
				g(grad, x)
				kept = grad
			}
		}, gradcheck.Inconclusive, ""}, // differences of such gradients are noise
		"HessVec writes to v": {func(p *gradcheck.Problem) {
			h := p.HessVec
			p.HessVec = func(dst, x, v []float64) { h(dst, x, v); v[0] = 99 }
		}, gradcheck.Fail, "HessVec modified"},
		"Lower is X": {func(p *gradcheck.Problem) { p.Lower = p.X }, gradcheck.Pass, ""},
		"Scale is X": {func(p *gradcheck.Problem) { p.Scale = p.X }, gradcheck.Pass, ""},
	} {
		p := quadratic()
		c.change(&p)
		before := slices.Clone(p.X)
		r, err := gradcheck.Check(p, nil)
		require.NoError(t, err, name)
		assert.Equal(t, before, p.X, name)
		assert.Equal(t, c.want, r.Verdict, "%s: %v", name, r)
		if c.remark != "" {
			assert.Contains(t, r.String(), c.remark, name)
		}
	}
}

// quadratic is ½x·x + x₀x₁ at a point that may be a Lower and a Scale too.
func quadratic() gradcheck.Problem {
	return gradcheck.Problem{
		Func: func(x []float64) float64 { return x[0]*x[0]/2 + x[1]*x[1]/2 + x[0]*x[1] },
		Grad: func(grad, x []float64) { grad[0], grad[1] = x[0]+x[1], x[1]+x[0] },
		HessVec: func(dst, _, v []float64) {
			dst[0], dst[1] = v[0]+v[1], v[1]+v[0]
		},
		X: []float64{1.5, 0.25},
	}
}
