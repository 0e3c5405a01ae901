package touchstone

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp"
	"touchstone/mlp/exact"
)

// Outputs may be as large as they like if nothing bends there: neither a layer nor the
// slope of the loss. A right claim in float32 passes, and one that is off by a ten-thousandth
// fails.
func TestJudgeLargeOutputs(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 1))
	for _, f := range []activation.Func{activation.Identity{}, activation.ReLU{}} {
		for _, l := range []loss.Func{loss.Squared{}, nil} {
			n := mlp.New(3, mlp.Layer{Width: 4, Activation: activation.Tanh{}}, mlp.Layer{Width: 5, Activation: f}, mlp.Layer{Width: 2, Activation: f})
			theta := filled(1, n.NumParams(), rnd.NormFloat64).Data
			for i := range n.Weights(theta, 2).Data {
				n.Weights(theta, 2).Data[i] *= 1e9
			}
			p := exact.Problem{Net: n, Loss: l, Theta: theta, X: filled(7, 3, rnd.NormFloat64), Rate: 0.1}
			if l == nil {
				p.DY = filled(7, 2, rnd.NormFloat64)
			} else {
				p.T = filled(7, 2, func() float64 { return 1e9 * rnd.NormFloat64() })
			}
			c, err := NewCase("", p)
			require.NoError(t, err)
			k := planted{round: roundings[Float32]}.claim(&c)
			k.Precision = Float32
			v := Judge(c, k)
			for _, b := range v.Blocks {
				assert.Equal(t, Pass, b.Outcome, "%v %v: %v", f, l, b.String())
			}
			times(1.0001)(&c, &k)
			assert.Equal(t, Fail, Judge(c, k).Outcome)
		}
	}
}

// The error of δ and that of a, both of which may exceed what is left of them when all
// else cancels, are multiplied in ∂W: of no first order, and right.
func TestJudgeErrorsMultiply(t *testing.T) {
	rnd := rand.New(rand.NewPCG(2, 2))
	n := mlp.New(3, mlp.Layer{Width: 2, Activation: activation.Identity{}}, mlp.Layer{Width: 1, Activation: activation.Identity{}})
	for range 20 {
		theta, x := filled(1, n.NumParams(), rnd.NormFloat64).Data, filled(1, 3, rnd.NormFloat64)
		n.Biases(theta, 0)[0] = 0
		w := n.Weights(theta, 0).Data
		w[2] = -(w[0]*x.Data[0] + w[1]*x.Data[1]) / x.Data[2]
		tr := n.NewTrace(1)
		y := n.Forward(tr, theta, x)
		target := filled(1, 1, func() float64 { return y.Data[0] })
		c, err := NewCase("", exact.Problem{Net: n, Loss: loss.Squared{}, Theta: theta, X: x, T: target, Rate: 0.1})
		require.NoError(t, err)
		for _, format := range []Precision{Float32, BFloat16} {
			k := planted{round: roundings[format]}.claim(&c)
			k.Precision = format
			v := Judge(c, k)
			assert.NotEqual(t, Fail, v.Outcome, "%v", v.First)
			k.Grad[len(k.Grad)-2] = 1e9
			assert.Equal(t, Fail, Judge(c, k).Outcome)
		}
	}
}

