package fast

import "gonum.org/v1/gonum/blas/blas64"

// The steps of a pass, with the numbers of the equations in package mlp. They leave
// what they compute in o.tr.

// forward computes z and a of all layers, and f′(z) if it is wanted.
func (o *Objective) forward(theta []float64, derivatives bool) {
	for l := range o.functions {
		z, a, w := &o.tr.Z[l], &o.tr.A[l], o.net.Weights(theta, l)
		if o.isSmall(l) {
			smallForward(z, a, &w)
		} else {
			o.team.multiply(viewOf(*z), viewOf(*a), viewOf(w).t(), false)
		}
		o.activate(l, o.net.Biases(theta, l), derivatives)
	}
}

// isSmall reports whether the products of layer l are done by plain loops.
func (o *Objective) isSmall(l int) bool {
	z := &o.tr.Z[l]
	return z.Rows*o.tr.A[l].Cols <= o.small/z.Cols // does not overflow: it is the size of a matrix
}

// An elementwise is the job of activating layer l.
type elementwise struct {
	l           int
	b           []float64
	derivatives bool
}

// costOfFunction is what a value and a derivative cost, in multiply-adds of a product.
const costOfFunction = 500

// activate finishes (1) of layer l, and computes (2).
func (o *Objective) activate(l int, b []float64, derivatives bool) {
	o.job = elementwise{l, b, derivatives}
	z := &o.tr.Z[l]
	work := costOfFunction * float64(z.Rows) * float64(z.Cols)
	o.team.do(o.team.size(work, z.Rows), o.activation)
}

// narrow is the width up to which samples are activated together: a vector unit would
// have too little to do with one.
const narrow = 16

// together is how many elements an assembly function, which the runtime cannot stop,
// is given at most if that can be chosen.
const together = 1 << 14

// activatePart does so for some samples.
func (o *Objective) activatePart(_ *worker, part, parts int) {
	l, b := o.job.l, o.job.b
	z, width, samples := o.tr.Z[l], o.tr.Z[l].Cols, 1
	from, to := share(z.Rows, 1, part, parts)
	if width < narrow {
		for s := from; s < to; s++ {
			plus(row(z, s), b)
		}
		samples, b = together/narrow, nil
	}
	for ; from < to; from += samples {
		i, j := from*width, min(from+samples, to)*width
		var first []float64
		if o.job.derivatives {
			first = o.first[l].Data[i:j]
		}
		o.functions[l](o.tr.A[l+1].Data[i:j], first, z.Data[i:j], b) // (2)
	}
}

// output stores ∂E/∂y, in the place of δ of the last layer.
func (o *Objective) output() {
	last := o.net.NumLayers() - 1
	y, dy, t, divisor := &o.tr.A[last+1], &o.tr.Delta[last], &o.t, o.divisor()
	for s := range y.Rows {
		dy := dy.Data[s*dy.Stride:][:dy.Cols]
		o.loss.Grad(dy, y.Data[s*y.Stride:][:y.Cols], t.Data[s*t.Stride:][:t.Cols])
		for j := range dy {
			dy[j] /= divisor // (4)
		}
	}
}

// delta makes δ of layer l from ∂E/∂aˡ⁺¹, in its place.
func (o *Objective) delta(l int) {
	delta, first := o.tr.Delta[l].Data, o.first[l].Data
	for len(delta) > 0 {
		n := min(len(delta), together)
		bestUnit.times(delta[:n], first[:n]) // (5)
		delta, first = delta[n:], first[n:]
	}
}

// gradient stores the gradient with respect to the parameters of layer l, without
// regulariser.
func (o *Objective) gradient(grad []float64, l int) {
	delta, a, gw := &o.tr.Delta[l], &o.tr.A[l], o.net.Weights(grad, l)
	if o.isSmall(l) {
		smallGradient(&gw, delta, a) // (6)
	} else {
		o.team.multiply(viewOf(gw), viewOf(*delta).t(), viewOf(*a), false) // (6)
	}
	if gb := o.net.Biases(grad, l); gb != nil {
		sumRows(gb, delta) // (7)
	}
}

// sumRows stores the sum of the rows of m in sum. It goes row by row, as m lies in memory.
func sumRows(sum []float64, m *blas64.General) {
	data := m.Data
	for j, x := range data[:len(sum)] {
		sum[j] = x
	}
	for s := 1; s < m.Rows; s++ {
		for j, x := range data[s*m.Stride:][:len(sum)] {
			sum[j] += x
		}
	}
}

// below stores ∂E/∂aˡ in da.
func (o *Objective) below(da blas64.General, theta []float64, l int) {
	delta, w := &o.tr.Delta[l], o.net.Weights(theta, l)
	if o.isSmall(l) {
		smallBelow(&da, delta, &w) // (8)
	} else {
		o.team.multiply(viewOf(da), viewOf(*delta), viewOf(w), false) // (8)
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
