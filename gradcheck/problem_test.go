package gradcheck_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone/gradcheck"
)

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

// So it is with Settings.
func TestSettingsLimits(t *testing.T) {
	for _, c := range []struct {
		s     gradcheck.Settings
		field string
	}{
		{gradcheck.Settings{Resolution: math.SmallestNonzeroFloat64}, ""},
		{gradcheck.Settings{Resolution: math.Nextafter(1, 0)}, ""},
		{gradcheck.Settings{Resolution: 1}, "Resolution"},
		{gradcheck.Settings{Resolution: math.NaN()}, "Resolution"},
		{gradcheck.Settings{PerBlock: 1}, ""},
		{gradcheck.Settings{MaxEntries: 1}, ""},
		{gradcheck.Settings{Mode: gradcheck.Auto}, ""},
		{gradcheck.Settings{Mode: gradcheck.ComplexStep}, "Complex"},
		{gradcheck.Settings{Mode: gradcheck.ComplexStep + 1}, "Mode"},
		{gradcheck.Settings{Mode: -1}, "Mode"},
	} {
		_, err := gradcheck.Check(rosenbrock, &c.s)
		if c.field == "" {
			assert.NoError(t, err, "%+v", c.s)
			continue
		}
		var problem *gradcheck.ProblemError
		if assert.ErrorAs(t, err, &problem, "%+v", c.s) {
			assert.Equal(t, c.field, problem.Field, "%+v", c.s)
		}
	}
}

// Auto takes directions from 2001 elements on, if MaxEntries does not limit them.
func TestAuto(t *testing.T) {
	for _, c := range []struct {
		n, limit int
		want     gradcheck.Mode
	}{{2000, 0, gradcheck.Entries}, {2001, 0, gradcheck.Directions}, {2001, 5, gradcheck.Entries}} {
		p := gradcheck.Problem{
			Func: func(x []float64) float64 { return x[0] },
			Grad: func(grad, _ []float64) { clear(grad); grad[0] = 1 },
			X:    make([]float64, c.n),
		}
		assert.Equal(t, c.want, runWith(t, p, gradcheck.Settings{MaxEntries: c.limit}).Mode, "%+v", c)
	}
}

// A sample has its share of each block, one entry at least, and is none where all entries
// are looked at.
func TestSampleSizes(t *testing.T) {
	p := long(40)
	p.Blocks = []gradcheck.Block{{Name: "W", Rows: 30}, {Name: "b", Offset: 30, Rows: 10}}
	for limit, want := range map[int][2]int{1: {1, 1}, 4: {3, 1}, 8: {6, 2}, 39: {29, 9}, 40: {30, 10}, 41: {30, 10}, 0: {30, 10}} {
		r := runWith(t, p, gradcheck.Settings{MaxEntries: limit})
		require.Equal(t, want, [2]int{r.Blocks[0].Checked, r.Blocks[1].Checked}, "%d", limit)
		for b, size := range []int{30, 10} {
			fraction := 0.0
			if want[b] < size {
				fraction = 1 - math.Pow(1e-3, 1/float64(want[b]))
			}
			assert.InDelta(t, fraction, r.Blocks[b].Fraction, 1e-12, "%d", limit)
		}
		for k := 1; k < len(r.Entries); k++ {
			assert.Less(t, r.Entries[k-1].Index, r.Entries[k].Index)
		}
	}
}
