package activation_test

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone"
	"touchstone/activation"
)

// goldenUlps is how far from the nearest float64 a function may be.
const goldenUlps = 0

func TestGolden(t *testing.T) {
	n, worst := 0, uint64(0)
	for _, s := range touchstone.Scalars() {
		name, deriv := strings.CutSuffix(s.Function, "-derivative")
		f, err := activation.ByName(name)
		if err != nil {
			continue // a loss
		}
		n++
		got := f.Value(s.Arg)
		if deriv {
			got = f.Deriv(s.Arg)
		}
		e := ulps(got, s.Nearest)
		worst = max(worst, e)
		assert.LessOrEqual(t, e, uint64(goldenUlps), "%s: %v, want %v", s.ID, got, s.Nearest)
	}
	require.Equal(t, 590, n)
	t.Logf("%d values, the worst %d ulps off", n, worst)
}

// ulps returns how many float64s lie between a and b, 0 for two NaNs, and does not
// tell zeros apart.
func ulps(a, b float64) uint64 {
	if math.IsNaN(a) && math.IsNaN(b) || a == b {
		return 0
	}
	if math.IsNaN(a) || math.IsNaN(b) {
		return math.MaxUint64
	}
	i, j := ordered(a), ordered(b)
	return uint64(max(i, j) - min(i, j))
}

// ordered maps float64s to integers in their order.
func ordered(x float64) int64 {
	i := int64(math.Float64bits(x))
	if i < 0 {
		return math.MinInt64 - i
	}
	return i
}
