package report

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/blas/blas64"

	"touchstone"
	"touchstone/activation"
	"touchstone/gradcheck"
	"touchstone/loss"
	"touchstone/mlp"
	"touchstone/mlp/exact"
)

// A sample is a page, and what it must say.
type sample struct {
	name    string
	outcome outcome
	says    []string
	page    func(t testing.TB) *page
}

// samples are pages of all sorts. .ci/screenshots takes pictures of them.
var samples = []sample{
	{"claim-right", pass, []string{"All is right: 18 blocks"}, func(t testing.TB) *page {
		c := sampleCase(t)
		return judged(c, backprop(&c, nil))
	}},
	{"claim-wrong", fail, []string{"delta1", "MISSING", "the derivative of the activation"}, func(t testing.TB) *page {
		c := sampleCase(t)
		// The derivative of the middle layer is forgotten.
		return judged(c, backprop(&c, func(l int, slope float64) float64 {
			if l == 1 {
				return 1
			}
			return slope
		}))
	}},
	{"claim-one-entry", fail, []string{"W1[2,3]"}, func(t testing.TB) *page {
		c := sampleCase(t)
		k := backprop(&c, nil)
		at := len(c.Net.Weights(c.Theta, 0).Data) + len(c.Net.Biases(c.Theta, 0)) + 2*4 + 3
		k.Grad[at] *= 1.001
		return judged(c, k)
	}},
	{"claim-inconclusive", inconclusive, []string{"agreement says nothing", "zeros would have passed"}, func(t testing.TB) *page {
		c, ok := touchstone.CaseByID("neuron-raw-label-1")
		require.True(t, ok)
		return judged(c, touchstone.Claim{Grad: make([]float64, 4)})
	}},
	{"claim-unusable", fail, []string{"cannot be judged", "has 1 values, want 4"}, func(t testing.TB) *page {
		c, ok := touchstone.CaseByID("neuron-raw-label-1")
		require.True(t, ok)
		return judged(c, touchstone.Claim{Grad: make([]float64, 1)})
	}},
	{"claim-large", fail, []string{"W0[123,45]", "1 of 100\u202f352 wrong", "W0[123,45] is NaN.", "A cell is the worst of 3 × 13 entries"}, func(t testing.TB) *page {
		c, k := largeCase(784, 128)
		k.Grad[123*784+45] = math.NaN() // the cause of which is found at once
		return judged(c, k)
	}},
	{"gradcheck-right", pass, []string{"0 of 38 entries and 0 of 76 components of HessVec wrong, 0 inconclusive."}, func(t testing.TB) *page {
		return gradcheckPage(checked(t, func(grad, theta []float64) {}, nil))
	}},
	{"gradcheck-wrong", fail, []string{"W1", "lacks"}, func(t testing.TB) *page {
		return gradcheckPage(checked(t, func(grad, theta []float64) {
			for i := 20; i < 35; i++ {
				grad[i] -= 0.1 * theta[i]
			}
		}, nil))
	}},
	{"gradcheck-directions", fail, []string{"along v0", "W1"}, func(t testing.TB) *page {
		return gradcheckPage(checked(t, func(grad, theta []float64) { grad[21] = -grad[21] }, &gradcheck.Settings{Mode: gradcheck.Directions}))
	}},
	{"gradcheck-inconclusive", inconclusive, []string{"kink"}, func(t testing.TB) *page {
		r, err := gradcheck.Check(gradcheck.Problem{
			Func: func(x []float64) float64 { return math.Abs(x[0]) + x[1]*x[1] },
			Grad: func(grad, x []float64) { grad[0], grad[1] = 1, 2*x[1] },
			X:    []float64{0, 3},
		}, nil)
		require.NoError(t, err)
		return gradcheckPage(r)
	}},
}

func judged(c touchstone.Case, k touchstone.Claim) *page {
	return verdictPage(&c, k.Precision, touchstone.Judge(c, k))
}

// sampleNet has distinct dimensions, so that nothing is mistaken for its transpose.
func sampleNet() *mlp.Net {
	return mlp.New(3,
		mlp.Layer{Width: 4, Activation: activation.Sigmoid{}},
		mlp.Layer{Width: 5, Activation: activation.Tanh{}},
		mlp.Layer{Width: 2, Activation: activation.Sigmoid{}})
}

func random(rows, cols int, rnd *rand.Rand) blas64.General {
	m := blas64.General{Rows: rows, Cols: cols, Stride: cols, Data: make([]float64, rows*cols)}
	for i := range m.Data {
		m.Data[i] = rnd.NormFloat64()
	}
	return m
}

func sampleCase(t testing.TB) touchstone.Case {
	n, rnd := sampleNet(), rand.New(rand.NewPCG(1, 2))
	p := exact.Problem{Net: n, Loss: loss.Squared{}, Theta: random(1, n.NumParams(), rnd).Data, X: random(7, 3, rnd), T: random(7, 2, rnd), Rate: 0.5}
	c, err := touchstone.NewCase("", p)
	require.NoError(t, err)
	return c
}

