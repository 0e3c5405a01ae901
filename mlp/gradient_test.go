package mlp_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/activation"
	"touchstone/gradcheck"
	"touchstone/loss"
	"touchstone/mlp"
	"touchstone/mlp/mutant"
)

// Every pair of hidden activations with every loss, as mean and as sum, with and
// without regulariser, against finite differences.
func TestGradient(t *testing.T) {
	rnd := newRand(1)
	for _, first := range activations {
		for _, second := range activations {
			for _, p := range pairings {
				o, theta := sample(rnd, first, second, p, 0.7)
				o.Sum = rnd.IntN(2) == 0
				if rnd.IntN(2) == 0 {
					o.Lambda = 0.3
				}
				r := check(o, o.Grad, theta)
				name := fmt.Sprintf("%v-%v-%v, %v, sum %v, λ %v", first, second, p.output, p.loss, o.Sum, o.Lambda)
				if first == (activation.ReLU{}) || second == (activation.ReLU{}) {
					// A rectifier that is off for every sample leaves zeros that differences
					// cannot decide.
					assert.NotEqual(t, gradcheck.Fail, r.Verdict, "%s: %v", name, r)
					assert.Less(t, r.Undecided, len(theta), name)
				} else {
					assert.Equal(t, gradcheck.Pass, r.Verdict, "%s: %v", name, r)
				}
			}
		}
	}
}

// Depths from 1 to 6, a batch of 1, layers without biases, and widths of 1.
func TestGradientShapes(t *testing.T) {
	rnd := newRand(2)
	for depth := 1; depth <= 6; depth++ {
		for _, batch := range []int{1, 2, 5} {
			inputs := 1 + rnd.IntN(4)
			layers := make([]mlp.Layer, depth)
			for l := range layers {
				layers[l] = mlp.Layer{
					Width:      1 + rnd.IntN(5),
					Activation: []activation.Func{activation.Sigmoid{}, activation.Tanh{}, activation.Softplus{}}[rnd.IntN(3)],
					NoBias:     rnd.IntN(3) == 0,
				}
			}
			n := mlp.New(inputs, layers...)
			o := mlp.NewObjective(n, loss.Squared{}, normalMatrix(rnd, batch, inputs), normalMatrix(rnd, batch, n.Outputs()))
			r := check(o, o.Grad, normal(rnd, n.NumParams(), 1))
			assert.Equal(t, gradcheck.Pass, r.Verdict, "%v, batch %d: %v", n, batch, r)
		}
	}
}

// The gradient with respect to the inputs, checked with x as the variable.
func TestInputGradient(t *testing.T) {
	rnd := newRand(3)
	for _, p := range pairings {
		o, theta := sample(rnd, activation.Tanh{}, activation.Sigmoid{}, p, 1)
		n := o.Net()
		x, target := normalMatrix(rnd, 7, 3), distributions(rnd, 7, 2)
		grad := make([]float64, n.NumParams())
		at := func(v []float64) *mlp.Objective {
			return mlp.NewObjective(n, p.loss, blas64.General{Rows: 7, Cols: 3, Stride: 3, Data: v}, target)
		}
		gradcheck.Assert(t, gradcheck.Problem{
			Func: func(v []float64) float64 { return at(v).Func(theta) },
			Grad: func(g, v []float64) {
				o := at(v)
				o.Grad(grad, theta)
				copy(g, o.Trace().DX.Data)
			},
			X:      x.Data,
			Blocks: []gradcheck.Block{{Name: "x", Rows: 7, Cols: 3}},
		}, nil)
	}
}

// The wrong gradients of package mutant must be found wrong, wherever their
// effect is above 1e-5, at a parameter that has a name.
func TestGradientCatches(t *testing.T) {
	if testing.Short() {
		t.Skip("it tests tests")
	}
	judged := map[string]bool{}
	for _, p := range []pairing{
		{loss.Squared{}, activation.Softplus{}},
		{loss.LogitCrossEntropy{}, activation.Identity{}},
		{loss.SoftmaxCrossEntropy{}, activation.Identity{}},
	} {
		o, theta := sample(newRand(4), activation.Tanh{}, activation.Sigmoid{}, p, 0.7)
		o.Lambda = 0.3
		assert.Equal(t, gradcheck.Pass, check(o, o.Grad, theta).Verdict)
		for _, m := range mutant.All() {
			effect, err := mutant.Effect(o, theta, m.Grad(o))
			require.NoError(t, err)
			if effect < 1e-5 {
				continue
			}
			judged[m.Name] = true
			r := check(o, m.Grad(o), theta)
			assert.Equal(t, gradcheck.Fail, r.Verdict, "%s: %v", m.Name, r)
			if r.Failed > 0 {
				assert.Contains(t, r.String(), r.Worst().Name)
			}
		}
	}
	assert.Greater(t, len(judged), 100)
}

// Near a minimum where the loss is 0 the function has almost no noise at the point
// and much more a step away. Right gradients must not fail there.
func TestGradientNearZeroLoss(t *testing.T) {
	rnd := newRand(8)
	for _, f := range []activation.Func{activation.Identity{}, activation.Tanh{}} {
		for _, distance := range []float64{0, 1e-6, 1e-2} {
			for range 40 {
				n := mlp.New(4, mlp.Layer{Width: 3, Activation: f}, mlp.Layer{Width: 2, Activation: activation.Identity{}})
				theta := normal(rnd, n.NumParams(), 1)
				x := normalMatrix(rnd, 9, 4)
				y := n.Forward(n.NewTrace(9), theta, x)
				o := mlp.NewObjective(n, loss.Squared{}, x, y)
				for i := range theta {
					theta[i] += distance * rnd.NormFloat64()
				}
				r := check(o, o.Grad, theta)
				assert.Zero(t, r.Failed, "%v, %v away: %v", f, distance, r)
			}
		}
	}
}

// A saturated neuron has a gradient that no difference can see. That is not a
// pass, whatever the gradient says.
func TestSaturatedIsInconclusive(t *testing.T) {
	n := mlp.New(3, mlp.Layer{Width: 1, Activation: activation.Sigmoid{}})
	o := mlp.NewObjective(n, loss.Squared{}, matrix([]float64{45, 80, 200}), matrix([]float64{1}))
	theta := []float64{.1, -.2, .3, .5}
	zero := func(grad, theta []float64) { clear(grad) }
	assert.Equal(t, gradcheck.Inconclusive, check(o, o.Grad, theta).Verdict)
	r := check(o, zero, theta)
	assert.Equal(t, gradcheck.Inconclusive, r.Verdict)
	assert.Equal(t, 4, r.Undecided)
}
