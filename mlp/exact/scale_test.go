package exact

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/activation"
)

// What Scale takes from correctly rounded functions agrees with package math, which
// differs between platforms, and has the limits.
func TestScaleFunctions(t *testing.T) {
	for _, p := range []float64{0x1p-1022, 0.25, 0.7, 1 - 0x1p-53} {
		assert.InEpsilon(t, math.Log(p), logarithm(p), 1e-14)
		assert.InEpsilon(t, math.Log1p(-p), logarithmOfRest(p), 1e-14)
		assert.InEpsilon(t, math.Log1p(p), estimates{}.log1p(estimate{v: p}).v, 1e-14)
		assert.InEpsilon(t, math.Exp(-p), estimates{}.exp(estimate{v: -p}).v, 1e-14)
		assert.InEpsilon(t, math.Log1p(math.Exp(-p)), estimates{}.logTail(estimate{v: p}).v, 1e-14)
		assert.InEpsilon(t, math.Log1p(math.Exp(-p)), estimates{}.logTail(estimate{v: -p}).v, 1e-14)
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

// The rules of estimates, in numbers.
func TestEstimates(t *testing.T) {
	var ar estimates
	a, b := estimate{-3, 5}, estimate{2, 7}
	assert.Equal(t, estimate{-1.5, 1.5}, ar.exactly(-1.5))
	assert.Equal(t, estimate{-1, 5 + 7 + 1}, ar.add(a, b))
	assert.Equal(t, estimate{-5, 5 + 7 + 5}, ar.sub(a, b))
	assert.Equal(t, estimate{-1, 2 + 3 + 1}, ar.difference(2, 3))
	assert.Equal(t, estimate{-6, 3*7 + 5*2 + 6}, ar.mul(a, b))
	assert.Equal(t, estimate{-1.5, (5+1.5*7)/2 + 1.5}, ar.div(a, b))
	// Σ of n terms: |a|·S(b) + S(a)·|b| + (n+2)·|ab| each.
	w := blas64.General{Rows: 2, Cols: 1, Stride: 1, Data: []float64{4, -1}}
	assert.Equal(t, estimate{-12 - 2, 4*5 + 4*3 + 7 + 2 + 4*(12+2)}, ar.columns(w, []estimate{a, b})[0])
	assert.Equal(t, estimate{-6 - 6, 2 * (3*7 + 5*2 + 4*6)}, ar.weighted([][]estimate{{a}, {b}}, []estimate{b, a})[0])
	assert.Equal(t, estimate{-1, 5 + 7 + 4*(3+2)}, ar.total([]estimate{a, b}))
	assert.Equal(t, estimate{0.5 - 12, 4*5 + 4*3 + 0.5 + 4*(12+0.5)}, ar.dot(0.5, []float64{4}, []estimate{a}))
	// |f′|·S(z) + 8|f|, and for f′ likewise.
	z := estimate{0, 3}
	value, deriv, kink := ar.activate(activation.Sigmoid{}, z)
	assert.Equal(t, estimate{0.5, 0.25*3 + 8*0.5}, value)
	assert.Equal(t, estimate{0.25, 8 * 0.25}, deriv) // σ″(0) = 0
	assert.False(t, kink)
	value, deriv, _ = ar.activate(activation.Softplus{}, z)
	assert.Equal(t, estimate{math.Ln2, 0.5*3 + 8*math.Ln2}, value)
	assert.Equal(t, estimate{0.5, 0.25*3 + 8*0.5}, deriv)
	value, deriv, _ = ar.activate(activation.Tanh{}, z)
	assert.Equal(t, []estimate{{0, 3}, {1, 8}}, []estimate{value, deriv})
	value, deriv, _ = ar.activate(activation.ReLU{}, estimate{2, 3})
	assert.Equal(t, []estimate{{2, 3}, {1, 0}}, []estimate{value, deriv})
	assert.Equal(t, estimate{math.Ln2, 0.5*3 + 8*math.Ln2}, ar.logTail(z))
	assert.Equal(t, estimate{1, 3 + 8}, ar.exp(z))
	assert.Equal(t, estimate{0, 3}, ar.log1p(z))
	assert.Equal(t, estimate{math.Ln2, 3.0/2 + 8*math.Ln2}, ar.log1p(estimate{1, 3}))
	assert.Equal(t, estimate{-math.Ln2, 3.0/0.5 + 8*math.Ln2}, ar.log(estimate{0.5, 3}))
	for _, minus := range []bool{false, true} {
		x := estimate{1, 3}
		if minus {
			x.v = -1
		}
		assert.Equal(t, ar.logistic(estimate{1, 3}, false), ar.logistic(x, minus))
	}
	// The sign is that of the value, and no number is at least 0.
	for _, v := range []float64{-1, 0, 1} {
		assert.Equal(t, v > 0, ar.positive(estimate{v: v}))
		assert.Equal(t, v >= 0, ar.atLeast0(estimate{v: v}))
	}
	assert.False(t, ar.atLeast0(ar.unknown()))
	assert.Equal(t, 5.0, a.scale())
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		assert.True(t, math.IsInf(estimate{v, 1}.scale(), 1))
	}
}

// |f″| by its formulas, and 0 for functions of straight lines.
func TestSecond(t *testing.T) {
	for _, z := range []float64{-2, -0.5, 0, 0.5, 3} {
		σ := 1 / (1 + math.Exp(-z))
		assert.InDelta(t, math.Abs(σ*(1-σ)*(1-2*σ)), second(activation.Sigmoid{}, z), 1e-15)
		assert.InDelta(t, 2*math.Abs(math.Tanh(z))*(1-math.Tanh(z)*math.Tanh(z)), second(activation.Tanh{}, z), 1e-15)
		assert.InDelta(t, σ*(1-σ), second(activation.Softplus{}, z), 1e-15)
		assert.Zero(t, second(activation.Identity{}, z))
		assert.Zero(t, second(activation.ReLU{}, z))
	}
}

// The distance to a target is taken from the other side of a limit: it is not 0 where y
// rounds to it. Elsewhere what y may be off is added, so that it is not 0 where y rounds to
// the target.
func TestApart(t *testing.T) {
	var sigmoid activation.Sigmoid
	var tanh activation.Tanh
	for _, z := range []float64{-40, -20, -1, 0, 1, 20, 40} {
		for _, target := range []float64{-1, 0, 0.5, 1} {
			y := 1 / (1 + math.Exp(-z))
			assert.InDelta(t, math.Abs(y-target), apart(sigmoid, z, y, 0, target), 1e-15)
			if target == 1 {
				assert.InEpsilon(t, 1/(1+math.Exp(z)), apart(sigmoid, z, y, 0, target), 1e-14)
			}
			y = math.Tanh(z)
			assert.InDelta(t, math.Abs(y-target), apart(tanh, z, y, 0, target), 1e-15)
			if math.Abs(target) == 1 && z*target > 0 {
				assert.InEpsilon(t, 2/(math.Exp(2*math.Abs(z))+1), apart(tanh, z, y, 0, target), 1e-14)
			}
			assert.Equal(t, math.Abs(z-target)+3, apart(activation.Identity{}, z, z, 3, target))
		}
	}
	assert.Equal(t, 3., apart(tanh, 0.25, 0.25, 3, 0.25))
	assert.Equal(t, 3., apart(sigmoid, 0.5, 0.25, 3, 0.25))
	assert.Equal(t, 0.0, times(0, math.Inf(1)))
	assert.Equal(t, -6.0, times(2, -3))
}
