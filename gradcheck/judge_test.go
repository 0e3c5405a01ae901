package gradcheck

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// What decides is compared to the last bit: what is Allowed passes, what is beyond fails.
// What would have been seen at Resolution is enough, and what would not is not.
func TestDecide(t *testing.T) {
	const resolution = 0x1p-10
	inf, nan := math.Inf(1), math.NaN()
	for name, c := range map[string]struct {
		f       finding
		verdict Verdict
		reason  string
	}{
		"as allowed":          {finding{Entry: &Entry{Analytic: 1 + 0x1p-12}, derivative: derivative{value: 1, bound: 0x1p-13}, owed: 0x1p-13}, Pass, ""},
		"beyond":              {finding{Entry: &Entry{Analytic: 1 + 0x1p-12}, derivative: derivative{value: 1, bound: 0x1p-13}, owed: 0x1p-13 - 0x1p-60}, Fail, ""},
		"below as allowed":    {finding{Entry: &Entry{Analytic: 1 - 0x1p-12}, derivative: derivative{value: 1, bound: 0x1p-13}, owed: 0x1p-13}, Pass, ""},
		"at Resolution":       {finding{Entry: &Entry{Analytic: 1}, derivative: derivative{value: 1, bound: 0x1p-12}, owed: 0x1p-11}, Pass, ""},
		"not at Resolution":   {finding{Entry: &Entry{Analytic: 1}, derivative: derivative{value: 1, bound: 0x1p-12}, owed: 0x1p-11 + 0x1p-60}, Inconclusive, "the derivative is lost in the rounding of Grad"},
		"all of Resolution":   {finding{Entry: &Entry{Analytic: 1}, derivative: derivative{value: 1, bound: 0x1p-11}, owed: 0x1p-60}, Inconclusive, "the derivative is lost in the rounding of Grad"},
		"in the noise":        {finding{Entry: &Entry{Analytic: 1}, derivative: derivative{value: 1, bound: 0x1p-11 + 0x1p-60, noise: 0x1p-12 + 0x1p-61}}, Inconclusive, "the derivative is lost in the noise of Func"},
		"not in the noise":    {finding{Entry: &Entry{Analytic: 1}, derivative: derivative{value: 1, bound: 0x1p-11 + 0x1p-60, noise: 0x1p-12}}, Inconclusive, "the derivatives of Func over several steps agree too little"},
		"zero of zero":        {finding{Entry: &Entry{}, derivative: derivative{bound: 1}}, Inconclusive, "0 = 0: nothing moves here"},
		"zero, exactly":       {finding{Entry: &Entry{}, derivative: derivative{bound: 0}}, Inconclusive, "0 = 0: nothing moves here"},
		"a minimum":           {finding{Entry: &Entry{}, derivative: derivative{bound: 0x1p-11, left: -1, right: 0.5}}, Pass, ""},
		"a maximum":           {finding{Entry: &Entry{}, derivative: derivative{bound: 0x1p-11, left: 0.5, right: -1}}, Pass, ""},
		"zero of others":      {finding{Entry: &Entry{}, derivative: derivative{bound: 0x1p-11}, size: 1}, Pass, ""},
		"zero of a little":    {finding{Entry: &Entry{}, derivative: derivative{value: 0x1p-12, bound: 0x1p-11}, size: 0.5}, Inconclusive, "the derivatives of Func over several steps agree too little"},
		"a doubted bound":     {finding{Entry: &Entry{Analytic: 1 + 0x1p-11}, derivative: derivative{value: 1, bound: 0x1p-12}, factor: 2}, Pass, ""},
		"not a number":        {finding{Entry: &Entry{Analytic: nan}, derivative: derivative{value: 1, bound: 0x1p-12}}, Fail, "not a number, or not written by Grad"},
		"infinite":            {finding{Entry: &Entry{Analytic: inf}, derivative: derivative{value: 1, bound: 0x1p-12}}, Fail, "infinite, and Func has a finite slope"},
		"infinite, who knows": {finding{Entry: &Entry{Analytic: inf}, derivative: derivative{bound: inf}}, Inconclusive, "infinite, and the differences do not converge"},
		"infinite at a kink":  {finding{Entry: &Entry{Analytic: inf}, derivative: derivative{bound: inf, kinked: true}}, Fail, "infinite, and Func has a finite slope"},
		"lower slope":         {finding{Entry: &Entry{Analytic: -1 - 0x1p-3}, derivative: derivative{bound: inf, kinked: true, left: -1, right: 0}}, Inconclusive, "Func seems to have a kink here"},
		"upper slope":         {finding{Entry: &Entry{Analytic: 0x1p-3}, derivative: derivative{bound: inf, kinked: true, left: -1, right: 0}}, Inconclusive, "Func seems to have a kink here"},
		"slopes, falling":     {finding{Entry: &Entry{Analytic: 0x1p-3}, derivative: derivative{bound: inf, kinked: true, left: 0, right: -1}}, Inconclusive, "Func seems to have a kink here"},
		"slopes, with noise":  {finding{Entry: &Entry{Analytic: 0.5}, derivative: derivative{bound: inf, kinked: true, left: -1, right: 0, noise: 0.25, move: 0.125}}, Inconclusive, "Func seems to have a kink here"},
		"above the slopes":    {finding{Entry: &Entry{Analytic: 0x1p-3 + 0x1p-50}, derivative: derivative{bound: inf, kinked: true, left: -1, right: 0}}, Fail, "Func seems to have a kink here, and this is outside its slopes"},
		"below the slopes":    {finding{Entry: &Entry{Analytic: -1 - 0x1p-3 - 0x1p-50}, derivative: derivative{bound: inf, kinked: true, left: -1, right: 0}}, Fail, "Func seems to have a kink here, and this is outside its slopes"},
		"no value":            {finding{Entry: &Entry{Analytic: 1}, derivative: derivative{bound: inf}}, Inconclusive, "Func has no value to difference: it is not finite, or there is no room in its domain"},
		"values":              {finding{Entry: &Entry{Analytic: 1}, derivative: derivative{bound: inf, below: true}}, Inconclusive, "the differences do not converge"},
	} {
		f := c.f
		f.of, f.line = "Func", &line{}
		if f.factor == 0 {
			f.factor = 1
		}
		f.decide(resolution)
		assert.Equal(t, c.verdict, f.Verdict, "%s: %+v", name, f.Entry)
		assert.Equal(t, c.reason, f.Reason, name)
		if c.reason == "Func seems to have a kink here, and this is outside its slopes" {
			assert.Equal(t, -0.5, f.Numeric, name)
			assert.Equal(t, 0.625, f.Bound, name)
			assert.Equal(t, f.Bound, f.Allowed, name)
		} else {
			assert.Equal(t, f.factor*f.derivative.bound, f.Bound, name)
			assert.Equal(t, f.Bound+f.owed, f.Allowed, name)
		}
	}
	for off, want := range map[float64]Verdict{0x1p-3: Inconclusive, 0x1p-3 + 0x1p-50: Fail} {
		f := finding{Entry: &Entry{Analytic: 2 + off}, derivative: derivative{bound: inf, kinked: true, left: 1, right: 2}, line: &line{}, factor: 1}
		f.decide(resolution)
		assert.Equal(t, want, f.Verdict, "an eighth of what the slopes differ by, not of what they are: %v", off)
	}
	crossed := finding{Entry: &Entry{Analytic: 1}, derivative: derivative{bound: inf}, line: &line{crossed: true}, factor: 1}
	crossed.decide(resolution)
	assert.Equal(t, "a kink, by Branch, is too near", crossed.Reason)
}

