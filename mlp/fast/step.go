package fast

// Step takes one step of gradient descent over all samples: θ ← θ − rate·∂E/∂θ. It
// does so to what Grad would be, but never stores the gradient: products are added to
// the weights. (rate·δ may be rounded first, so that it may overflow or underflow where
// rate·∂E/∂θ does not.) It costs less than Grad also because it leaves out the gradient with
// respect to the inputs. It panics if theta does not have NumParams elements or overlaps
// the data or Trace.
func (o *Objective) Step(theta []float64, rate float64) {
	if len(theta) != o.net.NumParams() {
		panic("fast: Step: length of theta is not NumParams")
	}
	if o.sharesData(theta) {
		panic("fast: Step: theta overlaps the data")
	}
	if o.sharesTrace(theta, &o.besideTrace) {
		panic("fast: Step: theta overlaps Trace")
	}
	if o.online != nil {
		o.stepOnline(theta, rate)
		return
	}
	o.forward(theta, true)
	o.job.step, o.job.rate = true, rate
	o.output()
	for l := o.net.NumLayers() - 1; l >= 0; l-- {
		if l > 0 {
			o.below(theta, l) // before W changes
		}
		o.update(theta, rate, l)
	}
}

// update takes the step for layer l. In exact arithmetic the order of the two terms
// does not matter; here the weights decay before they are added to, so that they are
// rounded twice, as by θ − rate·(∂ + λW).
func (o *Objective) update(theta []float64, rate float64, l int) {
	w, delta := o.net.Weights(theta, l), &o.tr.Delta[l]
	if o.Lambda != 0 {
		c := rate * o.Lambda
		for i := range w.Data {
			w.Data[i] -= c * w.Data[i] // (9)
		}
	}
	o.job.l, o.job.b, o.job.sums = l, o.net.Biases(theta, l), nil
	if o.job.b != nil {
		o.job.sums = o.sums[:w.Rows]
	}
	switch {
	case o.isSmall(l):
		smallStep(&w, delta, &o.tr.A[l], rate) // (6), (10)
		o.sum(all(&w))
	case o.grad != nil:
		// A product of more terms than a block is deep would be added, and W
		// rounded, more than once.
		gw := o.net.Weights(o.grad, l)
		o.team.multiplyThen(viewOf(gw), viewOf(*delta).t(), viewOf(o.tr.A[l]), false, o.thenSum, 0) // (6)
		for i, g := range gw.Data {
			w.Data[i] -= rate * g // (10)
		}
	default:
		scaled := o.first[l]                                                                      // −rate·δ
		o.team.multiplyThen(viewOf(w), viewOf(scaled).t(), viewOf(o.tr.A[l]), true, o.thenSum, 0) // (6), (10)
	}
}
