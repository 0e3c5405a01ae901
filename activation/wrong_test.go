package activation_test

import (
	"math"

	"touchstone/activation"
)

// A formula is one that programs in the wild use, and that is wrong somewhere.
type formula struct {
	name string
	f    func(z float64) float64
}

var σ = activation.Sigmoid{}.Value

var wrongSigmoid = []formula{
	{"1/(1+e^−z)", func(z float64) float64 { return 1 / (1 + math.Exp(-z)) }},
	{"e^z/(1+e^z)", func(z float64) float64 { return math.Exp(z) / (1 + math.Exp(z)) }},
	{"½(1+tanh(z/2))", func(z float64) float64 { return 0.5 * (1 + math.Tanh(z/2)) }},
	{"clamping z to ±45", func(z float64) float64 { return σ(max(-45, min(z, 45))) }},
	{"rounding to float32", func(z float64) float64 { return float64(float32(σ(z))) }},
	{"flushing subnormals", func(z float64) float64 {
		if a := σ(z); a >= 0x1p-1022 {
			return a
		}
		return 0
	}},
}

var wrongSigmoidDeriv = []formula{
	{"a(1−a)", func(z float64) float64 { a := σ(z); return a * (1 - a) }},
	{"σ′(a)", func(z float64) float64 { return activation.Sigmoid{}.Deriv(σ(z)) }},
	{"e^−z/(1+e^−z)²", func(z float64) float64 { e := math.Exp(-z); return e / (1 + e) / (1 + e) }},
}

var wrongTanh = []formula{
	{"(e^2z−1)/(e^2z+1)", func(z float64) float64 { e := math.Exp(2 * z); return (e - 1) / (e + 1) }},
	{"2σ(2z)−1", func(z float64) float64 { return 2*σ(2*z) - 1 }},
}

var wrongTanhDeriv = []formula{
	{"1−a²", func(z float64) float64 { a := math.Tanh(z); return 1 - a*a }},
	{"(1−a)(1+a)", func(z float64) float64 { a := math.Tanh(z); return (1 - a) * (1 + a) }},
	{"1/cosh²", func(z float64) float64 { c := math.Cosh(z); return 1 / (c * c) }},
	{"σ′(2z)", func(z float64) float64 { return activation.Sigmoid{}.Deriv(2 * z) }},
}

var wrongReLU = []formula{
	{"the leaky one", func(z float64) float64 { return max(z, 0.01*z) }},
}

var wrongReLUDeriv = []formula{
	{"1 at 0", func(z float64) float64 {
		if z >= 0 {
			return 1
		}
		return 0
	}},
}

var wrongSoftplus = []formula{
	{"log(1+e^z)", func(z float64) float64 { return math.Log(1 + math.Exp(z)) }},
	{"log1p(e^z)", func(z float64) float64 { return math.Log1p(math.Exp(z)) }},
	{"z from 20 on", func(z float64) float64 {
		if z > 20 {
			return z
		}
		return activation.Softplus{}.Value(z)
	}},
}

var wrongSoftplusDeriv = []formula{
	{"a(1−a)", func(z float64) float64 { a := activation.Softplus{}.Value(z); return a * (1 - a) }},
	{"1−e^−a", func(z float64) float64 { return 1 - math.Exp(-activation.Softplus{}.Value(z)) }},
}
