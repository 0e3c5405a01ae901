package fast

import (
	"runtime"

	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/activation"
	"touchstone/internal/alias"
	"touchstone/loss"
	"touchstone/mlp"
)

// An Objective is the function of θ that an mlp.Objective is, with the same contract
// but for the last bits. Its Func and Grad fit gonum's optimize.Problem.
//
// Set the exported fields before the first call. An Objective owns a Trace, so it is
// for one goroutine at a time; objectives over the same network and data are
// independent. No method allocates, apart from the rare values for which packages
// activation and loss need math/big. An Objective holds on to the vectors that its methods
// were last given. An activation that panics may end the program, as it may be called by
// another goroutine than the caller's.
type Objective struct {
	// Sum makes the objective the sum of the samples' losses, not their mean.
	Sum bool
	// Lambda is λ of the term ½λ‖W‖² over all weights, biases not included. The
	// term is not divided by the number of samples. At 0 it is absent, whatever
	// the weights are.
	Lambda float64

	net  *mlp.Net
	loss loss.Func
	x, t blas64.General
	tr   *mlp.Trace

	small     int              // layers of up to so many multiply-adds a product are done by plain loops
	functions []function       // of each layer
	costs     []float64        // of its elements, in multiply-adds of a product
	first     []blas64.General // f′ at tr.Z of each layer, by forward with derivatives; then, in a Step, −rate·δ
	grad      []float64        // of a Step that has too many samples; else nil
	team      *team
	online    []online // of a network that is small throughout, with one sample; else nil

	job  job
	sums []float64 // scratch of a Step, for the biases of a layer

	// Where vectors begin that share no memory with the data, or with tr, as the last call
	// had them: see sharesData and sharesTrace.
	besideData, besideTrace, gradBesideTrace *float64

	// activate, delta, sum and outputPart: made once, as making a func allocates.
	thenActivate, thenDelta, thenSum func(region)
	outputs                          func(w *worker, part, parts int)
}

// NewObjective returns the mean of l over the samples whose inputs are the rows of x
// (samples × inputs) and whose targets are the rows of t (samples × Outputs). The data
// are kept, not copied. Besides a Trace of all samples, up to three megabytes are
// allocated for each processor that the largest product is worth.
//
// It panics if n or l is nil, if there is no sample, or if x or t has another shape.
func NewObjective(n *mlp.Net, l loss.Func, x, t blas64.General) *Objective {
	return newObjective(best, n, l, x, t)
}

func newObjective(k kernel, n *mlp.Net, l loss.Func, x, t blas64.General) *Objective {
	if n == nil {
		panic("fast: NewObjective: nil Net")
	}
	if l == nil {
		panic("fast: NewObjective: nil loss")
	}
	if x.Rows < 1 {
		panic("fast: NewObjective: no samples")
	}
	if !isShape(x, x.Rows, n.Inputs()) {
		panic("fast: NewObjective: x is not samples × inputs")
	}
	if !isShape(t, x.Rows, n.Outputs()) {
		panic("fast: NewObjective: t is not samples × outputs")
	}
	o := &Objective{net: n, loss: l, x: x, t: t, tr: newTrace(n, x), small: small}
	widest, most := 0, 0.0 // width, and multiply-adds of a product
	for l := range n.NumLayers() {
		z := o.tr.Z[l]
		f := n.Layer(l).Activation
		cost := costOf(f)
		o.functions, o.costs = append(o.functions, functionOf(f)), append(o.costs, cost)
		o.first = append(o.first, newMatrix(z.Rows, z.Cols))
		widest = max(widest, z.Cols)
		most = max(most, float64(z.Rows)*float64(z.Cols)*(float64(o.tr.A[l].Cols)+cost))
	}
	if x.Rows > blockDepth {
		o.grad = make([]float64, n.NumParams())
	}
	o.thenActivate, o.thenDelta, o.thenSum = o.activate, o.delta, o.sum
	o.outputs = o.outputPart
	o.sums = make([]float64, widest)
	workers := min(max(runtime.NumCPU(), runtime.GOMAXPROCS(0)), 1+int(most/many))
	o.team = newTeam(k, workers, max(x.Rows, n.Inputs(), widest))
	o.online = newOnline(o)
	return o
}

// Net returns the network.
func (o *Objective) Net() *mlp.Net { return o.net }

// Loss returns the loss of one sample.
func (o *Objective) Loss() loss.Func { return o.loss }

// X returns the inputs, samples × inputs: the data themselves, not a copy.
func (o *Objective) X() blas64.General { return o.x }

// T returns the targets, samples × Outputs: the data themselves, not a copy.
func (o *Objective) T() blas64.General { return o.t }

