package touchstone

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp"
	"touchstone/mlp/exact"
)

// flushed is a rounding on a machine that has no numbers below the smallest normal.
func flushed(p Precision) func(float64) float64 {
	return func(x float64) float64 {
		if x = roundings[p](x); math.Abs(x) < p.SmallestNormal() {
			return 0
		}
		return x
	}
}

func filled(rows, cols int, at func() float64) blas64.General {
	m := blas64.General{Rows: rows, Cols: cols, Stride: cols, Data: make([]float64, rows*cols)}
	for i := range m.Data {
		m.Data[i] = at()
	}
	return m
}

// inTurn is for filled: these numbers, one after the other.
func inTurn(v ...float64) func() float64 {
	return func() (next float64) {
		next, v = v[0], v[1:]
		return next
	}
}

// signed is for filled: numbers of either sign, with sizes between two powers of two.
func signed(rnd *rand.Rand, least, most float64) func() float64 {
	return func() float64 {
		return math.Copysign(math.Exp2(least+(most-least)*rnd.Float64()), rnd.Float64()-0.5)
	}
}

// failsWithoutUnderflow judges a claim as if underflow cost a single entry only the
// smallest normal number, and no other entry anything.
func failsWithoutUnderflow(c *Case, k *Claim) bool {
	right := rightPass(c)
	m := newLimits(c, right, k.Precision)
	m.under = newUnderflow(c, right, formats[Float64]) // which is far less
	for _, b := range blocks(c, k) {
		m.allow(&b)
		if b.judge(formats[k.Precision].largest); b.Outcome == Fail {
			return true
		}
	}
	return false
}

// What underflows in float16 may be large after the next weights, in either
// direction. That fails no claim; a mistake still does.
func TestJudgeAllowsAmplifiedUnderflow(t *testing.T) {
	net := mlp.New(3, mlp.Layer{Width: 4, Activation: activation.Tanh{}}, mlp.Layer{Width: 2, Activation: activation.Identity{}})
	theta := func(below, above float64) []float64 {
		v := make([]float64, net.NumParams())
		for i := range net.Weights(v, 0).Data {
			net.Weights(v, 0).Data[i] = below * float64(1+i%5)
		}
		for i := range net.Weights(v, 1).Data {
			net.Weights(v, 1).Data[i] = above * float64(1+i%3)
		}
		return v
	}
	always := func(v float64) func() float64 { return func() float64 { return v } }
	for name, p := range map[string]exact.Problem{
		"forward":  {Net: net, Theta: theta(3e-4, 4000), X: filled(2, 3, always(3e-4)), T: filled(2, 2, always(0.7)), Loss: loss.Squared{}},
		"backward": {Net: net, Theta: theta(0.01, 2000), X: filled(2, 3, always(0.01)), DY: filled(2, 2, always(2e-7)), Rate: 0.5},
	} {
		c, err := NewCase(name, p)
		require.NoError(t, err)
		for _, round := range []func(float64) float64{roundings[Float16], flushed(Float16)} {
			k := planted{round: round}.claim(&c)
			k.Precision = Float16
			v := Judge(c, k)
			if assert.NotEqual(t, Fail, v.Outcome, name) {
				assert.True(t, failsWithoutUnderflow(&c, &k), name)
			} else {
				t.Log(v.First)
			}
			k.Z[0][1] = 1
			v = Judge(c, k)
			assert.Equal(t, Fail, v.Outcome, name)
			assert.Equal(t, "z0", v.First.Name)
		}
	}

	// The wrong sign of the gradient is seen, though what underflowed blurs it.
	c, err := NewCase("sign", exact.Problem{Net: net, Theta: theta(3e-4, 4000), X: filled(2, 3, always(3e-4)), T: filled(2, 2, always(3)), Loss: loss.Squared{}})
	require.NoError(t, err)
	k := planted{round: roundings[Float16]}.claim(&c)
	k.Precision = Float16
	assert.NotEqual(t, Fail, Judge(c, k).Outcome)
	times(-1)(&c, &k)
	assert.Equal(t, Fail, Judge(c, k).Outcome)
}

// Terms that cancel in pairs leave what is below the smallest normal, and a machine that
// flushes it to zero adds up nothing. Such a claim does not fail, though the first-order
// bound and the last rounding alone would make it.
func TestJudgeAllowsFlushedSums(t *testing.T) {
	const N = 20
	ones, pairs := same(N, 1), slices.Repeat([]float64{0x1p-13, -1.25 * 0x1p-14}, N/2)
	withBias := line(1)
	withBias.NoBias = false
	for _, p := range []struct {
		block string
		p     exact.Problem
	}{
		{"z0", exact.Problem{Net: mlp.New(N, line(1)), Theta: pairs, X: oneRow(ones...), DY: column(1)}},
		{"W0", exact.Problem{Net: mlp.New(1, line(1)), Theta: []float64{1}, X: column(ones...), DY: column(pairs...)}},
		{"b0", exact.Problem{Net: mlp.New(1, withBias), Theta: []float64{1, 0}, X: column(ones...), DY: column(pairs...)}},
		{"dx", exact.Problem{Net: mlp.New(1, line(N)), Theta: pairs, X: column(1), DY: oneRow(ones...)}},
		{"loss", exact.Problem{Net: mlp.New(1, line(1)), Theta: []float64{1}, X: column(ones...), DY: column(pairs...)}},
	} {
		c, err := NewCase("", p.p)
		require.NoError(t, err)
		k := planted{round: flushed(Float16)}.claim(&c)
		k.Precision = Float16
		v := Judge(c, k)
		assert.NotEqual(t, Fail, v.Outcome, "%s: %v", p.block, v.First)

		m := newLimits(&c, rightPass(&c), Float16)
		m.under = newUnderflow(&c, rightPass(&c), formats[BFloat16]) // which flushes next to nothing
		fails := false
		for _, b := range blocks(&c, &k) {
			m.allow(&b)
			b.judge(formats[Float16].largest)
			fails = fails || b.Name == p.block && b.Outcome == Fail
		}
		assert.True(t, fails, p.block)
	}
}

