package touchstone_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/blas/blas64"

	"touchstone"
	"touchstone/activation"
	"touchstone/gradcheck"
	"touchstone/loss"
	"touchstone/mlp"
	"touchstone/mlp/exact"
	"touchstone/mlp/mutant"
)

// Gradients and Hessian-vector products of all losses are certified to the bit, and
// the halves of them are not.
func TestGradientProblem(t *testing.T) {
	undecided := 0
	problems := mutant.Problems(11, 12)
	if testing.Short() {
		problems = problems[:len(problems)/6]
	}
	for _, p := range problems {
		o := p.Objective
		g, err := touchstone.GradientProblem(o, p.Theta)
		require.NoError(t, err)
		r, err := gradcheck.Check(g, nil)
		require.NoError(t, err)
		assert.Equal(t, gradcheck.Certified, r.Mode)
		require.NotEqual(t, gradcheck.Fail, r.Verdict, "%v %v: %v", o.Net(), o.Loss(), r)
		if r.Verdict == gradcheck.Inconclusive {
			undecided++
		}
		g.Grad = func(grad, theta []float64) {
			o.Grad(grad, theta)
			for i := range grad {
				grad[i] /= 2
			}
		}
		g.HessVec = nil
		r, err = gradcheck.Check(g, &gradcheck.Settings{MaxEntries: 10})
		require.NoError(t, err)
		assert.Equal(t, gradcheck.Fail, r.Verdict)
	}
	assert.Less(t, undecided, 7)
}

// A rectifier's side is told by Branch: no difference is taken across its kink.
func TestGradientProblemBranch(t *testing.T) {
	n := mlp.New(3, mlp.Layer{Width: 4, Activation: activation.ReLU{}}, mlp.Layer{Width: 2, Activation: activation.Sigmoid{}})
	rnd := rand.New(rand.NewPCG(1, 1))
	x, y := matrix(rnd, 5, 3), matrix(rnd, 5, 2)
	o := mlp.NewObjective(n, loss.Squared{}, x, y)
	theta := matrix(rnd, 1, n.NumParams()).Data
	g, err := touchstone.GradientProblem(o, theta)
	require.NoError(t, err)
	here := g.Branch(theta)
	other := append([]float64(nil), theta...)
	other[0] += 1e-9
	assert.Equal(t, here, g.Branch(other))
	bias := n.Biases(other, 0)
	bias[1] = 100
	on := g.Branch(other)
	bias[1] = -100
	assert.NotEqual(t, on, g.Branch(other))
	r, err := gradcheck.Check(g, &gradcheck.Settings{Mode: gradcheck.Entries})
	require.NoError(t, err)
	assert.Zero(t, r.Failed, "%v", r)
}

// On, off and at the kink are three sides, and of two units nine.
func TestGradientProblemSides(t *testing.T) {
	n := mlp.New(1, mlp.Layer{Width: 2, Activation: activation.ReLU{}, NoBias: true}, mlp.Layer{Width: 1, Activation: activation.Tanh{}, NoBias: true})
	one := blas64.General{Rows: 1, Cols: 1, Stride: 1, Data: []float64{1}}
	g, err := touchstone.GradientProblem(mlp.NewObjective(n, loss.Squared{}, one, one), []float64{1, 1, 1, 1})
	require.NoError(t, err)
	seen := map[uint64]bool{}
	for _, first := range []float64{-1, 0, 1} {
		for _, second := range []float64{-2, 0, 2} {
			side := g.Branch([]float64{first, second, 1, 1})
			assert.False(t, seen[side], "%v %v", first, second)
			seen[side] = true
			assert.Equal(t, side, g.Branch([]float64{first * 3, second / 2, -1, -1}), "of tanh there are no sides")
		}
	}
	assert.Equal(t, g.Branch([]float64{0, 1, 1, 1}), g.Branch([]float64{math.NaN(), 1, 1, 1}))
	smooth := mlp.New(1, mlp.Layer{Width: 1, Activation: activation.Tanh{}})
	g, err = touchstone.GradientProblem(mlp.NewObjective(smooth, loss.Squared{}, one, one), []float64{1, 1})
	require.NoError(t, err)
	assert.Nil(t, g.Branch)
}

// Blocks, sizes and parts are those of the network and its samples.
func TestGradientProblemParts(t *testing.T) {
	n := mlp.New(3, mlp.Layer{Width: 4, Activation: activation.Tanh{}}, mlp.Layer{Width: 5, Activation: activation.Tanh{}, NoBias: true}, mlp.Layer{Width: 2, Activation: activation.Sigmoid{}})
	rnd := rand.New(rand.NewPCG(1, 2))
	x, y, theta := matrix(rnd, 6, 3), matrix(rnd, 6, 2), matrix(rnd, 1, n.NumParams()).Data
	o := mlp.NewObjective(n, loss.Squared{}, x, y)
	g, err := touchstone.GradientProblem(o, theta)
	require.NoError(t, err)
	assert.Equal(t, []gradcheck.Block{
		{Name: "W0", Offset: 0, Rows: 4, Cols: 3}, {Name: "b0", Offset: 12, Rows: 4},
		{Name: "W1", Offset: 16, Rows: 5, Cols: 4},
		{Name: "W2", Offset: 36, Rows: 2, Cols: 5}, {Name: "b2", Offset: 46, Rows: 2},
	}, g.Blocks)
	assert.Equal(t, map[string]int{"samples": 6, "outputs": 2}, g.Sizes)
	sum := 0.0
	for _, part := range g.Parts {
		sum += part(theta)
	}
	assert.InDelta(t, 6*o.Func(theta), sum, 1e-12)
	assert.NotNil(t, g.HessVec)
}

// What exact results need is an error where it is not there.
func TestGradientProblemRefuses(t *testing.T) {
	n := mlp.New(1, mlp.Layer{Width: 1, Activation: activation.Sigmoid{}})
	one := blas64.General{Rows: 1, Cols: 1, Stride: 1, Data: []float64{1}}
	_, err := touchstone.GradientProblem(mlp.NewObjective(n, loss.Squared{}, one, one), []float64{1, math.NaN()})
	var e *exact.InputError
	assert.ErrorAs(t, err, &e)
}

func matrix(rnd *rand.Rand, rows, cols int) blas64.General {
	m := blas64.General{Rows: rows, Cols: cols, Stride: cols, Data: make([]float64, rows*cols)}
	for i := range m.Data {
		m.Data[i] = rnd.NormFloat64()
	}
	return m
}
