package touchstone

import (
	"fmt"
	"math"

	"touchstone/activation"
	"touchstone/loss"
)

// The most usual first: far in the tail they cannot be told apart.
var epsilons = []float64{1e-7, 1e-8, 1e-12, 1e-15, 1e-16, 1e-10, 1e-9, 1e-14, 0x1p-52, 0x1p-23, 1e-6, 1e-5, 1e-4, 1e-3, 0.01}

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
	others := []loss.Func{loss.Squared{}, loss.CrossEntropy{}, loss.LogitCrossEntropy{}}
	if c.Net.Outputs() > 1 { // of one output it is always 0
		others = append(others, loss.SoftmaxCrossEntropy{})
	}
	for _, other := range others {
		if other != c.Loss {
			add("MISSING", fmt.Sprintf("the gradient is that of another loss, %v", other), variant{dy: other.Grad})
			add("MISSING", fmt.Sprintf("loss and gradient are those of another loss, %v", other), variant{dy: other.Grad, value: other.Value})
			add("MISSING", fmt.Sprintf("the loss is another one, %v", other), variant{value: other.Value})
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
			deriv: func(f activation.Func, z, a float64) float64 {
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
