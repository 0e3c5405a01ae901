package touchstone_test

import (
	"fmt"
	"math"

	"touchstone"
	"touchstone/activation"
	"touchstone/gradcheck"
)

// What a program in any language writes about a network of its own, and the command
// "touchstone verify" reads. It has forgotten that ½ belongs to the squared error.
func ExampleDecodeClaim() {
	c, claim, err := touchstone.DecodeClaim("claim.json", []byte(`{
		"schema": "touchstone-claim-1",
		"net": {"inputs": 2, "layers": [{"width": 1, "activation": "identity", "bias": true}]},
		"loss": "squared", "theta": [0.5, -0.25, 1], "x": [[1, 2]], "t": [[3]],
		"claim": {"loss": 2, "grad": [-4, -8, -4]}
	}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	v := touchstone.Judge(c, claim)
	fmt.Println(v.Outcome, "at", v.First.Name)
	fmt.Println(v.Cause)

	_, _, err = touchstone.DecodeClaim("claim.json", []byte(`{"schema": "touchstone-claim-1", "case": "mazur", "claim": {"grad": [1, 2]}}`))
	fmt.Println(err)
	// Output:
	// fail at W0
	// SCALE: the gradient is twice what it should be: ½ in the loss was forgotten, or it was added to itself
	// claim.json: claim.grad: has 2 values, want 12, one for each parameter
}

// A gradient for a network, checked in certified mode: against differences of the
// objective in math/big, right to the last bit.
func ExampleGradientProblem() {
	c, _ := touchstone.CaseByID("patient-cohort")
	o := c.Objective()
	p, err := touchstone.GradientProblem(o, c.Theta)
	if err != nil {
		fmt.Println(err)
		return
	}
	p.Grad = func(grad, theta []float64) { // yours; this one forgets the biases of layer 0
		o.Grad(grad, theta)
		clear(o.Net().Biases(grad, 0))
	}
	r, err := gradcheck.Check(p, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Verdict, r.Mode)
	for _, b := range r.Blocks {
		fmt.Println(b.Name, b.Verdict)
		for _, c := range b.Causes {
			fmt.Println("  likely:", c.Text)
		}
	}
	// Output:
	// FAIL certified
	// W0 PASS
	// b0 FAIL
	//   likely: it is zero: not computed, or computed and not added
	// W1 PASS
	// b1 PASS
}

// Functions at single places are for the activation functions of a port. This one loses
// its digits, and then itself, where the sigmoid comes near its limit.
func ExampleScalars() {
	derivative := func(z float64) float64 {
		a := activation.Sigmoid{}.Value(z)
		return a * (1 - a)
	}
	for _, s := range touchstone.Scalars() {
		if s.Function != "sigmoid-derivative" || !(s.Arg > 0 && s.Arg < 700) {
			continue
		}
		if got := derivative(s.Arg); math.Abs(got-s.Nearest) > 1e-6*s.Nearest {
			fmt.Printf("%s %v: %.3g, want %.3g\n", s.ID, s.Flags, got, s.Nearest)
		}
	}
	// Output:
	// sigmoid-derivative@36.0 [Tail]: 2.22e-16, want 2.32e-16
	// sigmoid-derivative@36.7 [Tail]: 1.11e-16, want 1.15e-16
	// sigmoid-derivative@37.0 [Tail]: 1.11e-16, want 8.53e-17
	// sigmoid-derivative@37.5 [Tail]: 0, want 5.18e-17
	// sigmoid-derivative@50.0 [Tail]: 0, want 1.93e-22
	// sigmoid-derivative@100.0 [Tail]: 0, want 3.72e-44
}
