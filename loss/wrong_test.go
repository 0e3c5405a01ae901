package loss_test

import (
	"math"

	"touchstone/activation"
	"touchstone/loss"
)

// A wrong is a mistake, taken from programs in the wild, in the value or the
// gradient of a loss; nil is no mistake.
type wrong struct {
	name  string
	value func(y, t []float64) float64
	grad  func(dst, y, t []float64)
}

// with returns f with the mistake made.
func (w wrong) with(f loss.Func) loss.Func { return mistaken{f, w} }

type mistaken struct {
	loss.Func
	wrong wrong
}

func (m mistaken) Value(y, t []float64) float64 {
	if m.wrong.value != nil {
		return m.wrong.value(y, t)
	}
	return m.Func.Value(y, t)
}

func (m mistaken) Grad(dst, y, t []float64) {
	if m.wrong.grad != nil {
		m.wrong.grad(dst, y, t)
		return
	}
	m.Func.Grad(dst, y, t)
}

// sum and each make a loss of a formula for one output.
func sum(f func(y, t float64) float64) func(y, t []float64) float64 {
	return func(y, t []float64) float64 {
		s := 0.0
		for j := range y {
			s += f(y[j], t[j])
		}
		return s
	}
}

func each(f func(y, t float64) float64) func(dst, y, t []float64) {
	return func(dst, y, t []float64) {
		for j := range y {
			dst[j] = f(y[j], t[j])
		}
	}
}

// scaled returns the gradient of f times a factor that depends on the number of
// outputs.
func scaled(f loss.Func, factor func(n int) float64) func(dst, y, t []float64) {
	return func(dst, y, t []float64) {
		f.Grad(dst, y, t)
		for j := range dst {
			dst[j] *= factor(len(y))
		}
	}
}

func inverse(n int) float64 { return 1 / float64(n) }

var σ = activation.Sigmoid{}.Value

// clamp is the usual cure for log 0.
func clamp(y float64) float64 { return max(1e-15, min(y, 1-1e-15)) }

var wrongSquared = []wrong{
	{name: "no ½ in the value", value: sum(func(y, t float64) float64 { return (y - t) * (y - t) })},
	{name: "a gradient of 2(y−t)", grad: each(func(y, t float64) float64 { return 2 * (y - t) })},
	{name: "a gradient of t−y", grad: each(func(y, t float64) float64 { return t - y })},
	{name: "a gradient divided by the outputs", grad: scaled(loss.Squared{}, inverse)},
	{name: "y²−2yt+t²", value: sum(func(y, t float64) float64 { return 0.5 * (y*y - 2*y*t + t*t) })},
}

var wrongCrossEntropy = []wrong{
	{name: "log(y+1e-16)", value: sum(func(y, t float64) float64 {
		return -t*math.Log(y+1e-16) - (1-t)*math.Log(1-y+1e-16)
	})},
	{name: "clamped probabilities", value: sum(func(y, t float64) float64 {
		return loss.CrossEntropy{}.Value([]float64{clamp(y)}, []float64{t})
	})},
	{name: "a gradient at clamped probabilities", grad: each(func(y, t float64) float64 {
		y = clamp(y)
		return (y - t) / (y * (1 - y))
	})},
	{name: "log(1−y)", value: sum(func(y, t float64) float64 {
		v := 0.0
		if t != 0 {
			v -= t * math.Log(y)
		}
		if t != 1 {
			v -= (1 - t) * math.Log(1-y)
		}
		return v
	})},
	{name: "only the label 1 in the value", value: sum(func(y, t float64) float64 { return -t * math.Log(y) })},
	{name: "a gradient of 0 for the label 0", grad: each(func(y, t float64) float64 { return -t / y })},
	{name: "a gradient in two terms", grad: each(func(y, t float64) float64 { return -t/y + (1-t)/(1-y) })},
	{name: "a gradient of y−t", grad: each(func(y, t float64) float64 { return y - t })},
	{name: "a gradient divided by the outputs", grad: scaled(loss.CrossEntropy{}, inverse)},
}

var wrongLogitCrossEntropy = []wrong{
	{name: "cross-entropy of a rounded sigmoid", value: sum(func(y, t float64) float64 {
		return loss.CrossEntropy{}.Value([]float64{σ(y)}, []float64{t})
	})},
	{name: "log(1+e^y) − ty", value: sum(func(y, t float64) float64 { return math.Log(1+math.Exp(y)) - t*y })},
	{name: "max(y,0) − ty + log1p(e^−|y|)", value: sum(func(y, t float64) float64 {
		return max(y, 0) - t*y + math.Log1p(math.Exp(-math.Abs(y)))
	})},
	{name: "clamped logits", value: sum(func(y, t float64) float64 {
		return loss.LogitCrossEntropy{}.Value([]float64{max(-45, min(y, 45))}, []float64{t})
	})},
	{name: "a gradient of σ(y)−t", grad: each(func(y, t float64) float64 { return σ(y) - t })},
	{name: "a gradient times σ′", grad: each(func(y, t float64) float64 { return (σ(y) - t) * activation.Sigmoid{}.Deriv(y) })},
	{name: "a gradient of 0 for the label 0", grad: each(func(y, t float64) float64 { return -t * σ(-y) })},
	{name: "a gradient divided by the outputs", grad: scaled(loss.LogitCrossEntropy{}, inverse)},
}

// probability returns the softmax of y, with the maximum taken out.
func probability(y []float64) []float64 {
	p, top, sum := make([]float64, len(y)), y[0], 0.0
	for _, yk := range y {
		top = max(top, yk)
	}
	for k, yk := range y {
		p[k] = math.Exp(yk - top)
		sum += p[k]
	}
	for k := range p {
		p[k] /= sum
	}
	return p
}

// logOf returns −Σ tⱼ f(pⱼ).
func logOf(f func(p float64) float64) func(y, t []float64) float64 {
	return func(y, t []float64) float64 {
		s := 0.0
		for j, p := range probability(y) {
			s -= t[j] * f(p)
		}
		return s
	}
}

var wrongSoftmaxCrossEntropy = []wrong{
	{name: "log p", value: logOf(math.Log)},
	{name: "log(p+1e-16)", value: logOf(func(p float64) float64 { return math.Log(p + 1e-16) })},
	{name: "clamped probabilities", value: logOf(func(p float64) float64 { return math.Log(clamp(p)) })},
	{name: "log Σ e^y − y", value: func(y, t []float64) float64 {
		z, s := 0.0, 0.0
		for _, yk := range y {
			z += math.Exp(yk)
		}
		for j, yj := range y {
			s += t[j] * (math.Log(z) - yj)
		}
		return s
	}},
	{name: "a gradient of p−t", grad: func(dst, y, t []float64) {
		for j, p := range probability(y) {
			dst[j] = p - t[j]
		}
	}},
	{name: "a gradient of Σt·p−t", grad: func(dst, y, t []float64) {
		total := 0.0
		for _, tk := range t {
			total += tk
		}
		for j, p := range probability(y) {
			dst[j] = total*p - t[j]
		}
	}},
	{name: "a gradient with the diagonal of the Jacobian only", grad: func(dst, y, t []float64) {
		for j, p := range probability(y) {
			dst[j] = -t[j] * (1 - p)
		}
	}},
	{name: "a gradient divided by the outputs", grad: scaled(loss.SoftmaxCrossEntropy{}, inverse)},
}
