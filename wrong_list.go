package touchstone

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/activation"
)

// variants looks for a known mistake whose results are what was claimed.
func (d *detective) variants() *Cause {
	list := known(d.c)
	for _, ignoreLoss := range []bool{false, true} {
		if ignoreLoss && !(d.failsIn("loss") && d.failsIn("delta", "gradient", "update")) {
			break
		}
		for i := range list {
			v := &list[i]
			if v.value != nil && (ignoreLoss || d.proof.loss == nil) {
				continue // there is the same without a wrong loss
			}
			if v.value != nil && v.dy != nil && !d.claimsGradient() {
				continue // and with nothing but that
			}
			if d.explains(v, ignoreLoss) {
				return &v.Cause
			}
			if d.work < 0 {
				return nil
			}
		}
	}
	return nil
}

// explains reports whether what v computes is what is claimed, and what fails is
// much nearer to that than to the truth.
func (d *detective) explains(v *variant, ignoreLoss bool) bool {
	if v.tail {
		return d.explainsTail(v, ignoreLoss)
	}
	t := d.trial(v)
	explained := t.run(ignoreLoss)
	d.work -= t.work
	return explained && d.work >= 0
}

func (d *detective) trial(v *variant) *trial {
	t := &trial{variant: v, pass: newPass(d.c), c: d.c, right: d.right, proof: d.proof, most: d.work, scratch: d.scratch}
	t.a[0] = d.right.a[0]
	return t
}

// fromOutput returns the derivative in terms of a, where there is a formula for that.
func fromOutput(f activation.Func, z, a float64) float64 {
	switch f.(type) {
	case activation.Sigmoid:
		return a * (1 - a)
	case activation.Tanh:
		return 1 - a*a
	}
	return f.Deriv(z)
}

// fromRounded is the mistake that loses the tail.
func fromRounded() variant {
	return variant{tail: true, deriv: fromOutput, Cause: Cause{"SATURATION",
		"the derivative is taken from the rounded activation, as a·(1−a) or 1−a²: in the tail nothing is left of it; take it from z"}}
}

// known returns the mistakes that are possible in a case, special ones first.
func known(c *Case) []variant {
	var list []variant
	add := func(kind, text string, v variant) {
		v.Cause = Cause{kind, text}
		list = append(list, v)
	}
	sigmoidal := func(f activation.Func) bool { return f == activation.Sigmoid{} || f == activation.Tanh{} }
	list = append(list, fromRounded())
	clips(c, add)
	losses(c, add)
	samples(c, add)

	L := c.Net.NumLayers()
	type part struct {
		name string
		in   func(l int) bool
	}
	parts := []part{
		{"", func(int) bool { return true }},
		{" in the hidden layers", func(l int) bool { return l < L-1 }},
		{" in the output layer", func(l int) bool { return l == L-1 }},
	}
	if L == 1 {
		parts = parts[:1]
	}
	for at := range min(L, 8) {
		if L > 2 {
			parts = append(parts, part{fmt.Sprintf(" in layer %d", at), func(l int) bool { return l == at }})
		}
	}
	for _, g := range []activation.Func{activation.Sigmoid{}, activation.Tanh{}, activation.ReLU{}, activation.Softplus{}} {
		parts = append(parts, part{fmt.Sprintf(" in %v layers", g), func(l int) bool { return c.Net.Layer(l).Activation == g }})
	}
	swapDeriv := func(kind, text string, deriv func(f activation.Func, z, a float64) float64) {
		for _, p := range parts {
			add(kind, text+p.name, variant{in: p.in, deriv: deriv})
		}
	}
	swapDeriv("MISSING", "the derivative of the activation is missing", func(activation.Func, float64, float64) float64 { return 1 })
	swapDeriv("SCALE", "the derivative of the activation is taken at a instead of z", func(f activation.Func, _, a float64) float64 { return f.Deriv(a) })
	swapDeriv("SCALE", "the derivative is z·(1−z) or 1−z²: a formula for a, given z", func(f activation.Func, z, a float64) float64 { return fromOutput(f, z, z) })
	swapDeriv("SIGN", "the derivative of the activation has the wrong sign", func(f activation.Func, z, a float64) float64 { return -f.Deriv(z) })
	swapDeriv("MISSING", "the derivative of another function is taken: a·(1−a), which is the sigmoid's", func(_ activation.Func, _, a float64) float64 { return a * (1 - a) })
	swapDeriv("MISSING", "the derivative of another function is taken: 1−a², which is tanh's", func(_ activation.Func, _, a float64) float64 { return 1 - a*a })
	for _, g := range []activation.Func{activation.Sigmoid{}, activation.Tanh{}, activation.ReLU{}, activation.Softplus{}} {
		swapDeriv("MISSING", fmt.Sprintf("the derivative of another function is taken, of %v", g), func(_ activation.Func, z, _ float64) float64 { return g.Deriv(z) })
	}

	add("ORDER", "weights were updated before the deltas of the layer below were computed", variant{updated: 1})
	add("ORDER", "weights were updated before the deltas of the layer below were computed, sample by sample", variant{updated: 2})
	add("TRANSPOSE", "the backward pass reads W transposed", variant{swap: func(w blas64.General) []float64 {
		t := make([]float64, len(w.Data))
		for j := range w.Rows {
			for k := range w.Cols {
				t[j*w.Cols+k] = w.Data[k*w.Rows+j]
			}
		}
		return t
	}})
	add("TRANSPOSE", "the forward pass reads W transposed", variant{transposed: true})
	add("MISSING", "the forward pass leaves out the biases", variant{noBias: true})
	add("MISSING", "the backward pass leaves out the last unit of each layer", variant{forgetLast: true})
	add("ORDER", "weight gradients take the next input, off by one", variant{shifted: true})
	for _, p := range parts {
		add("SIGN", "the activation is that of −z"+p.name, variant{in: p.in,
			act: func(f activation.Func, z float64) float64 { return f.Value(-z) }})
		add("MISSING", "the activation is missing"+p.name, variant{in: p.in,
			act:   func(_ activation.Func, z float64) float64 { return z },
			deriv: func(activation.Func, float64, float64) float64 { return 1 }})
	}
	if c.X.Rows > 1 {
		n := c.X.Rows
		add("STALE", "the error of the sample before is taken", variant{from: func(s int) int { return max(s-1, 0) }})
		add("STALE", "the error of the sample before is taken, of the last one for the first", variant{from: func(s int) int { return (s + n - 1) % n }})
		add("STALE", "the error of the last sample is taken for all", variant{from: func(int) int { return n - 1 }})
		add("STALE", "the error of the first sample is taken for all", variant{from: func(int) int { return 0 }})
	}
	for _, limit := range []float64{10, 15, 16, 20, 30, 36, 40, 45, 50, 100, 500, 700} {
		add("SATURATION", fmt.Sprintf("z is clamped to ±%v before the activation", limit), variant{
			act: func(f activation.Func, z float64) float64 {
				if sigmoidal(f) {
					z = math.Max(-limit, math.Min(limit, z))
				}
				return f.Value(z)
			}})
	}
	return list
}

type adder func(kind, text string, v variant)
