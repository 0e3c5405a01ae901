package loss_test

import (
	"fmt"
	"math"
	"math/big"
	"testing"

	"touchstone/internal/bigfloat"
	"touchstone/loss"
)

type accuracyOf struct {
	f           loss.Func
	define      definition
	samples     []sample
	scale       func(y float64) float64       // over which the loss changes
	value, grad float64                       // bounds in ulp
	slack       func(s sample, j int) float64 // of Grad[j], and of Value for j = −1
	wrong       []wrong
}

// accuracy lists the losses with their definitions and the errors they may have:
//
//	|got − truth| ≤ bound·ulp(truth) + slack·2^−53
//
// The slack is 0 for hard targets. For soft ones a gradient is a difference, σ(y)−t
// or Σtₖ·pⱼ − tⱼ, which may be arbitrarily small, while the sigmoid or softmax in it
// has been rounded: what is left is the error of that term.
//
// The bounds are what the formulas give for an exponential that is off by up to 2
// ulp and a logarithm off by 1, rounded up, so that they hold for the different
// math.Exp, Log and Log1p of all platforms. The comments give the largest errors
// among some 10⁴ samples, on amd64 with and without FMA and for package math in Go.
var accuracy = []accuracyOf{
	{loss.Squared{}, defineSquared, reals(), always1,
		5, 0.5, none, wrongSquared}, // 1.9, 0.5
	{loss.CrossEntropy{}, defineCrossEntropy, scalars(probabilities(), itself), toTheEnds,
		5, 4, none, wrongCrossEntropy}, // 2.2, 2.2
	{loss.LogitCrossEntropy{}, defineLogitCrossEntropy, scalars(logits(), σ), always1,
		5, 5, logitSlack, wrongLogitCrossEntropy}, // 1.6, 2.2
	{loss.SoftmaxCrossEntropy{}, defineSoftmaxCrossEntropy, vectors(), always1,
		6, 6, softmaxSlack, wrongSoftmaxCrossEntropy}, // 2.1, 2.7
}

func always1(float64) float64 { return 1 }

func toTheEnds(y float64) float64 { return min(y, 1-y) }

func none(sample, int) float64 { return 0 }

// logitSlack: the sigmoid in σ(y)−t or (1−t)−σ(−y) is off by up to 8 units of 2^−53
// of itself if it is the smaller one of the two. If it is the larger one, it is off
// by 2 units, and then one of the smaller one and of the gradient is above ¼.
func logitSlack(s sample, j int) float64 {
	if j < 0 || s.hard {
		return 0
	}
	return 8 / (1 + math.Exp(math.Abs(s.y[j])))
}

// softmaxSlack: besides, the exponentials e^(yⱼ−y_top) have an error of their own.
// The difference of two float64s is rounded, by d·2^−53, and that is a relative
// error of the exponential.
func softmaxSlack(s sample, j int) float64 {
	if s.hard {
		return 0
	}
	top, total, rest, d := 0, 0.0, 0.0, 0.0
	for k, yk := range s.y {
		total += s.t[k]
		if yk > s.y[top] {
			top = k
		}
	}
	for k, yk := range s.y {
		if k != top {
			rest += math.Exp(yk - s.y[top])
			if yk-s.y[top] > -746 {
				d = max(d, s.y[top]-yk)
			}
		}
	}
	switch {
	case j < 0:
		return (8 + d) * total * math.Log1p(rest)
	case j == top:
		return (8 + d) * (total - s.t[top] + s.t[top]*rest) / (1 + rest)
	}
	return (8 + d) * total * math.Exp(s.y[j]-s.y[top]) / (1 + rest)
}

// A report tells how far a loss is from the truth.
type report struct {
	value, grad float64 // the largest errors in ulp where there is no slack
	failures    []string
}

// measure compares f with the truths of a.samples.
func (a *accuracyOf) measure(f loss.Func, truths []truth) (r report) {
	for i, s := range a.samples {
		check := func(what string, got float64, want *big.Float, bound, slack float64, worst *float64) {
			err := bigfloat.UlpError(got, want)
			if slack == 0 {
				*worst = max(*worst, err)
			}
			if err <= bound || err <= bound+slack*0x1p-53/ulp(want) {
				return
			}
			near, _ := want.Float64()
			r.failures = append(r.failures, fmt.Sprintf("%s at y = %v, t = %v: %v, want %v, off by %.3g ulp",
				what, s.y, s.t, got, near, err))
		}
		check("Value", f.Value(s.y, s.t), truths[i].value, a.value, a.slack(s, -1), &r.value)
		grad := make([]float64, len(s.y))
		f.Grad(grad, s.y, s.t)
		for j := range grad {
			check(fmt.Sprintf("Grad[%d]", j), grad[j], truths[i].grad[j], a.grad, a.slack(s, j), &r.grad)
		}
	}
	return r
}

func ulp(x *big.Float) float64 {
	f, _ := x.Float64()
	return math.Nextafter(math.Abs(f), math.Inf(1)) - math.Abs(f)
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
