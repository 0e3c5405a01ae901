package mutant_test

import (
	"flag"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/blas/blas64"
	"pgregory.net/rapid"

	"touchstone/activation"
	"touchstone/gradcheck"
	"touchstone/loss"
	"touchstone/mlp"
	"touchstone/mlp/mutant"
)

// A wrong gradient fails in a network with dozens of numbers, of which most have
// nothing to do with it. Package rapid looks for the smallest network that still
// fails: it makes what was drawn shorter and simpler for as long as the property is
// broken. So it is with any gradient:
//
//	func TestMyGradient(t *testing.T) {
//		rapid.Check(t, func(t *rapid.T) {
//			o, theta := drawNetwork(t)
//			gradcheck.Assert(t, gradcheck.Problem{Func: o.Func, Grad: myGrad(o), X: theta},
//				&gradcheck.Settings{AllowInconclusive: true})
//		})
//	}
//
// Inconclusive is allowed because numbers drawn at random may well saturate a network,
// or leave a gradient of 0.

// The networks are the same in every run, and the failures here, which are wanted,
// leave no files behind.
func init() {
	for name, value := range map[string]string{"rapid.seed": "1", "rapid.nofailfile": "true"} {
		if err := flag.Set(name, value); err != nil {
			panic(err)
		}
	}
}

// What rapid simplifies, it moves towards the front of these lists.
var (
	simpleNumbers = []float64{0, 1, -1, 2, -2, 3, -3, 0.5, -0.5, 1.5, -1.5, 0.25, -0.75}
	simpleHidden  = []activation.Func{activation.Identity{}, activation.Sigmoid{}, activation.Tanh{}, activation.Softplus{}}
	simpleOutputs = []struct {
		loss   loss.Func
		output activation.Func
	}{
		{loss.Squared{}, activation.Identity{}},
		{loss.Squared{}, activation.Sigmoid{}},
		{loss.LogitCrossEntropy{}, activation.Identity{}},
		{loss.CrossEntropy{}, activation.Sigmoid{}},
		{loss.SoftmaxCrossEntropy{}, activation.Identity{}},
	}
)

var simpleLayers = rapid.Custom(func(t *rapid.T) mlp.Layer {
	return mlp.Layer{
		Width:      rapid.IntRange(1, 3).Draw(t, "width"),
		Activation: rapid.SampledFrom(simpleHidden).Draw(t, "activation"),
	}
})

// drawNetwork draws an objective and a point. Two things help rapid: the sizes come
// before the numbers, so that it tries small networks while their numbers are still
// any; and it may draw fewer numbers than there are places, so that sizes can change
// and the numbers stay.
func drawNetwork(t *rapid.T) (o *mlp.Objective, theta []float64) {
	layers := rapid.SliceOfN(simpleLayers, 1, 3).Draw(t, "layers")
	samples := rapid.IntRange(1, 4).Draw(t, "samples")
	inputs := rapid.IntRange(1, 3).Draw(t, "inputs")
	end := rapid.SampledFrom(simpleOutputs).Draw(t, "loss and output")
	layers[len(layers)-1].Activation = end.output
	n := mlp.New(inputs, layers...)

	theta = make([]float64, n.NumParams())
	x, target := zeros(samples, inputs), zeros(samples, n.Outputs())
	fill(t, theta, "theta")
	fill(t, x.Data, "x")
	if end.loss == (loss.Squared{}) {
		fill(t, target.Data, "t")
	} else {
		labels := rapid.SliceOfN(rapid.IntRange(0, n.Outputs()-1), samples, samples).Draw(t, "labels")
		for s, label := range labels {
			target.Data[s*target.Stride+label] = 1
		}
	}
	o = mlp.NewObjective(n, end.loss, x, target)
	o.Sum = rapid.Bool().Draw(t, "sum")
	o.Lambda = rapid.SampledFrom([]float64{0, 1}).Draw(t, "lambda")
	return o, theta
}

// fill draws a few numbers and repeats them in v.
func fill(t *rapid.T, v []float64, label string) {
	numbers := rapid.SliceOfN(rapid.SampledFrom(simpleNumbers), 1, 7).Draw(t, label)
	for i := range v {
		v[i] = numbers[i%len(numbers)]
	}
}

