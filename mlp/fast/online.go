package fast

// The smallest steps, with one sample and small layers, as in online learning, have a
// path of their own: there, to look up the matrices of a layer costs more than to
// multiply them. It is the same computation in the same order.

// An online is a layer in such a step. Its slices are those of the Trace.
type online struct {
	function
	w, b            int // where W and b begin in θ
	biases          bool
	in, z, a, first []float64
	delta, below    []float64 // below is δ of the layer below; nil if there is none
}

// newOnline returns the layers of o, or nil if they are not all small, or if there is
// more than one sample.
func newOnline(o *Objective) []online {
	if o.x.Rows > 1 {
		return nil
	}
	var layers []online
	at := 0
	for l, f := range o.functions {
		if !o.isSmall(l) {
			return nil
		}
		z := o.tr.Z[l]
		c := online{
			function: f, w: at, b: at + z.Cols*o.tr.A[l].Cols, biases: !o.net.Layer(l).NoBias,
			in: row(o.tr.A[l], 0), z: row(z, 0), a: row(o.tr.A[l+1], 0),
			first: row(o.first[l], 0), delta: row(o.tr.Delta[l], 0),
		}
		if l > 0 {
			c.below = row(o.tr.Delta[l-1], 0)
		}
		if at = c.b; c.biases {
			at += z.Cols
		}
		layers = append(layers, c)
	}
	return layers
}

// stepOnline is Step by such layers.
func (o *Objective) stepOnline(theta []float64, rate float64) {
	for l := range o.online {
		o.online[l].forward(theta)
	}
	top := &o.online[len(o.online)-1]
	o.loss.Grad(top.delta, top.a, row(o.t, 0)) // (4), where the mean is of one sample
	for l := len(o.online) - 1; l >= 0; l-- {
		o.online[l].back(theta, rate, rate*o.Lambda)
	}
}

// forward computes z, a and f′(z).
func (c *online) forward(theta []float64) {
	w, in := theta[c.w:], c.in
	for j := range c.z {
		row, sum := w[:len(in)], 0.0
		for k, x := range in {
			sum += row[k] * x
		}
		if c.biases {
			sum += theta[c.b+j]
		}
		c.z[j] = sum // (1)
		w = w[len(in):]
	}
	c.function(c.a, c.first, c.z, nil) // (2)
}

// back computes δ from ∂E/∂a, and ∂E/∂a of the layer below, and changes W and b.
func (c *online) back(theta []float64, rate, decay float64) {
	delta, first, in := c.delta, c.first[:len(c.delta)], c.in
	for k := range c.below {
		c.below[k] = 0
	}
	w := theta[c.w:]
	for j, d := range delta {
		d *= first[j] // (5)
		delta[j] = d
		row := w[:len(in)]
		w = w[len(in):]
		if below := c.below; below != nil {
			below = below[:len(row)]
			for k, w := range row { // before it changes
				below[k] += d * w // (8)
			}
		}
		if decay != 0 {
			for k := range row {
				row[k] -= decay * row[k] // (9)
			}
		}
		for k, x := range in {
			row[k] -= rate * (d * x) // (6), (10)
		}
	}
	if c.biases {
		b := theta[c.b:][:len(delta)]
		for j, d := range delta {
			b[j] -= rate * d // (7), (10)
		}
	}
}
