package exact_test

import (
	"fmt"

	"touchstone"
	"touchstone/mlp/exact"
)

// Where does a gradient vanish? The vectors flagged "Saturated" hold the places, and the
// exact gradient what is really there: here a neuron of which the published program says
// that nothing is left to learn.
func ExampleGradient() {
	c, ok := touchstone.CaseByID("neuron-raw-label-1")
	if !ok {
		fmt.Println("there is no such case")
		return
	}
	r, err := exact.Gradient(c.Net, c.Loss, c.Theta, c.X, c.T)
	if err != nil {
		fmt.Println(err)
		return
	}
	p := r.A[0][0].Value
	fmt.Println(c.Flags[0]+":", "z =", r.Z[0][0].Value, "and p =", p)
	fmt.Println("(p−1)·p·(1−p)·x =", (p-1)*p*(1-p)*c.X.Data[0])
	for i, g := range r.Grad {
		fmt.Printf("∂E/∂%s = %v, rounded correctly: %v\n", c.Net.ParamName(i), g.Value, g.Rounded)
	}
	// Output:
	// Saturated: z = 49 and p = 1
	// (p−1)·p·(1−p)·x = 0
	// ∂E/∂W0[0,0] = -1.2369532535596039e-41, rounded correctly: true
	// ∂E/∂W0[0,1] = -2.1990280063281845e-41, rounded correctly: true
	// ∂E/∂W0[0,2] = -5.497570015820461e-41, rounded correctly: true
	// ∂E/∂b0[0] = -2.7487850079102307e-43, rounded correctly: true
}

// All results of a problem, with their fair tolerance: what any order of summation in
// float64 may be off by.
func ExampleEvaluate() {
	c, ok := touchstone.CaseByID("mazur")
	if !ok {
		fmt.Println("no such case")
		return
	}
	r, err := exact.Evaluate(exact.Problem{
		Net: c.Net, Loss: c.Loss, Theta: c.Theta, X: c.X, T: c.T, Sum: c.Sum, Lambda: c.Lambda,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	const u = 0x1p-53
	fmt.Printf("E = %.15f ± %.1e\n", r.Loss.Value, u*r.Loss.Scale)
	fmt.Println(r.Rounded, "of", r.Entries, "are the float64 nearest the truth")
	// Output:
	// E = 0.298371108760003 ± 1.2e-15
	// 39 of 39 are the float64 nearest the truth
}
