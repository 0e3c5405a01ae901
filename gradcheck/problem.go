package gradcheck

import (
	"fmt"
	"math/big"
	"strconv"
)

// A Problem is a function, the gradient somebody derived for it, and the point
// at which the two are compared. Func, Grad and X are needed; all else makes a
// check sharper or its report better.
//
// The functions must not modify x. They are called from one goroutine.
type Problem struct {
	// Func is the function. Changes of its value below about 1e-31 count as noise, and
	// where it does not change at all, those below about 1e-16: multiply a function of
	// such a scale by a constant.
	Func func(x []float64) float64
	// Grad stores the gradient to be checked in grad, overwriting all of it.
	Grad func(grad, x []float64)
	// X is the point. It is not modified: the functions are given a copy.
	X []float64

	// Blocks, if given, divide X into named matrices. What is in none of them is a
	// block of its own, named "x".
	Blocks []Block
	// Name, if given, names the entry i of X. It wins over Blocks.
	Name func(i int) string

	// Big, if given, is Func in math/big, for the mode Certified: its value at x, with a
	// relative error of 2^(12−prec) at most, as a number of at least prec bits; or nil
	// or an infinity where it has none. It may return one of its own again, but not
	// write to x. prec is 256, and 1024 and 4096 where that is not enough; x has as many
	// bits, and a float64 would lose what it is moved by. Terms that cancel need more
	// bits on the way. Mind that big.NewFloat makes numbers of 53 bits.
	Big func(x []*big.Float, prec uint) *big.Float
	// Complex, if given, is Func extended to complex arguments, for the mode
	// ComplexStep. It must be analytic: no Abs, no conjugate, no comparison of
	// anything but real parts.
	Complex func(x []complex128) complex128
	// HessVec, if given, stores the product of the Hessian at x with v in dst,
	// overwriting it. It is compared with differences of Grad.
	HessVec func(dst, x, v []float64)

	// Branch, if given, tells on which side of its kinks Func is computed at x: a
	// number, such as a hash of the signs, that differs between smooth pieces. No
	// difference is then taken across a kink.
	Branch func(x []float64) uint64
	// Lower and Upper, if given, are the domain of Func: it is not called with an
	// x[i] outside [Lower[i], Upper[i]].
	Lower, Upper []float64
	// Scale, if given, is the fair tolerance of each entry in units of 2⁻⁵³: a right
	// float64 gradient may be off by that much, and by nothing where it is 0; where it
	// is +Inf no finite value is refused, nor one passed. Without it the rounding errors
	// of Grad are estimated.
	Scale []float64

	// Parts, if given, are the terms of which Func is the sum or the mean, such as
	// the losses of the samples, beside others such as weight decay. They are called
	// only to find the cause of a failure.
	Parts []func(x []float64) float64
	// PartGrad, if given, stores the gradient of Parts[s] alone in grad, overwriting
	// all of it: by the code that is checked, as of a batch of one sample. It is not
	// checked, and called only to find the cause of a failure. The gradient of a single
	// sample shows more of a mistake than the sum over many.
	PartGrad func(grad, x []float64, s int)
	// Sizes, if given, are numbers by which a gradient may be wrong, by name, such as
	// {"samples": 7, "outputs": 2}. They are for the report.
	Sizes map[string]int
}

// A Block names the part of X that holds a matrix, row by row.
type Block struct {
	Name       string // such as "W0"
	Offset     int    // of the first element in X
	Rows, Cols int    // Cols 0 is a vector of Rows elements
}

func (b Block) size() int { return b.Rows * max(b.Cols, 1) }

// name returns what element k of the block is called.
func (b Block) name(k int) string {
	if b.Cols == 0 {
		return b.Name + "[" + strconv.Itoa(k) + "]"
	}
	return b.Name + "[" + strconv.Itoa(k/b.Cols) + "," + strconv.Itoa(k%b.Cols) + "]"
}

// A ProblemError reports a Problem or Settings that cannot be checked.
type ProblemError struct {
	Field  string // of Problem or Settings
	Reason string // what is wrong with it
}

// Error returns the field and the reason.
func (e *ProblemError) Error() string { return "gradcheck: " + e.Field + " " + e.Reason }

func (p *Problem) validate() error {
	switch {
	case p.Func == nil:
		return &ProblemError{"Func", "is nil, want the function whose gradient Grad says it is"}
	case p.Grad == nil:
		return &ProblemError{"Grad", "is nil, want the gradient to be checked"}
	case len(p.X) == 0:
		return &ProblemError{"X", "is empty, want the point to check at"}
	}
	for i, v := range p.X {
		if !isFinite(v) {
			return &ProblemError{"X", fmt.Sprintf("has %v at %d, want finite numbers", v, i)}
		}
	}
	for i, b := range p.Blocks {
		field := fmt.Sprintf("Blocks[%d]", i)
		if b.Offset < 0 || b.Rows < 0 || b.Cols < 0 || b.Offset > len(p.X) ||
			b.Rows > (len(p.X)-b.Offset)/max(b.Cols, 1) {
			return &ProblemError{field, fmt.Sprintf("lies outside X: %d rows and %d columns from %d on, of %d elements", b.Rows, b.Cols, b.Offset, len(p.X))}
		}
		for k, c := range p.Blocks[:i] {
			if b.size() > 0 && c.size() > 0 && b.Offset < c.Offset+c.size() && c.Offset < b.Offset+b.size() {
				return &ProblemError{field, fmt.Sprintf("overlaps Blocks[%d], which goes from %d to %d", k, c.Offset, c.Offset+c.size()-1)}
			}
		}
	}
	for _, s := range []struct {
		field string
		value []float64
	}{{"Lower", p.Lower}, {"Upper", p.Upper}, {"Scale", p.Scale}} {
		if s.value != nil && len(s.value) != len(p.X) {
			return &ProblemError{s.field, fmt.Sprintf("has %d elements, want %d, as X", len(s.value), len(p.X))}
		}
	}
	for i, v := range p.X {
		switch {
		case !p.contains(i, v):
			return &ProblemError{"X", fmt.Sprintf("has %v at %d, outside of Lower and Upper", v, i)}
		case p.Scale != nil && !(p.Scale[i] >= 0):
			return &ProblemError{"Scale", fmt.Sprintf("has %v at %d, want at least 0", p.Scale[i], i)}
		}
	}
	if p.PartGrad != nil && len(p.Parts) == 0 {
		return &ProblemError{"PartGrad", "is given without Parts: give both or neither"}
	}
	for i, f := range p.Parts {
		if f == nil {
			return &ProblemError{fmt.Sprintf("Parts[%d]", i), "is nil, want the function of a part"}
		}
	}
	return nil
}

// contains reports whether the domain has v for element i of x.
func (p *Problem) contains(i int, v float64) bool {
	return (p.Lower == nil || p.Lower[i] <= v) && (p.Upper == nil || v <= p.Upper[i])
}
