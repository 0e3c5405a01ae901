package gradcheck_test

import (
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/assert"

	"touchstone/gradcheck"
)

// bigger adds Big to a problem of one variable.
func bigger(p gradcheck.Problem, f func(x *big.Float, prec uint) *big.Float) gradcheck.Problem {
	p.Big = func(x []*big.Float, prec uint) *big.Float { return f(x[0], prec) }
	return p
}

func TestCertified(t *testing.T) {
	number := func(prec uint) *big.Float { return new(big.Float).SetPrec(prec) }
	square := func(x *big.Float, prec uint) *big.Float { return number(prec).Mul(x, x) }
	sqrt := func(x *big.Float, prec uint) *big.Float { return number(prec).Sqrt(x) }
	two := func(x float64) float64 { return x * x }
	twoD := func(x float64) float64 { return 2 * x }

	p := bigger(scalar(two, twoD, 0.3), square)
	r := run(t, p)
	assert.Equal(t, gradcheck.Certified, r.Mode)
	assert.Equal(t, gradcheck.Pass, r.Verdict, "%v", r)
	assert.Equal(t, 0.6, r.Entries[0].Numeric)
	assert.LessOrEqual(t, r.Entries[0].MinDetectable, 1e-12)

	r = run(t, bigger(scalar(math.Sqrt, func(x float64) float64 { return 0.5 / math.Sqrt(x) }, 2), sqrt))
	assert.Equal(t, gradcheck.Pass, r.Verdict, "%v", r)
	assert.Equal(t, 0.35355339059327378, r.Entries[0].Numeric)

	// An error of 2e-12, far below what differences in float64 can show.
	wrong := func(x float64) float64 { return 2 * x * (1 + 2e-12) }
	assert.Equal(t, gradcheck.Fail, run(t, bigger(scalar(two, wrong, 0.3), square)).Verdict)

	// What float64 does not see at all: a derivative of 1e-40 beside a value of 1.
	tail := func(x float64) float64 { return 1 + 1e-40*x }
	slope := func(v float64) func(float64) float64 { return func(float64) float64 { return v } }
	bigTail := func(x *big.Float, prec uint) *big.Float {
		return number(prec).Add(big.NewFloat(1), number(prec).Mul(big.NewFloat(1e-40), x))
	}
	for claimed, want := range map[float64]gradcheck.Verdict{1e-40: gradcheck.Pass, 0: gradcheck.Fail, 1.001e-40: gradcheck.Fail} {
		r := run(t, bigger(scalar(tail, slope(claimed), 0.3), bigTail))
		assert.Equal(t, want, r.Verdict, "%v: %v", claimed, r)
		assert.Equal(t, 1e-40, r.Entries[0].Numeric, "to the last bit")
	}
	// And a constant is certified to be one.
	constant := func(_ *big.Float, prec uint) *big.Float { return number(prec).SetInt64(7) }
	seven := slope(7)
	assert.Equal(t, gradcheck.Pass, run(t, bigger(scalar(seven, slope(0), 1), constant)).Verdict)
	assert.Equal(t, gradcheck.Fail, run(t, bigger(scalar(seven, slope(1e-300), 1), constant)).Verdict)

	abs := func(x *big.Float, prec uint) *big.Float { return number(prec).Abs(x) }
	for claimed, want := range map[float64]gradcheck.Verdict{0: gradcheck.Inconclusive, 1: gradcheck.Inconclusive, 1.1: gradcheck.Fail} {
		assert.Equal(t, want, run(t, bigger(scalar(math.Abs, slope(claimed), 0), abs)).Verdict, "%v", claimed)
	}
	// Slips with math/big: 53 bits, the same number again, x overwritten.
	bits53 := func(x *big.Float, _ uint) *big.Float { s := big.NewFloat(0); return s.Add(s, s.Mul(x, x)) }
	var same big.Float
	again := func(x *big.Float, prec uint) *big.Float { return same.SetPrec(prec).Mul(x, x) }
	writes := func(x *big.Float, prec uint) *big.Float { return x.Mul(x, x) }
	for claimed, want := range map[float64]gradcheck.Verdict{0.6: gradcheck.Inconclusive, 0: gradcheck.Inconclusive} {
		assert.Equal(t, want, run(t, bigger(scalar(two, slope(claimed), 0.3), bits53)).Verdict, "%v", claimed)
	}
	assert.Equal(t, gradcheck.Pass, run(t, bigger(scalar(two, twoD, 0.3), again)).Verdict)
	assert.Equal(t, gradcheck.Fail, run(t, bigger(scalar(two, twoD, 0.3), writes)).Verdict)
	// A derivative that overflows.
	steep := func(x *big.Float, prec uint) *big.Float { return number(prec).SetMantExp(number(prec).Set(x), 1100) }
	infinite := slope(math.Inf(1))
	for claimed, want := range map[float64]gradcheck.Verdict{math.Inf(1): gradcheck.Pass, 5: gradcheck.Fail, math.Inf(-1): gradcheck.Fail} {
		assert.Equal(t, want, run(t, bigger(scalar(infinite, slope(claimed), 1), steep)).Verdict, "%v", claimed)
	}
	// Another function, and no function.
	assert.Equal(t, gradcheck.Inconclusive, run(t, bigger(scalar(func(x float64) float64 { return x*x + 1 }, twoD, 0.3), square)).Verdict)
	none := func(*big.Float, uint) *big.Float { return nil }
	assert.Equal(t, gradcheck.Inconclusive, run(t, bigger(scalar(two, twoD, 0.3), none)).Verdict)
}

