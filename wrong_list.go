package touchstone

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/activation"
	"touchstone/loss"
)

// variants looks for a known mistake whose results are what was claimed.
func (d *detective) variants() *Cause {
	list := known(d.c)
	for _, ignoreLoss := range []bool{false, true} {
		if ignoreLoss && !(d.failsIn("loss") && d.failsIn("delta", "gradient", "update")) {
			break
		}
		for i := range list {
			if d.explains(&list[i], ignoreLoss) {
				return &list[i].Cause
			}
		}
	}
	return nil
}

// explains reports whether what v computes is what is claimed, and what fails is
// much nearer to that than to the truth.
func (d *detective) explains(v *variant, ignoreLoss bool) bool {
	u := d.limits.unit
	w := v.run(d.c, u)
	for i := range d.blocks {
		b := &d.blocks[i]
		values, slack := w.values[b.Name], w.slack[b.Name]
		if values == nil || ignoreLoss && b.Stage == "loss" {
			continue
		}
		largest := 0.0
		for _, x := range values {
			largest = math.Max(largest, math.Abs(x))
		}
		for k, e := range b.entries {
			apart := math.Abs(e.got - values[k])
			allowed := 8*e.bound + 4*u*(1+d.steep)*(math.Abs(values[k])+largest/16)
			if v.tail && slack != nil {
				if allowed += 2 * slack[k]; k == b.worst && b.Outcome == Fail && 2*slack[k] < e.bound {
					return false
				}
			}
			if !(apart <= allowed) {
				return false
			}
			if k == b.worst && b.Outcome == Fail && !v.tail && !(4*apart <= e.want.Error(e.got)) {
				return false
			}
		}
	}
	return true
}

// known returns the mistakes that are possible in a case, special ones first.
func known(c *Case) []variant {
	var list []variant
	add := func(kind, text string, v variant) {
		v.Cause = Cause{kind, text}
		list = append(list, v)
	}
	sigmoidal := func(f activation.Func) bool { return f == activation.Sigmoid{} || f == activation.Tanh{} }
	fromOutput := func(f activation.Func, z, a float64) float64 {
		switch f.(type) {
		case activation.Sigmoid:
			return a * (1 - a)
		case activation.Tanh:
			return 1 - a*a
		}
		return f.Deriv(z)
	}
	add("SATURATION", "the derivative is taken from the rounded activation, as a·(1−a) or 1−a²: in the tail nothing is left of it; take it from z", variant{
		tail: true, deriv: func(_ int, f activation.Func, z, a float64) float64 { return fromOutput(f, z, a) }})
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
			add(kind, text+p.name, variant{deriv: func(l int, f activation.Func, z, a float64) float64 {
				if p.in(l) {
					return deriv(f, z, a)
				}
				return f.Deriv(z)
			}})
		}
	}
	swapDeriv("MISSING", "the derivative of the activation is missing", func(activation.Func, float64, float64) float64 { return 1 })
	swapDeriv("SCALE", "the derivative of the activation is taken at a instead of z", func(f activation.Func, _, a float64) float64 { return f.Deriv(a) })
	swapDeriv("SCALE", "the derivative is a·(1−a) of a that went through the activation twice", func(f activation.Func, z, a float64) float64 { return fromOutput(f, a, f.Value(a)) })
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
		add("SIGN", "the activation is that of −z"+p.name, variant{act: func(l int, f activation.Func, z float64) float64 {
			if p.in(l) {
				return f.Value(-z)
			}
			return f.Value(z)
		}})
		add("MISSING", "the activation is missing"+p.name, variant{
			act: func(l int, f activation.Func, z float64) float64 {
				if p.in(l) {
					return z
				}
				return f.Value(z)
			}, deriv: func(l int, f activation.Func, z, _ float64) float64 {
				if p.in(l) {
					return 1
				}
				return f.Deriv(z)
			}})
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
			act: func(_ int, f activation.Func, z float64) float64 {
				if sigmoidal(f) {
					z = math.Max(-limit, math.Min(limit, z))
				}
				return f.Value(z)
			}})
	}
	return list
}

type adder func(kind, text string, v variant)

