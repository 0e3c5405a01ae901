package gradcheck

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The weights of parts are told as they are, and those near 1 not at all: rounding and
// approximations make such, too.
func TestDiagnoseWeights(t *testing.T) {
	for text, weights := range map[string][]float64{
		"the gradient of part 1 of 3 counts 1.5 times":                         {1, 1.5, 1},
		"the gradient of part 0 of 3 counts -1 times":                          {-1, 1, 1},
		"the parts have wrong weights, from 0 to 3 times the right ones":       {0, 0.5, 3},
		"it is 0.333333 times the gradient of part 1 of 3 alone":               {0, 1, 0},
		"the gradient of part 0 of 3 is missing":                               {0, 1, 1},
		"it is 1 times the gradient of part 1 of 3 alone":                      {0, 3, 0},
		"the parts have wrong weights, from 0.999 to 1.5 times the right ones": {0.999, 1.5, 1.4},
		"the parts have wrong weights, from -1 to 1.0001 times the right ones": {-1, 1.0001, 0.5},
		"": {1.01, 0.99, 1.02},
	} {
		for seed := range uint64(5) {
			c := newTrial(seed, 1e-12, shapes...)
			weigh(w2, weights...)(c, c.block(c.a, w2))
			causes := c.diagnose(w2, true)
			if text == "" {
				assert.Empty(t, causes, "seed %d", seed)
				continue
			}
			require.NotEmpty(t, causes, text)
			assert.Equal(t, CausePart, causes[0].Kind, text)
			assert.Contains(t, causes[0].Text, text)
		}
	}
}

// Entries that are exactly 0 for all parts, as those of a dead input are where the
// derivatives are exact, neither explain anything nor stand in the way.
func TestDiagnoseExactZeros(t *testing.T) {
	for seed := range uint64(5) {
		c := newTrial(seed, 0, shapes...)
		for _, g := range append(c.sample, c.truth) {
			for j := range 6 {
				c.block(g, w2)[5*j+2] = 0
			}
		}
		weigh(w2, 0.5, 2, 3)(c, c.block(c.a, w2))
		causes := c.diagnose(w2, true)
		require.NotEmpty(t, causes)
		assert.Equal(t, "the parts have wrong weights, from 0.5 to 3 times the right ones", causes[0].Text)
	}
}

// A function is the sum of its parts or their mean, with or without weight decay, and the
// weight of each is told from that; what is not known of it does not matter.
func TestPartsWeight(t *testing.T) {
	for seed := range uint64(10) {
		for _, decay := range []float64{0, 0.3} {
			for weight, times := range map[float64]float64{1. / numSamples: 1, 1: numSamples} {
				c := newTrial(seed, 1e-11, shapes...)
				for i := range c.truth {
					c.truth[i] = times*c.truth[i] + decay*c.p.X[i]
				}
				copy(c.a, c.truth)
				plus(weight, func(t *trial) []float64 { return t.block(t.sample[1], w2) })(c, c.block(c.a, w2))
				c.edit = func(r *Report) {
					e := &r.Entries[len(r.Entries)-5]
					e.Verdict, e.Numeric, e.Bound = Inconclusive, 1e9, math.Inf(1)
				}
				causes := c.diagnose(w2, true)
				require.NotEmpty(t, causes)
				assert.Equal(t, "the gradient of part 1 of 3 counts twice", causes[0].Text)
				assert.InDelta(t, weight, causes[0].Factor, 1e-6)
			}
		}
	}
}

// Each part has a factor of its own in each row, even if that is not far from 1.
func TestDiagnosePartLines(t *testing.T) {
	for seed := range uint64(5) {
		for near, want := range map[float64]int{0.1: 1, 0.01: 0} {
			c := newTrial(seed, 1e-12, shapes...)
			a := c.block(c.a, w2)
			clear(a)
			for s := range numSamples {
				for j := range 6 {
					factor := 1 + near*(1+c.rnd.Float64())
					for k := range 5 {
						a[5*j+k] += factor * c.block(c.sample[s], w2)[5*j+k] / numSamples
					}
				}
			}
			causes := c.diagnose(w2, true)
			assert.Len(t, causes, want, "seed %d, %v", seed, near)
			for _, cause := range causes {
				assert.Contains(t, cause.Text, "each part has a factor of its own in each row")
			}
		}
	}
}

// The weight of a part that is missing is told even where it is one of very many, and but
// for weight decay that is wrong, too.
func TestDiagnoseSmallWeight(t *testing.T) {
	const weight = 1e-4
	c := newTrial(1, 0, Block{Name: "W", Rows: 4, Cols: 4})
	part := quantity{c.normal(16), make([]float64, 16)}
	for k := range c.a {
		c.a[k] += 0.3*c.p.X[k] - weight*part.value[k]
	}
	var r *Report
	c.edit = func(found *Report) { r = found }
	c.diagnose(0, false)
	causes := newSuspect(&c.p, r, 0).weights([]quantity{part}, weight)
	require.NotEmpty(t, causes)
	assert.Equal(t, "the gradient of part 0 of 1 is missing, but for weight decay", causes[0].Text)
}

// Where a part is missing and only a row shows it, both are told.
func TestDiagnosePartOfRow(t *testing.T) {
	c := newTrial(1, 1e-12, shapes...)
	s := c.block(c.sample[1], w0)
	clear(s[4:])
	t0 := c.block(c.truth, w0)
	clear(t0)
	for _, g := range c.sample {
		for k, v := range c.block(g, w0) {
			t0[k] += v / numSamples
		}
	}
	weigh(w0, 1, 0, 1)(c, c.block(c.a, w0))
	causes := c.diagnose(w0, true)
	require.Len(t, causes, 2)
	assert.Equal(t, "the gradient of part 1 of 3 is missing", causes[0].Text)
	assert.Contains(t, causes[1].Text, "only row 0 is wrong")
}

// A vector has no columns, and parts of which some are sums of others explain no more of it
// than they would of three other numbers.
func TestDiagnoseDependentParts(t *testing.T) {
	for seed := range uint64(5) {
		c := newTrial(seed, 1e-12, Block{Name: "b", Rows: 3})
		for k := range c.truth {
			c.sample[2][k] = c.sample[0][k] + c.sample[1][k]
			c.truth[k] = 2 * c.sample[2][k] / numSamples
		}
		weigh(0, 0.5, 2, 1)(c, c.a)
		assert.Empty(t, c.diagnose(0, true), "seed %d", seed)
	}
}
