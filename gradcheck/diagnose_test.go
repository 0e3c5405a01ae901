package gradcheck

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Each mistake is called by its name.
func TestDiagnose(t *testing.T) {
	for _, m := range mistakes {
		for seed := range uint64(20) {
			noise := []float64{0, 1e-13, 1e-11, 1e-10}[seed%4]
			c := newTrial(seed, noise, shapes...)
			m.plant(c, c.block(c.a, m.block))
			causes := c.diagnose(m.block, m.parts)
			require.NotEmpty(t, causes, "%s, seed %d", m.name, seed)
			assert.Equal(t, m.kind, causes[0].Kind, "%s, seed %d: %+v", m.name, seed, causes)
			assert.Contains(t, causes[0].Text, m.text, "%s, seed %d", m.name, seed)
			if m.factor != 0 {
				assert.InDelta(t, m.factor, causes[0].Factor, 1e-6, m.name)
			}
		}
	}
}

// An explanation that fits all entries but one is none.
func TestDiagnoseAllEntries(t *testing.T) {
	for _, m := range mistakes {
		switch m.kind {
		case CauseState, CauseNotFinite, CauseSingle:
			continue // these hold whatever else is wrong
		}
		for seed := range uint64(20) {
			c := newTrial(seed, 1e-11, shapes...)
			a := c.block(c.a, m.block)
			m.plant(c, a)
			at := c.rnd.IntN(len(a))
			a[at] += 0.01 * (1 + math.Abs(a[at]))
			for _, cause := range c.diagnose(m.block, m.parts) {
				assert.Contains(t, []CauseKind{CauseSingle}, cause.Kind, "%s, seed %d: %s", m.name, seed, cause.Text)
			}
		}
	}
}

// What no explanation fits has none.
func TestDiagnoseDoesNotGuess(t *testing.T) {
	for name, plant := range map[string]func(c *trial, a []float64){
		"other numbers": func(c *trial, a []float64) { copy(a, c.normal(len(a))) },
		"errors of 1e-3": func(c *trial, a []float64) {
			for i := range a {
				a[i] *= 1 + 1e-3*c.rnd.NormFloat64()
			}
		},
		"errors of 1e-9": func(c *trial, a []float64) {
			for i := range a {
				a[i] *= 1 + 1e-9*c.rnd.NormFloat64()
			}
		},
		"errors like the bounds": func(c *trial, a []float64) {
			for i := range a {
				a[i] *= 1 + 8*c.noise*c.rnd.NormFloat64()
			}
		},
	} {
		seeds := uint64(100)
		if testing.Short() {
			seeds = 10
		}
		for seed := range seeds {
			for block := range shapes {
				for _, noise := range []float64{1e-11, 1e-4, 0.1} {
					c := newTrial(seed, noise, shapes...)
					plant(c, c.block(c.a, block))
					for _, cause := range c.diagnose(block, true) {
						assert.Equal(t, CauseSingle, cause.Kind, "%s, seed %d, block %d, noise %v: %s", name, seed, block, noise, cause.Text)
					}
				}
			}
		}
	}
}

// With little to go by, a cause is the right one or none, and with enough it is
// there. One entry is enough for the factors that everybody knows.
func TestDiagnoseSmallBlocks(t *testing.T) {
	for name, m := range map[string]struct {
		plant func(*trial, []float64)
		kind  CauseKind
		least int // entries that are enough
	}{
		"sign":        {times(-1), CauseFactor, 1},
		"samples":     {times(numSamples), CauseFactor, 1},
		"some factor": {times(1.2345), CauseFactor, 3},
		"decay":       {plus(0.01, func(t *trial) []float64 { return t.block(t.p.X, 0) }), CauseDecay, 2},
		"reversed":    {func(_ *trial, a []float64) { slices.Reverse(a) }, CausePermutation, 2},
		"sorted":      {func(_ *trial, a []float64) { slices.Sort(a) }, CausePermutation, 7},
		"other":       {func(c *trial, a []float64) { copy(a, c.normal(len(a))) }, "", 100},
	} {
		for seed := range uint64(300) {
			rnd := rand.New(rand.NewPCG(seed, 2))
			b := Block{Name: "W", Rows: 1 + rnd.IntN(4), Cols: rnd.IntN(4)}
			c := newTrial(seed, 1e-11, b, Block{Name: "b", Rows: 1 + rnd.IntN(4)})
			m.plant(c, c.block(c.a, 0))
			if slices.Equal(c.a, c.truth) || b.Rows == 2 && b.Cols == 2 && m.kind == CausePermutation {
				continue // nothing planted, or what is also the transpose
			}
			causes := c.diagnose(0, false)
			what := fmt.Sprintf("%s, seed %d, %d×%d: %+v", name, seed, b.Rows, b.Cols, causes)
			if b.size() >= m.least {
				require.NotEmpty(t, causes, what)
			}
			if len(causes) > 0 && causes[0].Kind != CauseSingle {
				assert.Equal(t, m.kind, causes[0].Kind, what)
			}
		}
	}
}

// A sample shows what holds for all entries, and nothing that depends on their
// places.
func TestDiagnoseSample(t *testing.T) {
	for name, c := range map[string]struct {
		plant func(*trial, []float64)
		kind  CauseKind
	}{
		"twice":      {times(2), CauseFactor},
		"decay":      {plus(0.01, func(t *trial) []float64 { return t.block(t.p.X, w2) }), CauseDecay},
		"float32":    {rounds(24), CauseFloat32},
		"transposed": {from(func(k int) int { return k%6*5 + k/6 }), ""},
		"one entry":  {func(_ *trial, a []float64) { a[4] *= 2 }, CauseSingle},
	} {
		trial := newTrial(1, 1e-12, shapes...)
		c.plant(trial, trial.block(trial.a, w2))
		trial.edit = func(r *Report) {
			r.Entries = slices.DeleteFunc(r.Entries, func(e Entry) bool { return e.Index%2 == 0 })
		}
		causes := trial.diagnose(w2, true)
		if c.kind == "" {
			assert.Empty(t, causes, name)
			continue
		}
		require.NotEmpty(t, causes, name)
		assert.Equal(t, c.kind, causes[0].Kind, name)
		if c.kind == CauseSingle {
			assert.Contains(t, causes[0].Text, "of the 15 entries looked at, only W2[0,4] is wrong")
		}
	}
}