// The most usual first: far in the tail they cannot be told apart.
var epsilons = []float64{1e-7, 1e-8, 1e-12, 1e-15, 1e-16, 1e-10, 1e-9, 1e-14, 0x1p-52, 0x1p-23, 1e-6, 1e-5, 1e-4, 1e-3, 0.01}

// samples adds mistakes in which sample counts.
func samples(c *Case, add adder) {
	n := c.X.Rows
	if n < 2 || n > 64 {
		return
	}
	both := func(text string, of func(s int) float64) {
		add("MISSING", text, variant{of: of})
		add("MISSING", text, variant{of: of, silent: true})
	}
	is := func(b bool) float64 {
		if b {
			return 1
		}
		return 0
	}
	for m := range n {
		name := fmt.Sprintf("sample %d", m)
		if m == n-1 {
			name = "the last sample"
		}
		both("the gradient of "+name+" is missing", func(s int) float64 { return is(s != m) })
		both("only "+name+" contributes to the gradient", func(s int) float64 { return is(s == m) })
		both("only "+name+" contributes to the gradient, as if it were all", func(s int) float64 { return is(s == m) * float64(n) })
		add("MISSING", "only "+name+" contributes to the gradient of the biases", variant{bias: func(s int) float64 { return is(s == m) }})
		add("MISSING", "only "+name+" contributes to the gradient of the biases, as if it were all", variant{bias: func(s int) float64 { return is(s == m) * float64(n) }})
		add("MISSING", name+" does not contribute to the gradient of the biases", variant{bias: func(s int) float64 { return is(s != m) }})
	}
	for m := 2; m < n-1; m++ {
		both(fmt.Sprintf("only the first %d samples contribute to the gradient", m), func(s int) float64 { return is(s < m) })
		both(fmt.Sprintf("only the first %d samples contribute to the gradient, as if they were all", m), func(s int) float64 { return is(s < m) * float64(n) / float64(m) })
	}
	add("REDUCTION", "the gradient of the biases is a sum, that of the weights a mean", variant{bias: func(int) float64 { return float64(n) }})
	add("REDUCTION", "the gradient of the biases was divided by the number of samples once too often", variant{bias: func(int) float64 { return 1 / float64(n) }})
}

// losses adds gradients that are not those of the loss.
func losses(c *Case, add adder) {
	p := activation.Sigmoid{}
	each := func(f func(y, t float64) float64) variant {
		return variant{dy: func(dst, y, t []float64) {
			for j := range dst {
				dst[j] = f(y[j], t[j])
			}
		}}
	}
	switch c.Loss.(type) {
	case nil:
		return
	case loss.CrossEntropy:
		add("MISSING", "the gradient of the cross-entropy is 0 for the label 0", each(func(y, t float64) float64 { return -t / y }))
		add("MISSING", "y−t is taken for the derivative of the cross-entropy by y, and multiplied by σ′ again: it is that by z", each(func(y, t float64) float64 { return y - t }))
	case loss.LogitCrossEntropy:
		add("MISSING", "the gradient of the cross-entropy is 0 for the label 0", each(func(y, t float64) float64 { return -t * p.Value(-y) }))
		add("SCALE", "σ(z)−t is multiplied by σ′(z), which it contains already", each(func(y, t float64) float64 { return (p.Value(y) - t) * p.Deriv(y) }))
		add("MISSING", "the logit is taken for a probability: z−t instead of σ(z)−t", each(func(y, t float64) float64 { return y - t }))
	case loss.SoftmaxCrossEntropy:
		soft := func(f func(p, t, total float64) float64) variant {
			return variant{dy: func(dst, y, t []float64) {
				loss.SoftmaxCrossEntropy{}.Grad(dst, y, make([]float64, len(t)))
				top, sum, total := math.Inf(-1), 0.0, 0.0
				for j := range y {
					top = math.Max(top, y[j])
					total += t[j]
				}
				for j := range y {
					sum += math.Exp(y[j] - top)
				}
				for j := range y {
					dst[j] = f(math.Exp(y[j]-top)/sum, t[j], total)
				}
			}}
		}
		add("SCALE", "p−t leaves out that the targets do not sum to 1: it is T·p−t", soft(func(p, t, _ float64) float64 { return p - t }))
		add("MISSING", "only the diagonal of the softmax's derivative is taken: −t·(1−p)", soft(func(p, t, _ float64) float64 { return -t * (1 - p) }))
		add("SCALE", "p−t is multiplied by p·(1−p), which it contains already", soft(func(p, t, total float64) float64 { return (total*p - t) * p * (1 - p) }))
		add("MISSING", "the derivative is 0 where the target is 0", soft(func(p, t, total float64) float64 {
			if t == 0 {
				return 0
			}
			return total*p - t
		}))
		add("MISSING", "the logits are taken for probabilities: z−t instead of p−t", each(func(y, t float64) float64 { return y - t }))
	}
	for _, other := range []loss.Func{loss.Squared{}, loss.CrossEntropy{}, loss.LogitCrossEntropy{}, loss.SoftmaxCrossEntropy{}} {
		if other != c.Loss {
			add("MISSING", fmt.Sprintf("the gradient is that of another loss, %v", other), variant{dy: other.Grad})
			add("MISSING", fmt.Sprintf("loss and gradient are those of another loss, %v", other), variant{dy: other.Grad, value: other.Value})
		}
	}
	add("SIGN", "the derivative of the loss is that of its absolute value, ±1", each(func(y, t float64) float64 {
		if y == t {
			return 0
		}
		return math.Copysign(1, y-t)
	}))
}

