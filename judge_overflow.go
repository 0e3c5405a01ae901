package touchstone

import (
	"math"
	"slices"

	"touchstone/loss"
)

// An overflow says what may come out as ±Inf or NaN in a format, though it is none of
// that: something on the way to it, or a sum whose small remainder it is, may be beyond
// the largest number. Sums are taken of the sizes of their terms, with what rounding adds to
// these and to the sum itself; and a mean as what is divided at last.
//
// What follows from such a number by sums and products is none that is finite, but f is, as
// in σ(∞) = 1: behind the first layer with one anything may be claimed.
type overflow struct {
	c             *Case
	largest, unit float64
	z, a          int         // the first layer whose z, or a, is behind; there may be none
	in            [][]float64 // the sizes of x, and of a of each layer
	sums          [][]float64 // the sizes of z of each layer, one sample after the other
	backward      int         // so many layers, from the first, have a δ that may overflow
	loss          bool        // may
	grad          [][]float64 // the sizes of ∂W and ∂b of each layer
	dx            []float64   // its sizes
	after         []bool      // may
}

func newOverflow(c *Case, right *pass, f format) *overflow {
	L := c.Net.NumLayers()
	o := &overflow{c: c, largest: f.largest, unit: f.unit, z: L, a: L, in: make([][]float64, L+1), sums: make([][]float64, L), grad: make([][]float64, L)}
	o.forward(right)
	samples := 1 / c.share() // by which the mean divides
	for s := range c.X.Rows {
		if o.targets(s) {
			o.backward, o.loss = L, true
		}
		for j, scale := range c.Scale.Delta[L-1][s] {
			i := s*c.Net.Outputs() + j
			if o.is(samples*math.Abs(right.da[L][i])) || o.is(samples*o.with(right.delta[L-1][i], scale)) {
				o.backward = L
			}
		}
	}
	for l := L - 1; l >= 0; l-- {
		o.below(l, right, samples)
	}
	o.step()
	o.loss = o.loss || o.atLoss(right)
	return o
}

// is reports whether a size is above the largest number.
func (o *overflow) is(size float64) bool { return size > o.largest }

// with returns the size of a result with its error.
func (o *overflow) with(v, scale float64) float64 { return math.Abs(v) + o.unit*scale }

// targetsOf returns t of a sample or, without a loss, dy.
func (o *overflow) targetsOf(s int) []float64 {
	if o.c.Loss == nil {
		return rowOf(o.c.DY, s)
	}
	return rowOf(o.c.T, s)
}

// targets reports whether a target of a sample is too large or, of a softmax, their sum.
func (o *overflow) targets(s int) bool {
	sum := 0.0
	for _, t := range o.targetsOf(s) {
		if sum += math.Abs(t); o.isInput(t) {
			return true
		}
	}
	return o.c.Loss == loss.SoftmaxCrossEntropy{} && o.is(sum)
}

// forward looks at the inputs and the sums of the forward pass.
func (o *overflow) forward(right *pass) {
	c := o.c
	if slices.ContainsFunc(c.X.Data, o.isInput) {
		o.z, o.a = 0, 0
	}
	for _, x := range right.a[0] {
		o.in[0] = append(o.in[0], math.Abs(x))
	}
	for l := range c.Net.NumLayers() {
		W, b := c.Net.Weights(c.Theta, l), c.Net.Biases(c.Theta, l)
		if slices.ContainsFunc(W.Data, o.isInput) || slices.ContainsFunc(b, o.isInput) {
			o.z, o.a = min(o.z, l), min(o.a, l)
		}
		for i := range right.z[l] {
			s, j, sum := i/W.Rows, i%W.Rows, 0.0
			for k, w := range W.Data[j*W.Cols:][:W.Cols] {
				sum += math.Abs(w) * o.in[l][s*W.Cols+k]
			}
			if b != nil {
				sum += math.Abs(b[j])
			}
			sum *= o.rounded(W.Cols)
			if o.sums[l] = append(o.sums[l], sum); o.is(sum) {
				o.z, o.a = min(o.z, l+1), min(o.a, l)
			}
			o.in[l+1] = append(o.in[l+1], o.with(right.a[l+1][i], c.Scale.A[l][s][j]))
		}
	}
}

// isInput reports whether an input is above the largest number, which makes it infinite.
func (o *overflow) isInput(v float64) bool { return o.is(math.Abs(v)) }

