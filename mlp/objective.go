package mlp

import (
	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/internal/alias"
	"touchstone/loss"
)

// An Objective is the function of θ that training minimises: equation (3) for a
// network, a loss and a set of samples. Its Func and Grad fit gonum's
// optimize.Problem.
//
// Set the exported fields before the first call. An Objective owns a Trace, so
// it is for one goroutine at a time; objectives over the same network and data
// are independent. Func and Grad do not allocate, and HessVec does so once: apart from
// the rare values for which packages activation and loss need math/big.
type Objective struct {
	// Sum makes the objective the sum of the samples' losses, not their mean.
	Sum bool
	// Lambda is λ of the term ½λ‖W‖² over all weights, biases not included. The
	// term is not divided by the number of samples. At 0 it is absent, whatever
	// the weights are. A negative λ is not refused: the formulas hold as they are.
	Lambda float64

	net  *Net
	loss loss.Func
	x, t blas64.General
	tr   *Trace
	hess *hessian // of HessVec, from its first call on
}

// NewObjective returns the mean of l over the samples whose inputs are the rows
// of x (samples × inputs) and whose targets are the rows of t (samples ×
// Outputs). The data are kept, not copied.
//
// It panics if n or l is nil, if there is no sample, or if x or t has another shape.
func NewObjective(n *Net, l loss.Func, x, t blas64.General) *Objective {
	if n == nil {
		panic("mlp: NewObjective: nil Net")
	}
	if l == nil {
		panic("mlp: NewObjective: nil loss")
	}
	if x.Rows < 1 {
		panic("mlp: NewObjective: no samples")
	}
	if !isShape(x, x.Rows, n.Inputs()) {
		panic("mlp: NewObjective: x is not samples × inputs")
	}
	if !isShape(t, x.Rows, n.Outputs()) {
		panic("mlp: NewObjective: t is not samples × outputs")
	}
	return &Objective{net: n, loss: l, x: x, t: t, tr: n.NewTrace(x.Rows)}
}

// Net returns the network.
func (o *Objective) Net() *Net { return o.net }

// Loss returns the loss of one sample.
func (o *Objective) Loss() loss.Func { return o.loss }

// X returns the inputs, samples × inputs: the data themselves, not a copy.
func (o *Objective) X() blas64.General { return o.x }

// T returns the targets, samples × Outputs: the data themselves, not a copy.
func (o *Objective) T() blas64.General { return o.t }

// Trace returns the Trace that Func and Grad use. After Grad it holds z, a, δ
// and the gradient with respect to the inputs; after Func, z and a.
func (o *Objective) Trace() *Trace { return o.tr }

// Func returns the objective at theta. It panics if theta does not have
// NumParams elements or overlaps Trace.
func (o *Objective) Func(theta []float64) float64 {
	if len(theta) != o.net.params {
		panic("mlp: Func: length of theta is not NumParams")
	}
	y := o.net.Forward(o.tr, theta, o.x)
	sum := 0.0
	for s := range y.Rows {
		sum += o.loss.Value(row(y, s), row(o.t, s))
	}
	return sum/o.divisor(o.x.Rows) + o.penalty(theta) // (3)
}

// Grad stores the gradient of Func at theta in grad, overwriting it. It panics
// if grad or theta does not have NumParams elements, if they overlap each other or
// Trace, or if grad overlaps the data.
func (o *Objective) Grad(grad, theta []float64) {
	if len(theta) != o.net.params {
		panic("mlp: Grad: length of theta is not NumParams")
	}
	if len(grad) != o.net.params {
		panic("mlp: Grad: length of grad is not NumParams")
	}
	if alias.Overlap(grad, theta) {
		panic("mlp: Grad: grad overlaps theta")
	}
	if o.owns(grad) {
		panic("mlp: Grad: grad overlaps the data")
	}
	o.gradient(o.tr, grad, theta, o.x, o.t, o.divisor(o.x.Rows), 1)
}

// owns reports whether v shares memory with the data.
func (o *Objective) owns(v []float64) bool {
	return touches(v, o.x) || touches(v, o.t)
}

// touches reports whether v shares memory with a matrix of at least one row.
func touches(v []float64, m blas64.General) bool {
	return alias.Touches(v, m.Data, m.Rows, m.Cols, m.Stride)
}

// divisor returns what the samples' losses are divided by where a full batch has
// n samples.
func (o *Objective) divisor(n int) float64 {
	if o.Sum {
		return 1
	}
	return float64(n)
}

// penalty returns ½λ‖W‖².
func (o *Objective) penalty(theta []float64) float64 {
	if o.Lambda == 0 {
		return 0
	}
	sum := 0.0
	for l := range o.net.layers {
		for _, w := range o.net.Weights(theta, l).Data {
			sum += float64(w * w)
		}
	}
	return float64(0.5 * o.Lambda * sum)
}

// gradient stores in grad the gradient of Σ ℓ/divisor + share·½λ‖W‖² over the
// given samples. With all samples and share 1 it is that of Func; mini-batches
// take a part of the samples and their share of the regulariser.
func (o *Objective) gradient(tr *Trace, grad, theta []float64, x, t blas64.General, divisor, share float64) {
	y := o.net.Forward(tr, theta, x)
	dy := tr.Delta[o.net.NumLayers()-1] // Backward reads dy before it writes δ there
	for s := range y.Rows {
		dy := row(dy, s)
		o.loss.Grad(dy, row(y, s), row(t, s))
		for j := range dy {
			dy[j] /= divisor // (4)
		}
	}
	o.net.Backward(tr, grad, theta, dy)
	if o.Lambda == 0 {
		return
	}
	c := share * o.Lambda
	for l := range o.net.layers {
		w, gw := o.net.Weights(theta, l).Data, o.net.Weights(grad, l).Data
		for i := range gw {
			gw[i] += float64(c * w[i]) // (9)
		}
	}
}
