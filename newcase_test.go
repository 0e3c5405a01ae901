package touchstone

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp"
	"touchstone/mlp/exact"
)

// A case of one's own is what the golden vectors are, and files written of it are
// read again.
func TestNewCaseAndVectors(t *testing.T) {
	var made []Case
	for _, c := range someCases() {
		if len(c.Step.Frozen) > 0 {
			continue // NewCase freezes nothing
		}
		own, err := NewCase(c.ID, exact.Problem{Net: c.Net, Loss: c.Loss, Theta: c.Theta, X: c.X, T: c.T, DY: c.DY,
			Sum: c.Sum, Lambda: c.Lambda, Rate: c.Step.Rate})
		require.NoError(t, err, c.ID)
		c.Exact.OneMinusP, c.Exact.SequentialLoss = "", ""
		assert.Equal(t, c.Exact, own.Exact, c.ID)
		assert.Equal(t, c.Step, own.Step, c.ID)
		for i, s := range c.Scale.After {
			assert.InDelta(t, s, own.Scale.After[i], 1.1e-5*s, c.ID)
		}
		assert.NotEqual(t, Fail, Judge(own, planted{}.claim(&own)).Outcome, c.ID)
		made = append(made, own)
	}
	data := Vectors("a test", made)
	again, _, err := decode("own.json", data)
	require.NoError(t, err)
	require.Len(t, again, len(made))
	for i := range again {
		assert.Equal(t, made[i].Exact, again[i].Exact)
		assert.Equal(t, made[i].Step, again[i].Step)
		assert.Equal(t, made[i].Theta, again[i].Theta)
		assert.Equal(t, made[i].X, again[i].X)
		assert.Equal(t, made[i].T.Data, again[i].T.Data)
		for k, s := range again[i].Scale.Grad {
			assert.GreaterOrEqual(t, s, made[i].Scale.Grad[k])
			assert.LessOrEqual(t, s, made[i].Scale.Grad[k]*(1+1.1e-5))
		}
	}
}

func TestNewCaseRefuses(t *testing.T) {
	n := mlp.New(1, mlp.Layer{Width: 1, Activation: activation.Identity{}})
	one := blas64.General{Rows: 1, Cols: 1, Stride: 1, Data: []float64{1}}
	_, err := NewCase("c", exact.Problem{Net: n, Loss: loss.CrossEntropy{}, Theta: []float64{1, 0}, X: one, T: blas64.General{Rows: 1, Cols: 1, Stride: 1, Data: []float64{0}}})
	var e *exact.InputError
	assert.ErrorAs(t, err, &e, "the probability is 1, the loss +Inf")
}
