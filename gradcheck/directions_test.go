package gradcheck_test

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"touchstone/gradcheck"
)

// A million parameters in less than 200 evaluations; and what is wrong is found.
func TestDirections(t *testing.T) {
	n := 1_000_000
	if testing.Short() {
		n /= 20
	}
	p := long(n)
	r := check(t, p)
	assert.Equal(t, gradcheck.Pass, r.Verdict, "%v", r)
	assert.Equal(t, gradcheck.Directions, r.Mode)
	assert.LessOrEqual(t, r.Evaluations, 200)
	assert.Len(t, r.Directions, 4)
	t.Logf("%d evaluations", r.Evaluations)
	for _, d := range r.Directions {
		assert.InDelta(t, 2, d.Order, 0.1, "%+v", d)
	}

	p = long(5001)
	assert.LessOrEqual(t, check(t, p).Evaluations-30, 30*2, "of two blocks")
	for name, c := range map[string]struct {
		change func(g, x []float64)
		wrong  int // an entry that must be among the failed ones
	}{
		"twice":        {func(g, _ []float64) { scale(g, 2) }, -1},
		"one entry":    {func(g, _ []float64) { g[1234] *= 2 }, 1234},
		"two swapped":  {func(g, _ []float64) { g[3000], g[4000] = g[4000], g[3000] }, -1},
		"one missing":  {func(g, _ []float64) { g[5000] = 0 }, 5000},
		"one NaN":      {func(g, _ []float64) { g[77] = math.NaN() }, 77},
		"block":        {func(g, _ []float64) { clear(g[2500:]) }, -1},
		"off by 1e-6":  {func(g, _ []float64) { scale(g, 1+1e-6) }, -1},
		"weight decay": {func(g, x []float64) { add(g, 1e-4, x) }, -1},
	} {
		r := check(t, with(p, c.change))
		assert.Equal(t, gradcheck.Fail, r.Verdict, "%s: %v", name, r)
		if c.wrong >= 0 {
			assert.True(t, slices.ContainsFunc(r.Entries, func(e gradcheck.Entry) bool {
				return e.Index == c.wrong && e.Verdict == gradcheck.Fail
			}), "%s: %v", name, r)
		}
	}
	r = check(t, with(p, func(g, _ []float64) { scale(g, 1.5) }))
	for _, d := range r.Directions {
		assert.InDelta(t, 1, d.Order, 0.1, "%+v", d)
	}
}

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
	assert.Equal(t, "the zero gradient is refused", r.Controls[0].String())
}

// Of several errors the search follows the larger half, and ends at one of them.
func TestDirectionsLocate(t *testing.T) {
	wrong := map[int]bool{7: true, 130: true, 210: true, 300: true, 391: true}
	p := with(long(800), func(g, _ []float64) {
		for i := range wrong {
			g[i] += 0.5
		}
	})
	for seed := range uint64(8) {
		r := runWith(t, p, gradcheck.Settings{Mode: gradcheck.Directions, Seed: seed})
		found := slices.ContainsFunc(r.Entries, func(e gradcheck.Entry) bool { return e.Verdict == gradcheck.Fail && wrong[e.Index] })
		assert.True(t, found, "seed %d", seed)
	}
}
