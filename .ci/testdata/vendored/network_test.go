package neuron

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp"
	"touchstone/mlp/exact"
)

// The reference and the exact gradient agree with Grad.
func TestNetwork(t *testing.T) {
	n := mlp.New(2, mlp.Layer{Width: 1, Activation: activation.Sigmoid{}})
	theta := []float64{0.2, -0.4, 0.1}
	x := blas64.General{Rows: 1, Cols: 2, Stride: 2, Data: []float64{1.5, -0.5}}
	target := blas64.General{Rows: 1, Cols: 1, Stride: 1, Data: []float64{1}}
	mine, reference := make([]float64, 3), make([]float64, 3)
	Grad(mine, theta, x.Data, 1)
	mlp.NewObjective(n, loss.Squared{}, x, target).Grad(reference, theta)
	truth, err := exact.Gradient(n, loss.Squared{}, theta, x, target)
	if err != nil {
		t.Fatal(err)
	}
	for i, b := range truth.Grad {
		if !b.Rounded {
			t.Errorf("%s is not rounded", n.ParamName(i))
		}
		for _, got := range []float64{mine[i], reference[i]} {
			if !(math.Abs(got-b.Value) <= float64(0x1p-53*b.Scale)+b.Radius) {
				t.Errorf("%s: %v, want %v", n.ParamName(i), got, b.Value)
			}
		}
	}
}
