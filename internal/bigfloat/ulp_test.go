package bigfloat

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// sum returns the exact sum of its arguments.
func sum(terms ...float64) *big.Float {
	s := newFloat(3000)
	for _, x := range terms {
		s.Add(s, big.NewFloat(x))
	}
	return s
}

func TestUlpError(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	const (
		huge   = math.MaxFloat64
		unit   = 0x1p971 // the last place of huge
		normal = 0x1p-1022
		tiny   = 0x1p-1074
	)
	beyond := new(big.Float).SetMantExp(newInt(1), 5000)
	nothing := new(big.Float).SetMantExp(newInt(1), -5000)
	infinity := new(big.Float).SetInf(false)
	for _, c := range []struct {
		got  float64
		want *big.Float
		err  float64
	}{
		// One place, in the middle of a binade.
		{1.5, sum(1.5), 0},
		{1.5 + 0x1p-52, sum(1.5), 1},
		{1.5, sum(1.5, 0x1p-54), 0.25},
		{1.5, sum(1.5, -0x1p-53), 0.5},
		{1.5, sum(1.5, 0x1p-53, 0x1p-200), 0.5 + 0x1p-53}, // rounded up
		{-1.5, sum(-1.5, -0x1p-51), 2},
		{-1.5, sum(1.5), 3 * 0x1p52},

		// At a power of two.
		{1 + 0x1p-52, sum(1), 2},
		{1 - 0x1p-53, sum(1), 1},
		{1, sum(1, 0x1p-53), 0.5},
		{1, sum(1, -0x1p-54), 0.5},
		{1 - 0x1p-53, sum(1, 0x1p-60), 0.5 + 0x1p-8},

		// Zero and subnormals.
		{0, sum(), 0},
		{math.Copysign(0, -1), sum(), 0},
		{tiny, sum(), 1},
		{-3 * tiny, sum(), 3},
		{0, sum(tiny), 1},
		{0, nothing, 0},
		{tiny, nothing, 1},
		{3 * tiny, sum(4 * tiny), 1},
		{normal, sum(normal, -tiny), 1},
		{normal, sum(normal, tiny), 1},
		{2*normal + 2*tiny, sum(2 * normal), 2},
		{1, sum(), inf},

		// The overflow threshold, huge + unit/2.
		{huge, sum(huge), 0},
		{inf, sum(huge), 1},
		{huge, sum(huge, unit/2), 0.5},
		{inf, sum(huge, unit/2), 0.5},
		{inf, sum(huge, unit/4), 0.75},
		{inf, sum(huge, unit*3/4), 0.25},
		{huge, sum(huge, unit*3/4), 0.75},
		{inf, sum(huge, unit), 0},
		{huge, sum(huge, unit), 1},
		{huge, sum(huge, unit, 0x1p1023), 1 + 0x1p52},
		{-inf, sum(-huge, -unit), 0},
		{-inf, sum(huge, unit), 0x1p54},
		{inf, beyond, 0},
		{huge, beyond, inf},
		{-inf, beyond, inf},
		{inf, sum(1), inf},

		// Infinities and NaN.
		{inf, infinity, 0},
		{-inf, infinity, inf},
		{huge, infinity, inf},
		{nan, infinity, inf},
		{nan, sum(), inf},
		{nan, sum(1), inf},
	} {
		if err := UlpError(c.got, c.want); err != c.err {
			t.Errorf("UlpError(%g, %.25g) = %g, want %g", c.got, c.want, err, c.err)
		}
	}
}

// TestUlpErrorNearest: at most ½ is what a correctly rounded result has, and no
// other float64 unless want is halfway between two.
func TestUlpErrorNearest(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	for range 20000 {
		x := math.Float64frombits(rnd.Uint64())
		if rnd.Uint64()&3 == 0 {
			x = math.Ldexp(1, rnd.IntN(2098)-1074) // a power of two
		}
		if x != x || math.IsInf(x, 0) {
			continue
		}
		// Up to two places from x, and not halfway.
		place := math.Nextafter(math.Abs(x), 0) - math.Abs(x)
		want := newFloat(300).Mul(big.NewFloat(place), big.NewFloat(4*rnd.Float64()-2+0x1p-54))
		want.Add(want, big.NewFloat(x))

		right, _ := want.Float64()
		for _, got := range []float64{right, math.Nextafter(right, math.Inf(1)), math.Nextafter(right, math.Inf(-1))} {
			if err := UlpError(got, want); (err <= 0.5) != (got == right) {
				t.Errorf("UlpError(%g, %.25g) = %g, the nearest is %g", got, want, err, right)
			}
		}
	}
}
