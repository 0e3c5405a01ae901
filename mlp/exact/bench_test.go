package exact_test

import (
	"math/rand/v2"
	"testing"

	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp"
	"touchstone/mlp/exact"
)

// BenchmarkGradient is the exact gradient of a network of handwritten-digit size,
// batch 10. A multiply-add of the network is counted three times: forward, weight
// gradient, input gradient.
func BenchmarkGradient(b *testing.B) {
	rnd := rand.New(rand.NewPCG(1, 1))
	n := mlp.New(784,
		mlp.Layer{Width: 30, Activation: activation.Sigmoid{}},
		mlp.Layer{Width: 10, Activation: activation.Sigmoid{}})
	theta := make([]float64, n.NumParams())
	n.InitGlorot(theta, 1)
	x, t := normal(rnd, 10, 784, 1), normal(rnd, 10, 10, 1)
	for b.Loop() {
		r, err := exact.Gradient(n, loss.Squared{}, theta, x, t)
		if err != nil || r.Rounded != r.Entries {
			b.Fatal(r.Rounded, r.Entries, err)
		}
	}
	ns := float64(b.Elapsed().Nanoseconds()) / float64(b.N)
	b.ReportMetric(ns/(3*10*(784*30+30*10)), "ns/multiply-add")
	b.ReportMetric(ns/1e6, "ms")
}