// rounded returns by how much rounding makes a sum of so many products larger.
func (o *overflow) rounded(terms int) float64 { return 1 + float64(terms+3)*o.unit }

// below looks at the gradient of layer l, and at ∂E/∂a of its inputs.
func (o *overflow) below(l int, right *pass, samples float64) {
	c := o.c
	W := c.Net.Weights(c.Theta, l)
	grad, da := make([]float64, len(right.grad[l])), make([]float64, c.X.Rows*W.Cols)
	for i, d := range right.delta[l] {
		s, j := i/W.Rows, i%W.Rows
		delta := samples * o.with(d, c.Scale.Delta[l][s][j])
		for k, w := range W.Data[j*W.Cols:][:W.Cols] {
			grad[j*W.Cols+k] += delta * o.in[l][s*W.Cols+k]
			da[s*W.Cols+k] += delta * math.Abs(w)
		}
		if len(grad) > len(W.Data) {
			grad[len(W.Data)+j] += delta
		}
	}
	for i, w := range W.Data {
		if grad[i] += math.Abs(c.Lambda * w); o.is(math.Abs(c.Lambda)) {
			grad[i] = math.Inf(1)
		}
	}
	for i := range grad {
		grad[i] *= o.rounded(c.X.Rows)
	}
	for i := range da {
		da[i] *= o.rounded(W.Rows)
		if o.is(da[i]) {
			o.backward = max(o.backward, l)
		}
	}
	o.grad[l], o.dx = grad, da
}

// step looks at what a step moves.
func (o *overflow) step() {
	if o.c.Step == nil {
		return
	}
	rate := math.Abs(o.c.Step.Rate)
	for l, layer := range paramBlocks(o.c.Net) {
		for _, b := range layer {
			moves := !o.c.Step.isFrozen(b.name)
			for i := b.from; i < b.to; i++ {
				g := o.grad[l][i-layer[0].from]
				o.after = append(o.after, moves && (l < o.backward || o.is(rate) || o.is(g) || o.is(rate*g)))
			}
		}
	}
}

// atLoss looks at the terms of the loss: at those of all samples, before they are divided,
// and at ‖W‖² and λ‖W‖² before they are multiplied and halved.
func (o *overflow) atLoss(right *pass) bool {
	c := o.c
	L, K := c.Net.NumLayers(), c.Net.Outputs()
	all, squares := 0.0, 0.0
	for s := range c.X.Rows {
		y, sizes := right.a[L][s*K:][:K], o.in[L][s*K:][:K]
		spread := 2*slices.Max(sizes) + math.Log(float64(K)) // of log Σe^y − y
		for j, t := range o.targetsOf(s) {
			v, size := sizes[j], math.Abs(t)
			switch c.Loss.(type) {
			case nil:
				all += size * v
			case loss.Squared:
				r := o.with(y[j]-t, c.Scale.A[L-1][s][j]+size)
				all += r * r
			case loss.CrossEntropy:
				all -= size*math.Log(y[j]) + math.Abs(1-t)*math.Log1p(-y[j])
			case loss.LogitCrossEntropy:
				all += v + size*v + math.Ln2
			case loss.SoftmaxCrossEntropy:
				all += size * spread
			}
		}
	}
	if c.Lambda != 0 {
		for l := range L {
			for _, w := range c.Net.Weights(c.Theta, l).Data {
				squares += w * w
			}
		}
	}
	lambda, rounded := math.Abs(c.Lambda), o.rounded(2*c.X.Rows*K+len(c.Theta))
	return o.is(lambda) || o.is(squares*rounded) || o.is((all+lambda*squares)*rounded)
}

// isBehind reports whether a block is computed from what may have overflowed, so that even
// what is finite may be anything.
func (o *overflow) isBehind(b *Block) bool {
	switch b.Stage {
	case "z":
		return b.layer >= o.z
	case "a":
		return b.layer >= o.a
	}
	return o.a < o.c.Net.NumLayers()
}

// entry reports whether entry i of a block may overflow, or be NaN for it.
func (o *overflow) entry(b *Block, i int) bool {
	switch b.Stage {
	case "z":
		return o.is(o.sums[b.layer][i])
	case "a":
		return false
	case "loss":
		return o.loss
	case "update":
		return o.after[i]
	}
	switch {
	case b.layer < o.backward:
		return true
	case b.Name == "dx":
		return o.is(o.dx[i])
	}
	return b.Stage == "gradient" && o.is(o.grad[b.layer][b.offset+i])
}
