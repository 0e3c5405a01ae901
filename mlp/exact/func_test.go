package exact_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp"
	"touchstone/mlp/exact"
)

// valueAt returns what Func makes of p at theta, to 100 bits.
func valueAt(t *testing.T, p exact.Problem, theta []float64) *big.Float {
	t.Helper()
	f, err := exact.Func(p)
	require.NoError(t, err)
	at := make([]*big.Float, len(theta))
	for i, v := range theta {
		at[i] = new(big.Float).SetPrec(100).SetFloat64(v)
	}
	return f(at, 100)
}

// isLoss reports whether v is in the ball b, but for 2^−80 of v.
func isLoss(v *big.Float, b exact.Ball) bool {
	if v.IsInf() {
		return !(b.Radius < math.Inf(1))
	}
	e := new(big.Float).SetPrec(3000).Sub(v, big.NewFloat(b.Value))
	slack := new(big.Float).SetMantExp(new(big.Float).Abs(v), -80)
	return e.Abs(e).Cmp(slack.Add(slack, big.NewFloat(b.Radius))) <= 0
}

// Func is in the ball that Evaluate has for the objective. Another λ is not.
func TestFunc(t *testing.T) {
	rnd := rand.New(rand.NewPCG(71, 1))
	planted := 0
	for range 300 {
		p := random(rnd)
		r, err := exact.Evaluate(p)
		require.NoError(t, err)
		assert.True(t, isLoss(valueAt(t, p, p.Theta), r.Loss), "%v %v", p.Net, p.Loss)
		p.Lambda += 1e-9
		if isLoss(valueAt(t, p, p.Theta), r.Loss) {
			planted++
		}
	}
	assert.Less(t, planted, 10, "of the wrong ones")
}

// Logits of any size have a loss: two of them, at x = 1.
func TestFuncOfLargeLogits(t *testing.T) {
	n := mlp.New(1, mlp.Layer{Width: 2, Activation: activation.Identity{}, NoBias: true})
	for _, c := range []struct {
		l      loss.Func
		theta  []float64
		target []float64
		want   float64
	}{
		{loss.SoftmaxCrossEntropy{}, []float64{2e9, 1}, []float64{1, 0}, 0},
		{loss.SoftmaxCrossEntropy{}, []float64{2e9, 1}, []float64{0.5, 0.5}, 9.999999995e8},
		{loss.SoftmaxCrossEntropy{}, []float64{2e9, 1}, []float64{0, 1}, 1999999999},
		{loss.SoftmaxCrossEntropy{}, []float64{2e9, 2e9}, []float64{1, 0}, math.Ln2},
		{loss.SoftmaxCrossEntropy{}, []float64{-1.2e9, -1.200000001e9}, []float64{1, 0}, 0.313261687518222834}, // log(1+e^−1)
		{loss.SoftmaxCrossEntropy{}, []float64{1e300, 0}, []float64{0, 1}, 1e300},
		{loss.SoftmaxCrossEntropy{}, []float64{0, -100}, []float64{1, 0}, 3.720075976020836e-44},
		{loss.LogitCrossEntropy{}, []float64{2e9, -2e9}, []float64{1, 0}, 0},
		{loss.LogitCrossEntropy{}, []float64{2e9, -1e300}, []float64{0.5, 0}, 1e9},
		{loss.LogitCrossEntropy{}, []float64{1000, -2e9}, []float64{1, 0}, 0}, // e^−1000
		{loss.CrossEntropy{}, []float64{0, 1}, []float64{0, 1}, 0},
		{loss.CrossEntropy{}, []float64{0x1p-1000, 1}, []float64{0, 1}, 0x1p-1000},
		{loss.CrossEntropy{}, []float64{0.25, 0.5}, []float64{1, 0.5}, 3 * math.Ln2},
		{loss.CrossEntropy{}, []float64{0.25, 0.75}, []float64{0, 0.25}, 1.399323361404644},
		{loss.CrossEntropy{}, []float64{0.25, 0.75}, []float64{-1, 0.25}, 0.3007110727365344},
		{loss.Squared{}, []float64{0x1p-1000, 1}, []float64{0x1p-1000, 0}, 0.5},
	} {
		p := exact.Problem{Net: n, Loss: c.l, X: matrix([]float64{1}), T: matrix(c.target)}
		v, _ := valueAt(t, p, c.theta).Float64()
		assert.Equal(t, c.want, v, "%v at %v for %v", c.l, c.theta, c.target)
	}
}

