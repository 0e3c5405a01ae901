package gradcheck

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// A factor is called by an integer, or by one over an integer, up to 1000 and within
// rounding.
func TestFactorText(t *testing.T) {
	for r, want := range map[float64]string{
		3:                       "3 times what it should be",
		-3:                      "-3 times what it should be",
		1000:                    "1000 times what it should be",
		1000 * (1 + 8e-10):      "1000 times what it should be",
		1. / 1000 * (1 + 8e-10): "1/1000 of what it should be",
		1. / 1001 * (1 + 8e-10): "0.0009990009998 times what it should be",
		-1000:                   "-1000 times what it should be",
		1001 * (1 + 8e-10):      "1001.000001 times what it should be",
		1. / 1000:               "1/1000 of what it should be",
		-1. / 7:                 "-1/7 of what it should be",
		1. / 1001:               "0.000999000999 times what it should be",
		2. / 3:                  "0.6666666667 times what it should be",
		3 * (1 + 9e-10):         "3 times what it should be",
		3 * (1 + 3e-9):          "3.000000009 times what it should be",
		3 * (1 - 3e-9):          "2.999999991 times what it should be",
		1. / 7 * (1 + 9e-10):    "1/7 of what it should be",
		1. / 7 * (1 + 3e-9):     "0.1428571433 times what it should be",
	} {
		assert.Equal(t, want, factorText(r), "%v", r)
	}
}

// Of long vectors the rotations that are likely are tried, to either side.
func TestRotations(t *testing.T) {
	assert.Empty(t, rotations(1))
	assert.Equal(t, []int{1, 2, 3, 4}, rotations(5))
	assert.Len(t, rotations(129), 128)
	list := rotations(1000)
	assert.Len(t, list, 128)
	assert.Equal(t, []int{1, 64, 936, 999}, []int{list[0], list[63], list[64], list[127]})
	for by, want := range map[int]string{1: "its elements are rotated by 1", 299: "its elements are rotated by 299", 64: "its elements are rotated by 64", 100: "it has the right numbers in another order"} {
		c := newTrial(1, 1e-9, Block{Name: "b", Rows: 300})
		for k := range c.a {
			c.a[k] = c.truth[(k+by)%300]
		}
		causes := c.diagnose(0, false)
		assert.Len(t, causes, 1)
		assert.Equal(t, want, causes[0].Text)
	}
}

// Parts that count a little other than once are told by how much.
func TestTimesText(t *testing.T) {
	for times, want := range map[float64]string{
		0: "is missing", 9e-7: "is missing", -9e-7: "is missing", 2e-6: "counts 2e-06 times",
		2: "counts twice", 2 + 9e-7: "counts twice", 2 - 9e-7: "counts twice", 2 + 2e-5: "counts 2.00002 times", -1: "counts -1 times",
	} {
		assert.Equal(t, want, timesText(times), "%v", times)
	}
}

// Factors are near 1 if most of those that are not 1 are within 1/32 of it.
func TestAreNearOne(t *testing.T) {
	for _, c := range []struct {
		factors []float64
		want    bool
	}{
		{[]float64{1, 1, 1}, true},
		{[]float64{1 + 9e-7, 1 - 9e-7}, true},
		{[]float64{1, 1, 1, 3}, false},
		{[]float64{1.03, 0.97, 3}, true},
		{[]float64{1.03, 3, 3}, false},
		{[]float64{1 + 0x1p-5}, false},
		{[]float64{1 - 0x1p-5}, false},
		{[]float64{1 - 0x1p-5 + 0x1p-53, 1}, true},
		{[]float64{-1, 1}, false},
	} {
		assert.Equal(t, c.want, areNearOne(c.factors), "%v", c.factors)
	}
}

