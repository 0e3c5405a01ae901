package fast

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/activation"
	"touchstone/mlp"
)

// On a machine that does other work too, an average says little. The benchmarks below
// report the fastest of b.N runs as "best-…"; run them with -benchtime 50x or more.

// fastest runs f b.N times and returns the seconds that the fastest run took. A run
// repeats f until it takes some 50 µs.
func fastest(b *testing.B, f func()) float64 {
	f()
	start := time.Now()
	f()
	repeat := 1 + int(50*time.Microsecond/(1+time.Since(start)))
	least := time.Duration(1 << 62)
	for b.Loop() {
		start := time.Now()
		for range repeat {
			f()
		}
		least = min(least, time.Since(start))
	}
	return least.Seconds() / float64(repeat)
}

// BenchmarkLimit is what a kernel does on operands that stay in the first-level cache, in
// tiles so deep that their beginning and end do not count: the multiply-adds of one core
// alone, which no product can exceed. Each row of B is the same one.
func BenchmarkLimit(b *testing.B) {
	const depth = 256
	for _, k := range kernels() {
		x, y, c := make([]float64, k.rows*depth), make([]float64, k.cols), make([]float64, k.rows*k.cols)
		b.Run(k.name, func(b *testing.B) {
			f := func() { k.run(depth, x, 1, k.rows, y, 0, c, k.cols, false, 1, 0) }
			b.ReportMetric(2*depth*float64(len(c))/fastest(b, f)/1e9, "best-GFLOP/s")
		})
	}
}

// BenchmarkProduct is C = A·Bᵀ for square matrices, as in the forward pass: by gonum, by one
// goroutine with each kernel, and by a team with the best one.
func BenchmarkProduct(b *testing.B) {
	for _, n := range []int{64, 128, 256, 512, 1024} {
		rnd := newRand(1)
		x, y, c := normal(rnd, n, n), normal(rnd, n, n), newMatrix(n, n)
		run := func(name string, f func()) {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				flops := 2 * float64(n) * float64(n) * float64(n)
				b.ReportMetric(flops/fastest(b, f)/1e9, "best-GFLOP/s")
			})
		}
		run("gonum", func() { blas64.Gemm(blas.NoTrans, blas.Trans, 1, x, y, 0, c) })
		for _, k := range kernels() {
			w := newWorker(k, n)
			run(k.name, func() { w.multiply(viewOf(c), viewOf(x), viewOf(y).t(), false) })
		}
		t := newTeam(best, runtime.NumCPU(), n)
		run("team", func() { t.multiply(viewOf(c), viewOf(x), viewOf(y).t(), false) })
	}
}

// BenchmarkStep is a step of gradient descent on a batch, by mlp and here.
func BenchmarkStep(b *testing.B) {
	for _, c := range []netSize{
		{[]int{3, 4, 1}, 1}, {[]int{784, 30, 10}, 10}, {[]int{784, 100, 10}, 32}, {[]int{784, 512, 512, 10}, 128},
		{[]int{1024, 1024, 1024, 1024, 1024}, 256},
	} {
		var layers []mlp.Layer
		for _, width := range c.widths[1:] {
			layers = append(layers, mlp.Layer{Width: width, Activation: activation.Sigmoid{}})
		}
		n := mlp.New(c.widths[0], layers...)
		rnd := newRand(1)
		ref := mlp.NewObjective(n, squared, normal(rnd, c.samples, n.Inputs()), normal(rnd, c.samples, n.Outputs()))
		theta, grad := make([]float64, n.NumParams()), make([]float64, n.NumParams())
		n.InitGlorot(theta, 1)
		run := func(name string, f func()) {
			b.Run(fmt.Sprintf("%s/%v/batch=%d", name, n, c.samples), func(b *testing.B) {
				b.ReportMetric(fastest(b, f)*1e6, "best-µs")
				b.ReportAllocs()
			})
		}
		run("mlp", func() {
			ref.Grad(grad, theta)
			for i, g := range grad {
				theta[i] -= 0.01 * g
			}
		})
		fast := NewObjective(n, squared, ref.X(), ref.T())
		run("fast", func() { fast.Step(theta, 0.01) })
	}
}

// BenchmarkFunctions is the value and the derivative of an activation function.
func BenchmarkFunctions(b *testing.B) {
	z := normal(newRand(1), 1, 1024).Data
	a, first := make([]float64, len(z)), make([]float64, len(z))
	for _, f := range functions {
		b.Run(f.String(), func(b *testing.B) {
			g := functionOf(f)
			b.ReportMetric(fastest(b, func() { g(a, first, z, nil) })/float64(len(z))*1e9, "best-ns/element")
		})
	}
}