// backprop claims everything about c, with a mistake in the derivatives if slope is
// not nil.
func backprop(c *touchstone.Case, slope func(l int, d float64) float64) touchstone.Claim {
	n, samples := c.Net, c.X.Rows
	tr := n.NewTrace(samples)
	n.Forward(tr, c.Theta, c.X)
	k := touchstone.Claim{Grad: make([]float64, n.NumParams()), Delta: make([][]float64, n.NumLayers())}
	o := c.Objective()
	value := o.Func(c.Theta)
	k.Loss = &value
	for l := range n.NumLayers() {
		k.Z = append(k.Z, tr.Z[l].Data)
		k.A = append(k.A, tr.A[l+1].Data)
	}
	da := make([]float64, samples*n.Outputs())
	for s := range samples {
		out := n.Outputs()
		c.Loss.Grad(da[s*out:(s+1)*out], tr.A[n.NumLayers()].Data[s*out:(s+1)*out], c.T.Data[s*out:(s+1)*out])
	}
	for i := range da {
		da[i] /= float64(samples)
	}
	for l := n.NumLayers() - 1; l >= 0; l-- {
		w, gw, gb := n.Weights(c.Theta, l), n.Weights(k.Grad, l), n.Biases(k.Grad, l)
		delta, below := make([]float64, len(da)), make([]float64, samples*w.Cols)
		for i := range da {
			d := n.Layer(l).Activation.Deriv(tr.Z[l].Data[i])
			if slope != nil {
				d = slope(l, d)
			}
			delta[i] = da[i] * d
			s, j := i/w.Rows, i%w.Rows
			gb[j] += delta[i]
			for k := range w.Cols {
				gw.Data[j*w.Cols+k] += delta[i] * tr.A[l].Data[s*w.Cols+k]
				below[s*w.Cols+k] += delta[i] * w.Data[j*w.Cols+k]
			}
		}
		k.Delta[l], da = delta, below
	}
	k.DX = da
	for i, g := range k.Grad {
		k.After = append(k.After, c.Theta[i]-c.Step.Rate*g)
	}
	return k
}

// largeCase is one layer of one sample, with what an identity gives: the exact
// gradient of ½‖z‖² is the outer product of z, which is 1 everywhere, and x.
func largeCase(inputs, width int) (touchstone.Case, touchstone.Claim) {
	n := mlp.New(inputs, mlp.Layer{Width: width, Activation: activation.Identity{}, NoBias: true})
	x := blas64.General{Rows: 1, Cols: inputs, Stride: inputs, Data: make([]float64, inputs)}
	for i := range x.Data {
		x.Data[i] = 1
	}
	c := touchstone.Case{ID: "large", Net: n, Sum: true, Theta: make([]float64, inputs*width), X: x,
		DY: blas64.General{Rows: 1, Cols: width, Stride: width, Data: make([]float64, width)}}
	ones := func(n int) (d []touchstone.Decimal, s []float64) {
		for range n {
			d, s = append(d, "1.000000000000000000000000000000000000000e+0"), append(s, 4)
		}
		return d, s
	}
	layer := func() ([][][]touchstone.Decimal, [][][]float64) {
		d, s := ones(width)
		return [][][]touchstone.Decimal{{d}}, [][][]float64{{s}}
	}
	c.Exact.Z, c.Scale.Z = layer()
	c.Exact.A, c.Scale.A = layer()
	c.Exact.Delta, c.Scale.Delta = layer()
	c.Exact.Grad, c.Scale.Grad = ones(inputs * width)
	dx, scale := ones(inputs)
	c.Exact.DX, c.Scale.DX = [][]touchstone.Decimal{dx}, [][]float64{scale}
	c.Exact.Loss, c.Scale.Loss = "1.000000000000000000000000000000000000000e+0", 4
	k := touchstone.Claim{Grad: make([]float64, inputs*width)}
	for i := range k.Grad {
		k.Grad[i] = 1 + float64(i%3)*0x1p-52 // up to the bound
	}
	return c, k
}

// checked checks the gradient of the sample network, with a change.
func checked(t testing.TB, change func(grad, theta []float64), s *gradcheck.Settings) *gradcheck.Report {
	n, rnd := mlp.New(3,
		mlp.Layer{Width: 5, Activation: activation.Sigmoid{}},
		mlp.Layer{Width: 3, Activation: activation.Sigmoid{}}), rand.New(rand.NewPCG(1, 2))
	theta := random(1, n.NumParams(), rnd).Data
	o := mlp.NewObjective(n, loss.Squared{}, random(7, 3, rnd), random(7, 3, rnd))
	o.Lambda = 0.1
	p, err := touchstone.GradientProblem(o, theta)
	require.NoError(t, err)
	p.Big = nil
	right := p.Grad
	p.Grad = func(grad, theta []float64) { right(grad, theta); change(grad, theta) }
	r, err := gradcheck.Check(p, s)
	require.NoError(t, err)
	return r
}
