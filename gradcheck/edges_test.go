package gradcheck_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"touchstone/gradcheck"
)

// An edge that is not declared shows by NaN to one side, whichever it is, and Func is
// differenced to the other.
func TestUndeclaredEdge(t *testing.T) {
	for name, f := range map[string]func(x float64) float64{
		"lower": func(x float64) float64 { return 2*x + math.Sqrt(x)*x*x },
		"upper": func(x float64) float64 { return 2*x + math.Sqrt(-x)*x*x },
	} {
		r := run(t, scalar(f, func(float64) float64 { return 2 }, 0))
		assert.Equal(t, gradcheck.Pass, r.Verdict, "%s: %v", name, r)
		r = run(t, scalar(f, func(float64) float64 { return 2.001 }, 0))
		assert.Equal(t, gradcheck.Fail, r.Verdict, "%s: %v", name, r)
	}
}

// A slope that is not Lipschitz is no kink: it excuses nothing, down to the shortest steps.
func TestSteepSlopeIsNoKink(t *testing.T) {
	for _, wave := range []float64{1, 1e3} {
		f := func(x float64) float64 { return math.Sin(wave*x)/wave + math.Pow(math.Abs(x), 1.6) }
		for claimed, wrong := range map[float64]bool{1: false, 1.01: true} {
			r := run(t, scalar(f, func(float64) float64 { return claimed }, 0))
			assert.Equal(t, wrong, r.Verdict == gradcheck.Fail, "wave %v, claimed %v: %v", wave, claimed, r)
		}
	}
}
