package mutant_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/activation"
	"touchstone/gradcheck"
	"touchstone/loss"
	"touchstone/mlp"
	"touchstone/mlp/mutant"
)

// The rules of other checkers, in our own words and after their documentation, with
// their default steps and tolerances. All run in float64 on a function of one value.
// Each is the rule alone: what else the program does, such as retrying at another
// point, is not here.
var rules = []struct {
	name  string
	check mutant.Checker
}{
	{"central difference 1e-6, rtol 1e-5, atol 1e-8", func(p mutant.Problem) mutant.Answer {
		return answer(allClose(gradient(p), central(p, 1e-6), 1e-5, 1e-8))
	}},
	// torch.autograd.gradcheck, slow mode: eps 1e-6, atol 1e-5, rtol 1e-3, and two
	// calls of the gradient that must not differ (nondet_tol 0).
	{"PyTorch gradcheck", func(p mutant.Problem) mutant.Answer {
		g := gradient(p)
		return answer(slices.Equal(g, gradient(p)) && allClose(g, central(p, 1e-6), 1e-3, 1e-5))
	}},
	// tf.test.compute_gradient: step 2⁻¹⁰; the largest absolute error, here at most 1e-4.
	{"TensorFlow max error 1e-4", func(p mutant.Problem) mutant.Answer {
		return answer(allClose(gradient(p), central(p, 0x1p-10), 0, 1e-4))
	}},
	// jax.test_util.check_grads, reverse mode: one random direction, step 1e-4,
	// atol = rtol = 1e-5 for float64.
	{"JAX check_grads", func(p mutant.Problem) mutant.Answer {
		v := direction(p)
		return answer(allClose([]float64{dot(gradient(p), v)}, []float64{along(p, v, 1e-4)}, 1e-5, 1e-5))
	}},
	// chainer.gradient_check.check_backward: one random direction of length 1, step
	// 1e-3, atol 1e-5, rtol 1e-4.
	{"Chainer check_backward", func(p mutant.Problem) mutant.Answer {
		v := direction(p)
		norm := math.Sqrt(dot(v, v))
		for i := range v {
			v[i] /= norm
		}
		return answer(allClose([]float64{along(p, v, 1e-3)}, []float64{dot(gradient(p), v)}, 1e-4, 1e-5))
	}},
	// The notes of Stanford's course CS231n: step 1e-5, error relative to the larger of
	// both sizes. Above 1e-2 a gradient is probably wrong …
	{"CS231n relative error 1e-2", func(p mutant.Problem) mutant.Answer {
		return answer(symmetricallyClose(gradient(p), central(p, 1e-5), 1e-2))
	}},
	// … and at 1e-7 or less one should be happy.
	{"CS231n relative error 1e-7", func(p mutant.Problem) mutant.Answer {
		return answer(symmetricallyClose(gradient(p), central(p, 1e-5), 1e-7))
	}},
	// scipy.optimize.check_grad: forward differences over 2⁻²⁶, divided by the step that
	// x+h−x really is; the norm of the error,
	// here at most 1e-6.
	{"SciPy check_grad 1e-6", func(p mutant.Problem) mutant.Answer {
		g := gradient(p)
		for i, f := range forward(p, 0x1p-26) {
			g[i] -= f
		}
		return answer(math.Sqrt(dot(g, g)) <= 1e-6)
	}},
	// Ceres Solver's GradientChecker: Ridders' extrapolation, and an error below 1e-8,
	// relative to the larger size, or absolute if one is 0.
	{"Ceres GradientChecker", func(p mutant.Problem) mutant.Answer {
		got, want := gradient(p), ridders(p)
		for i, w := range want {
			size := math.Max(math.Abs(got[i]), math.Abs(w))
			if got[i] == 0 || w == 0 {
				size = 1
			}
			if !(math.Abs(got[i]-w) < 1e-8*size) {
				return mutant.Reject
			}
		}
		return mutant.Accept
	}},
	{"gradcheck, entries", func(p mutant.Problem) mutant.Answer {
		return check(p, nil)
	}},
	{"gradcheck, directions", func(p mutant.Problem) mutant.Answer {
		return check(p, &gradcheck.Settings{Mode: gradcheck.Directions})
	}},
}

func check(p mutant.Problem, s *gradcheck.Settings) mutant.Answer {
	r, err := gradcheck.Check(gradcheck.Problem{Func: p.Func, Grad: p.Grad, X: p.Theta}, s)
	if err != nil {
		panic(err)
	}
	return verdict(r)
}

func verdict(r *gradcheck.Report) mutant.Answer {
	switch r.Verdict {
	case gradcheck.Pass:
		return mutant.Accept
	case gradcheck.Fail:
		return mutant.Reject
	}
	return mutant.Undecided
}

