package mlp_test

import (
	"flag"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"gonum.org/v1/gonum/blas/blas64"
	"pgregory.net/rapid"

	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp"
)

// The properties are tried on the same cases in every run; -rapid.seed and
// -rapid.checks try others.
func init() {
	if err := flag.Set("rapid.seed", "1"); err != nil {
		panic(err)
	}
}

// A netCase is a random network with data, of one to three layers.
type netCase struct {
	n     *mlp.Net
	loss  loss.Func
	theta []float64
	x, t  blas64.General
}

func drawNet(t *rapid.T) netCase {
	depth := rapid.IntRange(1, 3).Draw(t, "depth")
	inputs := rapid.IntRange(1, 4).Draw(t, "inputs")
	layers := make([]mlp.Layer, depth)
	for l := range layers {
		layers[l] = mlp.Layer{
			Width:      rapid.IntRange(1, 5).Draw(t, "width"),
			Activation: rapid.SampledFrom(activations).Draw(t, "activation"),
			NoBias:     rapid.Bool().Draw(t, "no bias"),
		}
	}
	// Without CrossEntropy, which is infinite where large weights saturate it.
	p := rapid.SampledFrom(slices.DeleteFunc(slices.Clone(pairings), func(p pairing) bool {
		return p.loss == loss.Func(loss.CrossEntropy{})
	})).Draw(t, "loss")
	layers[depth-1].Activation = p.output
	n := mlp.New(inputs, layers...)
	rnd := newRand(rapid.Uint64().Draw(t, "seed"))
	samples := rapid.IntRange(1, 6).Draw(t, "samples")
	return netCase{
		n: n, loss: p.loss,
		theta: normal(rnd, n.NumParams(), rapid.SampledFrom([]float64{0.3, 1, 3}).Draw(t, "sigma")),
		x:     normalMatrix(rnd, samples, inputs),
		t:     distributions(rnd, samples, n.Outputs()),
	}
}

func (c netCase) objective() *mlp.Objective { return mlp.NewObjective(c.n, c.loss, c.x, c.t) }

func (c netCase) gradient(o *mlp.Objective) []float64 {
	grad := make([]float64, len(c.theta))
	o.Grad(grad, c.theta)
	return grad
}

// norm returns the largest absolute value, the unit of the comparisons below.
func norm(v []float64) float64 {
	m := 0.0
	for _, x := range v {
		m = math.Max(m, math.Abs(x))
	}
	return m
}

func closeTo(t assert.TestingT, want, got, tolerance float64) {
	assert.InDelta(t, want, got, tolerance*(1+math.Abs(want)))
}

func near(t assert.TestingT, want, got []float64, tolerance float64, what string) {
	assert.Len(t, got, len(want), what)
	for i := range want {
		assert.InDelta(t, want[i], got[i], tolerance*math.Max(norm(want), 1e-300), "%s, entry %d", what, i)
	}
}

func TestBatchGradientIsMeanOfSampleGradients(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawNet(t)
		whole := c.objective()
		sum := make([]float64, len(c.theta))
		largest, value := 0.0, 0.0
		for s := range c.x.Rows {
			one := c
			one.x, one.t = matrix(row(c.x, s)), matrix(row(c.t, s))
			o := one.objective()
			value += o.Func(c.theta)
			g := one.gradient(o)
			largest = math.Max(largest, norm(g))
			for i := range sum {
				sum[i] += g[i] / float64(c.x.Rows)
			}
		}
		closeTo(t, value/float64(c.x.Rows), whole.Func(c.theta), 1e-14)
		for i, g := range c.gradient(whole) {
			assert.InDelta(t, sum[i], g, 1e-14*largest, c.n.ParamName(i))
		}

		// The sum objective is the mean times the samples.
		whole.Sum = true
		closeTo(t, value, whole.Func(c.theta), 1e-14)
	})
}

// Exchanging two neurons of a hidden layer, with their weights, changes nothing
// but the places of their gradients.
func TestHiddenPermutation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawNet(t)
		if c.n.NumLayers() < 2 || c.n.Layer(0).Width < 2 {
			t.Skip("no two hidden neurons")
		}
		a, b := 0, c.n.Layer(0).Width-1
		exchange := func(theta []float64) []float64 {
			theta = slices.Clone(theta)
			in, bias, out := c.n.Weights(theta, 0), c.n.Biases(theta, 0), c.n.Weights(theta, 1)
			for k := range in.Cols {
				row(in, a)[k], row(in, b)[k] = row(in, b)[k], row(in, a)[k]
			}
			if bias != nil {
				bias[a], bias[b] = bias[b], bias[a]
			}
			for j := range out.Rows {
				row(out, j)[a], row(out, j)[b] = row(out, j)[b], row(out, j)[a]
			}
			return theta
		}
		o := c.objective()
		value, grad := o.Func(c.theta), c.gradient(o)
		c.theta = exchange(c.theta)
		closeTo(t, value, o.Func(c.theta), 1e-12)
		near(t, exchange(grad), c.gradient(o), 1e-11, "gradient")
	})
}