// What overflows in float16 on the way makes no right claim fail, whether what it leads
// to is small again or not. A claim that is wrong before that fails, and none passes.
func TestJudgeAllowsOverflow(t *testing.T) {
	always := func(v float64) func() float64 { return func() float64 { return v } }
	relu := mlp.Layer{Width: 1, Activation: activation.ReLU{}, NoBias: true}
	line := mlp.Layer{Width: 1, Activation: activation.Identity{}, NoBias: true}
	for _, p := range []struct {
		name   string
		p      exact.Problem
		places []string // blocks that come out infinite or NaN
	}{
		{"z0", exact.Problem{Net: mlp.New(2, relu, line), Theta: []float64{300, 100, 1e-5}, X: filled(1, 2, always(200)), T: filled(1, 1, always(1)), Loss: loss.Squared{}, Rate: 1e-7},
			[]string{"z0", "a0", "z1", "a1", "loss", "delta1", "delta0", "W1", "W0", "dx", "after"}},
		{"a sum in z0", exact.Problem{Net: mlp.New(3, line), Theta: []float64{300, 300, -300}, X: filled(1, 3, inTurn(200, 200, 199)), T: filled(1, 1, always(50000)), DY: filled(1, 1, always(1))},
			[]string{"z0", "a0", "loss"}},
		{"delta", exact.Problem{Net: mlp.New(1, line, line), Theta: []float64{1e-4, 2000}, X: filled(1, 1, always(1e-3)), DY: filled(1, 1, always(1000)), Rate: 1e-7},
			[]string{"delta0", "W0", "dx", "after"}},
		{"the gradient", exact.Problem{Net: mlp.New(1, line), Theta: []float64{1}, X: filled(1, 1, always(1000)), DY: filled(1, 1, always(100)), Rate: 1e-5},
			[]string{"loss", "W0", "after"}},
		{"a sum of squares, divided at last", exact.Problem{Net: mlp.New(1, line), Theta: []float64{1}, X: filled(9, 1, always(150)), T: filled(9, 1, always(1)), Loss: loss.Squared{}},
			[]string{"loss"}},
	} {
		if p.p.DY.Data != nil {
			p.p.T = blas64.General{}
		}
		c, err := NewCase(p.name, p.p)
		require.NoError(t, err)
		k := planted{round: roundings[Float16]}.claim(&c)
		k.Precision = Float16
		if c.X.Rows > 1 {
			*k.Loss = math.Inf(1) // here it is divided first
		}
		v := Judge(c, k)
		var not []string
		for _, b := range v.Blocks {
			if b.Got-b.Got != 0 {
				not = append(not, b.Name)
				assert.Equal(t, Inconclusive, b.Outcome, "%s: %v", p.name, b.String())
			}
		}
		assert.Equal(t, p.places, not, p.name)
		assert.NotEqual(t, Fail, v.Outcome, "%s: %v", p.name, v.First)

		k.Precision = Float32 // where none of it overflows
		assert.Equal(t, Fail, Judge(c, k).Outcome, p.name)
		k.Precision = Float16
		k.Z[0][0] = 2
		want := Fail
		if p.places[0] == "z0" {
			want = Inconclusive
		}
		assert.Equal(t, want, Judge(c, k).Outcome, p.name)
	}
}

// No right claim fails where numbers have all sizes up to what a format can hold, and
// targets may be what comes out. Most claims of the wrong sign do in float64 and float32.
func TestJudgePassesAllSizes(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 99))
	acts := []activation.Func{activation.Identity{}, activation.Sigmoid{}, activation.Tanh{}, activation.ReLU{}, activation.Softplus{}}
	losses := []loss.Func{nil, loss.Squared{}, loss.CrossEntropy{}, loss.LogitCrossEntropy{}, loss.SoftmaxCrossEntropy{}}
	size := func(least, most float64) func() float64 {
		return func() float64 {
			return math.Copysign(math.Exp2(least+(most-least)*rnd.Float64()), rnd.Float64()-0.5)
		}
	}
	wrong, all := map[Precision]int{}, 100
	if testing.Short() {
		all = 30
	}
	for i := range all {
		l, last := losses[i%5], acts[rnd.IntN(5)]
		if l == (loss.CrossEntropy{}) {
			last = activation.Sigmoid{}
		}
		n := mlp.New(3, mlp.Layer{Width: 4, Activation: acts[rnd.IntN(5)]}, mlp.Layer{Width: 5, Activation: acts[rnd.IntN(5)]}, mlp.Layer{Width: 2, Activation: last})
		samples, top := 1+rnd.IntN(6), float64(rnd.IntN(14))
		p := exact.Problem{Net: n, Loss: l, Theta: filled(1, n.NumParams(), size(-4, top/2)).Data, X: filled(samples, 3, size(-4, top)),
			Rate: math.Abs(size(-18, 0)()), Lambda: math.Abs(size(-18, 0)())}
		switch {
		case l == nil:
			p.DY = filled(samples, 2, size(-8, top))
		case l == loss.Squared{} && i%2 == 0:
			p.T = n.Forward(n.NewTrace(samples), p.Theta, p.X)
		default:
			p.T = filled(samples, 2, rnd.Float64)
		}
		c, err := NewCase("", p)
		if err != nil {
			continue // saturated, below any exponent
		}
		for format := Float64; format <= Float16; format++ {
			k := planted{round: roundings[format]}.claim(&c)
			k.Precision = format
			if v := Judge(c, k); v.Outcome == Fail {
				t.Errorf("%v %v in %v: %v", n, l, format, v.First)
			}
			times(-1)(&c, &k)
			wrong[format] += int(flag(Judge(c, k).Outcome == Fail))
		}
	}
	t.Log(wrong)
	assert.Greater(t, wrong[Float64], all*3/4)
	assert.Greater(t, wrong[Float32], all*2/3)
	assert.Greater(t, wrong[Float16], all/8)
}
