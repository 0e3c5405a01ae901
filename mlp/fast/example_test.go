package fast_test

import (
	"fmt"
	"testing"

	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp"
	"touchstone/mlp/fast"
)

// An Objective of package fast in the place of one of package mlp. Only the last bits
// differ.
func ExampleObjective() {
	n := mlp.New(2,
		mlp.Layer{Width: 3, Activation: activation.Tanh{}},
		mlp.Layer{Width: 1, Activation: activation.Identity{}})
	x := blas64.General{Rows: 4, Cols: 2, Stride: 2, Data: []float64{0, 0, 0, 1, 1, 0, 1, 1}}
	t := blas64.General{Rows: 4, Cols: 1, Stride: 1, Data: []float64{0, 1, 1, 0}}
	theta := make([]float64, n.NumParams())
	n.InitGlorot(theta, 1)

	o := fast.NewObjective(n, loss.LogitCrossEntropy{}, x, t)
	grad := make([]float64, n.NumParams())
	o.Grad(grad, theta)
	fmt.Printf("E = %.6f, ∂E/∂%s = %.6f\n", o.Func(theta), n.ParamName(9), grad[9])
	for range 1000 {
		o.Step(theta, 0.5)
	}
	fmt.Printf("E = %.4f\n", o.Func(theta))
	// Output:
	// E = 0.813486, ∂E/∂W1[0,0] = 0.046996
	// E = 0.0058
}

// A benchmark of a step of your own network. In a test file it would be a function
// BenchmarkStep(b *testing.B), and "go test -bench Step" would print its time; what does
// not depend on the machine is that nothing is allocated.
func ExampleObjective_Step_benchmark() {
	n := mlp.New(784,
		mlp.Layer{Width: 30, Activation: activation.Sigmoid{}},
		mlp.Layer{Width: 10, Activation: activation.Sigmoid{}})
	x := blas64.General{Rows: 10, Cols: 784, Stride: 784, Data: make([]float64, 7840)}
	t := blas64.General{Rows: 10, Cols: 10, Stride: 10, Data: make([]float64, 100)}
	theta := make([]float64, n.NumParams())
	n.InitGlorot(theta, 1)

	step := func(b *testing.B) {
		o := fast.NewObjective(n, loss.Squared{}, x, t)
		b.ReportAllocs()
		for b.Loop() {
			o.Step(theta, 0.1)
		}
	}
	r := testing.Benchmark(step)
	fmt.Println("allocations in a step:", r.AllocsPerOp())
	// Output:
	// allocations in a step: 0
}
