package fast

import "gonum.org/v1/gonum/floats"

// The steps of a pass, with the numbers of the equations in package mlp. They leave
// what they compute in o.tr.

// forward computes z and a of all layers, and f′(z) if it is wanted.
func (o *Objective) forward(theta []float64, derivatives bool) {
	o.job.derivatives = derivatives
	for l := range o.functions {
		z, a, w := &o.tr.Z[l], &o.tr.A[l], o.net.Weights(theta, l)
		o.job.l, o.job.b = l, o.net.Biases(theta, l)
		if o.isSmall(l) {
			smallForward(z, a, &w)
			o.activate(all(z))
		} else {
			o.team.multiplyThen(viewOf(*z), viewOf(*a), viewOf(w).t(), false, o.thenActivate, o.costs[l])
		}
	}
}

// isSmall reports whether the products of layer l are done by plain loops.
func (o *Objective) isSmall(l int) bool {
	z := &o.tr.Z[l]
	return z.Rows*o.tr.A[l].Cols <= o.small/z.Cols // does not overflow: it is the size of a matrix
}

// A job is what the methods below, which are called with parts of a matrix as soon as a
// product has computed them, need to know of the layer at hand.
type job struct {
	l           int
	b           []float64 // its biases
	derivatives bool      // activate: f′ is wanted
	step        bool      // delta: −rate·δ is wanted (of some layers in vain); sum: b is to take a step
	rate        float64
	sums        []float64 // sum: where they are stored
}

// narrow is the width up to which samples are activated together: a vector unit would
// have too little to do with one.
const narrow = 16

// together is how many elements an assembly function, which the runtime cannot stop,
// is given at most if that can be chosen.
const together = 1 << 14

// atATime returns how many rows of r are taken together, in a matrix of so many columns.
func (r region) atATime(cols int) int {
	if r.cols == cols && cols < narrow {
		return together / narrow
	}
	return 1
}

// activate finishes (1), and computes (2).
func (o *Objective) activate(r region) {
	z, a, f := &o.tr.Z[o.job.l], &o.tr.A[o.job.l+1], o.functions[o.job.l]
	b, samples := o.job.b, r.atATime(z.Cols)
	if b != nil {
		b = b[r.j:][:r.cols]
	}
	if samples > 1 {
		for s := r.i; s < r.i+r.rows; s++ {
			plus(row(*z, s), b)
		}
		b = nil
	}
	for s := r.i; s < r.i+r.rows; s += samples {
		i, n := s*z.Cols+r.j, min(samples, r.i+r.rows-s)*r.cols
		var first []float64
		if o.job.derivatives {
			first = o.first[o.job.l].Data[i:][:n]
		}
		f(a.Data[i:][:n], first, z.Data[i:][:n], b) // (2)
	}
}

// output stores δ of the last layer.
func (o *Objective) output() {
	o.job.l = o.net.NumLayers() - 1
	y, dy := &o.tr.A[o.job.l+1], &o.tr.Delta[o.job.l]
	for s := range dy.Rows {
		o.loss.Grad(dy.Data[s*dy.Stride:][:dy.Cols], y.Data[s*y.Stride:][:y.Cols], o.t.Data[s*o.t.Stride:][:o.t.Cols])
	}
	work := costOfDelta * float64(dy.Rows) * float64(dy.Cols)
	o.team.do(o.team.size(work, dy.Rows), o.outputs)
}

// outputPart does so for some samples, when ∂ℓ/∂y is in the place of δ.
func (o *Objective) outputPart(_ *worker, part, parts int) {
	dy := &o.tr.Delta[o.job.l]
	from, to := share(dy.Rows, 1, part, parts)
	if divisor := o.divisor(); divisor != 1 {
		dy := dy.Data[from*dy.Cols : to*dy.Cols]
		for j := range dy {
			dy[j] /= divisor // (4)
		}
	}
	o.delta(region{from, 0, to - from, dy.Cols})
}

// costOfDelta is what delta costs an element, in multiply-adds of a product.
const costOfDelta = 30

// delta makes δ from ∂E/∂a, in its place and, for a step, −rate·δ from f′, which has done
// its work then.
func (o *Objective) delta(r region) {
	da := &o.tr.Delta[o.job.l]
	samples := r.atATime(da.Cols)
	for s := r.i; s < r.i+r.rows; s += samples {
		i, n := s*da.Cols+r.j, min(samples, r.i+r.rows-s)*r.cols
		delta, first := da.Data[i:][:n], o.first[o.job.l].Data[i:][:n]
		bestUnit.times(delta, first) // (5)
		if o.job.step {
			floats.ScaleTo(first, -o.job.rate, delta)
		}
	}
}

// gradient stores the gradient with respect to the parameters of layer l, without
// regulariser.
func (o *Objective) gradient(grad []float64, l int) {
	delta, a, gw := &o.tr.Delta[l], &o.tr.A[l], o.net.Weights(grad, l)
	o.job.l, o.job.sums = l, o.net.Biases(grad, l)
	if o.isSmall(l) {
		smallGradient(&gw, delta, a) // (6)
		o.sum(all(&gw))
	} else {
		o.team.multiplyThen(viewOf(gw), viewOf(*delta).t(), viewOf(*a), false, o.thenSum, 0) // (6)
	}
}

// sum computes the gradient with respect to the biases of the neurons whose rows of W, or
// of its gradient, begin in r, and takes a step with it.
func (o *Objective) sum(r region) {
	if r.j > 0 || o.job.sums == nil {
		return
	}
	delta := &o.tr.Delta[o.job.l]
	sums := o.job.sums[r.i:][:r.rows]
	copy(sums, delta.Data[r.i:])
	for s := 1; s < delta.Rows; s++ { // row by row, as δ lies in memory
		floats.Add(sums, delta.Data[s*delta.Cols+r.i:][:len(sums)]) // (7)
	}
	if o.job.step {
		for j, g := range sums {
			o.job.b[r.i+j] -= o.job.rate * g // (10)
		}
	}
}

// below stores ∂E/∂x of layer 0, or δ of the layer below another.
func (o *Objective) below(theta []float64, l int) {
	da, w, then, cost := &o.tr.DX, o.net.Weights(theta, l), (func(region))(nil), 0.0
	if l > 0 {
		o.job.l = l - 1
		da, then, cost = &o.tr.Delta[l-1], o.thenDelta, costOfDelta
	}
	if !o.isSmall(l) {
		o.team.multiplyThen(viewOf(*da), viewOf(o.tr.Delta[l]), viewOf(w), false, then, cost) // (8)
		return
	}
	smallBelow(da, &o.tr.Delta[l], &w) // (8)
	if l > 0 {
		o.delta(all(da))
	}
}

// decay adds c·W to the weights in grad.
func (o *Objective) decay(grad, theta []float64, c float64) {
	if c == 0 {
		return
	}
	for l := range o.functions {
		w, gw := o.net.Weights(theta, l).Data, o.net.Weights(grad, l).Data
		for i := range gw {
			gw[i] += c * w[i]
		}
	}
}
