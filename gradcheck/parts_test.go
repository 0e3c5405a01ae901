package gradcheck

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// The derivatives of the parts are taken once, whatever asks for them.
func TestPartsAreKept(t *testing.T) {
	part := func(x []float64) float64 { return x[0] * x[1] }
	c := newChecker(Problem{Func: part, X: []float64{2, 3}, Parts: []func([]float64) float64{part}}, Settings{})
	both := []Entry{{Index: 0}, {Index: 1}}
	first := c.numericParts(both)
	calls := c.r.Evaluations
	assert.Positive(t, calls)
	assert.Equal(t, first, c.numericParts(both))
	assert.Equal(t, calls, c.r.Evaluations)
	assert.Equal(t, first[0].value[1:], c.numericParts(both[1:])[0].value)
	assert.Equal(t, calls, c.r.Evaluations)
}
