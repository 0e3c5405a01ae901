package touchstone

import (
	"slices"

	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/activation"
)

// A variant is textbook backpropagation with one mistake in it. Where a hook is
// nil or false, that part is right.
type variant struct {
	Cause

	in    func(l int) bool // the layers in which act and deriv count; nil for all
	act   func(f activation.Func, z float64) float64
	deriv func(f activation.Func, z, a float64) float64
	dy    func(dst, y, t []float64)        // ∂ℓ/∂y of a sample
	value func(y, t []float64) float64     // ℓ of a sample
	from  func(s int) int                  // the sample whose ∂ℓ/∂y is taken
	of    func(s int) float64              // how often a sample's gradient counts
	bias  func(s int) float64              // the same, for biases only
	swap  func(w blas64.General) []float64 // the weights that (8) takes

	tail       bool // f′ is taken from a rounded a
	silent     bool // what does not count has no δ either
	transposed bool // (1) with W read column by column
	noBias     bool // (1) without b
	shifted    bool // (6) with the next input
	updated    int  // (8) with weights after the step: 1 of all samples, 2 of those so far
	forgetLast bool // (8) without the last unit
}

func (v *variant) counts(l int) bool { return v.in == nil || v.in(l) }

// A trial runs a variant, and ends at the first number that differs from the claim:
// nearly all variants differ in the first that they change. What a variant leaves
// alone is taken from the right pass, which is recognised by its memory.
type trial struct {
	*variant
	pass
	c     *Case
	right *pass // empty if this is it
	proof *evidence
	whole bool  // compute also what nobody claimed
	work  int64 // so far, in multiply-adds
	most  int64 // where the trial is given up

	// The weights with which (8) is still to be computed for the layer that comes
	// next, where a number is asked for; nil if da is there.
	weights []float64

	scratch [][]float64 // where gradients of a layer go that are not right
}

// What an activation function, its derivative or a loss takes, in multiply-adds.
const functionWork = 32

// run computes everything that a claim may claim, and reports whether the claim
// agrees with all of it.
func (t *trial) run(ignoreLoss bool) bool {
	return t.forward() && (t.total() || ignoreLoss) && t.output() && t.backward()
}

// spend counts work, and reports whether there is some left.
func (t *trial) spend(n int) bool {
	t.work += int64(n)
	return t.work <= t.most
}

// isRight reports whether v is that part of the right pass, and not a copy.
func isRight(v, right []float64) bool { return len(right) > 0 && &v[0] == &right[0] }

// settled returns the right numbers if v holds the same.
func settled(v, right []float64) []float64 {
	if slices.Equal(v, right) {
		return right
	}
	return v
}

// agrees compares an exhibit with v, and only once with the right numbers.
func (t *trial) agrees(e *exhibit, v, right []float64) bool {
	switch {
	case e == nil:
		return true
	case !isRight(v, right):
		return t.compare(e, v)
	case !e.compared:
		e.compared, e.agrees = true, t.compare(e, v)
	}
	return e.agrees
}

func (t *trial) compare(e *exhibit, v []float64) bool {
	t.spend(len(v))
	for i, x := range v {
		if !e.fits(i, x) {
			return false
		}
	}
	return true
}

// forward computes (1) and (2).
func (t *trial) forward() bool {
	for l := range t.c.Net.NumLayers() {
		t.z[l], t.a[l+1] = t.right.z[l], t.right.a[l+1]
		if t.transposed || t.noBias || !isRight(t.a[l], t.right.a[l]) {
			t.z[l] = settled(t.preactivations(l), t.right.z[l])
		}
		if t.act != nil && t.counts(l) || !isRight(t.z[l], t.right.z[l]) {
			t.a[l+1] = settled(t.activations(l), t.right.a[l+1])
		}
		if !t.agrees(t.proof.z[l], t.z[l], t.right.z[l]) || !t.agrees(t.proof.a[l], t.a[l+1], t.right.a[l+1]) || !t.spend(0) {
			return false
		}
	}
	return true
}

