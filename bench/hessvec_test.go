package bench

import (
	"fmt"
	"testing"

	"touchstone/loss"
	"touchstone/mlp"
)

// BenchmarkHessVec is a Hessian-vector product, beside the gradient that it is the
// derivative of.
func BenchmarkHessVec(b *testing.B) {
	n := sigmoids(784, 30, 10)
	rnd := newRand()
	o := mlp.NewObjective(n, loss.Squared{}, normal(rnd, 10, n.Inputs()), normal(rnd, 10, n.Outputs()))
	theta, v, dst := glorot(n), normal(rnd, 1, n.NumParams()).Data, make([]float64, n.NumParams())
	for _, c := range []struct {
		name string
		call func()
	}{
		{"Grad", func() { o.Grad(dst, theta) }},
		{"HessVec", func() { o.HessVec(dst, theta, v) }},
	} {
		b.Run(fmt.Sprintf("%s/%v/batch=10", c.name, n), func(b *testing.B) {
			c.call() // HessVec allocates once
			b.ReportAllocs()
			for b.Loop() {
				c.call()
			}
		})
	}
}
