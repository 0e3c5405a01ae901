package fast

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/activation"
	"touchstone/internal/misuse"
	"touchstone/mlp"
)

// TestMisuse has every panic of the package.
func TestMisuse(t *testing.T) {
	n := network([]int{3, 2})
	x, target := newMatrix(1, 3), newMatrix(1, 2)
	o := NewObjective(n, squared, x, target)
	theta, grad, twice := make([]float64, 8), make([]float64, 8), make([]float64, 9)
	// As many parameters as there are inputs in all.
	wide := newMatrix(2, 4)
	wo := NewObjective(mlp.New(4, mlp.Layer{Width: 2, Activation: activation.Tanh{}, NoBias: true}), squared, wide, newMatrix(2, 2))
	// As many parameters as there are elements in each matrix of the trace.
	same := NewObjective(mlp.New(1, mlp.Layer{Width: 1, Activation: activation.Tanh{}}, mlp.Layer{Width: 1, Activation: activation.Tanh{}}),
		squared, newMatrix(4, 1), newMatrix(4, 1))
	tr, four := same.Trace(), make([]float64, 4)
	cases := []misuse.Case{{Panic: "fast: Func: theta overlaps Trace", Do: func() { same.Func(tr.DX.Data) }}}
	for _, m := range []blas64.General{tr.Z[0], tr.Z[1], tr.A[1], tr.A[2], tr.Delta[0], tr.Delta[1], tr.DX} {
		cases = append(cases,
			misuse.Case{Panic: "fast: Grad: grad or theta overlaps Trace", Do: func() { same.Grad(m.Data, four) }},
			misuse.Case{Panic: "fast: Grad: grad or theta overlaps Trace", Do: func() { same.Grad(four, m.Data) }},
			misuse.Case{Panic: "fast: Step: theta overlaps Trace", Do: func() { same.Step(m.Data, 1) }})
	}
	assert.Empty(t, misuse.Check(os.DirFS("."), append(cases, []misuse.Case{
		{Panic: "fast: NewObjective: nil Net", Do: func() { NewObjective(nil, squared, x, target) }},
		{Panic: "fast: NewObjective: nil loss", Do: func() { NewObjective(n, nil, x, target) }},
		{Panic: "fast: NewObjective: no samples", Do: func() { NewObjective(n, squared, blas64.General{}, target) }},
		{Panic: "fast: NewObjective: x is not samples × inputs", Do: func() { NewObjective(n, squared, target, target) }},
		{Panic: "fast: NewObjective: t is not samples × outputs", Do: func() { NewObjective(n, squared, x, x) }},
		{Panic: "fast: Func: length of theta is not NumParams", Do: func() { o.Func(theta[1:]) }},
		{Panic: "fast: Grad: length of theta is not NumParams", Do: func() { o.Grad(grad, theta[1:]) }},
		{Panic: "fast: Grad: length of grad is not NumParams", Do: func() { o.Grad(grad[1:], theta) }},
		{Panic: "fast: Grad: grad overlaps theta", Do: func() { o.Grad(theta, theta) }},
		{Panic: "fast: Grad: grad overlaps theta", Do: func() { o.Grad(twice[1:], twice[:8:8]) }},
		{Panic: "fast: Grad: grad overlaps the data", Do: func() { wo.Grad(wide.Data, theta) }},
		{Panic: "fast: Step: length of theta is not NumParams", Do: func() { o.Step(theta[1:], 1) }},
		{Panic: "fast: Step: theta overlaps the data", Do: func() { wo.Step(wide.Data, 1) }},
		{Panic: "mlp: Forward: Trace of another Net", Do: func() { n.Forward(o.Trace(), theta, x) }},
	}...)))
}