// bigCube is x³ in math/big.
func bigCube(x *big.Float, prec uint) *big.Float {
	y := new(big.Float).SetPrec(prec).Mul(x, x)
	return y.Mul(y, x)
}

// At an edge of its domain Big is differenced to the inside, and is not called outside.
// The derivatives are right to the last bit there, too.
func TestCertifiedDomain(t *testing.T) {
	cube := func(x float64) float64 { return x * x * x }
	for name, c := range map[string]struct{ x, lower, upper float64 }{
		"inside":       {1.1, 0, 5},
		"at the lower": {1.1, 1.1, 5},
		"at the upper": {1.1, -5, 1.1},
		"no upper":     {1.1, 1.1, math.Inf(1)},
		"no lower":     {1.1, math.Inf(-1), 1.1},
		"near":         {1.1, math.Nextafter(1.1, 0), 5},
	} {
		f := func(x *big.Float, prec uint) *big.Float {
			assert.False(t, x.Cmp(big.NewFloat(c.lower)) < 0 || x.Cmp(big.NewFloat(c.upper)) > 0, "%s: called at %v", name, x)
			return bigCube(x, prec)
		}
		p := bigger(scalar(cube, func(x float64) float64 { return 3 * x * x }, c.x), f)
		p.Lower, p.Upper = []float64{c.lower}, []float64{c.upper}
		r := run(t, p)
		assert.Equal(t, gradcheck.Pass, r.Verdict, "%s: %v", name, r)
		x := new(big.Rat).SetFloat64(c.x)
		truth, _ := x.Mul(x.Mul(x, x), big.NewRat(3, 1)).Float64()
		assert.Equal(t, truth, r.Entries[0].Numeric, name)
		assert.Equal(t, r.Entries[0].Allowed/math.Max(truth, r.Entries[0].Analytic), r.Entries[0].MinDetectable, name)
		wrong := with(p, func(g, _ []float64) { g[0] *= 1 + 1e-11 })
		assert.Equal(t, gradcheck.Fail, run(t, wrong).Verdict, name)
	}
	point := bigger(scalar(cube, func(float64) float64 { return 3 }, 1), bigCube)
	point.Lower, point.Upper = []float64{1}, []float64{1}
	r := run(t, point)
	assert.Equal(t, gradcheck.Inconclusive, r.Verdict)
	assert.Equal(t, "there is no room for differences", r.Entries[0].Reason)
}