// along returns a finding of f at 0, where all of the line can be used, with what its
// derivative is said to be.
func along(f func(t float64) float64, analytic float64, d derivative) *finding {
	at := func(t float64) (value, actual float64) { return f(t), t }
	return &finding{Entry: &Entry{Analytic: analytic}, derivative: d, line: &line{at: at, unit: 1}, f0: f(0), factor: 1}
}

// A function bends where the slopes to the two sides stay apart, and that excuses what is
// between them, with an eighth of their distance to either side.
func TestBends(t *testing.T) {
	abs := func(t float64) float64 { return math.Abs(t) + t*t }
	slope := func(t float64) float64 { return 3*t + math.Abs(t) }
	for name, c := range map[string]struct {
		f        func(t float64) float64
		analytic float64
		side     int
		want     bool
	}{
		"in the middle":    {abs, 0, 0, true},
		"the right slope":  {abs, 1, 0, true},
		"the left slope":   {abs, -1, 0, true},
		"a little off":     {abs, 1.2, 0, true},
		"and to the left":  {abs, -1.2, 0, true},
		"outside":          {abs, 1.3, 0, false},
		"and to the left ": {abs, -1.3, 0, false},
		"downwards":        {func(t float64) float64 { return -abs(t) }, 1.2, 0, true},
		"to one side":      {abs, 0, 1, false},
		"smooth":           {func(t float64) float64 { return t * t }, 0, 0, false},
		"a rounded corner": {func(t float64) float64 { return math.Min(math.Abs(t), 100*t*t) }, 0, 0, false}, // stays from one step to the next, and no longer
		"steep":            {func(t float64) float64 { return math.Pow(math.Abs(t), 1.6) }, 0, 0, false},
		"a smaller corner": {func(t float64) float64 { return math.Min(math.Abs(t), 300*t*t) }, 0, 0, true}, // stays for two
		"straight":         {func(t float64) float64 { return t }, 0, 0, false},
		"on a slope":       {slope, 3, 0, true},
		"a little off, on": {slope, 4.2, 0, true},
		"and below, on":    {slope, 1.8, 0, true},
		"outside, on":      {slope, 4.3, 0, false},
		"and below, on it": {slope, 1.7, 0, false},
		"noise":            {func(t float64) float64 { return 1 + 1e-17*math.Abs(t) }, 0, 0, false},
	} {
		f := along(c.f, c.analytic, derivative{step: 0x1p-4, side: c.side})
		assert.Equal(t, c.want, f.bends(0), name)
	}
}

