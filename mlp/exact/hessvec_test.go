package exact_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"os"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone/activation"
	"touchstone/internal/bigfloat"
	"touchstone/loss"
	"touchstone/mlp"
	"touchstone/mlp/exact"
)

// compareHessVec returns how many balls do not contain the truth, and how many are
// Rounded but not to the float64 nearest it.
func compareHessVec(t *testing.T, p exact.Problem, balls []exact.Ball, truth []*big.Float) (outside, misrounded int) {
	for i, b := range balls {
		e := new(big.Float).SetPrec(2800).SetFloat64(b.Value)
		e.Sub(e, truth[i]).Abs(e)
		slack := new(big.Float).SetMantExp(big.NewFloat(1), -1500)
		slack.Add(slack, new(big.Float).SetMantExp(new(big.Float).Abs(truth[i]), -200))
		radius := new(big.Float).SetPrec(2800).SetFloat64(b.Radius)
		if !radius.IsInf() && e.Cmp(radius.Add(radius, slack)) > 0 {
			outside++
			t.Logf("%v %v %s: %v does not contain %.30g", p.Net, p.Loss, p.Net.ParamName(i), b, truth[i])
		}
		if b.Rounded && bigfloat.UlpError(b.Value, truth[i]) > 0.5 {
			misrounded++
			t.Logf("%v %v %s: %v is not nearest %.30g", p.Net, p.Loss, p.Net.ParamName(i), b, truth[i])
		}
	}
	return outside, misrounded
}

// Random nets against differences of textbook gradients. TOUCHSTONE_LONG=1 compares
// more.
func TestHessVecContainment(t *testing.T) {
	want := 1000
	if testing.Short() {
		want = 200
	}
	if os.Getenv("TOUCHSTONE_LONG") != "" {
		want = 50_000
	}
	rnd := rand.New(rand.NewPCG(31, 1))
	entries, rounded, outside, misrounded := 0, 0, 0, 0
	for entries < want {
		p := random(rnd)
		v := normal(rnd, 1, len(p.Theta), 1).Data
		balls, err := exact.HessVec(p, v)
		require.NoError(t, err)
		o, m := compareHessVec(t, p, balls, trueHessVec(p, v))
		outside += o
		misrounded += m
		for _, b := range balls {
			entries++
			if b.Rounded {
				rounded++
			}
		}
	}
	t.Logf("%d entries, %d Rounded", entries, rounded)
	assert.Zero(t, outside, "balls that do not contain the truth")
	assert.Zero(t, misrounded, "balls that claim to be rounded and are not")
	assert.Greater(t, float64(rounded), 0.999*float64(entries))
}

// The comparison sees an entry that is off by one unit in the last place, and a
// Hessian of another λ.
func TestHessVecContainmentCatches(t *testing.T) {
	rnd := rand.New(rand.NewPCG(32, 2))
	p := random(rnd)
	p.Lambda = 0.5
	v := normal(rnd, 1, len(p.Theta), 1).Data
	balls, err := exact.HessVec(p, v)
	require.NoError(t, err)
	truth := trueHessVec(p, v)
	outside, misrounded := compareHessVec(t, p, balls, truth)
	require.Zero(t, outside+misrounded)
	balls[0].Value = math.Nextafter(balls[0].Value, 9)
	outside, misrounded = compareHessVec(t, p, balls, truth)
	assert.Equal(t, 1, outside)
	assert.Equal(t, 1, misrounded)

	p.Lambda = 0.25
	balls, err = exact.HessVec(p, v)
	require.NoError(t, err)
	outside, _ = compareHessVec(t, p, balls, truth)
	assert.Positive(t, outside)
}

// One sigmoid neuron with squared loss, by hand: with z = w·x + b, d = a − t and
// r = x·v₀ + v₁, the product is (σ′² + d·σ″)·r·(x, 1).
func TestHessVecOfNeuron(t *testing.T) {
	n := mlp.New(1, mlp.Layer{Width: 1, Activation: activation.Sigmoid{}})
	p := exact.Problem{Net: n, Loss: loss.Squared{}, Theta: []float64{0, 0}, X: matrix([]float64{3}), T: matrix([]float64{0.25})}
	balls, err := exact.HessVec(p, []float64{1, 0.5})
	require.NoError(t, err)
	// z = 0: a = ½, σ′ = ¼, σ″ = 0, so 3.5/16·(3, 1), exactly.
	for i, want := range []float64{10.5 / 16, 3.5 / 16} {
		assert.Equal(t, want, balls[i].Value)
		assert.True(t, balls[i].Rounded)
		assert.False(t, balls[i].Kink)
	}
}

