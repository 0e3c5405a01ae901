package gradcheck_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"touchstone/gradcheck"
)

// A derivative that the remainder does not bear out is no pass: here x^1.48 is left.
func TestDirectionsRemainder(t *testing.T) {
	p := scalar(func(x float64) float64 { return x + math.Pow(x, 1.48) }, func(float64) float64 { return 1 }, 0)
	p.Lower, p.Upper = []float64{0}, []float64{9}
	r := runWith(t, p, gradcheck.Settings{Mode: gradcheck.Directions})
	assert.Equal(t, gradcheck.Inconclusive, r.Verdict, "%v", r)
	assert.Equal(t, "the Taylor remainder does not fall with the square of the step", r.Directions[0].Reason)
}

// Where half of a direction cannot be differenced, the search for what is wrong ends,
// and the entries of the sample tell.
func TestDirectionsDeadEnd(t *testing.T) {
	p := gradcheck.Problem{
		Func: func(x []float64) float64 {
			if math.Abs(x[1]) < 0.2*math.Abs(x[0]) {
				return math.NaN()
			}
			return x[0] + x[1]
		},
		Grad: func(grad, x []float64) { grad[0], grad[1] = 2, 2 },
		X:    []float64{0, 0},
	}
	r := runWith(t, p, gradcheck.Settings{Mode: gradcheck.Directions})
	assert.Equal(t, gradcheck.Fail, r.Verdict)
	assert.Equal(t, gradcheck.Inconclusive, r.Entries[0].Verdict, "%v", r)
	assert.Equal(t, gradcheck.Fail, r.Entries[1].Verdict, "%v", r)
}

// Along a direction, a right gradient may be off by what Scale allows its elements.
func TestDirectionsScale(t *testing.T) {
	p := rosenbrock
	p.Scale = []float64{1e9, 1e9, 1e9, 1e9} // about 1e-7 each
	for off, want := range map[float64]gradcheck.Verdict{0: gradcheck.Pass, 1e-7: gradcheck.Pass, 1e-5: gradcheck.Fail} {
		q := with(p, func(g, _ []float64) {
			for i := range g {
				g[i] += off
			}
		})
		r := runWith(t, q, gradcheck.Settings{Mode: gradcheck.Directions})
		assert.Equal(t, want, r.Verdict, "%v: %v", off, r)
	}
}

// A control that no direction can refuse makes the report say so: here what is permuted
// is the gradient of elements that cannot move.
func TestDirectionsControls(t *testing.T) {
	p := gradcheck.Problem{
		Func:  func(x []float64) float64 { return x[0] + x[1] + 5*x[2] },
		Grad:  func(grad, _ []float64) { grad[0], grad[1], grad[2] = 1, 1, 5 },
		X:     []float64{1, 2, 3},
		Lower: []float64{0, 2, 3},
		Upper: []float64{2, 2, 3},
	}
	r := runWith(t, p, gradcheck.Settings{Mode: gradcheck.Directions})
	assert.Equal(t, []gradcheck.Control{{Name: "zero", Refused: true}, {Name: "negated", Refused: true},
		{Name: "doubled", Refused: true}, {Name: "permuted", Refused: false}}, r.Controls)
	assert.Equal(t, gradcheck.Inconclusive, r.Verdict)
	assert.Equal(t, []string{"the permuted gradient would not have failed either"}, r.Remarks)
	assert.Zero(t, r.Undecided)
}