// What has no value is +Inf, and nothing panics.
func TestFuncInfinite(t *testing.T) {
	two := func(f activation.Func) *mlp.Net {
		return mlp.New(1, mlp.Layer{Width: 2, Activation: f, NoBias: true})
	}
	inf := math.Inf(1)
	for _, c := range []struct {
		f      activation.Func
		l      loss.Func
		theta  []float64
		target []float64
	}{
		{activation.ReLU{}, loss.CrossEntropy{}, []float64{-1, -1}, []float64{0.5, -1}}, // ∞ − ∞
		{activation.Identity{}, loss.CrossEntropy{}, []float64{0, 0.5}, []float64{1, 0}},
		{activation.Identity{}, loss.CrossEntropy{}, []float64{0, 0.5}, []float64{-1, 0}},
		{activation.Identity{}, loss.CrossEntropy{}, []float64{0.5, 1}, []float64{0, 0}},
		{activation.Identity{}, loss.CrossEntropy{}, []float64{0.5, 2}, []float64{0, 1}},
		{activation.Identity{}, loss.CrossEntropy{}, []float64{0.5, -2}, []float64{0, 0}},
		{activation.Identity{}, loss.SoftmaxCrossEntropy{}, []float64{inf, inf}, []float64{1, 0}},
		{activation.Sigmoid{}, loss.CrossEntropy{}, []float64{inf, 0}, []float64{1, 0}}, // 0·∞
		{activation.Identity{}, loss.Squared{}, []float64{-inf, 0}, []float64{1, 0}},
		{activation.Identity{}, nil, []float64{inf, inf}, []float64{1, -1}},
		{activation.Identity{}, nil, []float64{-inf, 0}, []float64{1, 0}},
	} {
		p := exact.Problem{Net: two(c.f), Loss: c.l, X: matrix([]float64{1}), T: matrix(c.target), DY: matrix(c.target)}
		v := valueAt(t, p, c.theta)
		assert.True(t, v.IsInf() && v.Sign() > 0, "%v %v at %v: %v", c.f, c.l, c.theta, v)
	}
}

// ½λ is not rounded, where λ is the smallest float64.
func TestFuncLambda(t *testing.T) {
	n := mlp.New(1, mlp.Layer{Width: 1, Activation: activation.Identity{}, NoBias: true})
	for lambda, want := range map[float64]float64{0x1p-1074: 0x1p-75, 3 * 0x1p-1074: 3 * 0x1p-75, -0x1p-1074: -0x1p-75} {
		p := exact.Problem{Net: n, Loss: loss.Squared{}, X: matrix([]float64{0}), T: matrix([]float64{0}), Lambda: lambda}
		v, _ := valueAt(t, p, []float64{0x1p500}).Float64()
		assert.Equal(t, want, v)
	}
}

// Only what math/big panics with for NaN becomes +Inf.
func TestFuncPanicsForOthers(t *testing.T) {
	n := mlp.New(1, mlp.Layer{Width: 1, Activation: activation.Identity{}, NoBias: true})
	f, err := exact.Func(exact.Problem{Net: n, Loss: loss.Squared{}, X: matrix([]float64{1}), T: matrix([]float64{0})})
	require.NoError(t, err)
	assert.Panics(t, func() { f([]*big.Float{nil}, 53) }, "no number")
}

// Where one number is far below another, Func does not line them up, and has the larger.
func TestFuncOfFarNumbers(t *testing.T) {
	n := mlp.New(2, mlp.Layer{Width: 1, Activation: activation.Identity{}, NoBias: true})
	f, err := exact.Func(exact.Problem{Net: n, X: matrix([]float64{1, 1}), DY: matrix([]float64{1})})
	require.NoError(t, err)
	far := func(e int) *big.Float { return new(big.Float).SetMantExp(big.NewFloat(1), e) }
	for _, e := range []int{0, 1, 50, 116, 117, 118, 400, 1_500_000_000} {
		for _, theta := range [][]*big.Float{{far(0), far(-e)}, {far(-e), far(0)}} {
			got := f(theta, 53)
			want := far(0)
			if e <= 52 {
				want.SetPrec(200).Add(want, far(-e))
			}
			assert.Zero(t, got.Cmp(want), "1 + 2^−%d: %v", e, got)
		}
		if e > 100 && e < 500 { // 1 − 1 + 2^−e is there as long as it is within 64 bits and the precision
			got := f([]*big.Float{new(big.Float).SetPrec(500).Add(far(0), far(-e)), far(0).Neg(far(0))}, 53)
			assert.Equal(t, e <= 116, got.Sign() > 0, "2^−%d: %v", e, got)
		}
	}
}
