package mutant

import (
	"math"

	"touchstone/activation"
	"touchstone/loss"
)

// Wrong only where a neuron, a probability or a gradient is near its limit.
var saturations = []Mutant{
	{"deriv-from-activation", Saturation, "PyTorch #195681",
		"σ′ is a(1−a) and tanh′ is 1−a², of which rounding leaves nothing in the tail.",
		wrongDeriv(everywhere, fromActivation)},
	{"deriv-clipped", Saturation, "FANN",
		"a is kept within [.01, .99] in a(1−a).",
		wrongDeriv(with(activation.Sigmoid{}), func(_ *pass, _ int, _, a float64) float64 {
			a = math.Max(0.01, math.Min(0.99, a))
			return a * (1 - a)
		})},
	{"flat-spot-fix", Saturation, "",
		"0.1 is added to σ′, so that saturated neurons keep learning.",
		wrongDeriv(with(activation.Sigmoid{}), func(p *pass, l int, z, a float64) float64 {
			return activation.Sigmoid{}.Deriv(z) + 0.1
		})},
	{"clamped-at-15", Saturation, "",
		"z is clamped to ±15 before sigmoids and tanhs, in both passes.",
		clamped(15)},
	{"clamped-at-45", Saturation, "genann",
		"z is clamped to ±45 before sigmoids and tanhs, in both passes.",
		clamped(45)},
	{"flat-beyond-19", Saturation, "",
		"A sigmoid or tanh is taken to be flat where |z| > 19.",
		wrongDeriv(sigmoidal, func(p *pass, l int, z, _ float64) float64 {
			if math.Abs(z) > 19 {
				return 0
			}
			return p.net.Layer(l).Activation.Deriv(z)
		})},
	{"tanh-overflows", Saturation, "go-deep",
		"tanh is a quotient of sums of float32 exponentials, which is ∞/∞ where |z| > 88.72.",
		func(p *pass) {
			limit := math.Log(math.MaxFloat32)
			right := p.value
			p.value = func(l int, z float64) float64 {
				if with(activation.Tanh{})(p, l) && math.Abs(z) > limit {
					return math.NaN()
				}
				return right(l, z)
			}
		}},
	{"softplus-linear-beyond-10", Saturation, "",
		"Softplus is taken to be the identity where z > 10.",
		wrongDeriv(with(activation.Softplus{}), func(_ *pass, _ int, z, _ float64) float64 {
			if z > 10 {
				return 1
			}
			return activation.Softplus{}.Deriv(z)
		})},
	{"cross-entropy-epsilon", Saturation, "go-deep",
		"The cross-entropy is that of log(y+1e-16).",
		func(p *pass) {
			const eps = 1e-16
			if p.loss == (loss.CrossEntropy{}) {
				p.lossGrad = wrongLossGrad(func(y, t float64) float64 { return (1-t)/(1-y+eps) - t/(y+eps) })
			}
		}},
	{"probability-clipped", Saturation, "Keras #9664",
		"The cross-entropy is computed from probabilities within [1e-7, 1−1e-7] and has no gradient beyond.",
		clippedProbability},
	{"logit-unfused", Saturation, "PyTorch #24933",
		"The gradient by the logit is that by the rounded probability times a(1−a).",
		func(p *pass) {
			if p.loss == (loss.LogitCrossEntropy{}) {
				p.lossGrad = wrongLossGrad(func(y, t float64) float64 {
					a := activation.Sigmoid{}.Value(y)
					return ((1-t)/(1-a+1e-12) - t/(a+1e-12)) * a * (1 - a)
				})
			}
		}},
	{"small-dropped", Saturation, "",
		"Elements of the gradient below 1e-6 are set to 0.",
		func(p *pass) {
			p.onEnd = func() {
				for i, g := range p.grad {
					p.grad[i] = g * number(math.Abs(g) >= 1e-6)
				}
			}
		}},
	{"delta-clipped", Saturation, "",
		"Deltas are kept within ±1.",
		func(p *pass) {
			p.onDelta = func(l int) {
				for i, d := range p.delta[l].Data {
					p.delta[l].Data[i] = math.Max(-1, math.Min(1, d))
				}
			}
		}},
}

func sigmoidal(p *pass, l int) bool {
	f := p.net.Layer(l).Activation
	return f == activation.Sigmoid{} || f == activation.Tanh{}
}

func fromActivation(p *pass, l int, z, a float64) float64 {
	switch f := p.net.Layer(l).Activation; f.(type) {
	case activation.Sigmoid:
		return a * (1 - a)
	case activation.Tanh:
		return 1 - float64(a*a)
	default:
		return f.Deriv(z)
	}
}

// clamped keeps z within ±limit, where the derivative of the clamp is 0 outside.
func clamped(limit float64) func(p *pass) {
	return func(p *pass) {
		value, deriv := p.value, p.deriv
		p.value = func(l int, z float64) float64 {
			if sigmoidal(p, l) {
				z = math.Max(-limit, math.Min(limit, z))
			}
			return value(l, z)
		}
		p.deriv = func(l int, z, a float64) float64 {
			if sigmoidal(p, l) && math.Abs(z) > limit {
				return 0
			}
			return deriv(l, z, a)
		}
	}
}

func clippedProbability(p *pass) {
	const eps = 1e-7
	inside := func(a float64) float64 { return number(eps <= a && a <= 1-eps) }
	right := p.lossGrad
	switch p.loss.(type) {
	case loss.CrossEntropy:
		p.lossGrad = func(dst, y, t []float64) {
			right(dst, y, t)
			for j := range dst {
				dst[j] *= inside(y[j])
			}
		}
	case loss.LogitCrossEntropy:
		p.lossGrad = func(dst, y, t []float64) {
			right(dst, y, t)
			for j := range dst {
				dst[j] *= inside(activation.Sigmoid{}.Value(y[j]))
			}
		}
	}
}
