package fast

// Step takes one step of gradient descent over all samples: θ ← θ − rate·∂E/∂θ. It
// does so to what Grad would be, but never stores the gradient: products are added to
// the weights. It costs less than Grad also because it leaves out the gradient with
// respect to the inputs. It panics if theta does not have NumParams elements or overlaps
// the data.
func (o *Objective) Step(theta []float64, rate float64) {
	if len(theta) != o.net.NumParams() {
		panic("fast: Step: length of theta is not NumParams")
	}
	if o.owns(theta) {
		panic("fast: Step: theta overlaps the data")
	}
	if o.online != nil {
		o.stepOnline(theta, rate)
		return
	}
	o.forward(theta, true)
	o.output()
	for l := o.net.NumLayers() - 1; l >= 0; l-- {
		o.delta(l)
		if l > 0 {
			o.below(o.tr.Delta[l-1], theta, l) // before W changes
		}
		o.update(theta, rate, l)
	}
}

// update takes the step for layer l. In exact arithmetic the order of the two terms
// does not matter; here the weights decay before they are added to, so that they are
// rounded twice, as by θ − rate·(∂ + λW).
func (o *Objective) update(theta []float64, rate float64, l int) {
	w, b, delta := o.net.Weights(theta, l), o.net.Biases(theta, l), &o.tr.Delta[l]
	if o.Lambda != 0 {
		c := rate * o.Lambda
		for i := range w.Data {
			w.Data[i] -= c * w.Data[i] // (9)
		}
	}
	switch {
	case o.isSmall(l):
		smallStep(&w, delta, &o.tr.A[l], rate) // (6), (10)
	case o.grad != nil:
		// A product of more terms than a block is deep would be added, and W
		// rounded, more than once.
		o.gradient(o.grad, l)
		for i, g := range o.net.Weights(o.grad, l).Data {
			w.Data[i] -= rate * g
		}
	default:
		scaled := o.first[l] // in the place of f′, which has done its work
		for i, d := range delta.Data {
			scaled.Data[i] = -rate * d
		}
		o.team.multiply(viewOf(w), viewOf(scaled).t(), viewOf(o.tr.A[l]), true) // (6), (10)
	}
	if b != nil {
		sum := o.first[l].Data[:len(b)] // it has done its work too
		sumRows(sum, delta)             // (7)
		for j := range b {
			b[j] -= rate * sum[j] // (10)
		}
	}
}
