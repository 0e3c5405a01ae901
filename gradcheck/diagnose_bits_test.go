package gradcheck

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// spoiled returns a suspect of one block, of the shape and with the numbers given, whose
// numeric derivatives are exact.
func spoiled(rows, cols int, numeric, analytic []float64) *suspect {
	r := grid(rows, cols)
	for i, n := range numeric {
		e := Entry{Index: i, Name: r.Blocks[0].name(i), Numeric: n, Analytic: analytic[i]}
		if n != analytic[i] {
			e.Verdict = Fail
		}
		r.count(&e)
		r.Entries = append(r.Entries, e)
	}
	return newSuspect(&Problem{X: make([]float64, len(numeric))}, r, 0)
}

func TestSignificantBits(t *testing.T) {
	for v, want := range map[float64]int{1: 1, -1: 1, 3: 2, 0.375: 2, 1 + 0x1p-23: 24, 1 + 0x1p-52: 53, 0x1p-1074: 1, 5e300: 53} {
		assert.Equal(t, want, significantBits(v), "%v", v)
	}
}

// A gradient is within rounding if its errors are small against the largest element of
// its row, or of the vector, and one beyond that is not.
func TestWithin(t *testing.T) {
	for _, c := range []struct {
		rows, cols int
		numeric    []float64
		off        float64 // of the first element
		want       bool
	}{
		{2, 2, []float64{1, 16, 4, 64}, 0.25, true},
		{2, 2, []float64{1, 16, 4, 64}, -0.25, true},
		{2, 2, []float64{1, 16, 4, 64}, 0.25 + 0x1p-40, false}, // 64 is in another row
		{2, 0, []float64{1, 16}, 0.25, true},
		{2, 1, []float64{1, -16}, 0.25, true},
		{2, 1, []float64{1, -16}, 0.25 + 0x1p-40, false},
	} {
		analytic := append([]float64{c.numeric[0] + c.off}, c.numeric[1:]...)
		assert.Equal(t, c.want, spoiled(c.rows, c.cols, c.numeric, analytic).within(0x1p-6, 0), "%+v", c)
	}
	assert.True(t, spoiled(2, 0, []float64{1, 2}, []float64{1.5, 2}).within(0, 0.5))
	assert.False(t, spoiled(2, 0, []float64{1, 2}, []float64{1.5, 2}).within(0, 0.4))
	// And but for what the numeric derivatives are off.
	s := spoiled(2, 0, []float64{1, 2}, []float64{1.5, 2})
	s.n.err[0] = 0.25
	assert.True(t, s.within(0, 0.25))
	assert.False(t, s.within(0, 0.25-0x1p-50))
}

// Errors of float32 are scattered to both sides, a fifth of them at least to each, and
// their median is of the size of its rounding.
func TestLeak(t *testing.T) {
	for name, c := range map[string]struct {
		rel  []float64 // errors
		want bool
	}{
		"half and half":       {[]float64{1, -1, 1, -1, 1, -1}, true},
		"too few":             {[]float64{1, -1, 1, -1, 1}, false},
		"a fifth":             {[]float64{1, 1, 1, 1, -1, 1, 1, 1, 1, -1}, true},
		"less":                {[]float64{1, 1, 1, 1, -1, 1, 1, 1, 1, 1}, false},
		"or the other":        {[]float64{-1, -1, -1, 1, -1, -1, 1, -1, -1, -1}, true},
		"less of it":          {[]float64{-1, -1, -1, 1, -1, -1, -1, -1, -1, -1}, false},
		"or exact":            {[]float64{1, 1, 1, 1, 0, 0, 0}, false},
		"or exact, and below": {[]float64{-1, -1, -1, -1, 0, 0, 0}, false},
		"and exact":           {[]float64{1, 1, -1, -1, 0, 0, 1}, true},
		"as small":            {[]float64{0x1p-3, -0x1p-3, 0x1p-3, -0x1p-3, 0x1p-3, -0x1p-3}, true},
		"smaller":             {[]float64{0x1p-4, -0x1p-4, 0x1p-4, -0x1p-4, 0x1p-4, -0x1p-4}, false},
		"as large":            {[]float64{8, -8, 8, -8, 8, -8}, true},
		"larger":              {[]float64{9, -9, 9, -9, 9, -9}, false},
		"exactly":             {[]float64{1, -1, 1, -1, 1, -1, 0x1p9}, true},
		"one too large":       {[]float64{1, -1, 1, -1, 1, -1, 600}, false},
		"and to below":        {[]float64{1, -1, 1, -1, 1, -1, -600}, false},
	} {
		numeric, analytic := make([]float64, len(c.rel)), make([]float64, len(c.rel))
		for k, r := range c.rel {
			numeric[k] = math.Ldexp(math.Pow(-1, float64(k/2)), k) // so that all is exact
			analytic[k] = numeric[k] * (1 + 0x1p-25*r)
		}
		assert.Equal(t, c.want, len(spoiled(len(c.rel), 0, numeric, analytic).leak()) > 0, name)
	}
	// Where less than 27 bits are known, nothing is seen of such errors, however small or
	// large the numbers.
	for _, size := range []float64{1, 0x1p30, 0x1p-30} {
		for err, want := range map[float64]bool{0: true, 0x1p-28: true, 0x1p-26: false} {
			var numeric, analytic []float64
			for _, r := range []float64{1, -1, 1, -1, 1, -1} {
				numeric, analytic = append(numeric, size), append(analytic, size*(1+0x1p-25*r))
			}
			s := spoiled(6, 0, numeric, analytic)
			for k := range s.entries {
				s.entries[k].Bound = size * err
			}
			assert.Equal(t, want, len(s.leak()) > 0, "%v of %v", err, size)
		}
	}
}

