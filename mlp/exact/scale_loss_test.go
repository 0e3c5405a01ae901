package exact_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp"
	"touchstone/mlp/exact"
)

// The Scale of cross-entropy of a probability that no sigmoid made, by the formulas of the
// package documentation: y = w·x of one sample and one output, with x = 1.
func TestScaleOfCrossEntropyOfProbability(t *testing.T) {
	n := mlp.New(1, mlp.Layer{Width: 1, Activation: activation.Identity{}, NoBias: true})
	for _, c := range []struct{ y, t float64 }{{0.25, 0.5}, {0.25, 1}, {0.75, 0}, {0.875, 0.5}, {0x1p-20, 0.25}} {
		r := evaluate(t, exact.Problem{Net: n, Loss: loss.CrossEntropy{}, Theta: []float64{c.y}, X: matrix([]float64{1}), T: matrix([]float64{c.t})})
		sy := c.y + 4*c.y // |W|·S(x) + (n+3)·|W·x|, and S(z) for an identity
		d, q := math.Abs(c.y-c.t), c.y*(1-c.y)
		dy := (sy+c.t)/q + d*math.Abs(1-2*c.y)/(q*q)*sy + 8*d/q
		l := -c.t*math.Log(c.y) - (1-c.t)*math.Log1p(-c.y)
		sl := d/q*sy + c.t*math.Abs(math.Log(c.y)-math.Log1p(-c.y)) + (1+12)*l
		assert.InEpsilon(t, sy, r.A[0][0].Scale, 1e-12, "y for %v", c)
		assert.InEpsilon(t, dy+d/q, r.Delta[0][0].Scale, 1e-12, "δ for %v", c) // S(∂y) + |δ|
		assert.InEpsilon(t, sl+2*l, r.Loss.Scale, 1e-12, "the loss for %v", c) // S(ℓ) + (N+1)·ℓ
	}
}

// The Scale of the squared error of a tanh, where y and t are near 0 or near each other: by
// the formulas of the package documentation, of what y − t is, and not of 1 − t less 1 − y,
// which lose it.
func TestScaleOfSquaredErrorOfTanh(t *testing.T) {
	n := mlp.New(1, mlp.Layer{Width: 1, Activation: activation.Tanh{}, NoBias: true})
	for _, c := range []struct{ z, t float64 }{{1e-20, 3e-20}, {-1e-20, 3e-20}, {1e-30, -6e-17}, {-1e-20, -2e-20}, {0.3, 0.25}, {-0.75, -0.5}, {-0.75, -0.625}} {
		r := evaluate(t, exact.Problem{Net: n, Loss: loss.Squared{}, Theta: []float64{c.z}, X: matrix([]float64{1}), T: matrix([]float64{c.t})})
		y, az := math.Tanh(c.z), math.Abs(c.z)
		sy := (1-y*y)*(az+4*az) + 8*math.Abs(y) // |f′|·S(z) + 8|f|
		d := math.Abs(y - c.t)
		sl := d*(sy+math.Abs(c.t)+d) + (1+4)*d*d/2
		assert.InEpsilon(t, sl+2*d*d/2, r.Loss.Scale, 1e-9, "%v", c) // S(ℓ) + (N+1)·ℓ
	}
}

// And where y rounds to 1, 1 − y is not lost.
func TestScaleOfSquaredErrorNearLimit(t *testing.T) {
	for _, c := range []struct {
		f       activation.Func2
		z, t, d float64 // d is |y − t|
	}{
		{activation.Sigmoid{}, 40, 1, math.Exp(-40)},
		{activation.Tanh{}, 40, 1, 2 * math.Exp(-80)},
		{activation.Tanh{}, -40, -1, 2 * math.Exp(-80)},
	} {
		n := mlp.New(1, mlp.Layer{Width: 1, Activation: c.f, NoBias: true})
		r := evaluate(t, exact.Problem{Net: n, Loss: loss.Squared{}, Theta: []float64{c.z}, X: matrix([]float64{1}), T: matrix([]float64{c.t})})
		assert.InEpsilon(t, 9*c.d, r.Loss.Scale, 1e-9, "%v", c) // d·(8|f| + |t|)
	}
}

// A tanh that rounds to its target is as far from it as its rounding may take it: the loss
// of an output that is correctly rounded, 0, is within its tolerance.
func TestScaleWhereOutputRoundsToTarget(t *testing.T) {
	n := mlp.New(1, mlp.Layer{Width: 1, Activation: activation.Tanh{}, NoBias: true})
	for _, c := range []struct{ z, t float64 }{{0.5493061443340549, 0.5}, {-0.5493061443340549, -0.5}, {math.Atanh(0.25), 0.25}, {0.1, math.Tanh(0.1)}} {
		r := evaluate(t, exact.Problem{Net: n, Loss: loss.Squared{}, Theta: []float64{c.z}, X: matrix([]float64{1}), T: matrix([]float64{c.t})})
		if assert.Equal(t, c.t, r.A[0][0].Value) {
			assert.LessOrEqual(t, r.Loss.Value, 0x1p-53*r.Loss.Scale+r.Loss.Radius, "%v", c)
		}
	}
}

// Scale is of first order: the four places where the package documentation says that u·Scale
// is no bound. In three of them float64
// loses the second of three terms of z. Of the fit, what is lacking is enough.
func TestScaleIsOfFirstOrder(t *testing.T) {
	for _, c := range []struct {
		what      string
		f         activation.Func
		l         loss.Func
		theta     []float64
		target    float64
		lossIsOff bool // or else the derivative by the bias
	}{
		{"steep", activation.Sigmoid{}, loss.Squared{}, []float64{1e18, -40, -1e18, 0}, 0, true},
		{"kink", activation.ReLU{}, loss.Squared{}, []float64{1e16, 1, -1e16, 0}, -1000, false},
		{"fit", activation.Identity{}, loss.Squared{}, []float64{1e16, 1, -1e16, 0}, 1, true},
		{"rounded", activation.Sigmoid{}, loss.CrossEntropy{}, []float64{0, 40, 0, 0}, 0, true},
	} {
		n := mlp.New(3, mlp.Layer{Width: 1, Activation: c.f})
		x, target := matrix([]float64{1, 1, 1}), matrix([]float64{c.target})
		r := evaluate(t, exact.Problem{Net: n, Loss: c.l, Theta: c.theta, X: x, T: target})
		o := mlp.NewObjective(n, c.l, x, target)
		grad := make([]float64, 4)
		o.Grad(grad, c.theta)
		got, b := grad[3], r.Grad[3]
		if c.lossIsOff {
			got, b = o.Func(c.theta), r.Loss
		}
		assert.False(t, math.IsInf(b.Scale, 0) || b.Kink, c.what)
		e, bound := math.Abs(got-b.Value), 0x1p-53*b.Scale+b.Radius
		assert.Greater(t, e, bound, "%s: %v, want %v", c.what, got, b)
		if c.what == "fit" {
			sy := 0x1p-53 * r.A[0][0].Scale
			assert.LessOrEqual(t, e, bound+sy*sy/2)
		}
	}
}