// The factors of lines that are all the same are one factor, and lines of which none is
// known have none.
func TestLineCause(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		factors []float64
		kind    CauseKind
		text    string
	}{
		{[]float64{3, nan, 3}, CauseFactor, "it is 3 times what it should be"},
		{[]float64{3, 3 + 1e-6}, CauseFactor, "it is 3.000001 times what it should be"},
		{[]float64{3, 3 + 3e-6}, CauseDerivative, "from 3 to 3.000003"},
		{[]float64{-1, -1}, CauseFactor, "it is -1 times what it should be"},
		{[]float64{0.5, inf}, CauseDerivative, "from 0.5 to +Inf"},
		{[]float64{1, 1.01}, "", ""},
		{[]float64{nan, nan}, "", ""},
		{nil, "", ""},
	} {
		causes := lineCause(c.factors, "from %.9g to %.9g")
		if c.kind == "" {
			assert.Empty(t, causes, "%v", c.factors)
			continue
		}
		if assert.Len(t, causes, 1, "%v", c.factors) {
			assert.Equal(t, c.kind, causes[0].Kind)
			assert.Equal(t, c.text, causes[0].Text)
		}
	}
}

// Weights of parts are told from one factor of all, and from parts that are missing.
func TestWeightsCause(t *testing.T) {
	for _, c := range []struct {
		excess []float64 // weights less 1/3 each
		kind   CauseKind
		text   string
	}{
		{[]float64{1, 1, 1}, CauseFactor, "apart from weight decay, it is 4 times what it should be, as others are"},
		{[]float64{1, 1, 1 + 1e-7}, CauseFactor, "apart from weight decay, it is 4.0000003 times what it should be, as others are"},
		{[]float64{1, 1, 1 + 5e-7}, CauseFactor, "apart from weight decay, it is 4.0000015 times what it should be, as others are"}, // a millionth of 3
		{[]float64{1, 1, 1 + 1.3e-6}, CausePart, "the parts have wrong weights, from 4 to 4.0000039 times the right ones"},
		{[]float64{1, 1, 1 + 1e-5}, CausePart, "the parts have wrong weights, from 4 to 4.00003 times the right ones"},
		{[]float64{-1. / 3, 0, 0}, CausePart, "of the 3 parts, the gradients of these are missing: 0"},
		{[]float64{-1. / 3, 0, -1. / 3}, CausePart, "of the 3 parts, the gradients of these are missing: 0, 2"},
		{[]float64{-1. / 3, -1. / 3, -1. / 3}, CausePart, "of the 3 parts, the gradients of these are missing: 0, 1, 2"},
		{[]float64{-1. / 3, 2. / 3, -1. / 3}, CausePart, "of the 3 parts, the gradients of these are missing: 0, 2; each of the others counts 3 times"},
		{[]float64{-1. / 3, 1. / 3, 1. / 3}, CausePart, "of the 3 parts, the gradients of these are missing: 0; each of the others counts twice"},
		{[]float64{-1. / 3, 1, 0}, CausePart, "the parts have wrong weights, from 0 to 4 times the right ones"},
		{[]float64{-1. / 3, 1, -1}, CausePart, "the parts have wrong weights, from -2 to 4 times the right ones"},
		{[]float64{0.001, -0.001, 0}, "", ""},
	} {
		causes := weightsCause(c.excess, 1./3)
		if c.kind == "" {
			assert.Empty(t, causes, "%v", c.excess)
			continue
		}
		if assert.Len(t, causes, 1, "%v", c.excess) {
			assert.Equal(t, c.kind, causes[0].Kind, "%v", c.excess)
			assert.Equal(t, c.text, causes[0].Text)
		}
	}
}

// Of a line of which nothing is left but the derivative of other lines, a factor is +Inf
// where an entry cannot be 0.
func TestLeastFactor(t *testing.T) {
	for a, want := range map[float64]float64{0: math.NaN(), 0.5: math.NaN(), 0.75: math.NaN(), 0.76: math.Inf(1), -0.76: math.Inf(1)} {
		s := &suspect{a: []float64{0, a}, n: quantity{[]float64{0, -0.125}, []float64{0.25, 0.25}}}
		got := s.leastFactor()
		assert.True(t, got == want || math.IsNaN(got) && math.IsNaN(want), "%v: %v", a, got)
	}
}

