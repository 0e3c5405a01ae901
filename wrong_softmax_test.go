package touchstone

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp/exact"
)

// A softmax that leaves out what has the target 0 is named for targets of any sum.
func TestCauseOfSoftmaxWithoutZeros(t *testing.T) {
	rnd := rand.New(rand.NewPCG(4, 12))
	n := chain(2, activation.Identity{}, 4)
	c, err := NewCase("", exact.Problem{Net: n, Loss: loss.SoftmaxCrossEntropy{}, Theta: filled(1, n.NumParams(), rnd.NormFloat64).Data,
		X: filled(3, 2, rnd.NormFloat64), T: filled(3, 4, inTurn(0, 0.5, 1, 0.25, 1.5, 0, 0.5, 0, 0.25, 0.75, 0, 0.125))})
	require.NoError(t, err)
	k := planted{dy: func(_ *Case, y, t []float64) (dy []float64) {
		total := 0.0
		for _, v := range t {
			total += v
		}
		for j, p := range softmax(y) {
			dy = append(dy, flag(t[j] != 0)*(total*p-t[j]))
		}
		return dy
	}}.claim(&c)
	assert.Equal(t, "MISSING: the derivative is 0 where the target is 0", causeText(&c, Claim{Grad: k.Grad}))
}