// Where Big is not finite beside x, as across an edge that is not declared, shorter steps
// may do, and if none does the entry is Inconclusive.
func TestCertifiedUndeclaredEdge(t *testing.T) {
	square := func(x *big.Float, prec uint) *big.Float {
		if x.Sign() < 0 {
			return nil
		}
		return new(big.Float).SetPrec(prec).Mul(x, x)
	}
	for x, want := range map[float64]gradcheck.Verdict{0x1p-70: gradcheck.Pass, 0: gradcheck.Inconclusive} {
		r := run(t, bigger(scalar(func(x float64) float64 { return x * x }, func(x float64) float64 { return 2 * x }, x), square))
		assert.Equal(t, want, r.Verdict, "%v: %v", x, r)
		if want == gradcheck.Inconclusive {
			assert.Equal(t, "Big is not finite here", r.Entries[0].Reason)
		}
	}
}

// Nothing excuses NaN.
func TestCertifiedNaN(t *testing.T) {
	r := run(t, bigger(scalar(func(x float64) float64 { return x * x * x }, func(float64) float64 { return math.NaN() }, 1), bigCube))
	assert.Equal(t, gradcheck.Fail, r.Verdict)
	assert.Equal(t, "not a number, or not written by Grad", r.Entries[0].Reason)
}

// A gradient that rounds on its way is no wrong one, and how much it rounds is measured.
// An error of the same size that is not rounding is wrong.
func TestCertifiedRounding(t *testing.T) {
	const x = 0.7000000000018345
	half := func(x float64) float64 { return x * x / 2 }
	bigHalf := func(x *big.Float, prec uint) *big.Float {
		y := new(big.Float).SetPrec(prec).Mul(x, x)
		return y.Quo(y, big.NewFloat(2))
	}
	rounds := func(x float64) float64 { return x + 0x1p14 - 0x1p14 } // to multiples of 2⁻³⁸
	off := rounds(x) - x
	assert.Greater(t, math.Abs(off), 1e-12)
	r := run(t, bigger(scalar(half, rounds, x), bigHalf))
	assert.Equal(t, gradcheck.Pass, r.Verdict, "%v", r)
	assert.Equal(t, r.Entries[0].Allowed/math.Max(x, r.Entries[0].Analytic), r.Entries[0].MinDetectable, "with what it owes")
	r = run(t, bigger(scalar(half, func(x float64) float64 { return x + off }, x), bigHalf))
	assert.Equal(t, gradcheck.Fail, r.Verdict, "%v", r)
}

// Big is there for what overflows in float64: a Func that is no number at X says nothing
// against it.
func TestCertifiedFuncNotFinite(t *testing.T) {
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		nothing := scalar(func(float64) float64 { return v }, func(float64) float64 { return 0 }, 1)
		constant := func(_ *big.Float, prec uint) *big.Float { return new(big.Float).SetPrec(prec).SetInt64(7) }
		r := run(t, bigger(nothing, constant))
		assert.Equal(t, gradcheck.Pass, r.Verdict, "%v", v)
		assert.Zero(t, r.Entries[0].MinDetectable, "any other value would be seen")
	}
}

// Where Big stands still and Func moves, over a step of a thousandth of x, one of them is
// another function. What is farther away says nothing.
func TestCertifiedMoves(t *testing.T) {
	const x = 1024
	for name, c := range map[string]struct {
		f    func(x float64) float64
		want gradcheck.Verdict
	}{
		"stands":     {func(float64) float64 { return 7 }, gradcheck.Pass},
		"above":      {func(v float64) float64 { return 7 + math.Max(v-x-0.9, 0) }, gradcheck.Inconclusive},
		"below":      {func(v float64) float64 { return 7 + math.Min(v-x+0.9, 0) }, gradcheck.Inconclusive},
		"downwards":  {func(v float64) float64 { return 7 - math.Max(v-x-0.9, 0) }, gradcheck.Inconclusive},
		"far above":  {func(v float64) float64 { return 7 + math.Max(v-x-1.1, 0) }, gradcheck.Pass},
		"far below":  {func(v float64) float64 { return 7 + math.Min(v-x+1.1, 0) }, gradcheck.Pass},
		"a little":   {func(v float64) float64 { return 7 + 1e-14*(v-x) }, gradcheck.Pass},
		"and enough": {func(v float64) float64 { return 7 + 1e-12*(v-x) }, gradcheck.Inconclusive},
	} {
		p := bigger(scalar(c.f, func(float64) float64 { return 0 }, x),
			func(_ *big.Float, prec uint) *big.Float { return new(big.Float).SetPrec(prec).SetInt64(7) })
		r := run(t, p)
		assert.Equal(t, c.want, r.Verdict, "%s: %v", name, r)
	}
}

