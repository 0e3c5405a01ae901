package exact_test

import (
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/activation"
	"touchstone/internal/bigfloat"
	"touchstone/mlp"
	"touchstone/mlp/exact"
)

// chain is a network of one unit a layer and the input 1, whose output is the
// objective.
func chain(theta []float64, f ...activation.Func) exact.Problem {
	var layers []mlp.Layer
	for _, f := range f {
		layers = append(layers, mlp.Layer{Width: 1, Activation: f, NoBias: true})
	}
	one := blas64.General{Rows: 1, Cols: 1, Stride: 1, Data: []float64{1}}
	return exact.Problem{Net: mlp.New(1, layers...), Theta: theta, X: one, DY: one}
}

// isNearest reports whether 40 digits are within half a unit of the last one of x.
func isNearest(t *testing.T, s string, x *big.Float) bool {
	t.Helper()
	v, _, err := big.ParseFloat(s, 10, 600, big.ToNearestEven)
	require.NoError(t, err)
	_, exponent, _ := strings.Cut(s, "e")
	unit, _, err := big.ParseFloat("0.5e"+exponent, 10, 600, big.ToNearestEven)
	require.NoError(t, err)
	scale, _, err := big.ParseFloat("1e-39", 10, 600, big.ToNearestEven)
	require.NoError(t, err)
	off := new(big.Float).SetPrec(600).Sub(v, x)
	return off.Abs(off).Cmp(unit.Mul(unit, scale)) <= 0
}

// Far out in the tail, where σ(z) is e^z to 40 digits and more.
func TestDigitsFarOut(t *testing.T) {
	for _, z := range []float64{-1e4, -1e5, -1e6, -2.3e6} {
		for _, f := range []activation.Func{activation.Sigmoid{}, activation.Softplus{}} {
			d, err := exact.Digits(chain([]float64{z}, f))
			require.NoError(t, err)
			want := bigfloat.Exp(new(big.Float).SetFloat64(z), 500)
			assert.True(t, isNearest(t, d.A[0][0], want), "%v(%v) = %s", f, z, d.A[0][0])
			assert.True(t, isNearest(t, d.Delta[0][0], want), "%v′(%v) = %s", f, z, d.Delta[0][0])

			// One in the last digit would be seen.
			mantissa, exponent, _ := strings.Cut(d.A[0][0], "e")
			last := len(mantissa) - 1
			next := mantissa[:last] + string('0'+(mantissa[last]-'0'+1)%10) + "e" + exponent
			assert.False(t, isNearest(t, next, want), next)
		}
	}
}

// Beyond the exponents of decimals there is an error, and for what is not wanted
// there is none.
func TestDigitsRefuses(t *testing.T) {
	e := (*exact.InputError)(nil)
	for _, z := range []float64{-2.4e6, -1e7, -3e7, -1e9, -1e300} {
		for _, f := range []activation.Func{activation.Sigmoid{}, activation.Softplus{}} {
			p := chain([]float64{z}, f)
			_, err := exact.Digits(p)
			require.ErrorAs(t, err, &e, "%v(%v)", f, z)
			assert.Equal(t, "has a value below 1e-999999", e.Reason)
			d, err := exact.DigitsOf(p, exact.Fields{Z: true})
			require.NoError(t, err)
			assert.NotEmpty(t, d.Z[0][0])
			assert.Nil(t, d.A)
			assert.Empty(t, d.Loss)
		}
	}
	var theta []float64
	var identities []activation.Func
	product := new(big.Float).SetPrec(200_000).SetInt64(1)
	for range 20 {
		theta, identities = append(theta, -1e300), append(identities, activation.Identity{})
		product.Mul(product, new(big.Float).SetFloat64(-1e300))
	}
	d, err := exact.Digits(chain(theta, identities...))
	require.NoError(t, err)
	assert.True(t, isNearest(t, d.Loss, product), d.Loss)
	assert.Equal(t, "e+6000", d.Loss[len(d.Loss)-6:])
	for range 4000 {
		theta, identities = append(theta, -1e300), append(identities, activation.Identity{})
	}
	_, err = exact.Digits(chain(theta, identities...))
	require.ErrorAs(t, err, &e)
	assert.Equal(t, "has a value above 1e999999", e.Reason)
}

// Without a step, the loss after it is the loss.
func TestDigitsWithoutStep(t *testing.T) {
	p := chain([]float64{0.3, -0.7}, activation.Sigmoid{}, activation.Tanh{})
	d, err := exact.Digits(p)
	require.NoError(t, err)
	assert.Equal(t, d.Loss, d.LossAfter)
	p.Rate = 0.5
	d, err = exact.Digits(p)
	require.NoError(t, err)
	assert.NotEqual(t, d.Loss, d.LossAfter)
}