// No right claim fails where parameters, inputs and targets have all sizes that a
// format has, and those below. Without what underflow costs some would.
func TestJudgeAllowsUnderflowAnywhere(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 14))
	size := func(least, most float64) func() float64 { return signed(rnd, least, most) }
	acts := []activation.Func{activation.Identity{}, activation.Sigmoid{}, activation.Tanh{}, activation.ReLU{}, activation.Softplus{}}
	losses := []loss.Func{nil, loss.Squared{}, loss.CrossEntropy{}, loss.LogitCrossEntropy{}, loss.SoftmaxCrossEntropy{}}
	wouldFail, conclusive, wrong, times20 := 0, 0, 0, 5
	if testing.Short() {
		times20 = 1
	}
	for range 20 * times20 {
		l := losses[rnd.IntN(len(losses))]
		last := acts[rnd.IntN(len(acts))]
		if l == (loss.CrossEntropy{}) {
			last = activation.Sigmoid{}
		}
		n := mlp.New(3, mlp.Layer{Width: 4, Activation: acts[rnd.IntN(len(acts))]},
			mlp.Layer{Width: 5, Activation: acts[rnd.IntN(len(acts))]}, mlp.Layer{Width: 2, Activation: last})
		samples := 1 + rnd.IntN(6)
		theta := filled(1, n.NumParams(), size(-18, 3)).Data
		p := exact.Problem{Net: n, Loss: l, Theta: theta, X: filled(samples, 3, size(-18, 3)), Rate: math.Abs(size(-18, 0)()), Lambda: math.Abs(size(-18, 0)())}
		if l == nil {
			p.DY = filled(samples, 2, size(-18, 3))
		} else {
			p.T = filled(samples, 2, func() float64 { return rnd.Float64() * rnd.Float64() * rnd.Float64() })
		}
		c, err := NewCase("", p)
		require.NoError(t, err)
		for _, precision := range []Precision{BFloat16, Float16} {
			for _, round := range []func(float64) float64{roundings[precision], flushed(precision)} {
				k := planted{round: round}.claim(&c)
				k.Precision = precision
				v := Judge(c, k)
				if v.Outcome == Fail {
					t.Errorf("%v %v in %v: %v", n, l, precision, v.First)
				}
				if failsWithoutUnderflow(&c, &k) {
					wouldFail++
				}
				for _, b := range v.Blocks {
					if b.Outcome == Pass {
						conclusive++
					}
				}
				times(-1)(&c, &k)
				if Judge(c, k).Outcome == Fail {
					wrong++
				}
			}
		}
	}
	t.Logf("%d right claims would fail without; %d blocks pass; %d claims of the wrong sign fail", wouldFail, conclusive, wrong)
	assert.Greater(t, wouldFail, 4*times20)
	assert.Greater(t, conclusive, 1000*times20)
	assert.Greater(t, wrong, 30*times20)
}

// Partial sums are lost only where what is of one sign uses up what is of the other: sums
// without that are not allowed to be half of what they should be.
func TestJudgeAllowsNoFlushWithoutCancellation(t *testing.T) {
	rnd := rand.New(rand.NewPCG(4, 8))
	n := mlp.New(100, mlp.Layer{Width: 10, Activation: activation.Sigmoid{}})
	c, err := NewCase("", exact.Problem{Net: n, Loss: loss.Squared{}, Lambda: 1e-3, X: filled(16, 100, rnd.Float64),
		Theta: filled(1, n.NumParams(), func() float64 { return 0.02 * rnd.NormFloat64() }).Data, T: filled(16, 10, rnd.Float64)})
	require.NoError(t, err)
	k := planted{round: flushed(Float16)}.claim(&c)
	k.Precision = Float16
	assert.NotEqual(t, Fail, Judge(c, k).Outcome)
	*k.Loss /= 2
	assert.Equal(t, Fail, Judge(c, Claim{Loss: k.Loss, Precision: Float16}).Outcome)

	c, err = NewCase("", exact.Problem{Net: mlp.New(1, line(1)),
		Theta: []float64{1}, X: column(same(64, 1)...), DY: column(same(64, 1e-4)...)})
	require.NoError(t, err)
	half := []float64{c.Exact.Grad[0].Float64() / 2}
	assert.Equal(t, Fail, Judge(c, Claim{Grad: half, Precision: Float16}).Outcome)
}

