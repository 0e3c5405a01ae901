// Package loss holds the loss functions of a dense network, each with its
// gradient and the product of its Hessian with a vector.
//
// A loss is a function of one sample: the network's output y and the target t,
// two vectors of one length. The mean or sum over samples is not taken here.
// Value and Grad of one loss are always a function and its own derivative, with
// no factor between them; Grad gives the derivative with respect to y. Logarithms are
// natural, so that cross-entropies are in nats.
//
// The value of one output, and every element of a gradient, is correctly rounded: it
// is the float64 nearest the true number, ties to even. The value of several outputs
// is their sum in float64, in the order of the outputs, except for
// SoftmaxCrossEntropy, which is one function of all outputs and rounded once.
//
// Nothing is clamped and no epsilon is added: where a loss is infinite it is
// +Inf, where it is undefined it is NaN, and "Special cases are:" lists both.
// Value, Grad and HessVec panic if the lengths of their arguments differ, and where dst
// overlaps another argument without being it.
//
// The derivatives are derived in package mlp, whose equation numbers the functions
// here state.
package loss

import (
	"strconv"

	"touchstone/internal/alias"
)

// A Func is a loss function of one sample. Its methods are pure: they keep no
// state and may be called from any number of goroutines.
type Func interface {
	// Value returns ℓ(y, t). Like Grad, it panics if the lengths of its arguments differ.
	Value(y, t []float64) float64
	// Grad stores ∂ℓ/∂y in dst, as long as y and t, overwriting it. dst may be y or t
	// itself, and must not overlap them otherwise.
	Grad(dst, y, t []float64)
	// String returns the name that ByName accepts.
	String() string
}

// all lists the functions of this package in the order their names are offered.
var all = [...]Func{Squared{}, CrossEntropy{}, LogitCrossEntropy{}, SoftmaxCrossEntropy{}}

// ByName returns the function whose String is name: "squared",
// "cross-entropy", "logit-cross-entropy" or "softmax-cross-entropy". For any
// other name the error is an *UnknownError.
func ByName(name string) (Func, error) {
	for _, f := range all {
		if f.String() == name {
			return f, nil
		}
	}
	return nil, &UnknownError{Name: name}
}

// An UnknownError reports a name that no loss function has.
type UnknownError struct {
	Name string // as it was given
}

// Error names the unknown name and those that there are.
func (e *UnknownError) Error() string {
	msg := "loss: unknown function " + strconv.Quote(e.Name) + ", want one of:"
	for _, f := range all {
		msg += " " + f.String()
	}
	return msg
}

const (
	badValue = "loss: Value with y and t of different lengths"
	badGrad  = "loss: Grad with dst, y and t of different lengths"

	shiftedGrad = "loss: Grad with a dst that overlaps y or t without being it"
)

func checkValue(y, t []float64) {
	if len(y) != len(t) {
		panic(badValue)
	}
}

func checkGrad(dst, y, t []float64) {
	if len(dst) != len(y) || len(y) != len(t) {
		panic(badGrad)
	}
	if alias.Shifted(dst, y) || alias.Shifted(dst, t) {
		panic(shiftedGrad)
	}
}
