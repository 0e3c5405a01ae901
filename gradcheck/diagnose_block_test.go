package gradcheck

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// A number is found elsewhere if it is there within what is known, and with what a right
// gradient may be off.
func TestIsAt(t *testing.T) {
	s := &suspect{a: []float64{1.5 + inexact}}
	assert.True(t, s.isAt(0, 1, 0.5))
	assert.False(t, s.isAt(0, 1, 0.5-0x1p-50))
	assert.False(t, s.isAt(0, 1, math.Inf(1)))
	s.a[0] = 0.5 - inexact
	assert.True(t, s.isAt(0, 1, 0.5))
	assert.False(t, s.isAt(0, 1, 0.5-0x1p-50))
}
