package gradcheck

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Scatter is about the standard deviation of independent noise, whatever smooth function
// it is in and however large that is, and 0 without noise.
func TestScatter(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 1))
	for _, size := range []float64{1, 1e-200, 1e200} {
		found, sum := 0, 0.0
		for range 300 {
			var v [noisePoints]float64
			a, b, c := rnd.NormFloat64(), rnd.NormFloat64(), rnd.NormFloat64()
			for m := range v {
				x := float64(m) / noisePoints
				v[m] = size * (a + b*x + c*x*x/10 + 1e-3*rnd.NormFloat64())
			}
			if s := scatter(v) / size; s > 0 {
				found++
				sum += s
				assert.Greater(t, s, 0.1e-3)
				assert.Less(t, s, 8e-3)
			}
		}
		assert.Greater(t, found, 290, "of 300")
		assert.InDelta(t, 1.2e-3, sum/float64(found), 0.15e-3, "the largest of three orders")
	}
	assert.Zero(t, scatter([noisePoints]float64{}))
	assert.Zero(t, scatter([noisePoints]float64{1, 1, 1, 1, 1, 1, 1, 1, 1}))
	assert.Zero(t, scatter([noisePoints]float64{0, 1, 2, 3, 4, 5, 6, 7, 8}))
	assert.Zero(t, scatter([noisePoints]float64{1, math.Inf(1)}))
	// Of noise that alternates, the orders give √((k!)²/(2k)!)·2ᵏ; beside a slope, the first
	// says nothing.
	alternating := [noisePoints]float64{1, -1, 1, -1, 1, -1, 1, -1, 1}
	assert.InDelta(t, math.Sqrt(64./20), scatter(alternating), 1e-12)
	for m := range alternating {
		alternating[m] += 1000 * float64(m)
	}
	assert.InDelta(t, math.Sqrt(256./70), scatter(alternating), 1e-9)
	assert.Less(t, scatter([noisePoints]float64{0, -1, -4, -9, -16, -25, -36, -49, -64}), 1e-14) // rounding
}

// A jump shows between two values, a kink and a curve are none, and of two jumps it is
// the larger.
func TestJumpIn(t *testing.T) {
	values := func(f func(x float64) float64) (v [jumpPoints]float64) {
		for m := range v {
			v[m] = f(float64(m))
		}
		return v
	}
	step := func(at, by float64) func(x float64) float64 {
		return func(x float64) float64 {
			if x > at {
				return x/8 + by
			}
			return x / 8
		}
	}
	for at := 1.5; at < jumpPoints-3; at++ {
		for _, by := range []float64{3, -3} {
			m, ok := jumpIn(values(step(at, by)))
			assert.True(t, ok, at)
			assert.Equal(t, int(at), m)
		}
	}
	m, ok := jumpIn(values(func(x float64) float64 { return step(3.5, 1)(x) + step(9.5, 2)(x) }))
	assert.True(t, ok)
	assert.Equal(t, 9, m)
	m, ok = jumpIn(values(func(x float64) float64 { return step(3.5, 2)(x) + step(9.5, 1)(x) }))
	assert.True(t, ok)
	assert.Equal(t, 3, m)
	for name, f := range map[string]func(x float64) float64{
		"line":                   func(x float64) float64 { return 3*x + 1 },
		"curve":                  func(x float64) float64 { return math.Sin(x / 4) },
		"kink":                   func(x float64) float64 { return math.Abs(x - 7) },
		"noise":                  func(x float64) float64 { return 1 + 0x1p-53*float64(int(x)*7%5) },
		"rounding":               func(x float64) float64 { return 1 + 0x1p-52*math.Min(1, math.Floor(x/8)) },
		"small beside the curve": func(x float64) float64 { return x*x + step(7.5, 3)(x) },
	} {
		_, ok := jumpIn(values(f))
		assert.False(t, ok, name)
	}
}

