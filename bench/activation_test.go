package bench

import (
	"fmt"
	"testing"

	"touchstone/activation"
	"touchstone/mlp"
	"touchstone/mlp/fast"
)

var sink float64

// BenchmarkActivation is the value and the derivative of each activation function,
// correctly rounded.
func BenchmarkActivation(b *testing.B) {
	z := normal(newRand(), 1, 1024).Data
	for _, f := range []activation.Func{activation.Sigmoid{}, activation.Tanh{}, activation.Softplus{}} {
		for _, m := range []struct {
			name string
			f    func(float64) float64
		}{{"Value", f.Value}, {"Deriv", f.Deriv}} {
			b.Run(fmt.Sprintf("%v/%s", f, m.name), func(b *testing.B) {
				for b.Loop() {
					for _, v := range z {
						sink += m.f(v)
					}
				}
				b.ReportMetric(nanoseconds(b)/float64(len(z)), "ns/value")
			})
		}
	}
}

// BenchmarkLayer is what an activation function costs in mlp/fast, which does not show
// it alone: a layer with a single input, so that there is hardly anything to multiply.
// The identity is there to be subtracted.
func BenchmarkLayer(b *testing.B) {
	const samples, width = 64, 1024
	x, t := normal(newRand(), samples, 1), newMatrix(samples, width)
	for _, f := range []activation.Func{activation.Identity{}, activation.Sigmoid{}, activation.Tanh{}} {
		n := mlp.New(1, mlp.Layer{Width: width, Activation: f})
		theta := glorot(n)
		for i := range theta[:width] {
			theta[i] *= 20 // z of order 1
		}
		o := fast.NewObjective(n, nothing{}, x, t)
		b.Run(fmt.Sprintf("fast/%v", f), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				sink += o.Func(theta)
			}
			b.ReportMetric(nanoseconds(b)/(samples*width), "ns/value")
		})
	}
}
