package touchstone_test

import (
	"fmt"

	"touchstone"
	"touchstone/activation"
	"touchstone/mlp"
)

// All of a forward and a backward pass is claimed, and so the verdict can say where it
// goes wrong first, and why. The implementation that is judged takes the derivative of
// the sigmoid at a instead of z.
func ExampleJudge() {
	c, ok := touchstone.CaseByID("patient-single") // 3-4-1, one sample
	if !ok {
		fmt.Println("there is no such case")
		return
	}
	n := mlp.New(3, mlp.Layer{Width: 4, Activation: atOutput{}}, mlp.Layer{Width: 1, Activation: atOutput{}})
	o := mlp.NewObjective(n, c.Loss, c.X, c.T)
	grad := make([]float64, n.NumParams())
	o.Grad(grad, c.Theta)
	tr := o.Trace()

	v := touchstone.Judge(c, touchstone.Claim{
		Z:     [][]float64{tr.Z[0].Data, tr.Z[1].Data},
		A:     [][]float64{tr.A[1].Data, tr.A[2].Data},
		Delta: [][]float64{tr.Delta[0].Data, tr.Delta[1].Data},
		Grad:  grad,
	})
	for _, b := range v.Blocks {
		fmt.Println(b.Name, b.Outcome)
	}
	fmt.Println("first:", v.First.Name)
	fmt.Println("likely:", v.Cause)
	// Output:
	// z0 pass
	// a0 pass
	// z1 pass
	// a1 pass
	// delta1 fail
	// delta0 fail
	// W1 fail
	// b1 fail
	// W0 fail
	// b0 fail
	// first: delta1
	// likely: SCALE: the derivative of the activation is taken at a instead of z
}

type atOutput struct{ activation.Sigmoid }

func (f atOutput) Deriv(z float64) float64 { return f.Sigmoid.Deriv(f.Value(z)) }
