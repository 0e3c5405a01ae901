package gradcheck

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Along a direction, a right gradient may owe what its elements may, as independent errors
// of them, with three times as much for a Scale, and the rounding of the sum besides.
func TestOwe(t *testing.T) {
	v := []float64{3, -4}
	g := []float64{1, 2}
	const sum = 3*1 + 4*2
	p := Problem{X: []float64{0, 0}, Scale: []float64{0x1p23, 0x1p23}} // 2⁻³⁰ each
	c := newChecker(p, Settings{})
	c.g = g
	f := c.along(0, 0, []int{0, 1}, v)
	assert.InEpsilon(t, 3*5*0x1p-30+sum*0x1p-50, c.owe(f, false), 1e-12)

	p.Scale = nil
	c = newChecker(p, Settings{})
	c.g, c.least = g, []float64{2 * 0x1p-50}
	assert.InEpsilon(t, math.Hypot(3*c.owedTo(0, false), 4*c.owedTo(1, false))+sum*0x1p-50, c.owe(f, false), 1e-12)
	assert.InEpsilon(t, inexact+0x1p-49, c.owedTo(0, false), 1e-12)
}

// What rounding leaves of a gradient is measured, and is no error up to a small part of
// its size, however large or small that is.
func TestOwedSize(t *testing.T) {
	const x = 0.7000000000018345
	rounds := func(x float64) float64 { return x + 0x1p14 - 0x1p14 } // to multiples of 2⁻³⁸
	off := rounds(x) - x
	for _, size := range []float64{1, 0x1p30, 0x1p-30} {
		for name, c := range map[string]struct {
			d    func(x float64) float64
			want Verdict
		}{
			"rounding": {rounds, Pass},
			"no":       {func(x float64) float64 { return x + off }, Fail},
		} {
			p := Problem{
				Func:    func(x []float64) float64 { return size * x[0] * x[0] / 2 },
				Grad:    func(grad, x []float64) { grad[0] = size * c.d(x[0]) },
				Complex: func(z []complex128) complex128 { return complex(size, 0) * z[0] * z[0] / 2 },
				X:       []float64{x},
			}
			r, err := Check(p, nil)
			assert.NoError(t, err)
			assert.Equal(t, c.want, r.Verdict, "%s, %v: %v", name, size, r)
		}
	}
}
