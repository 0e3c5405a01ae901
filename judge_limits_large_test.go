package touchstone

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

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
		for _, precision := range []Precision{Float32, BFloat16} {
			k := planted{round: roundings[precision]}.claim(&c)
			k.Precision = precision
			v := Judge(c, k)
			assert.NotEqual(t, Fail, v.Outcome, "%v", v.First)
			k.Grad[len(k.Grad)-2] = 1e9
			assert.Equal(t, Fail, Judge(c, k).Outcome)
		}
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
		for precision := Float64; precision <= Float16; precision++ {
			k := planted{round: roundings[precision]}.claim(&c)
			k.Precision = precision
			if v := Judge(c, k); v.Outcome == Fail {
				t.Errorf("%v %v in %v: %v", n, l, precision, v.First)
			}
			times(-1)(&c, &k)
			wrong[precision] += int(flag(Judge(c, k).Outcome == Fail))
		}
	}
	t.Log(wrong)
	assert.Greater(t, wrong[Float64], all*3/4)
	assert.Greater(t, wrong[Float32], all*2/3)
	assert.Greater(t, wrong[Float16], all/8)
}
