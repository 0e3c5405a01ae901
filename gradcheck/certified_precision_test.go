package gradcheck_test

import (
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/assert"

	"touchstone/gradcheck"
)

// Big has the precision it is asked for, but for a 0, which new(big.Float) is without any.
func TestCertifiedShort(t *testing.T) {
	square := scalar(func(x float64) float64 { return x * x }, func(x float64) float64 { return 2 * x }, 0.3)
	r := run(t, bigger(square, func(x *big.Float, _ uint) *big.Float { return new(big.Float).SetPrec(200).Mul(x, x) }))
	assert.Equal(t, []string{"Big returned numbers of fewer bits than it was asked for"}, r.Remarks)
	zero := func(float64) float64 { return 0 }
	r = run(t, bigger(scalar(zero, zero, 1), func(*big.Float, uint) *big.Float { return new(big.Float) }))
	assert.Empty(t, r.Remarks)
	assert.Equal(t, gradcheck.Pass, r.Verdict, "%v", r)
}

// The negative of Func is another function, for all that it is as large.
func TestCertifiedNegative(t *testing.T) {
	square := scalar(func(x float64) float64 { return x * x }, func(x float64) float64 { return -2 * x }, 0.3)
	r := run(t, bigger(square, func(x *big.Float, prec uint) *big.Float {
		y := new(big.Float).SetPrec(prec).Mul(x, x)
		return y.Neg(y)
	}))
	assert.Zero(t, r.Failed)
	assert.Equal(t, []string{"Big is not the same function as Func"}, r.Remarks)
}

// Where 256 bits do not tell a derivative to more than a float64 has, more are taken: of x
// + 2¹²⁰·x³ they know it to 2⁻⁸.
func TestCertifiedMoreBits(t *testing.T) {
	f := func(x *big.Float, prec uint) *big.Float {
		y := bigCube(x, prec)
		y.SetMantExp(y, 120)
		return y.Add(y, x)
	}
	for claimed, want := range map[float64]gradcheck.Verdict{1: gradcheck.Pass, 1 + 1e-3: gradcheck.Fail} {
		p := scalar(func(x float64) float64 { return x + 0x1p120*x*x*x }, func(float64) float64 { return claimed }, 0)
		r := run(t, bigger(p, f))
		assert.Equal(t, want, r.Verdict, "%v: %v", claimed, r)
		assert.Equal(t, 1., r.Entries[0].Numeric)
		assert.Less(t, r.Entries[0].Bound, 1e-18)
	}
}

// A right gradient may underflow: by one step of float64 it is not wrong.
func TestCertifiedSubnormal(t *testing.T) {
	const least = 0x1p-1074
	for claimed, want := range map[float64]gradcheck.Verdict{
		0: gradcheck.Pass, least: gradcheck.Pass, 2 * least: gradcheck.Pass, 4 * least: gradcheck.Fail, -4 * least: gradcheck.Fail,
	} {
		p := scalar(func(x float64) float64 { return math.Ldexp(x, -1074) }, func(float64) float64 { return claimed }, 1)
		r := run(t, bigger(p, func(x *big.Float, prec uint) *big.Float {
			return new(big.Float).SetPrec(prec).SetMantExp(x, -1074)
		}))
		assert.Equal(t, want, r.Entries[0].Verdict, "%v: %v", claimed, r)
	}
}
