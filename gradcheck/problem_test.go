package gradcheck_test

import (
	"errors"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone/gradcheck"
)

func TestProblemErrors(t *testing.T) {
	for want, change := range map[string]func(p *gradcheck.Problem, s *gradcheck.Settings){
		"gradcheck: Func is nil, want the function whose gradient Grad says it is":           func(p *gradcheck.Problem, _ *gradcheck.Settings) { p.Func = nil },
		"gradcheck: Grad is nil, want the gradient to be checked":                            func(p *gradcheck.Problem, _ *gradcheck.Settings) { p.Grad = nil },
		"gradcheck: X is empty, want the point to check at":                                  func(p *gradcheck.Problem, _ *gradcheck.Settings) { p.X = nil },
		"gradcheck: X has NaN at 1, want finite numbers":                                     func(p *gradcheck.Problem, _ *gradcheck.Settings) { p.X = []float64{0, math.NaN()} },
		"gradcheck: Blocks[0] lies outside X: 5 rows and 0 columns from 0 on, of 4 elements": func(p *gradcheck.Problem, _ *gradcheck.Settings) { p.Blocks = []gradcheck.Block{{Rows: 5}} },
		"gradcheck: Blocks[1] lies outside X: 2147483647 rows and 2 columns from 0 on, of 4 elements": func(p *gradcheck.Problem, _ *gradcheck.Settings) {
			p.Blocks = []gradcheck.Block{{Rows: 1}, {Rows: math.MaxInt32, Cols: 2}}
		},
		"gradcheck: Blocks[1] overlaps Blocks[0], which goes from 0 to 2": func(p *gradcheck.Problem, _ *gradcheck.Settings) {
			p.Blocks = []gradcheck.Block{{Rows: 3}, {Offset: 2, Rows: 1}}
		},
		"gradcheck: Lower has 1 elements, want 4, as X": func(p *gradcheck.Problem, _ *gradcheck.Settings) { p.Lower = []float64{0} },
		"gradcheck: Upper has 0 elements, want 4, as X": func(p *gradcheck.Problem, _ *gradcheck.Settings) { p.Upper = []float64{} },
		"gradcheck: X has -1.2 at 0, outside of Lower and Upper": func(p *gradcheck.Problem, _ *gradcheck.Settings) {
			p.Lower = []float64{0, 0, 0, -1}
		},
		"gradcheck: X has 1 at 1, outside of Lower and Upper": func(p *gradcheck.Problem, _ *gradcheck.Settings) {
			p.Upper = []float64{0, math.NaN(), 0, 1}
		},
		"gradcheck: Scale has -1 at 2, want at least 0":                    func(p *gradcheck.Problem, _ *gradcheck.Settings) { p.Scale = []float64{0, 0, -1, 0} },
		"gradcheck: PartGrad is given without Parts: give both or neither": func(p *gradcheck.Problem, _ *gradcheck.Settings) { p.PartGrad = func(_, _ []float64, _ int) {} },
		"gradcheck: Parts[0] is nil, want the function of a part":          func(p *gradcheck.Problem, _ *gradcheck.Settings) { p.Parts = make([]func([]float64) float64, 1) },
		"gradcheck: Big is nil in the mode Certified: give it, or take the mode Entries": func(_ *gradcheck.Problem, s *gradcheck.Settings) {
			s.Mode = gradcheck.Certified
		},
		"gradcheck: Complex is nil in the mode ComplexStep: give it, or take the mode Entries": func(_ *gradcheck.Problem, s *gradcheck.Settings) {
			s.Mode = gradcheck.ComplexStep
		},
		"gradcheck: Mode is 9, want one of the modes Auto to ComplexStep":                  func(_ *gradcheck.Problem, s *gradcheck.Settings) { s.Mode = 9 },
		"gradcheck: MaxEntries is -1, want at least 1, or 0 for all":                       func(_ *gradcheck.Problem, s *gradcheck.Settings) { s.MaxEntries = -1 },
		"gradcheck: PerBlock is -1, want at least 1, or 0 for the default":                 func(_ *gradcheck.Problem, s *gradcheck.Settings) { s.PerBlock = -1 },
		"gradcheck: Resolution is -1, want a number between 0 and 1, or 0 for the default": func(_ *gradcheck.Problem, s *gradcheck.Settings) { s.Resolution = -1 },
	} {
		p, s := rosenbrock, &gradcheck.Settings{}
		change(&p, s)
		r, err := gradcheck.Check(p, s)
		assert.Nil(t, r)
		assert.EqualError(t, err, want)
		var problem *gradcheck.ProblemError
		assert.True(t, errors.As(err, &problem))
	}
}