func TestHessVecSpecial(t *testing.T) {
	rnd := rand.New(rand.NewPCG(33, 0))
	p := random(rnd)
	zero := make([]float64, len(p.Theta))
	balls, err := exact.HessVec(p, zero)
	require.NoError(t, err)
	for _, b := range balls {
		assert.Equal(t, 0.0, b.Value)
		assert.Equal(t, 0.0, b.Radius)
		assert.True(t, b.Rounded)
	}

	// Saturated: σ′² + (σ−1)·σ″ at z = 40, from 60 digits.
	n := mlp.New(1, mlp.Layer{Width: 1, Activation: activation.Sigmoid{}, NoBias: true})
	one := exact.Problem{Net: n, Loss: loss.Squared{}, Theta: []float64{40}, X: matrix([]float64{1}), T: matrix([]float64{1})}
	balls, err = exact.HessVec(one, []float64{1})
	require.NoError(t, err)
	assert.True(t, balls[0].Rounded)
	e := math.Exp(-40)
	assert.InEpsilon(t, 2*e*e, balls[0].Value, 1e-14) // e² + e·e, to first order

	// A ReLU at its kink, where the convention shows.
	relu := mlp.New(1, mlp.Layer{Width: 2, Activation: activation.ReLU{}}, mlp.Layer{Width: 1, Activation: activation.Identity{}})
	kinked := exact.Problem{Net: relu, Loss: loss.Squared{}, Theta: []float64{1, 1, 0, -1, 1, 1, 0.5}, X: matrix([]float64{1}), T: matrix([]float64{0})}
	balls, err = exact.HessVec(kinked, []float64{1, 1, 1, 1, 1, 1, 1})
	require.NoError(t, err)
	assert.True(t, balls[0].Kink)
	assert.Equal(t, 0.0, balls[1].Value)

	// Cross-entropy of what no sigmoid made: t/y² + (1−t)/(1−y)², where there is one.
	linear := mlp.New(1, mlp.Layer{Width: 1, Activation: activation.Identity{}, NoBias: true})
	for _, c := range []struct{ y, t, want float64 }{
		{0.25, 1, 16}, {0.25, 0, 16.0 / 9}, {0.25, 0.5, 80.0 / 9}, {1, 1, 1}, {0, 0, 1},
		{1, 0, math.NaN()}, {2, 0.5, math.NaN()}, {-1, 0, math.NaN()},
	} {
		balls, err = exact.HessVec(exact.Problem{
			Net: linear, Loss: loss.CrossEntropy{}, Theta: []float64{c.y}, X: matrix([]float64{1}), T: matrix([]float64{c.t}),
		}, []float64{1})
		require.NoError(t, err)
		assert.Equal(t, c.want == c.want, balls[0].Rounded, "%v: %v", c, balls[0])
		if balls[0].Rounded {
			assert.Equal(t, c.want, balls[0].Value, "%v", c)
		}
	}

	// Errors.
	_, err = exact.HessVec(one, []float64{math.NaN()})
	assert.EqualError(t, err, "exact: v at W0[0,0] is NaN, want a finite number")
	bad := one
	bad.Theta = []float64{math.Inf(1)}
	_, err = exact.HessVec(bad, []float64{1})
	assert.EqualError(t, err, "exact: W0[0,0] is +Inf, want a finite number")
}

// 1 + 1½·ulp + tanh′ 1 − tanh′(−1) − tanh′ 700: below the middle of two float64s by some
// 2^−2018, which only MaxBits tell from the radius of the difference.
func TestHessVecOfMaxBits(t *testing.T) {
	n := mlp.New(1, mlp.Layer{Width: 1, Activation: activation.Tanh{}}, mlp.Layer{Width: 1, Activation: activation.Identity{}})
	p := exact.Problem{Net: n, Theta: []float64{1, 0, 1, 0},
		X: matrix([]float64{0}, []float64{0}, []float64{1}, []float64{-1}, []float64{700}), DY: matrix([]float64{1}, []float64{1.5 * ulp}, []float64{1}, []float64{-1}, []float64{-1})}
	balls, err := exact.HessVec(p, []float64{0, 1, 0, 0})
	require.NoError(t, err)
	assert.True(t, balls[2].Rounded && balls[2].Value == 1+ulp, "%v", balls[2])
}

// The same bits from any number of goroutines.
func TestHessVecGOMAXPROCS(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	rnd := rand.New(rand.NewPCG(34, 0))
	for range 10 {
		p := random(rnd)
		v := normal(rnd, 1, len(p.Theta), 1).Data
		runtime.GOMAXPROCS(1)
		want, err := exact.HessVec(p, v)
		require.NoError(t, err)
		runtime.GOMAXPROCS(8)
		got, err := exact.HessVec(p, v)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
}

// Float64 errs by no more than u·Scale, and comes near enough to it that the bound
// says something. Cross-entropy is left out like in TestScaleIsFairToFloat64.
func TestHessVecScaleIsFairToFloat64(t *testing.T) {
	rnd := rand.New(rand.NewPCG(35, 0))
	worst, halved := 0.0, 0
	for range 300 {
		p := random(rnd)
		if p.Loss == nil || p.Loss == (loss.CrossEntropy{}) {
			continue
		}
		v := normal(rnd, 1, len(p.Theta), 1).Data
		balls, err := exact.HessVec(p, v)
		require.NoError(t, err)
		o := mlp.NewObjective(p.Net, p.Loss, p.X, p.T)
		o.Sum, o.Lambda = p.Sum, p.Lambda
		got := make([]float64, len(v))
		o.HessVec(got, p.Theta, v)
		for i, b := range balls {
			e, bound := math.Abs(got[i]-b.Value), 0x1p-53*b.Scale+b.Radius+0x1p-1000 // for what underflowed
			if e > 0 {
				worst = math.Max(worst, e/bound)
			}
			assert.LessOrEqual(t, e, bound, "%v %v %s: %v, want %v", p.Net, p.Loss, p.Net.ParamName(i), got[i], b)
			if math.Abs(got[i]/2-b.Value) > bound {
				halved++
			}
		}
	}
	t.Logf("the largest error is %.2g of the bound", worst)
	assert.Greater(t, worst, 0.01, "a bound that is never neared is too wide")
	assert.Greater(t, halved, 1000, "half of it passes")
}