// A function contradicts its derivative where shorter steps move otherwise, by enough to
// matter and more than noise.
func TestContradicted(t *testing.T) {
	kink := func(t float64) float64 { return t + 1e-3*math.Max(t-1e-4, 0) - 1e-3*math.Max(t-1e-2, 0) }
	for name, c := range map[string]struct {
		f        func(t float64) float64
		analytic float64
		noise    float64
		want     bool
	}{
		"smooth":           {func(t float64) float64 { return t + t*t*t }, 1 + 1e-3, 0, false},
		"of pieces":        {kink, 1 + 1e-3, 0, true},
		"it is far off":    {kink, 1.1, 0, false},
		"lost in noise":    {kink, 1 + 1e-3, 1e-4, false},
		"and below":        {kink, 1 - 1e-3, 0, true},
		"and far below it": {kink, 0.9, 0, false},
	} {
		f := along(c.f, c.analytic, derivative{value: 1, bound: 1e-9, step: 0x1p-4, side: 1})
		assert.Equal(t, c.want, f.contradicted(c.noise), name)
	}
	// Nor is what the bound allows twice.
	f := along(kink, 1+1e-3, derivative{value: 1, bound: 0.6e-3, step: 0x1p-4, side: 1})
	assert.False(t, f.contradicted(0))
}

// A function is explained by the gradient where the shortest steps move by it.
func TestExplained(t *testing.T) {
	narrow := func(t float64) float64 { return t + 0.5*t*math.Exp(-(t/1e-3)*(t/1e-3)) }
	for name, c := range map[string]struct {
		f        func(t float64) float64
		analytic float64
		step     float64
		want     bool
	}{
		"narrow":           {narrow, 1.5, 0.25, true},
		"no step":          {narrow, 1.5, 0, true},
		"another value":    {narrow, 1.7, 0.25, false},
		"without the rest": {narrow, 0.5, 0.25, false},
		"not narrow":       {func(t float64) float64 { return t }, 1.5, 0.25, false},
		"nothing moves":    {func(t float64) float64 { return 0 }, 1e-3, 0.25, false},
		"over two steps":   {func(t float64) float64 { return t + 5*(between(4e-3, 2e-2)(t)-t) }, 1.5, 0.25, true},
		"over one":         {func(t float64) float64 { return t + 5*(between(1e-2, 2e-2)(t)-t) }, 1.5, 0.25, false},
		"below the noise":  {func(t float64) float64 { return 1 + t + 0x1p-10*10*(between(0, 1e-11)(t)-t) }, 1 + 0x1p-10, 0.25, false},
	} {
		f := along(c.f, c.analytic, derivative{value: 1, step: c.step})
		assert.Equal(t, c.want, f.explained(), name)
	}
}

