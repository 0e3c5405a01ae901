package gradcheck_test

import (
	"fmt"
	"math"
	"strings"

	"touchstone/gradcheck"
)

// In a test, one call. Here t is not a *testing.T but prints the first line of what it
// is told.
func ExampleAssert() {
	var t firstLine
	p := gradcheck.Problem{
		Func: func(x []float64) float64 { return x[0] * math.Sin(x[1]) },
		Grad: func(grad, x []float64) {
			grad[0] = math.Sin(x[1])
			grad[1] = x[0] * math.Cos(x[1])
		},
		X: []float64{2, 0.5},
	}
	gradcheck.Assert(t, p, nil) // says nothing

	p.Grad = func(grad, x []float64) {
		grad[0] = math.Sin(x[1])
		grad[1] = -x[0] * math.Cos(x[1])
	}
	gradcheck.Assert(t, p, nil)
	// Output:
	// gradcheck: FAIL: 1 of 2 entries wrong, 0 inconclusive
}

type firstLine struct{}

func (firstLine) Helper() {}

func (firstLine) Errorf(format string, args ...any) {
	line, _, _ := strings.Cut(fmt.Sprintf(format, args...), "\n")
	fmt.Println(line)
}

// The squared error of a sigmoid neuron, with a gradient that forgot that its
// loss has no ½.
func ExampleCheck() {
	sigmoid := func(z float64) float64 { return 1 / (1 + math.Exp(-z)) }
	r, err := gradcheck.Check(gradcheck.Problem{
		Func: func(x []float64) float64 {
			d := sigmoid(x[0]+3*x[1]) - 1
			return d * d
		},
		Grad: func(grad, x []float64) {
			p := sigmoid(x[0] + 3*x[1])
			grad[0] = (p - 1) * p * (1 - p)
			grad[1] = 3 * grad[0]
		},
		X:      []float64{-0.5, 0.25},
		Blocks: []gradcheck.Block{{Name: "b", Rows: 1}, {Name: "W", Offset: 1, Rows: 1, Cols: 1}},
	}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	worst := r.Worst()
	fmt.Printf("%v: %s: analytic %.6f, numeric %.6f, ratio %.6f\n",
		r.Verdict, worst.Name, worst.Analytic, worst.Numeric, worst.Ratio())
	// Output:
	// FAIL: b[0]: analytic -0.107763, numeric -0.215527, ratio 0.500000
}
