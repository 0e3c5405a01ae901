package gradcheck

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Differences over two series of steps contradict each other if they are apart by more than
// both bounds, and by more than a quarter of the error: then there is no telling. Here the
// quotients of the second series are off by a, and those of the first are 1.
func TestSecondOpinion(t *testing.T) {
	const noise = 1e-9
	bound := derivedAt0(func(t float64) float64 { return t }, noise).bound // of the first; that of the second is 5/3 of it
	for name, c := range map[string]struct {
		a, analytic float64
		want        Verdict
	}{
		"no error":                     {1e-3, 1, Pass},
		"that of the others":           {1e-3, 1 + 1e-3, Pass},
		"far apart for the error":      {1e-3, 1 + 3e-3, Inconclusive},
		"and to below":                 {-1e-3, 1 - 3e-3, Inconclusive},
		"not far apart for the error":  {1e-3, 1 + 5e-3, Fail},
		"not apart":                    {0, 1 + 3e-3, Fail},
		"apart by less than the bound": {2.5 * bound, 1 + 7.5*bound, Fail},
		"apart by more than the bound": {2.75 * bound, 1 + 7.5*bound, Inconclusive},
	} {
		f := along(func(t float64) float64 {
			k := math.Log(otherStep/math.Abs(t)) / math.Log(shrink) // whole for the second series
			if math.Abs(k-math.Round(k)) < 1e-6 {
				return (1 + c.a) * t
			}
			return t
		}, c.analytic, derivative{})
		f.line.below, f.line.above = 10, 10
		checker := &checker{s: Settings{Resolution: DefaultResolution}}
		checker.secondOpinion(f, noise, 0)
		assert.Equal(t, c.want, f.Verdict, "%s: %+v", name, f.Entry)
	}
}
