package bench

import (
	"testing"

	"touchstone/loss"
	"touchstone/mlp/exact"
)

// BenchmarkExact is the exact gradient of a network of handwritten-digit size, with the
// gradient with respect to its inputs: three products for each layer.
func BenchmarkExact(b *testing.B) {
	n := sigmoids(784, 30, 10)
	theta, rnd := glorot(n), newRand()
	x, t := normal(rnd, 10, n.Inputs()), normal(rnd, 10, n.Outputs())
	b.Run("784-30-10/batch=10", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			r, err := exact.Gradient(n, loss.Squared{}, theta, x, t)
			if err != nil || r.Rounded != r.Entries {
				b.Fatal(r.Rounded, r.Entries, err)
			}
		}
		multiplyAdds := 3 * 10 * float64(784*30+30*10)
		b.ReportMetric(nanoseconds(b)/multiplyAdds, "ns/multiply-add")
		b.ReportMetric(nanoseconds(b)/10, "ns/sample")
		gflops(b, 2*multiplyAdds)
	})
}