// A Func that loses digits is the same function as a Big that does not, within the noise
// that shows, and another beyond.
func TestCertifiedNoisyFunc(t *testing.T) {
	const x = 1.2345e-3
	square := func(x *big.Float, prec uint) *big.Float { return new(big.Float).SetPrec(prec).Mul(x, x) }
	noisy := func(x float64) float64 { return x*x + 1e5 - 1e5 }
	assert.Greater(t, math.Abs(noisy(x)-x*x), 2e-12, "more than a millionth")
	twice := func(x float64) float64 { return 2 * x }
	assert.Equal(t, gradcheck.Pass, run(t, bigger(scalar(noisy, twice, x), square)).Verdict)
	off := func(x float64) float64 { return noisy(x) + 1e-8 }
	assert.Equal(t, gradcheck.Inconclusive, run(t, bigger(scalar(off, twice, x), square)).Verdict)
}

// What a right gradient may owe by Scale is no more than Resolution allows, or the entry
// says nothing.
func TestCertifiedScale(t *testing.T) {
	line := bigger(scalar(func(x float64) float64 { return x }, func(float64) float64 { return 1 }, 3),
		func(x *big.Float, prec uint) *big.Float { return new(big.Float).SetPrec(prec).Set(x) })
	for scale, want := range map[float64]gradcheck.Verdict{
		0x1p51:                       gradcheck.Pass, // a quarter
		math.Nextafter(0x1p51, 1e99): gradcheck.Inconclusive,
	} {
		line.Scale = []float64{scale}
		r := runWith(t, line, gradcheck.Settings{Resolution: 0.25})
		assert.Equal(t, want, r.Verdict, "%v: %v", scale, r)
	}
	line.Scale = []float64{0x1p13} // 2⁻⁴⁰
	for off, want := range map[float64]gradcheck.Verdict{0x1p-40: gradcheck.Pass, 0x1p-40 + 0x1p-50: gradcheck.Fail, -0x1p-40: gradcheck.Pass, -0x1p-40 - 0x1p-50: gradcheck.Fail} {
		r := run(t, with(line, func(g, _ []float64) { g[0] += off }))
		assert.Equal(t, want, r.Verdict, "%v: %v", off, r)
	}
}

// At a kink Numeric is in the middle of the slopes, and Bound reaches to them: what is
// beyond is wrong, and the slopes themselves are not.
func TestCertifiedKink(t *testing.T) {
	p := bigger(scalar(func(x float64) float64 { return 2*x + math.Abs(x) }, nil, 0), func(x *big.Float, prec uint) *big.Float {
		twice := new(big.Float).SetPrec(prec).Add(x, x)
		return twice.Add(twice, new(big.Float).Abs(x))
	})
	p.Scale = []float64{0}
	for claimed, want := range map[float64]gradcheck.Verdict{
		1: gradcheck.Inconclusive, 2: gradcheck.Inconclusive, 3: gradcheck.Inconclusive,
		1 - 0x1p-52: gradcheck.Fail, 3 + 0x1p-51: gradcheck.Fail,
	} {
		p.Grad = func(grad, _ []float64) { grad[0] = claimed }
		r := run(t, p)
		assert.Equal(t, want, r.Verdict, "%v", claimed)
		assert.Equal(t, []float64{2, 1, 1}, []float64{r.Entries[0].Numeric, r.Entries[0].Bound, r.Entries[0].Allowed})
	}
}