// Entries of which nothing is known do not stand in the way of a cause, but give no
// evidence either.
func TestDiagnoseUnknownEntries(t *testing.T) {
	for known, want := range map[int]int{12: 1, 3: 1, 0: 0} {
		trial := newTrial(1, 1e-12, shapes...)
		times(-1)(trial, trial.block(trial.a, w0))
		trial.edit = func(r *Report) {
			for k := known; k < 12; k++ {
				e := &r.Entries[k]
				e.Numeric, e.Bound, e.MinDetectable = math.NaN(), math.Inf(1), math.Inf(1)
				if known > 0 {
					e.Verdict = Inconclusive
				}
			}
		}
		causes := trial.diagnose(w0, true)
		assert.Len(t, causes, want, "%d known: %+v", known, causes)
	}
}

// Parts that are of no use are as good as none. So is a block without wrong
// entries: it is a direction that failed.
func TestDiagnoseUselessParts(t *testing.T) {
	trial := newTrial(1, 1e-12, shapes...)
	weigh(w2, 1, 0, 1)(trial, trial.block(trial.a, w2))
	var r *Report
	trial.edit = func(found *Report) { r = found }
	require.NotEmpty(t, trial.diagnose(w2, true))
	for name, parts := range map[string][][]float64{
		"none": {}, "not finite": {slices.Repeat([]float64{math.NaN()}, 30)},
		"zero": {make([]float64, 30), make([]float64, 30)},
	} {
		numeric := func([]Entry) (list []quantity) {
			for _, values := range parts {
				list = append(list, quantity{values, make([]float64, len(values))})
			}
			return list
		}
		assert.Empty(t, diagnose(&trial.p, r, w2, terms{numeric: numeric}), name)
	}
	assert.Empty(t, diagnose(&trial.p, r, w0, terms{numeric: func([]Entry) []quantity { panic("not to be called") }}))
}

// A block that is a vector of two elements tells too little alone. With the matrix of as
// many rows it does, even where that has weight decay, which the vector has not.
func TestDiagnoseUnitDecay(t *testing.T) {
	for seed := range uint64(20) {
		c := newTrial(seed, 1e-12, Block{Name: "W", Rows: 2, Cols: 5}, Block{Name: "b", Rows: 2})
		decayed(0, everywhere(times(1.2345), 0, 1))(c, nil)
		causes := c.diagnose(1, false)
		require.NotEmpty(t, causes, "seed %d", seed)
		assert.Equal(t, CauseFactor, causes[0].Kind)
		assert.Equal(t, "apart from weight decay, it is 1.2345 times what it should be", causes[0].Text)
		assert.InDelta(t, 1.2345, causes[0].Factor, 1e-6)

		// Unless only a sample of the matrix is there: which rows belong together is not known.
		c.edit = func(r *Report) { r.Entries = slices.Delete(r.Entries, 3, 4) }
		assert.Empty(t, c.diagnose(1, false), "seed %d", seed)
	}
}

// Another block of which nothing is known explains nothing.
func TestDiagnoseUnknownStranger(t *testing.T) {
	for unknown, want := range map[int]int{w0: 0, w1: 1} {
		c := newTrial(1, 1e-12, shapes...)
		w := c.block(c.truth, w0)
		copy(c.block(c.a, b0), []float64{w[1], w[5], w[9]})
		c.edit = func(r *Report) {
			for i := range r.Entries {
				if e := &r.Entries[i]; e.Block == unknown {
					e.Verdict, e.Numeric, e.Bound = Inconclusive, math.NaN(), math.Inf(1)
				}
			}
		}
		assert.Len(t, c.diagnose(b0, false), want)
	}
}

// It does not matter how large a gradient is: what is known of it is relative.
func TestDiagnoseScales(t *testing.T) {
	for _, size := range []float64{1e-12, 1e-6, 1e6, 1e12} {
		for seed := range uint64(10) {
			c := newTrial(seed, 0, shapes...)
			for _, g := range append(c.sample, c.truth, c.a) {
				times(size)(c, g)
			}
			times(2)(c, c.block(c.a, w0))
			for k, a := range c.normal(len(c.block(c.a, w2))) {
				c.block(c.a, w2)[k] = size * a
			}
			causes := c.diagnose(w0, true)
			require.NotEmpty(t, causes, "%v, seed %d", size, seed)
			assert.Equal(t, 2., causes[0].Factor)
			assert.Empty(t, c.diagnose(w2, true), "%v, seed %d", size, seed)
		}
	}
}

// Two errors that cancel, as those of a softmax do, are not taken for entries that have
// changed places: any two such are that, but for some weight decay.
func TestDiagnoseErrorsThatCancel(t *testing.T) {
	for seed := range uint64(20) {
		c := newTrial(seed, 1e-12, shapes...)
		a := c.block(c.a, w0)
		a[1] += 0.3
		a[10] -= 0.3
		causes := c.diagnose(w0, false)
		require.Len(t, causes, 1, "seed %d", seed)
		assert.Equal(t, CauseSingle, causes[0].Kind)
		assert.Equal(t, "only 2 of 12 entries are wrong, the first is W0[0,1]", causes[0].Text)
	}
}
