package main

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"touchstone"
	"touchstone/activation"
)

// A published is what the published program computes for one neuron:
//
//	z = x·w + b;  p = 1/(1+e^−z);  error = p − label
//	gradient = x · error · p · (1−p);  w ← w − rate·gradient
//
// It never updates the bias.
type published struct {
	z, p, err   float64
	gradient, w []float64
}

func runPublished(c *touchstone.Case) published {
	n, x := c.Net.Inputs(), c.X.Data
	r := published{w: slices.Clone(c.Theta[:n])}
	for k := range n {
		r.z += float64(x[k] * r.w[k])
	}
	r.z += c.Theta[n]
	r.p = 1 / (1 + math.Exp(-r.z))
	r.err = r.p - c.T.Data[0]
	for k := range n {
		g := x[k] * r.err * r.p * (1 - r.p)
		r.gradient = append(r.gradient, g)
		r.w[k] -= float64(c.Step.Rate * g)
	}
	return r
}

// neuron walks through the documented neuron on its raw features, where float64
// has nothing left to learn from.
func (p *proof) neuron() {
	c := mustCase("neuron-raw-label-1")
	r := runPublished(&c)
	exact := c.Exact
	p.section("1. The documented neuron, as printed and as it truly is")
	p.printf("age 45, heart rate 80, cholesterol 200; weights 0.1, -0.2, 0.3; bias 0.5; label 1; rate 0.01\n\n")
	p.printf("%-22s %-12s %s\n", "", "as printed", "as it truly is")
	line := func(name string, printed float64, truth string) { p.printf("%-22s %-12v %s\n", name, printed, truth) }
	line("z = w·x + b", r.z, string(exact.Z[0][0][0]))
	line("p = σ(z)", r.p, fmt.Sprintf("1 - %v", exact.OneMinusP.Float64()))
	line("1 - p", 1-r.p, fmt.Sprint(exact.OneMinusP.Float64()))
	line("error p - 1", r.err, fmt.Sprint(-exact.OneMinusP.Float64()))
	for k, g := range r.gradient {
		line(fmt.Sprintf("gradient of w%d", k), g, fmt.Sprint(exact.Grad[k].Float64()))
	}
	for k, w := range r.w {
		line(fmt.Sprintf("w%d after the step", k), w, fmt.Sprintf("%v %+.10g", c.Theta[k], -c.Step.Rate*exact.Grad[k].Float64()))
	}
	p.printf("\nThe program finds nothing to learn: p has rounded to 1 and forgotten the rest.\n")
	p.claim(r.z == 49 && r.p == 1 && allZero(r.gradient) && slices.Equal(r.w, c.Theta[:3]),
		"published program in float64: nothing moves", values{"z": number(r.z), "p": number(r.p), "one_minus_p": number(1 - r.p)}, "z = %v, p = %v, gradient %v", r.z, r.p, r.gradient)

	tail := activation.Sigmoid{}.Value(-r.z)
	p.printf("But z has not: σ(-z) = %v is that rest.\n", tail)
	// z is within half an ulp of 49, 3.6e-15, and σ(−z) as much relative to itself.
	p.claim(exact.OneMinusP.Error(tail) < 5e-15*tail, "1 - p as σ(-z), from the rounded z",
		values{"one_minus_p": number(tail), "exact": number(exact.OneMinusP.Float64())}, "%v, exact %v", tail, exact.OneMinusP.Float64())

	c = mustCase("neuron-raw-label-0")
	r = runPublished(&c)
	grad := make([]float64, c.Net.NumParams())
	c.Objective().Grad(grad, c.Theta)
	p.printf("\nWith label 0 the error is the worst there can be, 1, and the gradients are:\n")
	p.printf("%-22s %-12s %-24s %s\n", "", "as printed", "backpropagation (mlp)", "exact")
	for k := range r.gradient {
		p.printf("gradient of w%-9d %-12v %-24v %v\n", k, r.gradient[k], grad[k], exactFloat(c.Exact.Grad[k]))
	}
	e := worst(grad, c.Exact.Grad)
	p.claim(allZero(r.gradient), "label 0: p(1-p) of the program has no digit left", gradientValues(r.gradient), "gradient %v", r.gradient)
	p.claim(e < 1e-13, "label 0: backpropagation with σ′ at z has them all", values{"relative_error": number(e), "limit": 1e-13}, "relative error %.1e", e)
}

// standardised trains the same neuron on standardised features, its bias fixed as
// in the published program.
func (p *proof) standardised() {
	c := mustCase("neuron-standardised-label-1")
	o, n := c.Objective(), c.Net.Inputs()
	theta, grad := slices.Clone(c.Theta), make([]float64, c.Net.NumParams())
	p.section("2. The same neuron on standardised features learns")
	p.printf("features %v; rate %v\n\n", c.X.Data, c.Training.Rate)
	p.printf("%8s  %-20s %-20s %s\n", "epoch", "p", "loss", "exact loss")
	show := func(epoch int, exact touchstone.Decimal) {
		loss := o.Func(theta)
		p.printf("%8d  %-20.16f %-20.16f %.20s\n", epoch, o.Trace().A[1].Data[0], loss, exactDigits(exact))
	}
	show(0, c.Exact.Loss)
	epoch, e := 0, 0.0
	for _, m := range c.Training.Milestones {
		for ; epoch < m.Epoch; epoch++ {
			o.Grad(grad, theta)
			for k := range n {
				theta[k] -= float64(c.Training.Rate * grad[k])
			}
		}
		show(epoch, m.Loss)
		e = max(e, worst(theta, m.Theta))
	}
	p.claim(e < 1e-13, fmt.Sprintf("%d epochs follow the exact weights", epoch), values{"relative_error": number(e), "limit": 1e-13}, "relative error %.1e", e)
	p.gradcheck("the trained neuron", o, theta)
}

// gradientValues names the elements of a gradient of weights.
func gradientValues(grad []float64) values {
	v := values{}
	for k, g := range grad {
		v["gradient_w"+strconv.Itoa(k)] = number(g)
	}
	return v
}

func allZero(v []float64) bool {
	return !slices.ContainsFunc(v, func(x float64) bool { return x != 0 })
}

func exactFloat(d touchstone.Decimal) float64 { return d.Float64() }

// exactDigits returns d without exponent, to 20 decimals.
func exactDigits(d touchstone.Decimal) string { return d.Big().Text('f', 20) }