// What is above the smallest normal number may be computed as what is below it, and lost.
func TestJudgeAllowsLossJustAboveNormal(t *testing.T) {
	c, err := NewCase("", exact.Problem{Net: mlp.New(1, line(1), line(1)), Loss: loss.LogitCrossEntropy{},
		Theta: []float64{1, 1000.3}, X: column(-0.009701), T: column(0)})
	require.NoError(t, err)
	assert.Greater(t, c.Exact.Delta[1][0][0].Float64(), Float16.SmallestNormal())
	k := planted{round: flushed(Float16)}.claim(&c)
	assert.Zero(t, k.Delta[1][0])
	k.Precision = Float16
	v := Judge(c, k)
	assert.NotEqual(t, Fail, v.Outcome, "%v", v.First)
}

// What is lost on the way to a result, and then multiplied or divided, makes no right claim
// fail. Each of these did.
func TestJudgeAllowsLossOnTheWay(t *testing.T) {
	const n = 0x1p-14
	r := flushed(Float16)
	apart := func(_ *Case, y, target []float64) []float64 { // a quotient with 1−y in it
		dy := make([]float64, len(y))
		for j := range y {
			dy[j] = r(r(y[j]-target[j]) / r(y[j]*r(1-y[j])))
		}
		return dy
	}
	softmax := func(_ *Case, y, target []float64) []float64 { // T·p − t
		dy, sum, all := make([]float64, len(y)), 0.0, 0.0
		for j := range y {
			all = r(all + target[j])
			dy[j] = r(math.Exp(r(y[j] - slices.Max(y))))
			sum = r(sum + dy[j])
		}
		for j := range y {
			dy[j] = r(r(all*r(dy[j]/sum)) - target[j])
		}
		return dy
	}
	for _, b := range []struct {
		name   string
		p      exact.Problem
		how    planted
		change func(k *Claim)
	}{
		{"pairs of a sum for δ", exact.Problem{Net: mlp.New(1, line(1), line(4)), X: column(1000), Theta: []float64{1, 2 * n, -1.0625 * n, 2 * n, -1.0625 * n}, DY: oneRow(same(4, 1)...)}, planted{}, nil},
		{"f′ of a z that is off", exact.Problem{Net: mlp.New(2, layer(activation.Sigmoid{}, 1)), X: oneRow(64.04, -54.35), Theta: []float64{1, 1}, DY: column(1000)}, planted{}, nil},
		{"y − t of a cross-entropy", exact.Problem{Net: mlp.New(1, line(1)), Loss: loss.CrossEntropy{}, X: column(1), Theta: []float64{0x1.06p-9}, T: column(0x1p-9)}, planted{dy: apart}, nil},
		{"T·p", exact.Problem{Net: mlp.New(1, line(2)), Loss: loss.SoftmaxCrossEntropy{}, X: column(1000), Theta: []float64{0, -0x1.5p-8}, T: oneRow(0x1p-7, 0x1.8p-13)}, planted{dy: softmax}, nil},
		{"e^y of a softmax", exact.Problem{Net: mlp.New(1, line(2)), Loss: loss.SoftmaxCrossEntropy{}, X: column(1), Theta: []float64{0, -10}, T: oneRow(40, 0)}, planted{}, func(k *Claim) { *k.Loss = 0 }},
		{"sums whose products are not rounded", exact.Problem{Net: mlp.New(5, line(1), line(1)), X: oneRow(1, 0x1p-5, 1, 0x1p-5, 5), Theta: []float64{1.02 * n, -n, 1.02 * n, -n, n, 1000}, DY: column(1)}, planted{},
			func(k *Claim) { *k = Claim{Z: [][]float64{{5 * n}, {5000 * n}}} }},
	} {
		c, err := NewCase(b.name, b.p)
		require.NoError(t, err, b.name)
		b.how.round = r
		k := b.how.claim(&c)
		if b.change != nil {
			b.change(&k)
		}
		k.Precision = Float16
		v := Judge(c, k)
		assert.NotEqual(t, Fail, v.Outcome, "%s: %v", b.name, v.First)
	}
}

// Where the bound is NaN, because a probability is 1 in float64, any number passes, and
// it says so.
func TestJudgeWithoutBound(t *testing.T) {
	c, err := NewCase("", exact.Problem{Net: mlp.New(1, layer(activation.Sigmoid{}, 1)), Loss: loss.CrossEntropy{}, Theta: []float64{1}, X: column(50, 1), T: column(1, 0.5), Rate: 0.1})
	require.NoError(t, err)
	k := planted{round: roundings[Float32]}.claim(&c)
	k.Precision = Float32
	for _, b := range Judge(c, k).Blocks {
		assert.False(t, math.IsNaN(b.Bound), b.Name)
		if math.IsInf(b.Bound, 1) {
			assert.Equal(t, Inconclusive, b.Outcome, b.Name)
		}
	}
}