// The largest jump is that of the function, to either side, and a slope however steep is
// none.
func TestLargestJump(t *testing.T) {
	jump := func(at, by float64) func(x float64) float64 {
		return func(x float64) float64 {
			if x > at {
				return x + by
			}
			return x
		}
	}
	for name, c := range map[string]struct {
		f    func(x float64) float64
		side int
		want float64
	}{
		"near":            {jump(1e-9, 1e-3), 0, 1e-3},
		"farther":         {jump(1e-3, 1e-3), 0, 1e-3},
		"downwards":       {jump(1e-3, -1e-3), 0, 1e-3},
		"to the left":     {jump(-1e-3, 1e-3), 0, 1e-3},
		"the larger":      {func(x float64) float64 { return jump(1e-6, 1e-4)(x) + jump(-1e-3, 1e-3)(x) }, 0, 1e-3},
		"of one side":     {func(x float64) float64 { return jump(1e-3, 1e-4)(x) + jump(-1e-3, 1e-3)(x) }, 1, 1e-4},
		"of the other":    {func(x float64) float64 { return jump(1e-3, 1e-4)(x) + jump(-1e-3, 1e-3)(x) }, -1, 1e-3},
		"a steep slope":   {func(x float64) float64 { return 1e-3 * math.Tanh(1e6*x) }, 0, 0},
		"nothing":         {func(x float64) float64 { return math.Sin(x) }, 0, 0},
		"less than noise": {jump(1e-3, 0x1p-55), 0, 0},
		"against a slope": {func(x float64) float64 { return 40*x + jump(1e-3, -1e-3)(x) }, 0, 1e-3},
		"across a hole": {func(x float64) float64 {
			if x > 1e-3 && x < 1.01e-3 {
				return math.NaN()
			}
			return jump(1e-3, 1e-3)(x)
		}, 0, 0},
		"as far as that": {jump(0.8, 1e-3), 0, 1e-3},
		"too far":        {jump(1.1, 1), 0, 0},
	} {
		p := Problem{Func: func(x []float64) float64 { return c.f(x[0]) }, X: []float64{0}}
		checker := newChecker(p, Settings{})
		got := largestJump(checker.coordinate(0), c.side, minNoise)
		assert.True(t, math.Abs(got-c.want) <= 1e-6, "%s: %v, want %v", name, got, c.want) // no NaN
	}
	// It is looked for as far as the domain goes, and no farther.
	p := Problem{Func: func(x []float64) float64 {
		assert.LessOrEqual(t, math.Abs(x[0]), 1e-2)
		return jump(1e-3, 1e-3)(x[0])
	}, X: []float64{0}, Lower: []float64{-1e-2}, Upper: []float64{1e-2}}
	checker := newChecker(p, Settings{})
	assert.InEpsilon(t, 1e-3, largestJump(checker.coordinate(0), 0, minNoise), 1e-6)
}

// The segments on which noise is measured go into the domain, to the side that has the
// room, and no farther than it goes.
func TestNoiseSteps(t *testing.T) {
	inf := math.Inf(1)
	p := Problem{
		X:     []float64{0, 100, 0, 0, 0, 1, 0, 1e12, 1e12, 1e12, 1e12},
		Lower: []float64{-inf, -inf, 0, -inf, -1e-9, 1, -1e-4, 1e12 - 1, 1e12 - 1, -inf, -inf}, // 1 is no room beside 1e12
		Upper: []float64{inf, inf, inf, 0, 2e-9, 1, inf, inf, inf, 1e12 + 1, 1e12 + 1},
	}
	c := newChecker(p, Settings{})
	const spacing = 0x1p-23
	step := c.noiseSteps(c.x, spacing)
	for i, s := range step {
		size := spacing * math.Max(math.Abs(p.X[i]), 1)
		switch i {
		case 4: // all of the larger room
			assert.InDelta(t, 2e-9/noisePoints, s, 1e-24)
		case 5:
			assert.Zero(t, s)
		default:
			assert.GreaterOrEqual(t, math.Abs(s), size/2, i)
			assert.LessOrEqual(t, math.Abs(s), size*1.5, i)
		}
		assert.True(t, p.contains(i, p.X[i]+s*noisePoints*(1-0x1p-50)), i)
	}
}

// Before a no, the noise is measured at both ends of a step, as it may be to one side only.
func TestNoiseAtBothEnds(t *testing.T) {
	below, above := 0, 0
	p := Problem{
		Func: func(x []float64) float64 {
			switch d := x[0] - 1; {
			case d < -1e-3:
				below++
			case d > 1e-3:
				above++
			}
			return math.Exp(x[0])
		},
		Grad: func(grad, _ []float64) { grad[0] = 3 },
		X:    []float64{1},
	}
	r, err := Check(p, nil)
	assert.NoError(t, err)
	assert.Equal(t, Fail, r.Verdict)
	assert.Positive(t, below)
	assert.Equal(t, below, above)
}

// The noise of a gradient is measured in its domain, and its change where all of x change by
// a relative 1, each by its part of the direction.
func TestGradNoise(t *testing.T) {
	p := Problem{
		Grad: func(grad, x []float64) {
			assert.GreaterOrEqual(t, x[0], 3.)
			assert.LessOrEqual(t, x[1], -5.)
			grad[0], grad[1] = 7*x[0], 2*x[1]
		},
		X:     []float64{3, -5},
		Lower: []float64{3, math.Inf(-1)},
		Upper: []float64{math.Inf(1), -5},
	}
	c := newChecker(p, Settings{})
	_, change := c.gradNoise()
	const spacing = 0x1p-30 // the last
	step := c.noiseSteps(c.x, spacing)
	assert.InEpsilon(t, 7*math.Abs(step[0])/spacing, change[0], 1e-6)
	assert.InEpsilon(t, 2*math.Abs(step[1])/spacing, change[1], 1e-6)
}