// What is known of an entry is its numeric value within Bound, or within what would have
// been seen of it, and nothing where that is not finite or has been doubted.
func TestKnown(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for name, c := range map[string]struct {
		e          Entry
		value, err float64
	}{
		"bound":               {Entry{Analytic: 1, Numeric: 2, Bound: 0.5, Verdict: Fail}, 2, 0.5},
		"detectable":          {Entry{Analytic: 1, Numeric: 2, Bound: 0.5, MinDetectable: 0.375}, 2, 0.75},
		"of the larger":       {Entry{Analytic: -4, Numeric: 2, Bound: 0.5, MinDetectable: 0.375}, 2, 1.5},
		"nothing detectable":  {Entry{Analytic: 1, Numeric: 2, Bound: 0.5, MinDetectable: inf}, 2, 0.5},
		"no bound":            {Entry{Analytic: 1, Numeric: 2, Bound: inf}, 0, inf},
		"no value":            {Entry{Analytic: 1, Numeric: nan, Bound: 0.5}, 0, inf},
		"doubted":             {Entry{Analytic: 1, Numeric: 2, Bound: 0.5, Verdict: Inconclusive}, 0, inf},
		"doubted, below":      {Entry{Analytic: 3, Numeric: 2, Bound: 0.5, Verdict: Inconclusive}, 0, inf},
		"not seen, but right": {Entry{Analytic: 1.5, Numeric: 2, Bound: 0.5, Verdict: Inconclusive}, 2, 0.5},
	} {
		value, err := known(c.e)
		assert.Equal(t, c.value, value, name)
		assert.Equal(t, c.err, err, name)
	}
}

// Of a quantity something is seen where an element is more than 16 times what it may be
// off by.
func TestIsSeen(t *testing.T) {
	for _, c := range []struct {
		value, err float64
		want       bool
	}{{1, 0x1p-5, true}, {-1, 0x1p-5, true}, {1, 0x1p-4, false}, {0, 0, false}, {1, 0, true}, {1, math.Inf(1), false}} {
		assert.Equal(t, c.want, quantity{[]float64{0, c.value}, []float64{1, c.err}}.isSeen(), "%+v", c)
	}
}

// Seven digits of an entry tell the factor of its line.
func TestTellsFactor(t *testing.T) {
	for _, c := range []struct {
		value, err float64
		want       bool
	}{{1, 0x1p-25, true}, {-1, 0x1p-25, true}, {1, 0x1p-24, false}, {0, 0, false}} {
		s := &suspect{n: quantity{[]float64{0, c.value}, []float64{0, c.err}}}
		assert.Equal(t, c.want, s.tellsFactor(), "%+v", c)
	}
}

// The sizes of a problem make factors, but for those that are no sizes, and 1 is none.
func TestKnownFactors(t *testing.T) {
	for size, want := range map[int]int{-1: 5, 0: 5, 1: 6, 2: 7, 3: 8} {
		s := &suspect{p: &Problem{Sizes: map[string]int{"samples": size}}}
		assert.Len(t, s.knownFactors(), want, "%d", size)
	}
}

// One entry that is not finite is named, and of several the first, with their number.
func TestNotFinite(t *testing.T) {
	nan := math.NaN()
	for want, a := range map[string][]float64{
		"W[0,1] is NaN:": {1, nan, 3, 4},
		"W[0,0] is +Inf, and so on in 2 entries:": {math.Inf(1), 2, 3, nan},
	} {
		causes := spoiled(2, 2, []float64{1, 2, 3, 4}, a).notFinite()
		if assert.Len(t, causes, 1) {
			assert.True(t, strings.HasPrefix(causes[0].Text, want), causes[0].Text)
		}
	}
}