// Blocks may be empty, be named "x", and come in any order.
func TestOddBlocks(t *testing.T) {
	p := rosenbrock
	p.Blocks = []gradcheck.Block{{Name: "empty", Offset: 1, Cols: 3}, {Name: "x", Offset: 2, Rows: 1, Cols: 2}}
	r := run(t, p)
	assert.Equal(t, gradcheck.Pass, r.Verdict)
	var names []string
	for _, e := range r.Entries {
		names = append(names, e.Name)
	}
	assert.Equal(t, []string{"x[0]", "x[1]", "x[0,0]", "x[0,1]"}, names)
	assert.Equal(t, gradcheck.Entry{}, (&gradcheck.Report{}).Worst())

	p.Lower, p.Upper = []float64{-9, 1, -9, -9}, []float64{9, 1, 9, 9} // x[1] cannot move
	r, err := gradcheck.Check(p, &gradcheck.Settings{Mode: gradcheck.Directions})
	require.NoError(t, err)
	assert.Equal(t, gradcheck.Pass, r.Verdict, "%v", r)
}

// What is just inside of the limits is a Problem, and what is just outside is none.
func TestProblemLimits(t *testing.T) {
	block := func(offset, rows, cols int) gradcheck.Block {
		return gradcheck.Block{Name: "W", Offset: offset, Rows: rows, Cols: cols}
	}
	big := math.MaxFloat64
	for name, c := range map[string]struct {
		change func(p *gradcheck.Problem)
		field  string // "" for none that is wrong
	}{
		"all of X":              {func(p *gradcheck.Problem) { p.Blocks = []gradcheck.Block{block(0, 4, 0)} }, ""},
		"all of X, as a matrix": {func(p *gradcheck.Problem) { p.Blocks = []gradcheck.Block{block(0, 2, 2)} }, ""},
		"one too many":          {func(p *gradcheck.Problem) { p.Blocks = []gradcheck.Block{block(1, 2, 2)} }, "Blocks[0]"},
		"the last":              {func(p *gradcheck.Problem) { p.Blocks = []gradcheck.Block{block(3, 1, 1)} }, ""},
		"nothing at the end":    {func(p *gradcheck.Problem) { p.Blocks = []gradcheck.Block{block(4, 0, 3)} }, ""},
		"nothing beyond":        {func(p *gradcheck.Problem) { p.Blocks = []gradcheck.Block{block(5, 0, 3)} }, "Blocks[0]"},
		"before X":              {func(p *gradcheck.Problem) { p.Blocks = []gradcheck.Block{block(-1, 2, 0)} }, "Blocks[0]"},
		"negative rows":         {func(p *gradcheck.Problem) { p.Blocks = []gradcheck.Block{block(1, -1, 0)} }, "Blocks[0]"},
		"negative columns":      {func(p *gradcheck.Problem) { p.Blocks = []gradcheck.Block{block(1, 1, -1)} }, "Blocks[0]"},
		"side by side":          {func(p *gradcheck.Problem) { p.Blocks = []gradcheck.Block{block(0, 2, 0), block(2, 2, 0)} }, ""},
		"the other way round":   {func(p *gradcheck.Problem) { p.Blocks = []gradcheck.Block{block(2, 2, 0), block(0, 2, 0)} }, ""},
		"one in both":           {func(p *gradcheck.Problem) { p.Blocks = []gradcheck.Block{block(0, 3, 0), block(2, 2, 0)} }, "Blocks[1]"},
		"one in both, reversed": {func(p *gradcheck.Problem) { p.Blocks = []gradcheck.Block{block(2, 2, 0), block(0, 3, 0)} }, "Blocks[1]"},
		"nothing in a block":    {func(p *gradcheck.Problem) { p.Blocks = []gradcheck.Block{block(0, 4, 0), block(2, 0, 0)} }, ""},
		"a block around none":   {func(p *gradcheck.Problem) { p.Blocks = []gradcheck.Block{block(2, 0, 0), block(0, 4, 0)} }, ""},
		"at its edges":          {func(p *gradcheck.Problem) { p.Lower, p.Upper = p.X, p.X }, ""},
		"Scale of 0":            {func(p *gradcheck.Problem) { p.Scale = make([]float64, 4) }, ""},
		"Scale of Inf":          {func(p *gradcheck.Problem) { p.Scale = []float64{0, 0, 0, math.Inf(1)} }, ""},
		"Scale of NaN":          {func(p *gradcheck.Problem) { p.Scale = []float64{0, 0, 0, math.NaN()} }, "Scale"},
		"the largest number":    {func(p *gradcheck.Problem) { p.X = []float64{big, -big, 1, 1} }, ""},
		"a larger one":          {func(p *gradcheck.Problem) { p.X = []float64{1, 1, 1, math.Inf(-1)} }, "X"},
	} {
		p := rosenbrock
		c.change(&p)
		_, err := gradcheck.Check(p, nil)
		if c.field == "" {
			assert.NoError(t, err, name)
			continue
		}
		var problem *gradcheck.ProblemError
		if assert.ErrorAs(t, err, &problem, name) {
			assert.Equal(t, c.field, problem.Field, name)
		}
	}
}
