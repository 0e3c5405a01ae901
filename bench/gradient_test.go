package bench

import (
	"fmt"
	"testing"

	"touchstone"
	"touchstone/activation"
	"touchstone/gradcheck"
	"touchstone/loss"
	"touchstone/mlp"
)

// BenchmarkGradcheck is the check of the gradient of a network, in three modes, and of
// a large one along directions. How often each calls the function is all that a check
// of another function shares with it.
func BenchmarkGradcheck(b *testing.B) {
	small := mlp.New(3,
		mlp.Layer{Width: 4, Activation: activation.Sigmoid{}},
		mlp.Layer{Width: 5, Activation: activation.Tanh{}},
		mlp.Layer{Width: 2, Activation: activation.Identity{}})
	large := mlp.New(784,
		mlp.Layer{Width: 30, Activation: activation.Sigmoid{}},
		mlp.Layer{Width: 10, Activation: activation.Sigmoid{}})
	for _, c := range []struct {
		net  *mlp.Net
		mode gradcheck.Mode
	}{
		{small, gradcheck.Entries}, {small, gradcheck.Directions}, {small, gradcheck.Certified},
		{large, gradcheck.Directions},
	} {
		b.Run(fmt.Sprintf("%v/%v", c.mode, c.net), func(b *testing.B) {
			o, theta := objective(c.net, 7)
			p := gradcheck.Problem{Func: o.Func, Grad: o.Grad, X: theta}
			if c.mode == gradcheck.Certified {
				var err error
				if p, err = touchstone.GradientProblem(o, theta); err != nil {
					b.Fatal(err)
				}
				p.HessVec = nil
			}
			evaluations := 0
			for b.Loop() {
				r, err := gradcheck.Check(p, &gradcheck.Settings{Mode: c.mode})
				if err != nil || r.Verdict != gradcheck.Pass {
					b.Fatal(r, err)
				}
				evaluations = r.Evaluations
			}
			b.ReportMetric(float64(evaluations), "evaluations")
		})
	}
}

// BenchmarkHessVec is a Hessian-vector product, beside the gradient that it is the
// derivative of.
func BenchmarkHessVec(b *testing.B) {
	n := mlp.New(784,
		mlp.Layer{Width: 30, Activation: activation.Sigmoid{}},
		mlp.Layer{Width: 10, Activation: activation.Sigmoid{}})
	o, theta := objective(n, 10)
	v, dst := normal(newRand(), 1, n.NumParams()).Data, make([]float64, n.NumParams())
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

// objective returns a squared error of n with random data, and a point at which its
// sigmoids are not saturated.
func objective(n *mlp.Net, samples int) (o *mlp.Objective, theta []float64) {
	rnd := newRand()
	o = mlp.NewObjective(n, loss.Squared{}, normal(rnd, samples, n.Inputs()), normal(rnd, samples, n.Outputs()))
	theta = make([]float64, n.NumParams())
	n.InitGlorot(theta, 1)
	return o, theta
}
