package touchstone

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp"
	"touchstone/mlp/exact"
)

// Before a sigmoid and a tanh, z may have been clamped; before other functions it is not.
func TestCauseOfClampedZ(t *testing.T) {
	one := func() float64 { return 1 }
	for _, f := range []activation.Func{activation.Sigmoid{}, activation.Tanh{}} {
		for _, last := range []activation.Func{activation.Identity{}, activation.ReLU{}, activation.Softplus{}} {
			n := mlp.New(1, mlp.Layer{Width: 2, Activation: f, NoBias: true}, mlp.Layer{Width: 1, Activation: last, NoBias: true})
			c, err := NewCase("", exact.Problem{Net: n, Loss: loss.Squared{}, Theta: []float64{17, -0.5, 1000, 0.25}, X: filled(1, 1, one), T: filled(1, 1, one)})
			require.NoError(t, err)
			for _, limit := range []float64{10, 15, 16} {
				k := planted{value: func(g activation.Func, z float64) float64 {
					if g == f {
						z = math.Max(-limit, math.Min(limit, z))
					}
					return g.Value(z)
				}}.claim(&c)
				assert.Equal(t, fmt.Sprintf("SATURATION: z is clamped to ±%v before the activation", limit), causeText(&c, Claim{A: k.A}), "%v", n)
			}
		}
	}
}
