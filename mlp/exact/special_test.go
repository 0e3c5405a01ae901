package exact_test

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp"
	"touchstone/mlp/exact"
)

func matrix(rows ...[]float64) blas64.General {
	m := blas64.General{Rows: len(rows), Cols: len(rows[0]), Stride: len(rows[0])}
	for _, r := range rows {
		m.Data = append(m.Data, r...)
	}
	return m
}

// Networks of identities compute with dyadic numbers. Every result is rounded
// rightly, also in the middle of two float64s.
func TestDyadicIsExact(t *testing.T) {
	n := mlp.New(2, mlp.Layer{Width: 2, Activation: activation.Identity{}}, mlp.Layer{Width: 1, Activation: activation.Identity{}})
	theta := []float64{0.5, 0.25, -1, 2, 1, 0, 3, -0.5, 0.125}
	r, err := exact.Gradient(n, loss.Squared{}, theta, matrix([]float64{1, 2}, []float64{0.5, -1}), matrix([]float64{1}, []float64{0}))
	require.NoError(t, err)
	assert.Equal(t, r.Entries, r.Rounded)
	// z0 = (0.5+0.5+1, −1+4+0) = (2, 3), y = 6 − 1.5 + 0.125, ℓ = ½·3.625²
	assert.Equal(t, 2.0, r.Z[0][0].Value)
	assert.Equal(t, 4.625, r.A[1][0].Value)
	for _, b := range r.Grad {
		assert.Less(t, b.Radius, 1e-28)
	}

	// 1 + 2⁻⁵³ lies in the middle of two float64s; to even is 1. 1 + 3·2⁻⁵³ goes up.
	one := mlp.New(1, mlp.Layer{Width: 1, Activation: activation.Identity{}})
	for low, want := range map[float64]float64{0x1p-53: 1, 3 * 0x1p-53: 1 + 0x1p-51} {
		r, err := exact.Gradient(one, loss.Squared{}, []float64{low, 1}, matrix([]float64{1}), matrix([]float64{0}))
		require.NoError(t, err)
		assert.Equal(t, want, r.Z[0][0].Value)
		assert.True(t, r.Z[0][0].Rounded)
		assert.InEpsilon(t, 0x1p-53, r.Z[0][0].Radius, 1e-12)
	}
}

// A dead rectifier, a zero input and a zero weight make derivatives that are zero
// by structure: exact zeros, without a radius.
func TestStructuralZeros(t *testing.T) {
	n := mlp.New(2, mlp.Layer{Width: 2, Activation: activation.ReLU{}}, mlp.Layer{Width: 1, Activation: activation.Sigmoid{}})
	theta := []float64{0.3, 0.7, -1, -2, 0.1, -0.1, 0.9, 0, 0.2} // neuron 1 is off
	r, err := exact.Gradient(n, loss.Squared{}, theta, matrix([]float64{0, 1.3}), matrix([]float64{1}))
	require.NoError(t, err)
	for _, i := range []int{0, 2, 3, 5, 7} { // x₀ = 0; both weights and the bias of neuron 1; its output
		assert.Equal(t, 0.0, r.Grad[i].Value, n.ParamName(i))
		assert.Equal(t, 0.0, r.Grad[i].Radius, n.ParamName(i))
		assert.True(t, r.Grad[i].Rounded)
		assert.False(t, r.Grad[i].Kink)
	}
	assert.Equal(t, uint(106), r.Bits, "no second pass was needed")
}

// Cross-entropy of a probability that no sigmoid made, by hand.
func TestCrossEntropyOfProbability(t *testing.T) {
	n := mlp.New(1, mlp.Layer{Width: 1, Activation: activation.Identity{}, NoBias: true})
	for _, c := range []struct{ y, t, loss, grad float64 }{
		{0.25, 1, 2 * math.Ln2, -4}, {0.5, 0.25, math.Ln2, 1}, {0.5, 0, math.Ln2, 2}, {0.5, -1, math.Ln2, 6},
	} {
		r := evaluate(t, exact.Problem{Net: n, Loss: loss.CrossEntropy{}, Theta: []float64{c.y}, X: matrix([]float64{1}), T: matrix([]float64{c.t})})
		assert.Equal(t, c.loss, r.Loss.Value, "%v", c)
		assert.Equal(t, c.grad, r.Grad[0].Value, "%v", c)
	}
}