func zeros(rows, cols int) blas64.General {
	return blas64.General{Rows: rows, Cols: cols, Stride: cols, Data: make([]float64, rows*cols)}
}

// shrink returns the smallest network in which a gradient fails that rapid finds, and
// the point, or nil if it finds none.
func shrink(gradient func(o *mlp.Objective) func(grad, theta []float64)) (o *mlp.Objective, theta []float64) {
	t := &quiet{}
	rapid.Check(t, func(t *rapid.T) {
		o, theta = drawNetwork(t) // the last that rapid draws is the smallest that failed
		gradcheck.Assert(t, gradcheck.Problem{Func: o.Func, Grad: gradient(o), X: theta},
			&gradcheck.Settings{AllowInconclusive: true})
	})
	if !t.failed {
		return nil, nil
	}
	return o, theta
}

// A quiet is a test that may fail without harm.
type quiet struct {
	rapid.TB // nil: of it, rapid.Check calls what follows
	failed   bool
}

func (q *quiet) Helper()               {}
func (q *quiet) Name() string          { return "quiet" }
func (q *quiet) Logf(string, ...any)   {}
func (q *quiet) Errorf(string, ...any) { q.failed = true }
func (q *quiet) Failed() bool          { return q.failed }
func (q *quiet) FailNow()              {}

// All that is left of a network with half of the gradient is one neuron, one sample
// and one number that is not 0.
func Example_shrink() {
	o, theta := shrink(func(o *mlp.Objective) func(grad, theta []float64) {
		return func(grad, theta []float64) {
			o.Grad(grad, theta)
			for i := range grad {
				grad[i] /= 2
			}
		}
	})
	fmt.Printf("%v network, %v loss\n", o.Net(), o.Loss())
	fmt.Printf("theta %v, x %v, t %v\n", theta, o.X().Data, o.T().Data)
	// Output:
	// 1-1 network, squared loss
	// theta [0 0], x [0], t [1]
}

// Each bug shrinks to what it takes to see it.
func TestShrink(t *testing.T) {
	type size struct{ layers, widest, inputs, samples int }
	for name, want := range map[string]size{
		"half":                   {1, 1, 1, 1},
		"last-sample-missing":    {1, 1, 1, 1}, // then there is none
		"sum-for-mean":           {1, 1, 1, 2},
		"ragged-last-batch-of-2": {1, 1, 1, 3},
		"columns-reversed":       {1, 1, 2, 1},
		"softmax-diagonal":       {1, 2, 1, 1},
		"deltas-doubled-below":   {2, 1, 1, 1},
		"w-transposed":           {2, 2, 1, 1}, // of one row or column, the transpose is the same
	} {
		o, theta := shrink(find(t, name).Grad)
		require.NotNil(t, o, name)
		n := o.Net()
		got := size{n.NumLayers(), 0, n.Inputs(), o.X().Rows}
		for l := range n.NumLayers() {
			got.widest = max(got.widest, n.Layer(l).Width)
		}
		assert.Equal(t, want, got, name)

		r, err := gradcheck.Check(gradcheck.Problem{Func: o.Func, Grad: find(t, name).Grad(o), X: theta}, nil)
		require.NoError(t, err)
		assert.Equal(t, gradcheck.Fail, r.Verdict, name)
		others := slices.DeleteFunc(slices.Concat(theta, o.X().Data, o.T().Data), func(v float64) bool { return v == 0 || v == 1 })
		assert.Empty(t, others, "%s: rounder numbers would do", name)
	}
}

// A right gradient has no such network.
func TestShrinkRight(t *testing.T) {
	drawn := 0
	o, _ := shrink(func(o *mlp.Objective) func(grad, theta []float64) { drawn++; return o.Grad })
	assert.Nil(t, o)
	assert.GreaterOrEqual(t, drawn, 20)
	t.Logf("%d networks", drawn)
}

func find(t *testing.T, name string) mutant.Mutant {
	i := slices.IndexFunc(mutant.All(), func(m mutant.Mutant) bool { return m.Name == name })
	require.GreaterOrEqual(t, i, 0, name)
	return mutant.All()[i]
}