// A kink that is near is not here: shorter steps do not reach it. Nor does it excuse the
// slope of its other side.
func TestCertifiedNearKink(t *testing.T) {
	abs := func(x *big.Float, prec uint) *big.Float { return new(big.Float).SetPrec(prec).Abs(x) }
	sign := func(v float64) func(float64) float64 { return func(float64) float64 { return v } }
	for _, x := range []float64{1e-10, 0x1p-65, 1e-30, 1e-80, 1e-300} {
		r := run(t, bigger(scalar(math.Abs, sign(1), x), abs))
		assert.Equal(t, gradcheck.Pass, r.Verdict, "%v: %v", x, r)
		for _, wrong := range []float64{-1, 0, 0.5} {
			r = run(t, bigger(scalar(math.Abs, sign(wrong), x), abs))
			assert.Equal(t, gradcheck.Fail, r.Verdict, "%v, %v: %v", x, wrong, r)
		}
	}
}

// A gradient near a minimum is small, and what rounding leaves of it is not wrong:
// the function is exact enough to show it, the gradient is not.
func TestRoundingOfGrad(t *testing.T) {
	terms := []float64{0.1, 0.2, -0.3, 1.1, -1.1}
	exact := new(big.Float).SetPrec(300)
	for _, v := range terms {
		exact.Add(exact, big.NewFloat(v))
	}
	p := scalar(nil, func(x float64) (g float64) {
		for _, v := range terms {
			g += v * x
		}
		return g
	}, 0.7)
	p.Func = func(x []float64) float64 { s, _ := exact.Float64(); return s * x[0] * x[0] / 2 }
	p.Big = func(x []*big.Float, prec uint) *big.Float {
		f := new(big.Float).SetPrec(prec).Mul(x[0], x[0])
		return f.Quo(f.Mul(f, exact), big.NewFloat(2))
	}
	// Without a Scale the truth is 2.8e-17·x, and the gradient anything of that size.
	assert.NotEqual(t, gradcheck.Pass, run(t, p).Verdict)
	p.Scale = []float64{10}
	assert.Equal(t, gradcheck.Inconclusive, run(t, p).Verdict)
	assert.Equal(t, gradcheck.Fail, run(t, with(p, func(g, _ []float64) { g[0] += 1e-14 })).Verdict)
}

// Without a Scale, what an entry may owe goes by the largest of its block. One that agrees
// with the truth all the same is right, and one that is off within what it may owe is
// undecided.
func TestCertifiedAgreement(t *testing.T) {
	big3 := func(x []*big.Float, prec uint) *big.Float {
		f := new(big.Float).SetPrec(prec).Mul(x[0], big.NewFloat(1e3))
		return f.Add(f, new(big.Float).SetPrec(prec).Mul(x[1], big.NewFloat(1e-20)))
	}
	for name, c := range map[string]struct {
		small, zero float64
		want        gradcheck.Verdict
	}{
		"right":                {1e-20, 0, gradcheck.Pass},
		"right to 2^-40":       {1e-20 * (1 + 0x1p-41), 0, gradcheck.Pass},
		"but for rounding":     {1.001e-20, 0, gradcheck.Inconclusive},
		"another zero":         {0, 0, gradcheck.Inconclusive},
		"no zero":              {1e-20, 1e-20, gradcheck.Inconclusive},
		"the other sign":       {-1e-20, 0, gradcheck.Inconclusive},
		"more than it may owe": {1e-9, 0, gradcheck.Fail},
	} {
		r := run(t, gradcheck.Problem{
			Func: func(x []float64) float64 { return 1e3*x[0] + 1e-20*x[1] },
			Grad: func(grad, _ []float64) { grad[0], grad[1], grad[2] = 1e3, c.small, c.zero },
			X:    []float64{0.3, 0.7, 1},
			Big:  big3,
		})
		assert.Equal(t, c.want, r.Verdict, "%s: %v", name, r)
	}
}
