package bench

import (
	"fmt"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/activation"
	"touchstone/mlp"
	"touchstone/mlp/fast"
)

// BenchmarkProduct is A·Bᵀ of two square matrices: by mlp and by mlp/fast as the forward
// pass of an identity layer without biases, which also copies the result, and by gonum.
func BenchmarkProduct(b *testing.B) {
	for _, n := range []int{32, 64, 128, 256, 512, 1024} {
		rnd := newRand()
		x, w, c := normal(rnd, n, n), normal(rnd, n, n), newMatrix(n, n)
		net := mlp.New(n, mlp.Layer{Width: n, Activation: activation.Identity{}, NoBias: true})
		tr := net.NewTrace(n)
		objective := fast.NewObjective(net, nothing{}, x, c)
		for _, by := range []struct {
			name     string
			multiply func()
		}{
			{"reference", func() { net.Forward(tr, w.Data, x) }},
			{"gonum", func() { blas64.Gemm(blas.NoTrans, blas.Trans, 1, x, w, 0, c) }},
			{"fast", func() { objective.Func(w.Data) }},
		} {
			b.Run(fmt.Sprintf("%s/%d", by.name, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					by.multiply()
				}
				gflops(b, 2*float64(n)*float64(n)*float64(n))
				b.ReportMetric(nanoseconds(b)/float64(n), "ns/sample")
			})
		}
	}
}
