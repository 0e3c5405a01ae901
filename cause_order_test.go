package touchstone

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The right numbers at other places are named, wherever they are; and not if one of them
// is another.
func TestCauseOfOrder(t *testing.T) {
	c, ok := CaseByID("rectangular-squared")
	require.True(t, ok)
	right := planted{}.claim(&c)
	for name, place := range map[string]func(k *Claim) []float64{
		"z1":     func(k *Claim) []float64 { return k.Z[1] },
		"a0":     func(k *Claim) []float64 { return k.A[0] },
		"delta2": func(k *Claim) []float64 { return k.Delta[2] },
		"W1":     func(k *Claim) []float64 { return c.Net.Weights(k.Grad, 1).Data },
		"b1":     func(k *Claim) []float64 { return c.Net.Biases(k.Grad, 1) },
		"dx":     func(k *Claim) []float64 { return k.DX },
	} {
		k := planted{}.claim(&c)
		of := place(&k)
		copy(of[1:], place(&right))
		of[0] = place(&right)[len(of)-1]
		v := Judge(c, k)
		require.Equal(t, Fail, v.Outcome, name)
		if assert.NotNil(t, v.Cause, name) {
			assert.Equal(t, "ORDER: "+name+" has the right numbers in another order", v.Cause.String())
		}
		of[2] += 1e-9
		if v := Judge(c, k); v.Cause != nil {
			assert.NotEqual(t, "ORDER", v.Cause.Type, name)
		}
	}
}

// A gradient is transposed together with the regulariser's part of it.
func TestCauseOfTransposedWithRegulariser(t *testing.T) {
	seen := 0
	for _, c := range Cases() {
		if c.Lambda == 0 || c.Net.Layer(0).Width < 2 || c.Net.Inputs() < 2 {
			continue
		}
		seen++
		k := planted{}.claim(&c)
		w := c.Net.Weights(k.Grad, 0)
		old := slices.Clone(w.Data)
		for j := range w.Rows {
			for i := range w.Cols {
				w.Data[i*w.Rows+j] = old[j*w.Cols+i]
			}
		}
		v := Judge(c, Claim{Grad: k.Grad})
		if assert.NotNil(t, v.Cause, c.ID) {
			assert.Equal(t, "TRANSPOSE: W0 holds the gradient transposed, column by column", v.Cause.String(), c.ID)
		}
	}
	assert.NotZero(t, seen)
}

// What follows from a gradient of zeros is not named beside it.
func TestCauseOfZeroAndStep(t *testing.T) {
	c, ok := CaseByID("rectangular-squared")
	require.True(t, ok)
	zeros := make([]float64, len(c.Theta))
	v := Judge(c, Claim{Grad: zeros, After: zeros})
	require.NotNil(t, v.Cause)
	assert.Equal(t, "MISSING: W2 is zero; b2 is zero; W1 is zero; b1 is zero; W0 is zero; b0 is zero", v.Cause.String())
	v = Judge(c, Claim{Grad: planted{}.claim(&c).Grad, After: zeros})
	require.NotNil(t, v.Cause)
	assert.Equal(t, "MISSING: after is zero", v.Cause.String())
}
