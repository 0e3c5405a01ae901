package exact_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp"
	"touchstone/mlp/exact"
)

// TestAliases: arguments are only read, whether they share memory or not, and results are
// the caller's: writing to them, or to the arguments, changes nothing later.
func TestAliases(t *testing.T) {
	n := mlp.New(2, mlp.Layer{Width: 3, Activation: activation.Sigmoid{}, NoBias: true}, mlp.Layer{Width: 2, Activation: activation.Tanh{}, NoBias: true})
	x := normal(rand.New(rand.NewPCG(6, 0)), 6, 2, 1)
	shared := exact.Problem{Net: n, Loss: loss.Squared{}, Theta: x.Data, X: x, T: x, Lambda: 0.5, Rate: 0.25}
	own := shared
	own.Theta, own.X.Data, own.T.Data = slices.Clone(x.Data), slices.Clone(x.Data), slices.Clone(x.Data)

	want, err := exact.Evaluate(own)
	require.NoError(t, err)
	got, err := exact.Evaluate(shared)
	require.NoError(t, err)
	assert.Equal(t, want, got)
	got.Grad[0], got.Z[0][0] = exact.Ball{}, exact.Ball{}
	again, err := exact.Evaluate(shared)
	require.NoError(t, err)
	assert.Equal(t, want, again)

	wantHess, err := exact.HessVec(own, slices.Clone(x.Data))
	require.NoError(t, err)
	gotHess, err := exact.HessVec(shared, x.Data)
	require.NoError(t, err)
	assert.Equal(t, wantHess, gotHess)
	assert.Equal(t, own.Theta, x.Data)
}
