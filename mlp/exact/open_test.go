package exact_test

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

// A ReLU's z of tanh 1 − tanh 1 + w·tanh 1. Where w is 0, no precision can tell that z
// is 0: the Kink is set. Where w is small, double-double cannot tell the sign, and 200
// bits can: the Kink is not set.
func TestKinkOfOpenSign(t *testing.T) {
	for w, want := range map[float64]bool{0: true, 0x1p-120: false, -0x1p-120: false} {
		p := openRectifier(w)
		r, err := exact.Evaluate(p)
		require.NoError(t, err)
		for i := range 6 {
			assert.Equal(t, want, r.Grad[i].Kink, "w = %v, %s", w, p.Net.ParamName(i))
		}
		assert.Equal(t, want, r.Delta[1][0].Kink, "w = %v", w)
		assert.False(t, r.Grad[6].Kink || r.Loss.Kink, "above the rectifier")
		if !want {
			assert.Equal(t, r.Entries, r.Rounded)
			assert.Less(t, uint(106), r.Bits)
		}
		balls, err := exact.HessVec(p, []float64{1, 2, 3, 4, 5, 6, 7})
		require.NoError(t, err)
		assert.Equal(t, want, balls[0].Kink, "w = %v", w)
	}
}

// openRectifier returns a problem whose only rectifier is at tanh 1 − tanh 1 + w·tanh 1.
func openRectifier(w float64) exact.Problem {
	n := mlp.New(1, mlp.Layer{Width: 3, Activation: activation.Tanh{}, NoBias: true},
		mlp.Layer{Width: 1, Activation: activation.ReLU{}, NoBias: true}, mlp.Layer{Width: 1, Activation: activation.Identity{}, NoBias: true})
	return exact.Problem{Net: n, Loss: loss.Squared{}, Theta: []float64{1, 1, 1, 1, -1, w, 1}, X: matrix([]float64{1}), T: matrix([]float64{1})}
}

// What is not 0 has a Scale of at least its size, although what it is computed from
// is below the smallest float64.
func TestScaleOfWhatUnderflowed(t *testing.T) {
	two := mlp.New(1, mlp.Layer{Width: 2, Activation: activation.Identity{}, NoBias: true})
	seen := 0
	for _, v := range []float64{1e300, 1e290, 1e250, 1} {
		for _, z := range []float64{-900, -800, -740, -600} {
			p := exact.Problem{Net: two, Loss: loss.SoftmaxCrossEntropy{}, Theta: []float64{0, z}, X: matrix([]float64{1}), T: matrix([]float64{1, 0})}
			balls, err := exact.HessVec(p, []float64{0, v})
			require.NoError(t, err)
			for _, b := range balls {
				assert.GreaterOrEqual(t, b.Scale, math.Abs(b.Value), "v = %v, z = %v", v, z)
			}
			if z < -745 && balls[1].Value != 0 {
				seen++ // e^z is 0 in float64
			}
		}
	}
	assert.Positive(t, seen)

	// δ = e^−746 is 0 in float64, and 2^100·δ is not.
	one := mlp.New(1, mlp.Layer{Width: 1, Activation: activation.Sigmoid{}, NoBias: true})
	r, err := exact.Evaluate(exact.Problem{Net: one, Theta: []float64{-746 * 0x1p-100}, X: matrix([]float64{0x1p100}), DY: matrix([]float64{1})})
	require.NoError(t, err)
	assert.Zero(t, r.Delta[0][0].Value)
	assert.Positive(t, r.Grad[0].Value)
	assert.GreaterOrEqual(t, r.Grad[0].Scale, r.Grad[0].Value)
}

// 1 + 1½·ulp − 2^e + ½e^−z, from softplus neurons that saturate: e^−z exceeds 2^e a
// hundred times, and is far below 200 bits. It is the difference of the two, and not the
// sign of one, that decides.
func TestRemaindersOfBothSigns(t *testing.T) {
	n := mlp.New(3, mlp.Layer{Width: 4, Activation: activation.Softplus{}, NoBias: true}, mlp.Layer{Width: 1, Activation: activation.Identity{}})
	for _, c := range []struct {
		z    float64
		e    int
		want float64
	}{
		{500, -729, 1 + 2*ulp}, {1100, -1594, 1 + 2*ulp}, {1200, -1739, 1 + 2*ulp}, {1250, -1811, 1 + 2*ulp},
		{1200, -1725, 1 + ulp}, // 2^e exceeds e^−z
	} {
		a := c.e / 2
		p := exact.Problem{Net: n, X: matrix([]float64{1, math.Ldexp(1, a), 1}), DY: matrix([]float64{1}), Theta: []float64{
			c.z, 0, 0,
			60000, -math.Ldexp(1, c.e-a), 0,
			60000, 0, 0,
			60000, 0, 3 * 0x1p-53,
			0.5, 1, -2, 1, 1 - c.z/2}}
		r := evaluate(t, p)
		assert.Equal(t, c.want, r.Loss.Value, "z = %v, e = %v", c.z, c.e)
	}
}

// Thirds that add up to the middle of two float64s stay open, and the ball holds it.
func TestThirdsStayOpen(t *testing.T) {
	n := mlp.New(2, mlp.Layer{Width: 3, Activation: activation.Identity{}, NoBias: true})
	r, err := exact.Evaluate(exact.Problem{Net: n, Loss: loss.SoftmaxCrossEntropy{}, Theta: make([]float64, 6), Sum: true,
		X: matrix([]float64{3, 1}, []float64{3 * 0x1p-53, 0}), T: matrix([]float64{0, 1, 0}, []float64{0, 1, 0})})
	require.NoError(t, err)
	b := r.Grad[0] // 3·⅓ + 3·2⁻⁵³·⅓
	assert.False(t, b.Rounded)
	assert.LessOrEqual(t, math.Abs(b.Value-1), 0x1p-52)
	assert.InEpsilon(t, 0x1p-53, b.Radius, 1e-12)
}
