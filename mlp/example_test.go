package mlp_test

import (
	"fmt"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/optimize"

	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp"
)

// A forward and a backward pass, each value beside the number of its equation in the
// package documentation. The network is that of Matt Mazur's "A Step by Step
// Backpropagation Example".
func Example() {
	n := mlp.New(2,
		mlp.Layer{Width: 2, Activation: activation.Sigmoid{}},
		mlp.Layer{Width: 2, Activation: activation.Sigmoid{}})
	theta := []float64{
		.15, .20, .25, .30, // W0, row by row
		.35, .35, // b0
		.40, .45, .50, .55, // W1
		.60, .60, // b1
	}
	x := blas64.General{Rows: 1, Cols: 2, Stride: 2, Data: []float64{.05, .10}}
	target := []float64{.01, .99}

	tr := n.NewTrace(1)
	y := n.Forward(tr, theta, x)
	for l := range n.NumLayers() {
		fmt.Printf("(1) z%d = %.9f\n", l, tr.Z[l].Data)
		fmt.Printf("(2) a%d = %.9f\n", l+1, tr.A[l+1].Data)
	}
	fmt.Printf("(3) E  = %.9f\n", loss.Squared{}.Value(y.Data, target))

	dy := blas64.General{Rows: 1, Cols: 2, Stride: 2, Data: make([]float64, 2)}
	loss.Squared{}.Grad(dy.Data, y.Data, target)
	fmt.Printf("(4) ∂E/∂y  = %+.9f\n", dy.Data)
	grad := make([]float64, n.NumParams())
	n.Backward(tr, grad, theta, dy)
	for l := n.NumLayers() - 1; l >= 0; l-- {
		fmt.Printf("(5) δ%d     = %+.9f\n", l, tr.Delta[l].Data)
		fmt.Printf("(6) ∂E/∂W%d = %+.9f\n", l, n.Weights(grad, l).Data)
		fmt.Printf("(7) ∂E/∂b%d = %+.9f\n", l, n.Biases(grad, l))
	}
	fmt.Printf("(8) ∂E/∂x  = %+.9f\n", tr.DX.Data)
	for i := range theta {
		theta[i] -= 0.5 * grad[i]
	}
	fmt.Printf("(10) W1 ← %.9f\n", n.Weights(theta, 1).Data)
	// Output:
	// (1) z0 = [0.377500000 0.392500000]
	// (2) a1 = [0.593269992 0.596884378]
	// (1) z1 = [1.105905967 1.224921404]
	// (2) a2 = [0.751365070 0.772928465]
	// (3) E  = 0.298371109
	// (4) ∂E/∂y  = [+0.741365070 -0.217071535]
	// (5) δ1     = [+0.138498562 -0.038098237]
	// (6) ∂E/∂W1 = [+0.082167041 +0.082667628 -0.022602540 -0.022740242]
	// (7) ∂E/∂b1 = [+0.138498562 -0.038098237]
	// (5) δ0     = [+0.008771355 +0.009954255]
	// (6) ∂E/∂W0 = [+0.000438568 +0.000877135 +0.000497713 +0.000995425]
	// (7) ∂E/∂b0 = [+0.008771355 +0.009954255]
	// (8) ∂E/∂x  = [+0.003804267 +0.004740547]
	// (10) W1 ← [0.358916480 0.408666186 0.511301270 0.561370121]
}

// Mini-batch training of a network that learns exclusive or.
func ExampleSGD_Train() {
	x := blas64.General{Rows: 4, Cols: 2, Stride: 2, Data: []float64{0, 0, 0, 1, 1, 0, 1, 1}}
	t := blas64.General{Rows: 4, Cols: 1, Stride: 1, Data: []float64{0, 1, 1, 0}}
	n := mlp.New(2,
		mlp.Layer{Width: 3, Activation: activation.Tanh{}},
		mlp.Layer{Width: 1, Activation: activation.Identity{}})
	o := mlp.NewObjective(n, loss.LogitCrossEntropy{}, x, t)
	theta := make([]float64, n.NumParams())
	n.InitGlorot(theta, 1)

	err := mlp.SGD{Rate: 0.5, Batch: 3, Epochs: 1000, Seed: 1}.Train(theta, o)
	if err != nil {
		fmt.Println(err)
		return
	}
	logits := n.Forward(n.NewTrace(4), theta, x)
	for s := range 4 {
		fmt.Printf("%v -> %.2f\n", x.Data[2*s:2*s+2], activation.Sigmoid{}.Value(logits.Data[s]))
	}
	// Output:
	// [0 0] -> 0.00
	// [0 1] -> 0.99
	// [1 0] -> 0.99
	// [1 1] -> 0.00
}

// An Objective fits the optimizers of gonum.
func ExampleObjective() {
	x := blas64.General{Rows: 5, Cols: 1, Stride: 1, Data: []float64{-2, -1, 0, 1, 2}}
	t := blas64.General{Rows: 5, Cols: 1, Stride: 1, Data: []float64{0, 0, 1, 0, 1}}
	n := mlp.New(1, mlp.Layer{Width: 1, Activation: activation.Identity{}})
	o := mlp.NewObjective(n, loss.LogitCrossEntropy{}, x, t) // logistic regression
	o.Lambda = 0.01

	problem := optimize.Problem{Func: o.Func, Grad: o.Grad}
	result, err := optimize.Minimize(problem, make([]float64, 2), nil, &optimize.LBFGS{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("w = %.4f, b = %.4f, loss = %.6f\n", result.X[0], result.X[1], result.F)
	// Output:
	// w = 1.0423, b = -0.6055, loss = 0.490074
}
