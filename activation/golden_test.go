package activation_test

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"touchstone"
	"touchstone/activation"
)

func TestGolden(t *testing.T) {
	n := 0
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
		if got != s.Nearest && !(math.IsNaN(got) && math.IsNaN(s.Nearest)) {
			t.Errorf("%s: %v, want %v", s.ID, got, s.Nearest)
		}
	}
	require.Equal(t, 590, n)
}