// However short the steps, they are no shorter than a part of the unit of the line.
func TestShortSteps(t *testing.T) {
	const unit = 0x1p20
	straight, curved := func(t float64) float64 { return t }, func(t float64) float64 { return t * t }
	for name, c := range map[string]struct {
		f     func(t float64) float64
		try   func(f *finding) bool
		least float64
	}{
		"contradicted": {straight, func(f *finding) bool { return f.contradicted(0) }, 0x1p-40 * unit},
		"bends":        {curved, func(f *finding) bool { return f.bends(0) }, 0x1p-40 * unit},
		"explained":    {straight, (*finding).explained, 0x1p-50 * unit},
	} {
		shortest := math.Inf(1)
		f := along(c.f, 1.5, derivative{value: 1, step: 0.25 * unit})
		f.line.unit = unit
		f.line.at = func(t float64) (value, actual float64) {
			shortest = math.Min(shortest, math.Abs(t))
			return c.f(t), t
		}
		assert.False(t, c.try(f), name)
		assert.GreaterOrEqual(t, shortest, c.least, name)
		assert.Less(t, shortest, shrink*c.least, name)
	}
}

// A derivative holds where a step that is much shorter moves by it too, but for noise,
// for the bound and for what is left of the longer step.
func TestHolds(t *testing.T) {
	for name, c := range map[string]struct {
		f    func(t float64) float64
		d    derivative
		want bool
	}{
		"straight":            {func(t float64) float64 { return t }, derivative{value: 1, step: 0.25}, true},
		"other":               {func(t float64) float64 { return 1.001 * t }, derivative{value: 1, step: 0.25}, false},
		"other, below":        {func(t float64) float64 { return 0.999 * t }, derivative{value: 1, step: 0.25}, false},
		"within the bound":    {func(t float64) float64 { return 1.001 * t }, derivative{value: 1, step: 0.25, bound: 1.01e-3}, true},
		"beyond the bound":    {func(t float64) float64 { return 1.001 * t }, derivative{value: 1, step: 0.25, bound: 0.99e-3}, false},
		"a parabola":          {func(t float64) float64 { return t + t*t }, derivative{value: 1, step: 0.25, rest: 0.25, side: 1}, true},
		"and less":            {func(t float64) float64 { return t + 2.1*t*t }, derivative{value: 1, step: 0.25, rest: 0.25, side: 1}, false},
		"to the left":         {func(t float64) float64 { return t + t*t }, derivative{value: 1, step: 0.25, rest: 0.25, side: -1}, true},
		"and less, there":     {func(t float64) float64 { return t + 2.1*t*t }, derivative{value: 1, step: 0.25, rest: 0.25, side: -1}, false},
		"a cubic":             {func(t float64) float64 { return t + t*t*t }, derivative{value: 1, step: 0.25, rest: 0.0625}, true},
		"and less, of it":     {func(t float64) float64 { return t + 2.1*t*t*t }, derivative{value: 1, step: 0.25, rest: 0.0625}, false},
		"finer":               {func(t float64) float64 { return t + math.Max(-1e-4, math.Min(0.1*t, 1e-4)) }, derivative{value: 1, step: 0.25}, false}, // 2⁻¹¹ is tried
		"not so short":        {func(t float64) float64 { return t + math.Max(0, 0.1*(t-0x1p-23)) }, derivative{value: 1, step: 0x1p-20}, true},         // 2⁻²⁴ is
		"not so long":         {func(t float64) float64 { return t + math.Max(-0x1p-26, math.Min(0.1*t, 0x1p-26)) }, derivative{value: 1, step: 0x1p-20}, false},
		"a parabola, central": {func(t float64) float64 { return t + t*t }, derivative{value: 1, step: 0.25}, true},
		"only there":          {between(0, 1e-3), derivative{value: 1, step: 0.25}, false},
	} {
		assert.Equal(t, c.want, along(c.f, 1, c.d).holds(), name)
	}
	// Of a line with a large unit, here 2¹⁰, the much shorter step is one of it: ½ here.
	for want, f := range map[bool]func(t float64) float64{false: between(0.1, 1), true: between(0, 0.1)} {
		long := along(f, 1, derivative{value: 1, step: 0x1p8})
		long.line.unit = 0x1p10
		assert.Equal(t, want, long.holds())
	}
}

// between is a function that moves by 1, and by a tenth more from low to high.
func between(low, high float64) func(t float64) float64 {
	return func(t float64) float64 {
		if a := math.Abs(t); a >= low && a < high {
			return 1.1 * t
		}
		return t
	}
}
