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
