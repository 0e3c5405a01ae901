package gradcheck

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// A number is found elsewhere if it is there within what is known, and with what a right
// gradient may be off.
func TestIsAt(t *testing.T) {
	for _, value := range []float64{2, -2} {
		for _, off := range []float64{0.5 + 2*inexact, -0.5 - 2*inexact} {
			s := &suspect{a: []float64{value + off}}
			assert.True(t, s.isAt(0, value, 0.5))
			assert.False(t, s.isAt(0, value, 0.5-0x1p-50))
			assert.False(t, s.isAt(0, value, math.Inf(1)))
		}
	}
}