// The convention ReLU′(0) = 0 is applied, and what depends on it is marked.
func TestKink(t *testing.T) {
	n := mlp.New(1, mlp.Layer{Width: 2, Activation: activation.ReLU{}}, mlp.Layer{Width: 1, Activation: activation.Identity{}})
	theta := []float64{1, 1, 0, -1, 1, 1, 0.5} // z = (1, 0)
	r, err := exact.Gradient(n, loss.Squared{}, theta, matrix([]float64{1}), matrix([]float64{0}))
	require.NoError(t, err)
	for i, want := range []bool{false, true, false, true, false, false, false} {
		assert.Equal(t, want, r.Grad[i].Kink, n.ParamName(i))
	}
	assert.Equal(t, 0.0, r.Grad[1].Value)
}

// A kink marks its own sample and its own neuron, and all that is below them, and nothing
// else: of three samples the second has one.
func TestKinkOfOneSample(t *testing.T) {
	n := mlp.New(2, mlp.Layer{Width: 3, Activation: activation.Identity{}}, mlp.Layer{Width: 2, Activation: activation.ReLU{}, NoBias: true},
		mlp.Layer{Width: 2, Activation: activation.Identity{}})
	theta := []float64{1, 0, 0, 1, 1, 1, 0, 0, 0 /* a = x₀, x₁, x₀+x₁ */, 1, 1, 1, 1, -1, 0 /* a₀−a₁ */, 1, 1, 1, 1, 0.5, 0.25}
	x, target := matrix([]float64{1, 2}, []float64{3, 3}, []float64{2, 1}), matrix([]float64{0, 0}, []float64{0, 0}, []float64{0, 0})
	p := exact.Problem{Net: n, Loss: loss.Squared{}, Theta: theta, X: x, T: target, Rate: 1}
	r, err := exact.Evaluate(p)
	require.NoError(t, err)
	marks := func(balls []exact.Ball) (at []int) {
		for i, b := range balls {
			if b.Kink {
				at = append(at, i)
			}
		}
		return at
	}
	assert.Equal(t, []int{2, 3}, marks(r.DX))
	assert.Equal(t, []int{3, 4, 5}, marks(r.Delta[0]))
	assert.Equal(t, []int{3}, marks(r.Delta[1]))
	assert.Empty(t, marks(r.Delta[2]))
	want := []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 13, 14}
	assert.Equal(t, want, marks(r.Grad))
	assert.Equal(t, want, marks(r.After))
	for l := range r.Z {
		assert.Empty(t, marks(r.Z[l]))
		assert.Empty(t, marks(r.A[l]))
	}
	assert.False(t, r.Loss.Kink)

	// In the first layer, of more inputs than neurons, above one without biases.
	n = mlp.New(3, mlp.Layer{Width: 2, Activation: activation.ReLU{}}, mlp.Layer{Width: 1, Activation: activation.Identity{}, NoBias: true})
	p = exact.Problem{Net: n, Loss: loss.Squared{}, Theta: []float64{1, 1, 1, 1, -1, 0, 0, 0, 1, 1}, X: matrix([]float64{1, 2, 3}, []float64{2, 2, 2}), T: matrix([]float64{0}, []float64{0})}
	r, err = exact.Evaluate(p)
	require.NoError(t, err)
	assert.Equal(t, []int{3, 4, 5}, marks(r.DX))
	assert.Equal(t, []int{3}, marks(r.Delta[0]))
	assert.Equal(t, []int{3, 4, 5, 7}, marks(r.Grad))
}

// Two samples whose irrational contributions cancel by symmetry. Where the truth is
// 0, a ball that is small enough rounds to 0. Where it is the middle of two
// float64s, no precision can tell: the ball says so, and holds it.
func TestSymmetry(t *testing.T) {
	n := mlp.New(1, mlp.Layer{Width: 1, Activation: activation.Tanh{}, NoBias: true}, mlp.Layer{Width: 1, Activation: activation.Identity{}})
	bias := func(t0, t1 float64) (exact.Ball, *exact.Result) {
		r, err := exact.Evaluate(exact.Problem{Net: n, Loss: loss.Squared{}, Sum: true, Theta: []float64{0.7, 1.3, 0},
			X: matrix([]float64{1}, []float64{-1}), T: matrix([]float64{t0}, []float64{t1})})
		require.NoError(t, err)
		return r.Grad[2], r // Σ (±1.3 tanh 0.7 − t)
	}
	b, _ := bias(1, -1)
	assert.True(t, b.Rounded)
	assert.Equal(t, 0.0, b.Value)

	b, r := bias(-1, -0x1p-53)
	assert.False(t, b.Rounded)
	assert.LessOrEqual(t, math.Abs(b.Value-1), 0x1p-52)
	assert.InEpsilon(t, 0x1p-53, b.Radius, 1e-12)
	assert.Equal(t, r.Entries-1, r.Rounded)
	assert.Equal(t, uint(exact.MaxBits), r.Bits)
}

