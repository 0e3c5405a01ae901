package exact

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// A value is sharp if it is Rounded, or known to 40 bits of its own, whatever its size; and
// all that Scale reads must be, but no gradient.
func TestSharp(t *testing.T) {
	for _, c := range []struct {
		b    Ball
		want bool
	}{
		{Ball{}, false}, // 0, and not Rounded
		{Ball{Rounded: true}, true},
		{Ball{Value: 1, Radius: 0x1p-41}, true},
		{Ball{Value: -1, Radius: 0x1p-41}, true},
		{Ball{Value: 1, Radius: 0x1p-39}, false},
		{Ball{Value: 0x1p-60, Radius: 0x1p-101}, true},
		{Ball{Value: 0x1p-60, Radius: 0x1p-99}, false},
		{Ball{Value: 0x1p60, Radius: 0x1p19}, true},
		{Ball{Value: 0x1p60, Radius: 0x1p21}, false},
		{Ball{Radius: eta}, false},
		{Ball{Value: math.NaN(), Radius: math.Inf(1)}, false},
		{Ball{Value: math.Inf(1), Radius: math.Inf(1)}, false},
	} {
		sharp := []Ball{{Value: 1, Rounded: true}}
		for _, r := range []Result{
			{Z: [][]Ball{{c.b}}, A: [][]Ball{sharp}, Delta: [][]Ball{sharp}},
			{Z: [][]Ball{sharp}, A: [][]Ball{{sharp[0], c.b}}, Delta: [][]Ball{sharp}},
			{Z: [][]Ball{sharp, sharp}, A: [][]Ball{sharp, sharp}, Delta: [][]Ball{sharp, {c.b}}},
		} {
			assert.Equal(t, c.want, r.isSharp(), "%v", c.b)
		}
		assert.True(t, (&Result{Grad: []Ball{c.b}}).isSharp(), "%v in the gradient", c.b)
	}
}
