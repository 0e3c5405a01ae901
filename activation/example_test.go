package activation_test

import (
	"fmt"

	"touchstone/activation"
)

// A derivative from the output a = f(z) loses its digits as a approaches its limit, and
// from z it does not.
func ExampleSigmoid_Deriv() {
	f := activation.Sigmoid{}
	for _, z := range []float64{2, 20, 36, 40, 700} {
		a := f.Value(z)
		fmt.Printf("z = %-3v  a(1−a) = %-9.4g  f′(z) = %.4g\n", z, a*(1-a), f.Deriv(z))
	}
	// Output:
	// z = 2    a(1−a) = 0.105      f′(z) = 0.105
	// z = 20   a(1−a) = 2.061e-09  f′(z) = 2.061e-09
	// z = 36   a(1−a) = 2.22e-16   f′(z) = 2.32e-16
	// z = 40   a(1−a) = 0          f′(z) = 4.248e-18
	// z = 700  a(1−a) = 0          f′(z) = 9.86e-305
}

// The names are those of golden vectors, claims and model files.
func ExampleByName() {
	f, err := activation.ByName("tanh")
	fmt.Println(f, err)
	_, err = activation.ByName("Tanh")
	fmt.Println(err)
	// Output:
	// tanh <nil>
	// activation: unknown function "Tanh", want one of: identity sigmoid tanh relu softplus
}
