package mlp_test

import (
	"fmt"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/optimize"

	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp"
)

// A forward and a backward pass, with every intermediate value in the Trace.
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
	fmt.Printf("y = %.9f\n", y.Data)
	fmt.Printf("loss = %.9f\n", loss.Squared{}.Value(y.Data, target))

	dy := blas64.General{Rows: 1, Cols: 2, Stride: 2, Data: make([]float64, 2)}
	loss.Squared{}.Grad(dy.Data, y.Data, target)
	grad := make([]float64, n.NumParams())
	n.Backward(tr, grad, theta, dy)
	fmt.Printf("δ1 = %.9f\n", tr.Delta[1].Data)
	for i, g := range grad {
		if i%5 == 0 {
			fmt.Printf("∂E/∂%s = %+.9f\n", n.ParamName(i), g)
		}
	}
	fmt.Printf("∂E/∂x = %+.9f\n", tr.DX.Data)
	// Output:
	// y = [0.751365070 0.772928465]
	// loss = 0.298371109
	// δ1 = [0.138498562 -0.038098237]
	// ∂E/∂W0[0,0] = +0.000438568
	// ∂E/∂b0[1] = +0.009954255
	// ∂E/∂b1[0] = +0.138498562
	// ∂E/∂x = [+0.003804267 +0.004740547]
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
