package touchstone

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// A factor says something of a part where a number would change by more than 16 bounds:
// by what the factors of the data and of the regulariser change together.
func TestCauseSays(t *testing.T) {
	const bound = 0x1p-4
	for _, b := range []struct {
		want, penalty, r, q float64
		says                bool
	}{
		{2, 0, 2, 1, true},
		{2, 0, 1, 2, false},
		{0.25, 0, 2, 1, false}, // it changes by four bounds
		{0.25, 0, 9, 1, true},
		{8, -8, 2, 2, false}, // the whole gradient is 0, and so is twice that
		{8, -8, 2, 1, true},
		{8, 8, 2, 0, false},
		{0.75, 0.75, 2, 2, true}, // which neither says alone
	} {
		p := part{got: []float64{0}, want: []float64{b.want}, penalty: []float64{b.penalty}, bound: []float64{bound}}
		assert.Equal(t, b.says, p.says(b.r, b.q), "%+v", b)
	}
}
