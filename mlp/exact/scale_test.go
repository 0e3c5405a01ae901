package exact

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// What Scale takes from correctly rounded functions agrees with package math, which
// differs between platforms, and has the limits.
func TestScaleFunctions(t *testing.T) {
	for _, p := range []float64{0x1p-1022, 0.25, 0.7, 1 - 0x1p-53} {
		assert.InEpsilon(t, math.Log(p), logarithm(p), 1e-14)
		assert.InEpsilon(t, math.Log1p(-p), logarithmOfRest(p), 1e-14)
		assert.InEpsilon(t, math.Log1p(p), estimates{}.log1p(estimate{v: p}).v, 1e-14)
		assert.InEpsilon(t, math.Exp(-p), estimates{}.exp(estimate{v: -p}).v, 1e-14)
	}
	assert.Equal(t, math.Inf(-1), logarithm(0))
	assert.Equal(t, math.Inf(-1), logarithmOfRest(1))
	assert.True(t, math.IsNaN(logarithm(-1)))
	assert.Equal(t, 0.0, estimates{}.exp(estimate{v: -1e300}).v)
	assert.Equal(t, 0x1p-1074, estimates{}.exp(estimate{v: -745}).v)

	p, lse := distribution([]Ball{{Value: 1}, {Value: 3}, {Value: -800}, {Value: 3}})
	rest := math.Exp(-2)
	for j, want := range []float64{rest / (2 + rest), 1 / (2 + rest), 0, 1 / (2 + rest)} {
		assert.InDelta(t, want, p[j], 1e-15)
	}
	assert.InEpsilon(t, 3+math.Log(2+rest), lse, 1e-15)
}
