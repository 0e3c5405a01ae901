package mlp_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/activation"
	"touchstone/loss"
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

func TestNetIsImmutable(t *testing.T) {
	layers := []mlp.Layer{{Width: 4, Activation: sigmoid}}
	n := mlp.New(3, layers...)
	layers[0].Width = 7
	assert.Equal(t, 4, n.Layer(0).Width)
}

// TestMisuse lists what panics, with the constant strings.
func TestMisuse(t *testing.T) {
	layer := mlp.Layer{Width: 2, Activation: sigmoid}
	n, other := mlp.New(3, layer), mlp.New(3, layer)
	theta, grad := make([]float64, 8), make([]float64, 8)
	x, target := matrix(make([]float64, 3)), matrix(make([]float64, 2))
	tr := n.NewTrace(1)
	ready := n.NewTrace(1)
	n.Forward(ready, theta, x)
	o := mlp.NewObjective(n, loss.Squared{}, x, target)

	for want, f := range map[string]func(){
		"mlp: New: inputs below 1":                          func() { mlp.New(0, layer) },
		"mlp: New: no layers":                               func() { mlp.New(1) },
		"mlp: New: layer width below 1":                     func() { mlp.New(1, mlp.Layer{Activation: sigmoid}) },
		"mlp: New: nil activation":                          func() { mlp.New(1, mlp.Layer{Width: 1}) },
		"mlp: New: too many parameters":                     func() { mlp.New(math.MaxInt, layer) },
		"mlp: Layer: no such layer":                         func() { n.Layer(1) },
		"mlp: Weights: no such layer":                       func() { n.Weights(theta, 1) },
		"mlp: Weights: length of theta is not NumParams":    func() { n.Weights(theta[1:], 0) },
		"mlp: Biases: no such layer":                        func() { n.Biases(theta, -1) },
		"mlp: Biases: length of theta is not NumParams":     func() { n.Biases(nil, 0) },
		"mlp: ParamName: no such parameter":                 func() { n.ParamName(8) },
		"mlp: NewTrace: batch below 1":                      func() { n.NewTrace(0) },
		"mlp: NewTrace: batch too large":                    func() { n.NewTrace(math.MaxInt / 2) },
		"mlp: Forward: Trace of another Net":                func() { other.Forward(tr, theta, x) },
		"mlp: Forward: x is not batch × inputs":             func() { n.Forward(tr, theta, target) },
		"mlp: Forward: length of theta is not NumParams":    func() { n.Forward(tr, theta[1:], x) },
		"mlp: Backward: Trace of another Net":               func() { other.Backward(ready, grad, theta, target) },
		"mlp: Backward before Forward":                      func() { n.Backward(tr, grad, theta, target) },
		"mlp: Backward: length of theta is not NumParams":   func() { n.Backward(ready, grad, theta[1:], target) },
		"mlp: Backward: length of grad is not NumParams":    func() { n.Backward(ready, grad[1:], theta, target) },
		"mlp: Backward: grad is theta":                      func() { n.Backward(ready, theta, theta, target) },
		"mlp: Backward: dy is not batch × outputs":          func() { n.Backward(ready, grad, theta, x) },
		"mlp: NewObjective: nil Net":                        func() { mlp.NewObjective(nil, loss.Squared{}, x, target) },
		"mlp: Func: length of theta is not NumParams":       func() { o.Func(nil) },
		"mlp: Grad: length of theta is not NumParams":       func() { o.Grad(grad, theta[1:]) },
		"mlp: Grad: length of grad is not NumParams":        func() { o.Grad(grad[1:], theta) },
		"mlp: Grad: grad is theta":                          func() { o.Grad(theta, theta) },
		"mlp: NewObjective: nil loss":                       func() { mlp.NewObjective(n, nil, x, target) },
		"mlp: NewObjective: no samples":                     func() { mlp.NewObjective(n, loss.Squared{}, blas64.General{}, target) },
		"mlp: NewObjective: x is not samples × inputs":      func() { mlp.NewObjective(n, loss.Squared{}, target, target) },
		"mlp: NewObjective: t is not samples × outputs":     func() { mlp.NewObjective(n, loss.Squared{}, x, x) },
		"mlp: InitGlorot: length of theta is not NumParams": func() { n.InitGlorot(nil, 1) },
		"mlp: Train: Rate is negative or not finite":        func() { _ = mlp.SGD{Rate: math.NaN()}.Train(theta, o) },
		"mlp: Train: negative Batch":                        func() { _ = mlp.SGD{Batch: -1}.Train(theta, o) },
		"mlp: Train: negative Epochs":                       func() { _ = mlp.SGD{Epochs: -1}.Train(theta, o) },
		"mlp: Train: length of theta is not NumParams":      func() { _ = mlp.SGD{}.Train(theta[1:], o) },
	} {
		assert.PanicsWithValue(t, want, f)
	}

	// Data that is too short for its shape is refused, not read past its end, as is
	// a stride in which rows overlap. One parameter too many for an int is, too.
	overlapping := blas64.General{Rows: 2, Cols: 3, Stride: 2, Data: make([]float64, 99)}
	assert.PanicsWithValue(t, "mlp: NewObjective: x is not samples × inputs",
		func() { mlp.NewObjective(n, loss.Squared{}, overlapping, matrix(target.Data, target.Data)) })
	assert.PanicsWithValue(t, "mlp: New: too many parameters",
		func() { mlp.New(math.MaxInt/2, mlp.Layer{Width: 3, Activation: sigmoid}) })
	short := blas64.General{Rows: 2, Cols: 3, Stride: 4, Data: make([]float64, 6)}
	assert.PanicsWithValue(t, "mlp: NewObjective: x is not samples × inputs",
		func() { mlp.NewObjective(n, loss.Squared{}, short, matrix(target.Data, target.Data)) })
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
