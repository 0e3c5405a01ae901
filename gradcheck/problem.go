package gradcheck

import (
	"math"
	"strconv"
)

// A Problem is a function, the gradient somebody derived for it, and the point
// at which the two are compared.
type Problem struct {
	// Func is the function. It must not modify x. Changes of its value below about
	// 1e-31 count as noise: multiply a function of such a scale by a constant.
	Func func(x []float64) float64
	// Grad stores the gradient to be checked in grad, overwriting all of it. It
	// must not modify x.
	Grad func(grad, x []float64)
	// X is the point. It is not modified: Func and Grad are given a copy.
	X []float64

	// Blocks, if given, divide X into named matrices, for the report.
	Blocks []Block
	// Name, if given, names the entry i of X. It wins over Blocks.
	Name func(i int) string
}

// A Block names the part of X that holds a matrix, row by row.
type Block struct {
	Name       string
	Offset     int // of the first element in X
	Rows, Cols int // Cols 0 is a vector of Rows elements
}

func (b Block) size() int { return b.Rows * max(b.Cols, 1) }

// name returns what the report calls entry i.
func (p *Problem) name(i int) string {
	if p.Name != nil {
		return p.Name(i)
	}
	for _, b := range p.Blocks {
		k := i - b.Offset
		switch {
		case k < 0 || k >= b.size():
		case b.Cols == 0:
			return b.Name + "[" + strconv.Itoa(k) + "]"
		default:
			return b.Name + "[" + strconv.Itoa(k/b.Cols) + "," + strconv.Itoa(k%b.Cols) + "]"
		}
	}
	return "x[" + strconv.Itoa(i) + "]"
}

// A ProblemError reports a Problem or Settings that cannot be checked.
type ProblemError struct {
	Field  string // of Problem or Settings
	Reason string
}

func (e *ProblemError) Error() string { return "gradcheck: " + e.Field + " " + e.Reason }

func (p *Problem) validate() error {
	switch {
	case p.Func == nil:
		return &ProblemError{"Func", "is nil"}
	case p.Grad == nil:
		return &ProblemError{"Grad", "is nil"}
	case len(p.X) == 0:
		return &ProblemError{"X", "is empty"}
	}
	for i, v := range p.X {
		if !isFinite(v) {
			return &ProblemError{"X", "has " + strconv.FormatFloat(v, 'g', -1, 64) + " at " + strconv.Itoa(i)}
		}
	}
	for i, b := range p.Blocks {
		if b.Offset < 0 || b.Rows < 0 || b.Cols < 0 || b.Offset > len(p.X) ||
			b.Rows > (len(p.X)-b.Offset)/max(b.Cols, 1) {
			return &ProblemError{"Blocks[" + strconv.Itoa(i) + "]", "lies outside X"}
		}
	}
	return nil
}

func isFinite(v float64) bool { return math.Abs(v) <= math.MaxFloat64 }
