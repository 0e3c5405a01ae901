package mlp_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/activation"
	"touchstone/mlp"
)

var sigmoid = activation.Sigmoid{}

func TestLayout(t *testing.T) {
	n := mlp.New(3,
		mlp.Layer{Width: 4, Activation: sigmoid},
		mlp.Layer{Width: 2, Activation: activation.Tanh{}, NoBias: true},
		mlp.Layer{Width: 1, Activation: activation.Identity{}})
	assert.Equal(t, "3-4-2-1", n.String())
	assert.Equal(t, 3, n.Inputs())
	assert.Equal(t, 1, n.Outputs())
	assert.Equal(t, 3, n.NumLayers())
	assert.Equal(t, 4*3+4+2*4+2+1, n.NumParams())
	assert.Equal(t, mlp.Layer{Width: 2, Activation: activation.Tanh{}, NoBias: true}, n.Layer(1))

	theta := make([]float64, n.NumParams())
	for i := range theta {
		theta[i] = float64(i)
	}
	assert.Equal(t, blas64.General{Rows: 4, Cols: 3, Stride: 3, Data: theta[0:12]}, n.Weights(theta, 0))
	assert.Equal(t, theta[12:16], n.Biases(theta, 0))
	assert.Equal(t, blas64.General{Rows: 2, Cols: 4, Stride: 4, Data: theta[16:24]}, n.Weights(theta, 1))
	assert.Nil(t, n.Biases(theta, 1))
	assert.Equal(t, blas64.General{Rows: 1, Cols: 2, Stride: 2, Data: theta[24:26]}, n.Weights(theta, 2))
	assert.Equal(t, theta[26:27], n.Biases(theta, 2))

	// Views write through, and cannot grow into their neighbours.
	n.Biases(theta, 0)[1] = -1
	assert.Equal(t, -1.0, theta[13])
	_ = append(n.Biases(theta, 0), 99)
	_ = append(n.Weights(theta, 0).Data, 99)
	assert.Equal(t, 16.0, theta[16])
	assert.Equal(t, 12.0, theta[12])

	for i, name := range map[int]string{
		0: "W0[0,0]", 2: "W0[0,2]", 3: "W0[1,0]", 11: "W0[3,2]", 12: "b0[0]", 15: "b0[3]",
		16: "W1[0,0]", 21: "W1[1,1]", 23: "W1[1,3]", 24: "W2[0,0]", 26: "b2[0]",
	} {
		assert.Equal(t, name, n.ParamName(i))
	}
}

// TestParamName has a network in which a layer begins at no multiple of its fan-in.
func TestParamName(t *testing.T) {
	n := mlp.New(1, mlp.Layer{Width: 1, Activation: sigmoid}, mlp.Layer{Width: 3, Activation: sigmoid}, mlp.Layer{Width: 2, Activation: sigmoid, NoBias: true})
	var names []string
	for i := range n.NumParams() {
		names = append(names, n.ParamName(i))
	}
	assert.Equal(t, []string{"W0[0,0]", "b0[0]", "W1[0,0]", "W1[1,0]", "W1[2,0]", "b1[0]", "b1[1]", "b1[2]",
		"W2[0,0]", "W2[0,1]", "W2[0,2]", "W2[1,0]", "W2[1,1]", "W2[1,2]"}, names)
}

// TestMostParams: a network may have as many parameters as an int can count.
func TestMostParams(t *testing.T) {
	assert.Equal(t, math.MaxInt, mlp.New(math.MaxInt-1, mlp.Layer{Width: 1, Activation: sigmoid}).NumParams())
}

// TestTraceOfManySamples: a batch that memory holds is not too large, also where an int
// has 32 bits. (It was from 32768 numbers in a layer on.)
func TestTraceOfManySamples(t *testing.T) {
	n := mlp.New(1, mlp.Layer{Width: 1, Activation: sigmoid})
	assert.NotPanics(t, func() { n.NewTrace(40_000) })
}

func TestNetIsImmutable(t *testing.T) {
	layers := []mlp.Layer{{Width: 4, Activation: sigmoid}}
	n := mlp.New(3, layers...)
	layers[0].Width = 7
	assert.Equal(t, 4, n.Layer(0).Width)
}

// The bits of an initialisation are part of the contract. These were computed
// from the specification in its doc comment: PCG-DXSM, seed (42, 1).
func TestInitGlorot(t *testing.T) {
	n := mlp.New(3, mlp.Layer{Width: 4, Activation: sigmoid}, mlp.Layer{Width: 1, Activation: sigmoid})
	theta := normal(newRand(1), n.NumParams(), 1)
	n.InitGlorot(theta, 42)
	assert.Equal(t, glorot42[:12], n.Weights(theta, 0).Data)
	assert.Equal(t, glorot42[12:], n.Weights(theta, 1).Data)
	assert.Equal(t, make([]float64, 4), n.Biases(theta, 0))
	assert.Equal(t, make([]float64, 1), n.Biases(theta, 1))

	again := make([]float64, n.NumParams())
	n.InitGlorot(again, 42)
	assert.Equal(t, theta, again)
	n.InitGlorot(again, 43)
	assert.NotEqual(t, theta, again)

	// Uniform on ±√(6/(fan-in + fan-out)): the extremes are near, the mean is small.
	wide := mlp.New(100, mlp.Layer{Width: 200, Activation: sigmoid})
	theta = make([]float64, wide.NumParams())
	wide.InitGlorot(theta, 1)
	w := wide.Weights(theta, 0).Data
	limit := math.Sqrt(6.0 / 300)
	sum := 0.0
	for _, v := range w {
		assert.LessOrEqual(t, math.Abs(v), limit)
		sum += v
	}
	assert.Greater(t, norm(w), 0.999*limit)
	assert.Less(t, math.Abs(sum)/float64(len(w)), limit/50)
}

func TestNoAllocation(t *testing.T) {
	for _, p := range pairings {
		o, theta := sample(newRand(1), sigmoid, activation.Tanh{}, p, 1)
		o.Lambda = 0.1
		n := o.Net()
		grad := make([]float64, len(theta))
		tr := n.NewTrace(7)
		x, dy := normalMatrix(newRand(2), 7, 3), normalMatrix(newRand(3), 7, 2)
		assert.Zero(t, testing.AllocsPerRun(10, func() { n.Forward(tr, theta, x) }), "Forward")
		assert.Zero(t, testing.AllocsPerRun(10, func() { n.Backward(tr, grad, theta, dy) }), "Backward")
		assert.Zero(t, testing.AllocsPerRun(10, func() { o.Func(theta) }), "Func, %v", p.loss)
		assert.Zero(t, testing.AllocsPerRun(10, func() { o.Grad(grad, theta) }), "Grad, %v", p.loss)
	}
}

var glorot42 = []float64{
	-0x1.2e5d180450195p-1, 0x1.15dfcfa831348p-3, 0x1.1839c0fd7c4ffp-3, 0x1.32555e7c2412cp-2,
	0x1.c7163ded5e5a8p-1, -0x1.91d2cf6326733p-1, -0x1.d94b25c00e1d7p-1, 0x1.117493d0203d3p-4,
	-0x1.2f37897f3c073p-1, -0x1.5c72571d5d906p-4, -0x1.6269f7206b1c1p-1, 0x1.3e54a857a5e07p-1,
	-0x1.2ca800d36ec82p-5, -0x1.114e37444d671p+0, 0x1.2ac494a39231ep-3, 0x1.951b5b179fa3cp-1,
}
