package gradcheck

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// quotients is a function whose difference quotients over the steps are those given, and
// the last over all that are shorter.
func quotients(q ...float64) func(t float64) float64 {
	return func(t float64) float64 {
		if t == 0 {
			return 0
		}
		k := int(math.Round(math.Log(firstStep/math.Abs(t)) / math.Log(shrink)))
		return t * q[min(max(k, 0), len(q)-1)]
	}
}

// derivedAt0 returns the derivative of f at 0, where it can be used to both sides.
func derivedAt0(f func(t float64) float64, noise float64) derivative {
	l := along(f, 0, derivative{}).line
	l.below, l.above = 10, 10
	return derive(l, firstStep, f(0), noise)
}

// A quotient that has not moved as it should twice in a row is near the one before by
// accident, and says nothing of the derivative, which is 1 here.
func TestAccidents(t *testing.T) {
	const growth = shrink * shrink
	for name, f := range map[string]func(t float64) float64{
		"falls too fast, then stands":         quotients(1+1e-2, 1+1e-4, 1+1e-5, 1+1e-5, 1),
		"grows, then falls as it should":      quotients(1+(12+0.9*growth+1)*1e-9, 1+(12+growth)*1e-9, 1+12e-9, 1+11e-9, 1),
		"grows more, then falls as it should": quotients(1+(12+0.1*growth+1)*1e-9, 1+(12+growth)*1e-9, 1+12e-9, 1+11e-9, 1),
	} {
		d := derivedAt0(f, 1e-12)
		assert.LessOrEqual(t, math.Abs(d.value-1), d.bound, name)
	}
}

// Each step after the first removes a power: of a polynomial with three, the derivative is
// right after the fourth, to about the noise, and known to be after the fifth.
func TestAllPowers(t *testing.T) {
	d := derivedAt0(func(t float64) float64 { u := t * t; return t * (1 + u*(1+u*(1+u))) }, 1e-16)
	assert.LessOrEqual(t, math.Abs(d.value-1), d.bound)
	assert.Len(t, d.samples, 5)
}

// What is left of the quotient over the shortest step is how far it is off the derivative.
func TestRest(t *testing.T) {
	for _, slope := range []float64{7, 0, -7} {
		d := derivedAt0(func(t float64) float64 { return slope*t + t*t*t }, 1e-12)
		assert.InEpsilon(t, d.step*d.step, d.rest, 1e-3, "%v", slope)
	}
}

// Steps shrink until the noise alone would exceed the bound, and no farther.
func TestShortestStep(t *testing.T) {
	const amplified = 1.18 // the noise, by what is extrapolated
	for name, f := range map[string]func(t float64) float64{
		"exp":      math.Exp,
		"sin":      math.Sin,
		"rational": func(t float64) float64 { return 1 / (2 + t) },
		"cubic":    func(t float64) float64 { return t*t*t - t/3 },
		"line":     func(t float64) float64 { return 7 * t },
	} {
		for noise := 0x1p-50; noise < 0x1p-30; noise *= 1.5 {
			d := derivedAt0(f, noise)
			shortest := d.samples[len(d.samples)-1].t
			next := amplified * noiseIn(f(0), noise) / (2 * shortest / shrink)
			assert.Greater(t, next, d.bound, "%s, %v", name, noise)
		}
	}
}

// One gap between the slopes to the two sides is no kink, even where there was none before.
func TestOneGapIsNoKink(t *testing.T) {
	const a, b = firstStep, firstStep / shrink
	d := derivedAt0(func(t float64) float64 { u := t * t; return t + u*(u-a*a)*(u-b*b) }, 1e-12)
	assert.InDelta(t, 1, d.value, d.bound)
	assert.Greater(t, d.right-d.left, 1e-6)
	assert.False(t, d.kinked)
}