func TestSaturated(t *testing.T) {
	n := mlp.New(1, mlp.Layer{Width: 1, Activation: activation.Sigmoid{}, NoBias: true})
	for z, want := range map[float64]float64{ // (σ(z)−1)·σ′(z), from 60 digits of mpmath
		19:   -3.139132739284264e-17,
		37:   -7.281290178321642e-33,
		50:   -3.720075976020836e-44,
		710:  0,
		-50:  -1.9287498479639178e-22,
		-710: -4.47628622567513e-309,
	} {
		r, err := exact.Gradient(n, loss.Squared{}, []float64{z}, matrix([]float64{1}), matrix([]float64{1}))
		require.NoError(t, err)
		assert.Equal(t, want, r.Grad[0].Value, "z = %v", z)
		assert.True(t, r.Grad[0].Rounded)
	}
}

// What reviews of this package found wrong, as they found it.
func TestFound(t *testing.T) {
	identity := activation.Identity{}
	// 1 + Σ e^… just below a power of two, where log1p has to go down a binade.
	n := mlp.New(4, mlp.Layer{Width: 4, Activation: identity, NoBias: true})
	theta := []float64{1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1}
	p := exact.Problem{Net: n, Loss: loss.SoftmaxCrossEntropy{}, Sum: true, Theta: theta,
		X: matrix([]float64{0, -1e-17, -1e-17, -1e-17}, []float64{0, -.05, -.05, -.05}),
		T: matrix([]float64{1, 0, 0, 0}, []float64{-1, 0, 0, 0})}
	r, err := exact.Evaluate(p)
	require.NoError(t, err)
	outside, misrounded, close := compare(t, p, r, newTextbook(p, 2800))
	assert.Zero(t, outside+misrounded+close)

	// Without a loss nothing is divided by the samples.
	n = mlp.New(1, mlp.Layer{Width: 1, Activation: identity})
	r, err = exact.Evaluate(exact.Problem{Net: n, Theta: []float64{2, 0}, X: matrix([]float64{1}, []float64{3}), DY: matrix([]float64{1}, []float64{1})})
	require.NoError(t, err)
	assert.Equal(t, 8.0, r.Loss.Value)
	assert.Equal(t, 4.0, r.Grad[0].Value)
	assert.Equal(t, 2.0, r.DX[0].Value)

	// The size of a negative number with many bits must not be rounded down.
	n = mlp.New(1, mlp.Layer{Width: 1, Activation: identity, NoBias: true},
		mlp.Layer{Width: 2, Activation: identity, NoBias: true}, mlp.Layer{Width: 1, Activation: identity})
	p = exact.Problem{Net: n, Theta: []float64{0x1p1000, -0x1p-1000, -0x1p-1060, 0x1p-1060, 0x1p-1074, 1},
		X: matrix([]float64{0x1p1000}), DY: matrix([]float64{1})}
	r, err = exact.Evaluate(p)
	require.NoError(t, err)
	assert.Equal(t, 1.0, r.Z[2][0].Value) // the truth is 1 − 2⁻⁶⁰ − 2⁻¹³⁴
	assert.Greater(t, r.Z[2][0].Radius, 0x1p-60)

	// Cross-entropy of what is no probability has no value.
	n = mlp.New(1, mlp.Layer{Width: 1, Activation: identity, NoBias: true})
	for _, y := range []float64{2, -1} {
		for _, target := range []float64{0, 0.5, 1} {
			r, err = exact.Gradient(n, loss.CrossEntropy{}, []float64{y}, matrix([]float64{1}), matrix([]float64{target}))
			require.NoError(t, err)
			assert.True(t, math.IsNaN(r.Loss.Value) && !r.Loss.Rounded, "y = %v, t = %v: %v", y, target, r.Loss)
			assert.True(t, math.IsNaN(r.Grad[0].Value) && !r.Grad[0].Rounded, "y = %v, t = %v: %v", y, target, r.Grad[0])
		}
	}
	for y, want := range map[float64][2]float64{0.25: {0.2876820724517809, 4.0 / 3}, 1: {math.NaN(), math.NaN()}} {
		r, err = exact.Gradient(n, loss.CrossEntropy{}, []float64{y}, matrix([]float64{1}), matrix([]float64{0}))
		require.NoError(t, err)
		if y < 1 {
			assert.Equal(t, want[0], r.Loss.Value)
			assert.Equal(t, want[1], r.Grad[0].Value)
		} else {
			assert.False(t, r.Loss.Rounded, "infinite")
		}
	}
	r, err = exact.Gradient(n, loss.CrossEntropy{}, []float64{1}, matrix([]float64{1}), matrix([]float64{1}))
	require.NoError(t, err)
	assert.Equal(t, 0.0, r.Loss.Value)
	assert.Equal(t, -1.0, r.Grad[0].Value)
}

