package loss_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone"
	"touchstone/loss"
)

// goldenUlps is how far from the nearest float64 a loss of one output may be.
const goldenUlps = 0

func TestGolden(t *testing.T) {
	n, worst := 0, 0.0
	for _, s := range touchstone.Scalars() {
		name, deriv := strings.CutSuffix(s.Function, "-derivative")
		f, err := loss.ByName(name)
		if err != nil {
			continue // an activation
		}
		n++
		y, target := []float64{s.Arg}, []float64{s.Target}
		got := f.Value(y, target)
		if deriv {
			f.Grad(y, y, target)
			got = y[0]
		}
		if math.IsNaN(s.Nearest) || math.IsInf(s.Nearest, 0) || math.IsInf(got, 0) || math.IsNaN(got) {
			assert.True(t, got == s.Nearest || math.IsNaN(got) && math.IsNaN(s.Nearest), "%s: %v, want %v", s.ID, got, s.Nearest)
			continue
		}
		ulp := math.Nextafter(math.Abs(s.Nearest), math.Inf(1)) - math.Abs(s.Nearest)
		if slices.Contains(s.Flags, "NearTarget") && deriv {
			ulp = 0x1p-52 // of the terms whose difference it is
		}
		e := math.Abs(got-s.Nearest) / ulp
		worst = max(worst, e)
		assert.LessOrEqual(t, e, float64(goldenUlps), "%s: %v, want %v", s.ID, got, s.Nearest)
	}
	require.Equal(t, 480, n)
	t.Logf("%d values, the worst %v ulps off", n, worst)
}
