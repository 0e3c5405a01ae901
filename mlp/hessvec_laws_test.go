package mlp_test

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp"
)

// H is symmetric and linear: u·Hv = v·Hu, H(4v) = 4Hv to the bit, H(u+v) = Hu + Hv,
// and H·0 is exactly 0. A product that is not a symmetric matrix's is found out.
func TestHessVecLaws(t *testing.T) {
	broken := func(c netCase, o *mlp.Objective, h func(v []float64) []float64, seed uint64) string {
		rnd := newRand(seed)
		u, v := normal(rnd, len(c.theta), 1), normal(rnd, len(c.theta), 1)
		sum, four := make([]float64, len(u)), make([]float64, len(u))
		for i := range u {
			sum[i], four[i] = u[i]+v[i], 4*v[i]
		}
		hu, hv, hsum, hfour, hzero := h(u), h(v), h(sum), h(four), h(make([]float64, len(u)))
		a, b, size := 0.0, 0.0, 0.0
		for i := range u {
			a += u[i] * hv[i]
			b += v[i] * hu[i]
			size += math.Abs(u[i]*hv[i]) + math.Abs(v[i]*hu[i])
			switch {
			case hfour[i] != 4*hv[i]:
				return "H(4v) ≠ 4Hv"
			case hzero[i] != 0:
				return "H·0 ≠ 0"
			case !(math.Abs(hsum[i]-hu[i]-hv[i]) <= 1e-9*(norm(hu)+norm(hv))):
				return "H(u+v) ≠ Hu + Hv"
			}
		}
		if !(math.Abs(a-b) <= 1e-9*size) {
			return "u·Hv ≠ v·Hu"
		}
		return ""
	}
	rapid.Check(t, func(t *rapid.T) {
		c := drawNet(t)
		o := c.objective()
		o.Sum = rapid.Bool().Draw(t, "sum")
		o.Lambda = rapid.SampledFrom([]float64{0, 0.25}).Draw(t, "λ")
		assert.Empty(t, broken(c, o, func(v []float64) []float64 { return c.hessVec(o, v) }, rapid.Uint64().Draw(t, "v")))
	})

	seen := map[string]bool{}
	c, _ := hessCase(3, activation.Tanh{}, activation.Sigmoid{}, pairings[0], false)
	o := c.objective()
	o.Lambda = 0.3
	for _, b := range hessBugs {
		h := func(v []float64) []float64 {
			dst := make([]float64, len(v))
			b.hessVec(c, o)(dst, c.theta, v)
			return dst
		}
		seen[b.name] = broken(c, o, h, 5) != ""
	}
	assert.False(t, seen["none"])
	for _, name := range []string{"W·R{δ} without V·δ", "R{δ}·a without δ·R{a}", "R{x} not 0", "regulariser of W", "bias of the first sample"} {
		assert.True(t, seen[name], name)
	}
}

// Calling it twice gives the same bits, whatever was in dst and whatever happened in
// between; θ, v and the data stay as they were, and so do Grad and the Trace.
func TestHessVecPurity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawNet(t)
		v := normal(newRand(rapid.Uint64().Draw(t, "v")), len(c.theta), 1)
		theta, v0, x, target := slices.Clone(c.theta), slices.Clone(v), slices.Clone(c.x.Data), slices.Clone(c.t.Data)
		o := c.objective()
		h := c.hessVec(o, v)
		grad := c.gradient(o)
		z, dx, delta := slices.Clone(o.Trace().Z[0].Data), slices.Clone(o.Trace().DX.Data), slices.Clone(o.Trace().Delta[0].Data)
		o.HessVec(make([]float64, len(v)), normal(newRand(2), len(v), 1), normal(newRand(3), len(v), 1))
		assert.Equal(t, z, o.Trace().Z[0].Data)
		assert.Equal(t, dx, o.Trace().DX.Data)
		assert.Equal(t, delta, o.Trace().Delta[0].Data)

		assert.Equal(t, grad, c.gradient(o))
		assert.Equal(t, h, c.hessVec(o, v))
		assert.Equal(t, h, c.hessVec(c.objective(), v), "a new Objective")
		assert.Equal(t, theta, c.theta)
		assert.Equal(t, v0, v)
		assert.Equal(t, x, c.x.Data)
		assert.Equal(t, target, c.t.Data)

		// v may be θ.
		assert.Equal(t, c.hessVec(o, slices.Clone(c.theta)), c.hessVec(o, c.theta))

		// Views with a stride wider than their columns are read as such.
		c.x, c.t = padded(c.x), padded(c.t)
		assert.Equal(t, h, c.hessVec(c.objective(), v))
	})
}

// The fields may change between calls, and a copy of an Objective has its own.
func TestHessVecReadsTheFields(t *testing.T) {
	c, v := hessCase(2, activation.Tanh{}, activation.Sigmoid{}, pairings[0], false)
	o := c.objective()
	c.hessVec(o, v)
	other := *o
	other.Sum, other.Lambda = true, 0.5
	fresh := c.objective()
	fresh.Sum, fresh.Lambda = true, 0.5
	assert.Equal(t, c.hessVec(fresh, v), c.hessVec(&other, v))
	assert.NotEqual(t, c.hessVec(fresh, v), c.hessVec(o, v))
}

func TestHessVecGOMAXPROCS(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	c, v := hessCase(1, activation.Tanh{}, activation.Softplus{}, pairings[1], false)
	want := c.hessVec(c.objective(), v)
	runtime.GOMAXPROCS(8)
	assert.Equal(t, want, c.hessVec(c.objective(), v))
}

func TestHessVecDoesNotAllocate(t *testing.T) {
	for _, p := range pairings {
		c, v := hessCase(1, activation.Tanh{}, activation.Softplus{}, p, false)
		o := c.objective()
		dst := make([]float64, len(v))
		o.HessVec(dst, c.theta, v)
		assert.Zero(t, testing.AllocsPerRun(10, func() { o.HessVec(dst, c.theta, v) }), "%v", p.loss)
	}
}

// A first derivative alone is not enough.
type onlyFirst struct{ activation.Func }

type onlyGrad struct{ loss.Func }

// NaN goes through, from θ and from v, and nothing panics.
func TestHessVecNonFinite(t *testing.T) {
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		for _, f := range activations {
			c, v := hessCase(9, f, f, pairings[0], false)
			o := c.objective()
			for _, at := range [][]float64{c.theta, v} {
				old := at[0]
				at[0] = bad
				h := c.hessVec(o, v)
				if math.IsNaN(bad) {
					assert.True(t, slices.ContainsFunc(h, math.IsNaN), fmt.Sprint(f))
				}
				at[0] = old
			}
		}
	}
}