// Numbers of few bits are rounded only if float64 would have had more, in more than one
// of them or by much.
func TestRounded(t *testing.T) {
	third := func(n int) (v []float64) {
		for k := range n {
			v = append(v, float64(k+1)/3)
		}
		return v
	}
	to := func(v []float64, precision int) (w []float64) {
		for _, x := range v {
			fraction, exponent := math.Frexp(x)
			w = append(w, math.Ldexp(math.Round(math.Ldexp(fraction, precision)), exponent-precision))
		}
		return w
	}
	sevenths := []float64{1. / 7, 2. / 7, 3. / 7, 4. / 7}
	fixed := func(v []float64) (w []float64) {
		for _, x := range v {
			w = append(w, math.Round(x*0x1p30)/0x1p30)
		}
		return w
	}
	// odd returns numbers of exactly so many bits, with a power of 2 below 1 for the last.
	odd := func(last float64, precisions ...int) (v []float64) {
		for k, p := range precisions {
			v = append(v, (math.Ldexp(1, p-1)+float64(2*k+1))*last)
		}
		return v
	}
	for _, c := range []struct {
		numeric, analytic []float64
		want              string
	}{
		{odd(0x1p-50, 47, 47, 47), odd(0x1p-50, 47, 47, 47), "multiples of 2^-50"}, // twelve zeros, and two more each
		{odd(0x1p-50, 46, 45), odd(0x1p-50, 46, 45), ""},                           // eleven
		{third(4), to(third(4), 5), "bfloat16"},
		{third(4), to(third(4), 4), ""}, // half of bfloat16
		{sevenths[:3], to(sevenths[:3], 47), "multiples of 2^-48"},
		{sevenths[:2], to(sevenths[:2], 47), ""}, // eight zeros may be an accident
		{sevenths[:2], fixed(sevenths[:2]), "multiples of 2^-30"},
		{sevenths[:1], fixed(sevenths[:1]), ""},
		{third(4), to(third(4), 24), "float32"},
		{third(4), to(third(4), 11), "float16"},
		{third(4), to(third(4), 8), "bfloat16"},
		{third(1), to(third(1), 24), "float32"}, // one number in float32 has 27 zeros
		{third(1), to(third(1), 11), ""},
		{third(2), to(third(2), 11), "float16"},
		{third(4), []float64{0.25, 0.5, 1, 2}, ""}, // simple, and not what is rounded
		{[]float64{0, 1. / 3, 2. / 3}, to([]float64{0, 1. / 3, 2. / 3}, 24), "float32"},
	} {
		causes := spoiled(len(c.numeric), 0, c.numeric, c.analytic).rounded()
		if c.want == "" {
			assert.Empty(t, causes, "%v", c.analytic)
		} else if assert.Len(t, causes, 1, "%v", c.analytic) {
			assert.True(t, strings.HasPrefix(causes[0].Text, "all its numbers are "+c.want+": it is "), causes[0].Text)
		}
	}
}
