package touchstone

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp"
	"touchstone/mlp/exact"
)

// The largest number itself is one. What is above it excuses what is computed from it, and
// no other block.
func TestOverflow(t *testing.T) {
	const most = 65504
	line := mlp.Layer{Width: 1, Activation: activation.Identity{}}
	everything := []string{"z0", "a0", "z1", "a1", "z2", "a2", "loss", "delta2", "delta1", "delta0", "W2", "b2", "W1", "b1", "W0", "b0", "dx", "after"}
	above := math.Nextafter(most, 1e9)
	for _, b := range []struct {
		name   string
		change func(c *Case, right *pass, size float64)
		behind []string // what is excused as a block
		itself string   // what has an entry that is
	}{
		{"z0", func(c *Case, _ *pass, size float64) { c.Scale.Z[0][0][0] = size * 5 }, []string{"a0", "z1", "a1", "z2", "a2", "loss", "delta2", "delta1", "delta0", "W2", "b2", "W1", "b1", "W0", "b0", "dx", "after"}, "z0"},
		{"z2", func(c *Case, _ *pass, size float64) { c.Scale.Z[2][0][0] = size * 4 }, []string{"a2", "loss", "delta2", "delta1", "delta0", "W2", "b2", "W1", "b1", "W0", "b0", "dx", "after"}, "z2"},
		{"a", func(c *Case, _ *pass, size float64) { c.Scale.A[1][0][0] = size }, nil, ""},
		{"delta1", func(c *Case, _ *pass, size float64) { c.Scale.Delta[1][0][0] = size }, []string{"delta1", "delta0", "W1", "b1", "W0", "b0", "dx", "after"}, "delta1"},
		{"da1", func(_ *Case, right *pass, size float64) { right.da[2][0] = -size }, []string{"delta1", "delta0", "W1", "b1", "W0", "b0", "dx", "after"}, ""},
		{"loss", func(c *Case, _ *pass, size float64) { c.Scale.Loss = size }, nil, "loss"},
		{"grad", func(c *Case, _ *pass, size float64) { c.Scale.Grad[0] = size }, nil, "W0 after"},
		{"after", func(c *Case, _ *pass, size float64) { c.Scale.After[0] = size }, nil, ""},
		{"dx", func(c *Case, _ *pass, size float64) { c.Scale.DX[0][0] = size }, nil, "dx"},
		{"x", func(c *Case, _ *pass, size float64) { c.X.Data[1] = -size }, everything, ""},
		{"theta", func(c *Case, _ *pass, size float64) { c.Theta[6] = size }, everything, ""},
		{"t", func(c *Case, _ *pass, size float64) { c.T.Data[0] = size }, everything, ""},
		{"dy", func(c *Case, _ *pass, size float64) { c.DY.Data = []float64{size} }, everything, ""},
		{"lambda", func(c *Case, _ *pass, size float64) { c.Lambda = size }, everything, ""},
		{"rate", func(c *Case, _ *pass, size float64) { c.Step.Rate = size }, everything, ""},
	} {
		for _, size := range []float64{most, above} {
			c, err := NewCase("", exact.Problem{Net: mlp.New(2, line, line, line), Loss: loss.Squared{}, Rate: 0.1,
				Theta: filled(1, 7, func() float64 { return 0.5 }).Data, X: filled(1, 2, func() float64 { return 1 }), T: filled(1, 1, func() float64 { return 3 })})
			require.NoError(t, err)
			right, k := rightPass(&c), planted{}.claim(&c)
			b.change(&c, right, size)
			o := newOverflow(&c, right, Float16)
			var behind []string
			itself := ""
			for _, block := range blocks(&c, &k) {
				if o.isBehind(&block) {
					behind = append(behind, block.Name)
				}
				for i := range block.entries {
					if o.entry(&block, i) {
						itself += " " + block.Name
					}
				}
			}
			if size == most {
				assert.Empty(t, behind, b.name)
				assert.Empty(t, itself, b.name)
				continue
			}
			assert.Equal(t, b.behind, behind, b.name)
			if b.itself != "" {
				assert.Equal(t, " "+b.itself, itself, b.name)
			} else {
				assert.Empty(t, itself, b.name)
			}
		}
	}
}
