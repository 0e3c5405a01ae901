package gradcheck_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"touchstone/gradcheck"
)

// complexer adds Complex to a problem of one variable.
func complexer(p gradcheck.Problem, f func(z complex128) complex128) gradcheck.Problem {
	p.Complex = func(z []complex128) complex128 { return f(z[0]) }
	return p
}

// Where all steps agree, the bound is some units of rounding, and where nothing moves what
// an underflow may hide: a gradient that does move is wrong.
func TestComplexStepBound(t *testing.T) {
	slope := func(v float64) func(float64) float64 { return func(float64) float64 { return v } }
	line := complexer(scalar(func(x float64) float64 { return 3 * x }, slope(3), 1), func(z complex128) complex128 { return 3 * z })
	r := run(t, line)
	assert.Equal(t, gradcheck.Pass, r.Verdict, "%v", r)
	assert.GreaterOrEqual(t, r.Entries[0].Bound, 3*0x1p-46)
	assert.Less(t, r.Entries[0].Bound, 3*0x1p-45)

	for claimed, want := range map[float64]gradcheck.Verdict{0: gradcheck.Inconclusive, 1e-9: gradcheck.Fail} {
		r := run(t, complexer(scalar(slope(0), slope(claimed), 1), func(complex128) complex128 { return 0 }))
		assert.Equal(t, want, r.Verdict, "%v: %v", claimed, r)
		assert.Less(t, r.Entries[0].Bound, 0x1p-700)
	}
}

// What Func loses to rounding is measured against the size of what it sums: f and x·f′.
func TestComplexStepNoise(t *testing.T) {
	const x = 0x1p20
	p := scalar(func(v float64) float64 { return v + 0x1p30 - 0x1p30 - x }, func(float64) float64 { return 1 }, x)
	p = complexer(p, func(z complex128) complex128 { return z - x })
	r := run(t, p)
	assert.Equal(t, gradcheck.Pass, r.Verdict, "%v", r)
	r = run(t, with(p, func(g, _ []float64) { g[0] += 1e-6 }))
	assert.Equal(t, gradcheck.Fail, r.Verdict, "%v", r)
}

// What a right gradient loses to rounding is measured before a no, and an error of the same
// size that is not rounding is wrong.
func TestComplexStepRounding(t *testing.T) {
	const x = 0.7000000000018345
	rounds := func(x float64) float64 { return x + 0x1p14 - 0x1p14 } // to multiples of 2⁻³⁸
	off := rounds(x) - x
	p := complexer(scalar(func(x float64) float64 { return x * x / 2 }, rounds, x), func(z complex128) complex128 { return z * z / 2 })
	r := run(t, p)
	assert.Equal(t, gradcheck.Pass, r.Verdict, "%v", r)
	p.Grad = func(grad, x []float64) { grad[0] = x[0] + off }
	r = run(t, p)
	assert.Equal(t, gradcheck.Fail, r.Verdict, "%v", r)
}

// A Complex whose derivative is known only roughly is no other function than Func for that,
// however large x is.
func TestComplexStepRough(t *testing.T) {
	for _, x := range []float64{1, 1024} {
		p := scalar(func(x float64) float64 { return x }, func(float64) float64 { return 1 }, x)
		r := run(t, complexer(p, func(z complex128) complex128 {
			im := imag(z)
			if step := im / math.Ldexp(x, -300); step > 0.5 && step < 0.7 {
				im *= 1.25 // of one of four
			}
			return complex(real(z), im)
		}))
		assert.InDelta(t, 1.125, r.Entries[0].Numeric, 1e-12)
		assert.Empty(t, r.Remarks, "%v", x)
	}
}
