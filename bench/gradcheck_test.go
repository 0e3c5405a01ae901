package bench

import (
	"fmt"
	"testing"

	"touchstone"
	"touchstone/activation"
	"touchstone/gradcheck"
	"touchstone/loss"
	"touchstone/mlp"
	"touchstone/mlp/fast"
)

// BenchmarkGradcheck is the check of the gradient of a small network in three modes.
// How often each calls the function is all that a check of another function shares with
// it.
func BenchmarkGradcheck(b *testing.B) {
	n := mlp.New(3,
		mlp.Layer{Width: 4, Activation: activation.Sigmoid{}},
		mlp.Layer{Width: 5, Activation: activation.Tanh{}},
		mlp.Layer{Width: 2, Activation: activation.Identity{}})
	rnd := newRand()
	o := mlp.NewObjective(n, loss.Squared{}, normal(rnd, 7, n.Inputs()), normal(rnd, 7, n.Outputs()))
	theta := glorot(n)
	for _, mode := range []gradcheck.Mode{gradcheck.Entries, gradcheck.Directions, gradcheck.Certified} {
		b.Run(fmt.Sprintf("%v/%v", mode, n), func(b *testing.B) {
			p := gradcheck.Problem{Func: o.Func, Grad: o.Grad, X: theta}
			if mode == gradcheck.Certified {
				var err error
				if p, err = touchstone.GradientProblem(o, theta); err != nil {
					b.Fatal(err)
				}
				p.HessVec = nil
			}
			check(b, p, mode)
		})
	}
}

// BenchmarkGradcheckLarge is the check of a million parameters along directions, with
// the function by mlp and by mlp/fast.
func BenchmarkGradcheckLarge(b *testing.B) {
	n := sigmoids(784, 1260, 10)
	rnd := newRand()
	x, t := normal(rnd, 7, n.Inputs()), normal(rnd, 7, n.Outputs())
	type objective interface {
		Func(theta []float64) float64
		Grad(grad, theta []float64)
	}
	for _, c := range []struct {
		name string
		o    objective
	}{
		{"reference", mlp.NewObjective(n, loss.Squared{}, x, t)},
		{"fast", fast.NewObjective(n, loss.Squared{}, x, t)},
	} {
		b.Run(fmt.Sprintf("%s/%v/%d-parameters", c.name, n, n.NumParams()), func(b *testing.B) {
			check(b, gradcheck.Problem{Func: c.o.Func, Grad: c.o.Grad, X: glorot(n)}, gradcheck.Directions)
		})
	}
}

// check reports evaluations of the function, and time, for each entry or direction.
func check(b *testing.B, p gradcheck.Problem, mode gradcheck.Mode) {
	b.ReportAllocs()
	var r *gradcheck.Report
	for b.Loop() {
		var err error
		if r, err = gradcheck.Check(p, &gradcheck.Settings{Mode: mode}); err != nil || r.Verdict != gradcheck.Pass {
			b.Fatal(r, err)
		}
	}
	each, number := "entry", len(r.Entries)
	if mode == gradcheck.Directions {
		each, number = "direction", len(r.Directions)
	}
	b.ReportMetric(float64(r.Evaluations), "evaluations")
	b.ReportMetric(float64(r.Evaluations)/float64(number), "evaluations/"+each)
	b.ReportMetric(nanoseconds(b)/float64(number), "ns/"+each)
}