func (t *trial) preactivations(l int) []float64 {
	W, b := t.c.Net.Weights(t.c.Theta, l), t.c.Net.Biases(t.c.Theta, l)
	z := make([]float64, t.c.X.Rows*W.Rows)
	t.spend(len(z) * W.Cols)
	for s := range t.c.X.Rows {
		in := t.a[l][s*W.Cols:][:W.Cols]
		for j := range W.Rows {
			sum := 0.0
			if b != nil && !t.noBias {
				sum = b[j]
			}
			if t.transposed {
				for k, a := range in {
					sum += float64(W.Data[k*W.Rows+j] * a)
				}
			} else {
				for k, w := range W.Data[j*W.Cols:][:W.Cols] {
					sum += float64(w * in[k])
				}
			}
			z[s*W.Rows+j] = sum
		}
	}
	return z
}

func (t *trial) activations(l int) []float64 {
	f, value := t.c.Net.Layer(l).Activation, activation.Func.Value
	if t.act != nil && t.counts(l) {
		value = t.act
	}
	a := make([]float64, len(t.z[l]))
	t.spend(functionWork * len(a))
	for i, z := range t.z[l] {
		a[i] = value(f, z)
	}
	return a
}

// total computes (3).
func (t *trial) total() bool {
	c, y := t.c, t.a[t.c.Net.NumLayers()]
	switch {
	case t.proof.loss == nil && !t.whole:
		return true
	case t.value == nil && isRight(y, t.right.a[c.Net.NumLayers()]):
		t.loss = t.right.loss
		return t.proof.loss.fits(0, t.loss)
	}
	t.spend(functionWork * len(y))
	K := c.Net.Outputs()
	sum := 0.0
	for s := range c.X.Rows {
		sum += float64(t.sampleLoss(y[s*K:][:K], s) * t.c.share())
	}
	t.loss = sum + c.penalty()
	return t.proof.loss.fits(0, t.loss)
}

func (t *trial) sampleLoss(y []float64, s int) (value float64) {
	switch {
	case t.c.Loss == nil:
		for j, d := range rowOf(t.c.DY, s) {
			value += float64(d * y[j])
		}
		return value
	case t.value != nil:
		return t.value(y, rowOf(t.c.T, s))
	}
	return t.c.Loss.Value(y, rowOf(t.c.T, s))
}

// output computes (4).
func (t *trial) output() bool {
	c, L, K := t.c, t.c.Net.NumLayers(), t.c.Net.Outputs()
	if t.dy == nil && t.from == nil && !t.silent && isRight(t.a[L], t.right.a[L]) {
		t.da[L] = t.right.da[L]
		return true
	}
	t.spend(functionWork * len(t.a[L]))
	da := make([]float64, len(t.a[L]))
	for s := range c.X.Rows {
		from, counts := s, t.c.share()
		if t.from != nil {
			from = t.from(s)
		}
		if t.silent {
			counts *= t.of(s)
		}
		dst := da[s*K:][:K]
		switch {
		case c.Loss == nil:
			copy(dst, rowOf(c.DY, from))
		case t.dy != nil:
			t.dy(dst, t.a[L][from*K:][:K], rowOf(c.T, from))
		default:
			c.Loss.Grad(dst, t.a[L][from*K:][:K], rowOf(c.T, from))
		}
		for j := range dst {
			dst[j] *= counts
		}
	}
	t.da[L] = settled(da, t.right.da[L])
	return t.spend(0)
}

func rowOf(m blas64.General, i int) []float64 { return m.Data[i*m.Stride:][:m.Cols] }

// penalty returns the regulariser, ½λ‖W‖².
func (c *Case) penalty() float64 {
	if c.Lambda == 0 {
		return 0
	}
	norm := 0.0
	for l := range c.Net.NumLayers() {
		for _, w := range c.Net.Weights(c.Theta, l).Data {
			norm += float64(w * w)
		}
	}
	return float64(c.Lambda / 2 * norm)
}