// clips adds probabilities that are kept away from 0 and 1.
func clips(c *Case, add adder) {
	for _, eps := range epsilons {
		clip := func(a float64) float64 { return math.Max(eps, math.Min(1-eps, a)) }
		add("SATURATION", fmt.Sprintf("a is clipped to [%g, 1−%g] in the derivative of the activation", eps, eps), variant{
			deriv: func(_ int, f activation.Func, z, a float64) float64 {
				if f == (activation.Sigmoid{}) {
					return clip(a) * (1 - clip(a))
				}
				return f.Deriv(z)
			}})
		probability := func(y float64) float64 { return y }
		chain := func(y float64) float64 { return 1 }
		switch c.Loss.(type) {
		case loss.CrossEntropy:
		case loss.LogitCrossEntropy:
			probability, chain = activation.Sigmoid{}.Value, activation.Sigmoid{}.Deriv
		default:
			continue
		}
		sum := func(log func(p, t float64) float64) func(y, t []float64) float64 {
			return func(y, t []float64) (value float64) {
				for j := range y {
					value -= log(probability(y[j]), t[j])
				}
				return value
			}
		}
		clipped := sum(func(p, t float64) float64 { return t*math.Log(clip(p)) + (1-t)*math.Log(1-clip(p)) })
		shifted := sum(func(p, t float64) float64 { return t*math.Log(p+eps) + (1-t)*math.Log(1-p+eps) })
		dy := func(f func(p, t float64) float64) func(dst, y, t []float64) {
			return func(dst, y, t []float64) {
				for j := range dst {
					dst[j] = f(probability(y[j]), t[j]) * chain(y[j])
				}
			}
		}
		text := fmt.Sprintf("the probability is clipped to [%g, 1−%g] in the loss", eps, eps)
		grad := dy(func(p, t float64) float64 { return (clip(p) - t) / (clip(p) * (1 - clip(p))) })
		flat := dy(func(p, t float64) float64 {
			if p != clip(p) {
				return 0
			}
			return (p - t) / (p * (1 - p))
		})
		for _, v := range []variant{{value: clipped}, {value: clipped, dy: grad}, {value: clipped, dy: flat}, {dy: grad}, {dy: flat}} {
			add("SATURATION", text, v)
		}
		text = fmt.Sprintf("log(p+%g) is taken for log p", eps)
		grad = dy(func(p, t float64) float64 { return -t/(p+eps) + (1-t)/(1-p+eps) })
		for _, v := range []variant{{value: shifted}, {value: shifted, dy: grad}, {dy: grad}} {
			add("SATURATION", text, v)
		}
	}
}
