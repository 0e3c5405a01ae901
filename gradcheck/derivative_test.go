package gradcheck

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// The order is that of the remainder over the shortest steps that still show it.
func TestOrder(t *testing.T) {
	for name, c := range map[string]struct {
		rest  func(t float64) float64
		noise float64
		want  float64
	}{
		"of a right gradient": {func(t float64) float64 { return t * t }, 0, 2},
		"of a wrong one":      {func(t float64) float64 { return -3 * t }, 0, 1},
		"first 1, then 2":     {func(t float64) float64 { return math.Min(t/10, t*t) }, 0, 2},
		"lost in noise":       {func(t float64) float64 { return t * t }, 1, 0},
		"as long as it shows": {func(t float64) float64 { return math.Max(t*t, 1e-4) }, 1e-5, 2},
		"none":                {func(t float64) float64 { return 0 }, 0, 0},
	} {
		d := derivative{}
		for h := 0.25; h > 1e-6; h /= shrink {
			d.samples = append(d.samples, sample{h, 3*h + c.rest(h), c.noise})
		}
		assert.InDelta(t, c.want, d.order(3), 1e-4, name)
	}
	// What rounding leaves of a large derivative is no remainder.
	for _, slope := range []float64{1, 0x1p10, -0x1p10} {
		d := derivative{samples: []sample{{1, slope * (1 + 8*ulp), 0}, {0.25, slope * (0.25 + 4*ulp), 0}}}
		assert.Zero(t, d.order(slope), "%v", slope)
	}
}

// The noise of a difference is a multiple of the measured noise, or some units in the last
// place, if that is more.
func TestNoiseIn(t *testing.T) {
	assert.Equal(t, 6., noiseIn(1, 1))
	assert.Equal(t, 0x1p-51*1.5, noiseIn(1, 0))
	assert.Equal(t, 0x1p-51*3, noiseIn(-2, 0))
}

// A derivative is within its bound of the truth whatever the function, and the bound is
// small against it; from all sides.
func TestDerive(t *testing.T) {
	for name, c := range map[string]struct {
		f    func(t float64) float64
		want float64
	}{
		"exp":      {math.Exp, 1},
		"sin":      {math.Sin, 1},
		"rational": {func(t float64) float64 { return 1 / (2 + t) }, -0.25},
		"cubic":    {func(t float64) float64 { return t*t*t - t/3 }, -1. / 3},
		"line":     {func(t float64) float64 { return 7 * t }, 7},
	} {
		for side := -1; side <= 1; side++ {
			l := along(c.f, 0, derivative{}).line
			l.below, l.above = 10, 10
			if side > 0 {
				l.below = 0
			} else if side < 0 {
				l.above = 0
			}
			d := derive(l, firstStep, c.f(0), minNoise)
			assert.LessOrEqual(t, math.Abs(d.value-c.want), d.bound, "%s, %d", name, side)
			limit := 1e-10
			if side != 0 {
				limit = 1e-7
			}
			assert.Less(t, d.bound, limit*math.Abs(c.want), "%s, %d", name, side)
			assert.Equal(t, side, d.side)
		}
	}
}
