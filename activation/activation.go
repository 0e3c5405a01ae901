// Package activation holds the elementwise activation functions of a dense
// network, each with its first and second derivative.
//
// All are functions of the pre-activation z. A derivative taken at the output
// a = f(z) instead is a common economy and a trap: from z = 37.5 on, the
// float64 nearest σ(z) is 1, so that a·(1−a) is 0 where σ′(z) is 5e-17, and
// stays positive up to z = 745. What a has forgotten, z still knows.
//
// Value, Deriv and Deriv2 are correctly rounded: they return the float64 nearest the true
// number, ties to even, subnormal numbers included, and so the same one on every
// platform: from double-double arithmetic with a proven bound and, where that leaves the
// rounding open, from more and more digits of math/big.
//
// Every function is defined for every float64, never panics, and states its
// values at ±0, ±Inf and NaN under "Special cases are:". Nothing is clamped.
package activation

import "strconv"

// A Func is a scalar activation function. Its methods are pure: they keep no
// state and may be called from any number of goroutines.
type Func interface {
	// Value returns f(z).
	Value(z float64) float64
	// Deriv returns f′(z): the derivative at the pre-activation z, not at a = f(z).
	Deriv(z float64) float64
	// String returns the name that ByName accepts.
	String() string
}

// all lists the functions of this package in the order their names are offered.
var all = [...]Func{Identity{}, Sigmoid{}, Tanh{}, ReLU{}, Softplus{}}

// ByName returns the function whose String is name: "identity", "sigmoid",
// "tanh", "relu" or "softplus". For any other name the error is an
// *UnknownError.
func ByName(name string) (Func, error) {
	for _, f := range all {
		if f.String() == name {
			return f, nil
		}
	}
	return nil, &UnknownError{Name: name}
}

// An UnknownError reports a name that no activation function has.
type UnknownError struct {
	Name string // as it was given
}

// Error names the unknown name and those that there are.
func (e *UnknownError) Error() string {
	msg := "activation: unknown function " + strconv.Quote(e.Name) + ", want one of:"
	for _, f := range all {
		msg += " " + f.String()
	}
	return msg
}
