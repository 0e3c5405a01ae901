package loss_test

import (
	"fmt"
	"math/big"
	"testing"

	"touchstone/internal/bigfloat"
	"touchstone/loss"
)

type accuracyOf struct {
	f       loss.Func
	define  definition
	samples []sample
	scale   func(y float64) float64 // over which the loss changes
	sum     float64                 // bound in ulp of a value that is a sum over outputs
	wrong   []wrong
}

// accuracy lists the losses with their definitions. Gradients and values of one
// output are correctly rounded: they are off by ½ ulp. So is the softmax as a whole.
// The other values are sums in float64, of three terms that are not negative: each
// rounding of a term or a sum costs ½ ulp of the result or less, five of them 2½.
var accuracy = []accuracyOf{
	{loss.Squared{}, defineSquared, reals(), always1, 2.5, wrongSquared},
	{loss.CrossEntropy{}, defineCrossEntropy, scalars(probabilities(), itself), toTheEnds, 2.5, wrongCrossEntropy},
	{loss.LogitCrossEntropy{}, defineLogitCrossEntropy, scalars(logits(), σ), always1, 2.5, wrongLogitCrossEntropy},
	{loss.SoftmaxCrossEntropy{}, defineSoftmaxCrossEntropy, vectors(), always1, half, wrongSoftmaxCrossEntropy},
}

// half is ½ and what the truth may be off, as it is a difference quotient. TestRounding
// knows better.
const half = 0.5 + 0x1p-20

func always1(float64) float64 { return 1 }

func toTheEnds(y float64) float64 { return min(y, 1-y) }

// A report tells how far a loss is from the truth.
type report struct {
	value, grad float64 // the largest errors in ulp
	failures    []string
}

// measure compares f with the truths of a.samples.
func (a *accuracyOf) measure(f loss.Func, truths []truth) (r report) {
	for i, s := range a.samples {
		check := func(what string, got float64, want *big.Float, bound float64, worst *float64) {
			err := bigfloat.UlpError(got, want)
			*worst = max(*worst, err)
			if err <= bound {
				return
			}
			near, _ := want.Float64()
			r.failures = append(r.failures, fmt.Sprintf("%s at y = %v, t = %v: %v, want %v, off by %.3g ulp",
				what, s.y, s.t, got, near, err))
		}
		bound := half
		if len(s.y) > 1 {
			bound = a.sum
		}
		check("Value", f.Value(s.y, s.t), truths[i].value, bound, &r.value)
		grad := make([]float64, len(s.y))
		f.Grad(grad, s.y, s.t)
		for j := range grad {
			check(fmt.Sprintf("Grad[%d]", j), grad[j], truths[i].grad[j], half, &r.grad)
		}
	}
	return r
}

func TestAccuracy(t *testing.T) {
	for _, a := range accuracy {
		truths := make([]truth, len(a.samples))
		for i, s := range a.samples {
			truths[i] = evaluate(a.define, s, a.scale)
		}
		r := a.measure(a.f, truths)
		t.Logf("%v: value %.2f ulp, gradient %.2f ulp", a.f, r.value, r.grad)
		for i, failure := range r.failures {
			if i < 5 {
				t.Errorf("%v.%s", a.f, failure)
			}
		}
		for _, w := range a.wrong {
			r := a.measure(w.with(a.f), truths)
			if len(r.failures) == 0 {
				t.Errorf("%v: %s passes", a.f, w.name)
				continue
			}
			t.Logf("	%s: %d failures, the first %s", w.name, len(r.failures), r.failures[0])
		}
	}
}
