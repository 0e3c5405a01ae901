package loss_test

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"touchstone"
	"touchstone/loss"
)

func TestGolden(t *testing.T) {
	n := 0
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
		if got != s.Nearest && !(math.IsNaN(got) && math.IsNaN(s.Nearest)) {
			t.Errorf("%s: %v, want %v", s.ID, got, s.Nearest)
		}
	}
	require.Equal(t, 480, n)
}