func TestInputErrors(t *testing.T) {
	n := mlp.New(1, mlp.Layer{Width: 1, Activation: activation.Sigmoid{}})
	good := exact.Problem{Net: n, Loss: loss.Squared{}, Theta: []float64{1, 2}, X: matrix([]float64{1}), T: matrix([]float64{0})}
	_, err := exact.Evaluate(good)
	require.NoError(t, err)
	for want, change := range map[string]func(p *exact.Problem){
		"exact: b0[0] is NaN, want a finite number":                                          func(p *exact.Problem) { p.Theta = []float64{1, math.NaN()} },
		"exact: x[0,0] is +Inf, want a finite number":                                        func(p *exact.Problem) { p.X = matrix([]float64{math.Inf(1)}) },
		"exact: t[0,0] is NaN, want a finite number":                                         func(p *exact.Problem) { p.T = matrix([]float64{math.NaN()}) },
		"exact: lambda is NaN, want a finite number":                                         func(p *exact.Problem) { p.Lambda = math.NaN() },
		"exact: rate is -Inf, want a finite number":                                          func(p *exact.Problem) { p.Rate = math.Inf(-1) },
		"exact: loss is not one of package loss, of which alone the formulas are known here": func(p *exact.Problem) { p.Loss = custom{} },
		"exact: activation of layer 0 is not one of package activation, of which alone the formulas are known here": func(p *exact.Problem) {
			p.Net = mlp.New(1, mlp.Layer{Width: 1, Activation: customActivation{}})
		},
	} {
		p := good
		change(&p)
		r, err := exact.Evaluate(p)
		assert.Nil(t, r)
		assert.EqualError(t, err, want)
		var input *exact.InputError
		assert.ErrorAs(t, err, &input)
		_, err = exact.HessVec(p, p.Theta)
		assert.EqualError(t, err, want)
		_, err = exact.Scales(p)
		assert.EqualError(t, err, want)
		_, err = exact.Digits(p)
		assert.EqualError(t, err, want)
		if _, err = exact.Func(p); !strings.Contains(want, "b0[0]") { // its θ comes later
			assert.EqualError(t, err, want)
		}
	}
}

// The last row of a matrix may be cut off behind its last column, and no sooner; between
// rows there may be what is not read.
func TestShapes(t *testing.T) {
	n := mlp.New(2, mlp.Layer{Width: 1, Activation: activation.Identity{}, NoBias: true})
	p := exact.Problem{Net: n, Loss: loss.Squared{}, Theta: []float64{1, 1}, T: matrix([]float64{0}, []float64{0})}
	p.X = blas64.General{Rows: 2, Cols: 2, Stride: 3, Data: []float64{1, 2, math.NaN(), 3, 4}}
	r, err := exact.Evaluate(p)
	require.NoError(t, err)
	assert.Equal(t, 7.0, r.Z[0][1].Value)
	for name, x := range map[string]blas64.General{
		"too short":          {Rows: 2, Cols: 2, Stride: 3, Data: []float64{1, 2, 0, 3}},
		"a stride too short": {Rows: 2, Cols: 2, Stride: 1, Data: []float64{1, 2, 3, 4}},
		"not a row":          {Rows: 0, Cols: 2, Stride: 2},
		"a column too many":  {Rows: 2, Cols: 3, Stride: 3, Data: make([]float64, 6)},
		"less than a row":    {Rows: 1, Cols: 2, Stride: 2, Data: []float64{1}},
	} {
		p.X = x
		assert.PanicsWithValue(t, "exact: x is not samples × inputs", func() { _, _ = exact.Evaluate(p) }, name)
	}
}

type custom struct{ loss.Squared }

type customActivation struct{ activation.Sigmoid }