// Trace returns the matrices that passes write. After Grad they hold z, a, δ and the
// gradient with respect to the inputs; after Func, z and a; after Step, z, a and δ of
// before the step. A[0] is X, and A[l+1] is Z[l] where f is the identity. A Trace is to be
// read: methods of mlp.Net do not take it.
func (o *Objective) Trace() *mlp.Trace { return o.tr }

// Func returns the objective at theta. It panics if theta does not have NumParams
// elements or overlaps Trace.
func (o *Objective) Func(theta []float64) float64 {
	if len(theta) != o.net.NumParams() {
		panic("fast: Func: length of theta is not NumParams")
	}
	if o.sharesTrace(theta, &o.besideTrace) {
		panic("fast: Func: theta overlaps Trace")
	}
	o.forward(theta, false)
	y, sum := o.tr.A[o.net.NumLayers()], 0.0
	for s := range y.Rows {
		sum += o.loss.Value(row(y, s), row(o.t, s))
	}
	return sum/o.divisor() + o.penalty(theta) // (3)
}

// Grad stores the gradient of Func at theta in grad, overwriting it. It panics if grad
// or theta does not have NumParams elements, if they overlap each other or Trace, or if
// grad overlaps the data.
func (o *Objective) Grad(grad, theta []float64) {
	if len(theta) != o.net.NumParams() {
		panic("fast: Grad: length of theta is not NumParams")
	}
	if len(grad) != o.net.NumParams() {
		panic("fast: Grad: length of grad is not NumParams")
	}
	if alias.Overlap(grad, theta) {
		panic("fast: Grad: grad overlaps theta")
	}
	if o.sharesData(grad) {
		panic("fast: Grad: grad overlaps the data")
	}
	if o.sharesTrace(grad, &o.gradBesideTrace) || o.sharesTrace(theta, &o.besideTrace) {
		panic("fast: Grad: grad or theta overlaps Trace")
	}
	o.forward(theta, true)
	o.job.step = false
	o.output()
	for l := o.net.NumLayers() - 1; l >= 0; l-- {
		o.gradient(grad, l)
		o.below(theta, l)
	}
	o.decay(grad, theta, o.Lambda) // (9)
}

// sharesData reports whether v, of NumParams elements, shares memory with the data. Steps
// come with the same v again and again: the last that does not is remembered by its start.
func (o *Objective) sharesData(v []float64) bool {
	if &v[0] == o.besideData {
		return false
	}
	for _, m := range [...]blas64.General{o.x, o.t} {
		if alias.Touches(v, m.Data, m.Rows, m.Cols, m.Stride) {
			return true
		}
	}
	o.besideData = &v[0]
	return false
}

// sharesTrace reports whether v, of NumParams elements, shares memory with what passes
// write. The last that does not is remembered by its start.
func (o *Objective) sharesTrace(v []float64, last **float64) bool {
	if &v[0] == *last {
		return false
	}
	for l := range o.tr.Z {
		if alias.Overlap(v, o.tr.Z[l].Data) || alias.Overlap(v, o.tr.A[l+1].Data) || alias.Overlap(v, o.tr.Delta[l].Data) {
			return true
		}
	}
	if alias.Overlap(v, o.tr.DX.Data) {
		return true
	}
	*last = &v[0]
	return false
}

// divisor returns what the sum of the samples' losses is divided by.
func (o *Objective) divisor() float64 {
	if o.Sum {
		return 1
	}
	return float64(o.x.Rows)
}

// penalty returns ½λ‖W‖².
func (o *Objective) penalty(theta []float64) float64 {
	if o.Lambda == 0 {
		return 0
	}
	sum := 0.0
	for l := range o.net.NumLayers() {
		for _, w := range o.net.Weights(theta, l).Data {
			sum += w * w
		}
	}
	return 0.5 * o.Lambda * sum
}

// newTrace returns a Trace without the mark of n, so that no method of n can write to
// x through it. Where f is the identity, a is z, in the same memory.
func newTrace(n *mlp.Net, x blas64.General) *mlp.Trace {
	tr := n.NewTrace(x.Rows)
	tr.A[0] = x
	for l, z := range tr.Z {
		if _, ok := n.Layer(l).Activation.(activation.Identity); ok {
			tr.A[l+1] = z
		}
	}
	return &mlp.Trace{Z: tr.Z, A: tr.A, Delta: tr.Delta, DX: tr.DX}
}

func newMatrix(rows, cols int) blas64.General {
	return blas64.General{Rows: rows, Cols: cols, Stride: cols, Data: make([]float64, rows*cols)}
}

// isShape reports whether m has the given shape, at least one row, and enough data.
func isShape(m blas64.General, rows, cols int) bool {
	return m.Rows == rows && m.Cols == cols && m.Stride >= cols &&
		len(m.Data) >= cols && (len(m.Data)-cols)/m.Stride >= rows-1
}