// Backward is linear in dy: a zero cotangent gives exact zeros, and a power of two
// passes through exactly.
func TestBackwardIsLinear(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawNet(t)
		tr := c.n.NewTrace(c.x.Rows)
		y := c.n.Forward(tr, c.theta, c.x)
		backward := func(by float64) (grad, dx []float64) {
			dy := like(y)
			for i, v := range c.t.Data {
				dy.Data[i] = by * v
			}
			grad = make([]float64, len(c.theta))
			c.n.Backward(tr, grad, c.theta, dy)
			return grad, slices.Clone(tr.DX.Data)
		}
		g1, dx1 := backward(1)
		g4, dx4 := backward(4)
		for i := range g1 {
			assert.Equal(t, 4*g1[i], g4[i])
		}
		for i := range dx1 {
			assert.Equal(t, 4*dx1[i], dx4[i])
		}
		g0, dx0 := backward(0)
		assert.Equal(t, make([]float64, len(g0)), g0)
		assert.Equal(t, make([]float64, len(dx0)), dx0)
	})
}

// Calling twice gives the same bits, whatever was in grad, and the inputs stay as
// they were. A Trace that has seen other parameters gives the same bits too.
func TestPurity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawNet(t)
		theta, x, target := slices.Clone(c.theta), slices.Clone(c.x.Data), slices.Clone(c.t.Data)
		o := c.objective()
		value, first := o.Func(c.theta), c.gradient(o)
		dx := slices.Clone(o.Trace().DX.Data)

		second := normal(newRand(1), len(first), 1)
		o.Grad(second, normal(newRand(2), len(theta), 1))
		o.Grad(second, c.theta)
		assert.Equal(t, value, o.Func(c.theta))
		assert.Equal(t, first, second)
		assert.Equal(t, dx, o.Trace().DX.Data)
		assert.Equal(t, first, c.gradient(c.objective()), "a new Trace")

		assert.Equal(t, theta, c.theta)
		assert.Equal(t, x, c.x.Data)
		assert.Equal(t, target, c.t.Data)
	})
}

// Views with a stride wider than their columns are read as such.
func TestStridedData(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawNet(t)
		want := c.gradient(c.objective())
		c.x, c.t = padded(c.x), padded(c.t)
		assert.Equal(t, want, c.gradient(c.objective()))
	})
}

// padded returns m with NaN between its rows, and no more after the last.
func padded(m blas64.General) blas64.General {
	p := blas64.General{Rows: m.Rows, Cols: m.Cols, Stride: m.Cols + 3}
	for i := range m.Rows {
		if i > 0 {
			p.Data = append(p.Data, math.NaN(), math.NaN(), math.NaN())
		}
		p.Data = append(p.Data, row(m, i)...)
	}
	return p
}

// Without activation functions a network is one affine map, however deep: that is
// why they are needed. A sigmoid breaks it.
func TestIdentityNetIsAffine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rnd := newRand(rapid.Uint64().Draw(t, "seed"))
		affine := func(f activation.Func) bool {
			n := mlp.New(3, mlp.Layer{Width: 4, Activation: f}, mlp.Layer{Width: 5, Activation: f},
				mlp.Layer{Width: 2, Activation: activation.Identity{}})
			theta := normal(rnd, n.NumParams(), 1)
			// y(p + q) + y(0) = y(p) + y(q) for all p and q.
			p, q, sum := normal(rnd, 3, 1), normal(rnd, 3, 1), make([]float64, 3)
			for k := range sum {
				sum[k] = p[k] + q[k]
			}
			y := n.Forward(n.NewTrace(4), theta, matrix(sum, make([]float64, 3), p, q))
			for j := range y.Cols {
				if math.Abs(row(y, 0)[j]+row(y, 1)[j]-row(y, 2)[j]-row(y, 3)[j]) > 1e-12*(1+norm(y.Data)) {
					return false
				}
			}
			return true
		}
		assert.True(t, affine(activation.Identity{}))
		assert.False(t, affine(activation.Sigmoid{}))
	})
}

// NaN and Inf go through and nothing panics.
func TestNonFinitePropagates(t *testing.T) {
	rnd := rand.New(rand.NewPCG(9, 9))
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		for _, f := range activations {
			o, theta := sample(rnd, f, f, pairing{loss.Squared{}, activation.Identity{}}, 1)
			theta[rnd.IntN(len(theta))] = bad
			grad := make([]float64, len(theta))
			o.Grad(grad, theta)
			value := o.Func(theta)
			if math.IsNaN(bad) {
				assert.True(t, math.IsNaN(value), "%v", f)
			}
		}
	}
	// 0·NaN is NaN: an input of NaN reaches the gradient of every weight it meets.
	n := mlp.New(2, mlp.Layer{Width: 1, Activation: activation.Identity{}})
	o := mlp.NewObjective(n, loss.Squared{}, matrix([]float64{math.NaN(), 1}), matrix([]float64{0}))
	grad := make([]float64, 3)
	o.Grad(grad, []float64{0, 1, 0})
	for _, g := range grad {
		assert.True(t, math.IsNaN(g))
	}
}
