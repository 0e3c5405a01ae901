package mlp_test

import (
	"math"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/internal/misuse"
	"touchstone/loss"
	"touchstone/mlp"
)

// TestMisuse has every panic of the package.
func TestMisuse(t *testing.T) {
	layer := mlp.Layer{Width: 2, Activation: sigmoid}
	n, other := mlp.New(3, layer), mlp.New(3, layer)
	theta, grad, v := make([]float64, 8), make([]float64, 8), make([]float64, 8)
	twice := make([]float64, 9) // two slices of it overlap
	x, target := matrix(make([]float64, 3)), matrix(make([]float64, 2))
	tr := n.NewTrace(1)
	ready := n.NewTrace(1)
	n.Forward(ready, theta, x)
	o := mlp.NewObjective(n, loss.Squared{}, x, target)
	first := mlp.NewObjective(mlp.New(3, mlp.Layer{Width: 2, Activation: onlyFirst{sigmoid}}), loss.Squared{}, x, target)
	onlyGrads := mlp.NewObjective(n, onlyGrad{loss.Squared{}}, x, target)

	// Of four inputs and two neurons without biases, as many parameters as four samples
	// have inputs of a layer, so that there are slices that overlap what they must not.
	wide := mlp.New(4, mlp.Layer{Width: 2, Activation: sigmoid, NoBias: true})
	wideX, wideT := matrix(make([]float64, 4), make([]float64, 4)), matrix(make([]float64, 2), make([]float64, 2))
	wideTrace := wide.NewTrace(2)
	wide.Forward(wideTrace, theta, wideX)
	wo := mlp.NewObjective(wide, loss.Squared{}, wideX, wideT)

	// With a batch of four, what a layer writes is as large as the parameters are.
	four, fourX := wide.NewTrace(4), matrix(make([]float64, 4), make([]float64, 4), make([]float64, 4), make([]float64, 4))

	cases := []misuse.Case{
		{Panic: "mlp: New: inputs below 1", Do: func() { mlp.New(0, layer) }},
		{Panic: "mlp: New: no layers", Do: func() { mlp.New(1) }},
		{Panic: "mlp: New: layer width below 1", Do: func() { mlp.New(1, mlp.Layer{Activation: sigmoid}) }},
		{Panic: "mlp: New: nil activation", Do: func() { mlp.New(1, mlp.Layer{Width: 1}) }},
		{Panic: "mlp: New: too many parameters", Do: func() { mlp.New(math.MaxInt, layer) }},
		{Panic: "mlp: Layer: no such layer", Do: func() { n.Layer(1) }},
		{Panic: "mlp: Weights: no such layer", Do: func() { n.Weights(theta, 1) }},
		{Panic: "mlp: Weights: length of theta is not NumParams", Do: func() { n.Weights(theta[1:], 0) }},
		{Panic: "mlp: Biases: no such layer", Do: func() { n.Biases(theta, -1) }},
		{Panic: "mlp: Biases: no such layer", Do: func() { n.Biases(theta, 1) }},
		{Panic: "mlp: Biases: length of theta is not NumParams", Do: func() { n.Biases(nil, 0) }},
		{Panic: "mlp: ParamName: no such parameter", Do: func() { n.ParamName(8) }},
		{Panic: "mlp: NewTrace: batch below 1", Do: func() { n.NewTrace(0) }},
		{Panic: "mlp: NewTrace: batch too large", Do: func() { n.NewTrace(math.MaxInt / 2) }},
		{Panic: "mlp: NewTrace: batch too large", Do: func() { n.NewTrace(min(1<<46, math.MaxInt>>4)) }},
		{Panic: "mlp: NewTrace: batch too large", Do: func() { wide.NewTrace(min(1<<43, math.MaxInt>>5+1)) }}, // one element too many
		{Panic: "mlp: Forward: Trace of another Net", Do: func() { other.Forward(tr, theta, x) }},
		{Panic: "mlp: Forward: x is not batch × inputs", Do: func() { n.Forward(tr, theta, target) }},
		{Panic: "mlp: Forward: length of theta is not NumParams", Do: func() { n.Forward(tr, theta[1:], x) }},
		{Panic: "mlp: Backward: Trace of another Net", Do: func() { other.Backward(ready, grad, theta, target) }},
		{Panic: "mlp: Backward before Forward", Do: func() { n.Backward(tr, grad, theta, target) }},
		{Panic: "mlp: Backward: length of theta is not NumParams", Do: func() { n.Backward(ready, grad, theta[1:], target) }},
		{Panic: "mlp: Backward: length of grad is not NumParams", Do: func() { n.Backward(ready, grad[1:], theta, target) }},
		{Panic: "mlp: Backward: dy is not batch × outputs", Do: func() { n.Backward(ready, grad, theta, x) }},
		{Panic: "mlp: NewObjective: nil Net", Do: func() { mlp.NewObjective(nil, loss.Squared{}, x, target) }},
		{Panic: "mlp: Func: length of theta is not NumParams", Do: func() { o.Func(nil) }},
		{Panic: "mlp: Grad: length of theta is not NumParams", Do: func() { o.Grad(grad, theta[1:]) }},
		{Panic: "mlp: Grad: length of grad is not NumParams", Do: func() { o.Grad(grad[1:], theta) }},
		{Panic: "mlp: NewObjective: nil loss", Do: func() { mlp.NewObjective(n, nil, x, target) }},
		{Panic: "mlp: NewObjective: no samples", Do: func() { mlp.NewObjective(n, loss.Squared{}, blas64.General{}, target) }},
		{Panic: "mlp: NewObjective: x is not samples × inputs", Do: func() { mlp.NewObjective(n, loss.Squared{}, target, target) }},
		{Panic: "mlp: NewObjective: t is not samples × outputs", Do: func() { mlp.NewObjective(n, loss.Squared{}, x, x) }},
		{Panic: "mlp: InitGlorot: length of theta is not NumParams", Do: func() { n.InitGlorot(nil, 1) }},
		{Panic: "mlp: Train: Rate is negative or not finite", Do: func() { _ = mlp.SGD{Rate: math.NaN()}.Train(theta, o) }},
		{Panic: "mlp: Train: negative Batch", Do: func() { _ = mlp.SGD{Batch: -1}.Train(theta, o) }},
		{Panic: "mlp: Train: negative Epochs", Do: func() { _ = mlp.SGD{Epochs: -1}.Train(theta, o) }},
		{Panic: "mlp: Train: length of theta is not NumParams", Do: func() { _ = mlp.SGD{}.Train(theta[1:], o) }},
		{Panic: "mlp: HessVec: length of theta is not NumParams", Do: func() { o.HessVec(grad, theta[1:], v) }},
		{Panic: "mlp: HessVec: length of v is not NumParams", Do: func() { o.HessVec(grad, theta, nil) }},
		{Panic: "mlp: HessVec: length of dst is not NumParams", Do: func() { o.HessVec(grad[:7], theta, v) }},
		{Panic: "mlp: HessVec: activation without second derivative", Do: func() { first.HessVec(grad, theta, v) }},
		{Panic: "mlp: HessVec: loss without second derivatives", Do: func() { onlyGrads.HessVec(grad, theta, v) }},
		{Panic: "mlp: Forward: theta overlaps tr", Do: func() { wide.Forward(wideTrace, wideTrace.DX.Data, wideX) }},
		{Panic: "mlp: Forward: theta overlaps tr", Do: func() { wo.Func(wo.Trace().A[0].Data) }},
		{Panic: "mlp: Forward: theta overlaps tr", Do: func() { wide.Forward(four, four.Z[0].Data, fourX) }},
		{Panic: "mlp: Forward: theta overlaps tr", Do: func() { wide.Forward(four, four.A[1].Data, fourX) }},
		{Panic: "mlp: Forward: theta overlaps tr", Do: func() { wide.Forward(four, four.Delta[0].Data, fourX) }},
		{Panic: "mlp: Backward: grad overlaps theta", Do: func() { n.Backward(ready, theta, theta, target) }},
		{Panic: "mlp: Backward: grad overlaps theta", Do: func() { n.Backward(ready, twice[1:], twice[:8:8], target) }},
		{Panic: "mlp: Backward: grad or theta overlaps tr", Do: func() { wide.Backward(wideTrace, wideTrace.DX.Data, theta, wideT) }},
		{Panic: "mlp: Backward: grad or theta overlaps tr", Do: func() { wide.Backward(wideTrace, grad, wideTrace.A[0].Data, wideT) }},
		{Panic: "mlp: Backward: grad or theta overlaps tr", Do: func() { wo.Grad(wo.Trace().DX.Data, theta) }},
		{Panic: "mlp: Grad: grad overlaps theta", Do: func() { o.Grad(theta, theta) }},
		{Panic: "mlp: Grad: grad overlaps theta", Do: func() { o.Grad(twice[:8], twice[1:]) }},
		{Panic: "mlp: Grad: grad overlaps the data", Do: func() { wo.Grad(wideX.Data, theta) }},
		{Panic: "mlp: HessVec: dst overlaps theta", Do: func() { o.HessVec(twice[1:], twice[:8], v) }},
		{Panic: "mlp: HessVec: dst overlaps v", Do: func() { o.HessVec(twice[1:], theta, twice[:8]) }},
		{Panic: "mlp: HessVec: dst overlaps v", Do: func() { o.HessVec(v, theta, v) }},
		{Panic: "mlp: HessVec: dst overlaps Trace", Do: func() { wo.HessVec(wo.Trace().DX.Data, theta, v) }},
		{Panic: "mlp: HessVec: dst overlaps the data", Do: func() { wo.HessVec(wideX.Data, theta, v) }},
		{Panic: "mlp: Train: theta overlaps the data", Do: func() { _ = mlp.SGD{}.Train(wideX.Data, wo) }},

		// Data that is too short for its shape is refused, not read past its end, as is a
		// stride in which rows overlap. One parameter too many for an int is, too.
		{Panic: "mlp: NewObjective: x is not samples × inputs", Do: func() {
			overlapping := blas64.General{Rows: 2, Cols: 3, Stride: 2, Data: make([]float64, 99)}
			mlp.NewObjective(n, loss.Squared{}, overlapping, matrix(target.Data, target.Data))
		}},
		{Panic: "mlp: NewObjective: x is not samples × inputs", Do: func() {
			short := blas64.General{Rows: 2, Cols: 3, Stride: 4, Data: make([]float64, 6)}
			mlp.NewObjective(n, loss.Squared{}, short, matrix(target.Data, target.Data))
		}},
		{Panic: "mlp: New: too many parameters", Do: func() { mlp.New(math.MaxInt/2, mlp.Layer{Width: 3, Activation: sigmoid}) }},
		{Panic: "mlp: New: too many parameters", Do: func() {
			one := mlp.Layer{Width: 1, Activation: sigmoid}
			mlp.New(math.MaxInt-1, one, one)
		}},
	}
	assert.Empty(t, misuse.Check(os.DirFS("."), cases))
	assert.NotPanics(t, func() {
		first.Grad(grad, theta)
		onlyGrads.Grad(grad, theta)
	})
}