// On a plain problem each rule accepts the right gradient, rejects its half, and
// rejects it with one element missing.
func TestRules(t *testing.T) {
	n := mlp.New(2, mlp.Layer{Width: 3, Activation: activation.Tanh{}}, mlp.Layer{Width: 1, Activation: activation.Sigmoid{}})
	x := blas64.General{Rows: 2, Cols: 2, Stride: 2, Data: []float64{0.5, -1, 0.25, 0.75}}
	target := blas64.General{Rows: 2, Cols: 1, Stride: 1, Data: []float64{1, 0}}
	o := mlp.NewObjective(n, loss.CrossEntropy{}, x, target)
	theta := make([]float64, n.NumParams())
	for i := range theta {
		theta[i] = math.Sin(float64(i + 1))
	}
	spoilt := func(spoil func(grad []float64)) func(grad, theta []float64) {
		return func(grad, theta []float64) { o.Grad(grad, theta); spoil(grad) }
	}
	for _, r := range rules {
		ask := func(spoil func(grad []float64)) mutant.Answer {
			return r.check(mutant.Problem{Func: o.Func, Grad: spoilt(spoil), Theta: slices.Clone(theta), Objective: o})
		}
		assert.Equal(t, mutant.Accept, ask(func([]float64) {}), r.name)
		assert.Equal(t, mutant.Reject, ask(func(g []float64) {
			for i := range g {
				g[i] /= 2
			}
		}), r.name)
		assert.Equal(t, mutant.Reject, ask(func(g []float64) { g[len(g)-1] = 0 }), r.name)
	}
}

func answer(accepted bool) mutant.Answer {
	if accepted {
		return mutant.Accept
	}
	return mutant.Reject
}

// gradient calls Grad as most do: with zeros.
func gradient(p mutant.Problem) []float64 {
	g := make([]float64, len(p.Theta))
	p.Grad(g, slices.Clone(p.Theta))
	return g
}

func allClose(got, want []float64, rtol, atol float64) bool {
	for i, w := range want {
		if !(math.Abs(got[i]-w) <= atol+rtol*math.Abs(w)) || math.IsInf(w, 0) {
			return false
		}
	}
	return true
}

// symmetricallyClose takes 0 = 0 for close.
func symmetricallyClose(got, want []float64, tol float64) bool {
	for i, w := range want {
		if got[i] != w && !(math.Abs(got[i]-w) <= tol*math.Max(math.Abs(got[i]), math.Abs(w))) {
			return false
		}
	}
	return true
}

func central(p mutant.Problem, h float64) []float64 {
	return differences(p, func(f func(step float64) float64, _ float64) float64 { return (f(h) - f(-h)) / (2 * h) })
}

func forward(p mutant.Problem, h float64) []float64 {
	return differences(p, func(f func(step float64) float64, x float64) float64 { return (f(h) - f(0)) / ((x + h) - x) })
}

// differences takes the derivative in every coordinate by a rule that is given
// the function of the step, and the coordinate.
func differences(p mutant.Problem, rule func(f func(step float64) float64, x float64) float64) []float64 {
	theta, g := slices.Clone(p.Theta), make([]float64, len(p.Theta))
	for i, x := range p.Theta {
		g[i] = rule(func(step float64) float64 {
			theta[i] = x + step
			return p.Func(theta)
		}, x)
		theta[i] = x
	}
	return g
}

// ridders extrapolates central differences to the step 0. The first step is 0.32 of x
// or of 1, whichever is larger; it is halved up to nine times, until the error is
// 1e-12 or the last extrapolation is clearly worse than the best one.
func ridders(p mutant.Problem) []float64 {
	return differences(p, func(f func(step float64) float64, x float64) float64 {
		h := 0.32 * math.Max(math.Abs(x), 1)
		best, err := (f(h)-f(-h))/(2*h), math.MaxFloat64
		last := []float64{best}
		for i := 1; i < 10 && err >= 1e-12; i++ {
			h /= 2
			now := []float64{(f(h) - f(-h)) / (2 * h)}
			factor := 1.0
			for k, previous := range last {
				factor *= 4
				now = append(now, (factor*now[k]-previous)/(factor-1))
				if e := math.Max(math.Abs(now[k+1]-now[k]), math.Abs(now[k+1]-previous)); e <= err {
					best, err = now[k+1], e
				}
			}
			if math.Abs(now[i]-last[i-1]) >= 2*err {
				break
			}
			last = now
		}
		return best
	})
}

// direction returns a normal direction, always the same for as many parameters.
func direction(p mutant.Problem) []float64 {
	rnd := rand.New(rand.NewPCG(1, 1))
	v := make([]float64, len(p.Theta))
	for i := range v {
		v[i] = rnd.NormFloat64()
	}
	return v
}

// along returns the central difference along v.
func along(p mutant.Problem, v []float64, h float64) float64 {
	up, down := slices.Clone(p.Theta), slices.Clone(p.Theta)
	for i := range v {
		up[i] += h * v[i]
		down[i] -= h * v[i]
	}
	return (p.Func(up) - p.Func(down)) / (2 * h)
}

func dot(a, b []float64) float64 {
	sum := 0.0
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}
