package main

import (
	"math"
	"strconv"

	"gonum.org/v1/gonum/optimize"

	"touchstone/mlp"
)

// rat42 fits the certified data set Rat42 of the NIST from both of its starts:
// real measurements, and a sigmoid neuron under a linear output.
func (p *proof) rat42() {
	p.section("4. NIST StRD Rat42: y = b1 / (1 + exp(b2 - b3·x)) as a 1-1-1 network")
	for i, id := range []string{"rat42-start-1", "rat42-start-2"} {
		c := mustCase(id)
		theta, value := fit(c.Objective(), c.Theta)
		found := []struct {
			name  string
			value float64
		}{{"b1", theta[2]}, {"b2", -theta[1]}, {"b3", theta[0]}, {"rss", 2 * value}}
		least := math.Inf(1)
		p.printf("from start %d\n", i+1)
		for _, f := range found {
			certified := c.Fit.Certified[f.name]
			want, err := strconv.ParseFloat(certified, 64)
			digits := -math.Log10(math.Abs(f.value-want) / want)
			if err != nil || math.IsNaN(digits) {
				digits = 0
			}
			least = min(least, digits)
			p.printf("  %-4s %-20.16g certified %-16s %.1f digits\n", f.name, f.value, certified, min(digits, 16))
		}
		p.claim(least >= 9, "Rat42 from start "+strconv.Itoa(i+1)+": certified parameters", values{"digits": number(least), "limit": 9}, "%.1f of 11 digits", least)
	}
}

// fit minimises o by BFGS, each parameter in units of its start. Near the minimum
// the value of o no longer shows progress, and the line search gives up: what
// counts is where, so its error is not one here.
func fit(o *mlp.Objective, start []float64) (theta []float64, value float64) {
	theta = make([]float64, len(start))
	inUnits := func(u []float64) []float64 {
		for i := range u {
			theta[i] = u[i] * start[i]
		}
		return theta
	}
	problem := optimize.Problem{
		Func: func(u []float64) float64 { return o.Func(inUnits(u)) },
		Grad: func(grad, u []float64) {
			o.Grad(grad, inUnits(u))
			for i := range grad {
				grad[i] *= start[i]
			}
		},
	}
	u := make([]float64, len(start))
	for i := range u {
		u[i] = 1
	}
	settings := &optimize.Settings{GradientThreshold: 1e-9, Converger: optimize.NeverTerminate{}}
	result, err := optimize.Minimize(problem, u, settings, &optimize.BFGS{})
	if result == nil {
		panic(err) // the problem was refused: nil functions or an empty start
	}
	return inUnits(result.X), result.F
}
