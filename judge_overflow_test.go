package touchstone

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp"
	"touchstone/mlp/exact"
)

func line(width int) mlp.Layer {
	return layer(activation.Identity{}, width)
}

func layer(f activation.Func, width int) mlp.Layer {
	return mlp.Layer{Width: width, Activation: f, NoBias: true}
}

func column(v ...float64) blas64.General {
	return blas64.General{Rows: len(v), Cols: 1, Stride: 1, Data: v}
}

func oneRow(v ...float64) blas64.General {
	return blas64.General{Rows: 1, Cols: len(v), Stride: len(v), Data: v}
}

// same returns n times v.
func same(n int, v float64) []float64 { return filled(1, n, func() float64 { return v }).Data }

// What overflows in float16 on the way makes no right claim fail, whether what it leads
// to is small again or not, and none passes for it. Of what does not overflow the same
// claim fails, if it is wrong, and in float32 all of it.
func TestJudgeAllowsOverflow(t *testing.T) {
	squared, inf, nan := loss.Squared{}, math.Inf(1), math.NaN()
	lost := func(v float64) func(*Claim) { return func(k *Claim) { *k.Loss = v } }
	for _, b := range []struct {
		name   string
		p      exact.Problem
		claim  func(k *Claim) // where a port does not compute as ours does
		places []string       // blocks that have numbers which are not finite
	}{
		{"z0, and all behind", exact.Problem{Net: mlp.New(2, layer(activation.ReLU{}, 1), line(1)), Loss: squared, Rate: 1e-7,
			Theta: []float64{300, 100, 1e-5}, X: oneRow(same(2, 200)...), T: column(1)}, nil,
			[]string{"z0", "a0", "z1", "a1", "loss", "delta1", "delta0", "W1", "W0", "dx", "after"}},
		{"a sum in z0", exact.Problem{Net: mlp.New(3, line(1)), Theta: []float64{300, 300, -300}, X: oneRow(200, 200, 199), DY: column(1)}, nil,
			[]string{"z0", "a0", "loss"}},
		{"a sum in z0 by its rounding", exact.Problem{Net: mlp.New(1031, line(1), line(1)), Theta: append(append([]float64{32768}, same(1030, 16.5)...), 1e-5), X: oneRow(same(1031, 1)...), DY: column(1)}, nil,
			[]string{"z0", "a0", "z1", "a1", "loss", "W1", "after"}},
		{"δ", exact.Problem{Net: mlp.New(1, line(1), line(1)), Theta: []float64{1e-4, 2000}, X: column(1e-3), DY: column(1000), Rate: 1e-7}, nil,
			[]string{"delta0", "W0", "dx", "after"}},
		{"∂E/∂a, and f′ is small", exact.Problem{Net: mlp.New(1, layer(activation.Sigmoid{}, 1), line(2)), Theta: []float64{6, 100, -99.875}, X: column(1), DY: oneRow(same(2, 1000)...), Rate: 0.1}, nil,
			[]string{"loss", "delta0", "W0", "dx", "after"}},
		{"∂E/∂a, and f′ is 0", exact.Problem{Net: mlp.New(1, layer(activation.ReLU{}, 1), line(2)), Theta: []float64{-1, 100, -100}, X: column(1), DY: oneRow(same(2, 1000)...), Rate: 0.1}, nil,
			[]string{"delta0", "W0", "dx", "after"}},
		{"∂W", exact.Problem{Net: mlp.New(1, line(1)), Theta: []float64{1}, X: column(1000), DY: column(100), Rate: 1e-5}, nil,
			[]string{"loss", "W0", "after"}},
		{"η·∂", exact.Problem{Net: mlp.New(1, mlp.Layer{Width: 1, Activation: activation.Identity{}}), Loss: squared, Theta: []float64{0, 50000}, X: column(1e-3), T: column(49024), Rate: 100}, nil,
			[]string{"loss", "after"}},
		{"t", exact.Problem{Net: mlp.New(1, line(1)), Loss: squared, Theta: []float64{60000}, X: column(1), T: column(70000), Rate: 1e-7}, nil,
			[]string{"loss", "delta0", "W0", "dx", "after"}},
		{"λ", exact.Problem{Net: mlp.New(1, line(1)), Loss: squared, Theta: []float64{1e-3}, X: column(1), T: column(1), Lambda: 70000, Rate: 1e-7}, nil,
			[]string{"loss", "W0", "after"}},
		{"η", exact.Problem{Net: mlp.New(1, line(1)), Loss: squared, Theta: []float64{1}, X: column(1), T: column(1.5), Rate: 70000}, nil,
			[]string{"after"}},
		{"‖W‖²", exact.Problem{Net: mlp.New(1, line(1)), Loss: squared, Theta: []float64{300}, X: column(1), T: column(299), Lambda: 1e-4}, lost(inf),
			[]string{"loss"}},
		{"λ‖W‖²", exact.Problem{Net: mlp.New(1, line(1)), Loss: squared, Theta: []float64{100}, X: column(1), T: column(100), Lambda: 10}, lost(inf),
			[]string{"loss"}},
		{"the squares of all samples, divided at last", exact.Problem{Net: mlp.New(1, line(1)), Loss: squared, Theta: []float64{1}, X: column(same(40, 50)...), T: column(same(40, 0)...)}, lost(inf),
			[]string{"loss"}},
		{"the terms of all samples", exact.Problem{Net: mlp.New(1, line(1)), Loss: loss.LogitCrossEntropy{}, Theta: []float64{1}, X: column(same(40, 2000)...), T: column(same(40, 1)...)}, lost(nan),
			[]string{"loss"}},
		{"of a softmax", exact.Problem{Net: mlp.New(1, line(2)), Loss: loss.SoftmaxCrossEntropy{}, Theta: []float64{1, 2}, X: column(same(200, 500)...), T: filled(200, 2, func() float64 { return 0.5 })}, lost(inf),
			[]string{"loss"}},
		{"δ of all samples, divided at last", exact.Problem{Net: mlp.New(1, line(1)), Loss: squared, Theta: []float64{1}, X: column(same(20, 50000)...), T: column(same(20, -50000)...)},
			func(k *Claim) {
				*k.Loss = inf
				for i := range 20 {
					k.Delta[0][i], k.DX[i] = inf, inf
				}
				k.Grad[0] = inf
			}, []string{"loss", "delta0", "W0", "dx", "after"}},
		{"∂E/∂a of all samples", exact.Problem{Net: mlp.New(1, line(1), line(1)), Loss: squared, Theta: []float64{1, 100}, X: column(same(4, 1e-4)...), T: column(same(4, -1000)...)},
			func(k *Claim) { k.Grad[0] = inf }, []string{"loss", "W0"}},
	} {
		c, err := NewCase(b.name, b.p)
		require.NoError(t, err, b.name)
		k := planted{round: roundings[Float16]}.claim(&c)
		k.Precision = Float16
		if b.claim != nil {
			b.claim(&k)
		}
		v := Judge(c, k)
		var places []string
		for _, block := range v.Blocks {
			for i := range block.Rows * block.Cols {
				if e := block.Entry(i); e.Got-e.Got != 0 {
					places = append(places, block.Name)
					assert.Equal(t, Inconclusive, block.Outcome, "%s: %v", b.name, block.String())
					break
				}
			}
		}
		assert.Equal(t, b.places, places, b.name)
		assert.NotEqual(t, Fail, v.Outcome, "%s: %v", b.name, v.First)

		k.Precision = Float32 // where none of it overflows
		assert.Equal(t, Fail, Judge(c, k).Outcome, b.name)
		k.Precision = Float16
		k.Z[0][0] = -1e9
		assert.Equal(t, Fail, Judge(c, k).Outcome, b.name)
	}
}

// Sizes of targets are not added, unless for a softmax: infinite numbers fail.
func TestJudgeOverflowOfManyOutputs(t *testing.T) {
	n := mlp.New(1, line(100))
	c, err := NewCase("", exact.Problem{Net: n, Loss: loss.Squared{}, Theta: same(100, 1), X: column(1000), T: oneRow(same(100, 1001)...)})
	require.NoError(t, err)
	assert.Equal(t, Fail, Judge(c, Claim{Delta: [][]float64{same(100, math.Inf(1))}, Precision: Float16}).Outcome)
	loss := math.NaN()
	assert.Equal(t, Fail, Judge(c, Claim{Loss: &loss, Precision: Float16}).Outcome)
}

// Where sizes are nine tenths of the largest number nothing may overflow, and where they
// are eleven tenths, this may; what is behind may be anything.
func TestOverflow(t *testing.T) {
	everything := "a0 z1 a1 z2 a2 loss delta2 delta1 delta0 W2 b2 W1 b1 W0 b0 dx after"
	above := func(v float64) []float64 { return []float64{v / 2, v / 2} } // of which the sum is v
	with := mlp.Layer{Width: 1, Activation: activation.Identity{}}
	three := mlp.New(2, with, with, with)
	for _, b := range []struct {
		name   string
		p      func(v float64) exact.Problem
		may    string // the blocks that may overflow
		behind string // those that may be anything
	}{
		{"x", func(v float64) exact.Problem {
			return exact.Problem{Net: three, Theta: make([]float64, 7), X: oneRow(v, 0), DY: column(1e-3)}
		}, "", "z0 " + everything},
		{"z0", func(v float64) exact.Problem {
			return exact.Problem{Net: three, Theta: []float64{1, -1, 0, 0, 0, 0, 0}, X: oneRow(above(v)...), DY: column(1e-3)}
		}, "z0", everything},
		{"z2", func(v float64) exact.Problem {
			return exact.Problem{Net: three, Theta: []float64{0, 0, 0, 0, v / 2, 1, -v / 2}, X: oneRow(above(0)...), DY: column(1e-3)}
		}, "z2", "a2 loss delta2 delta1 delta0 W2 b2 W1 b1 W0 b0 dx after"},
		{"W1", func(v float64) exact.Problem {
			return exact.Problem{Net: three, Theta: []float64{0, 0, 0, v, 0, 0, 0}, X: oneRow(above(0)...), DY: column(1e-3)}
		}, "", "z1 a1 z2 a2 loss delta2 delta1 delta0 W2 b2 W1 b1 W0 b0 dx after"},
		{"dy", func(v float64) exact.Problem {
			return exact.Problem{Net: three, Theta: make([]float64, 7), X: oneRow(above(0)...), DY: column(v)}
		}, "loss delta2 delta1 delta0 W2 b2 W1 b1 W0 b0 dx after", ""},
		{"a sum for δ", func(v float64) exact.Problem {
			return exact.Problem{Net: mlp.New(1, line(1), line(2), line(1)), Theta: []float64{0, 0, 0, 100, -100}, X: column(0), DY: column(v / 100)}
		}, "delta1 delta0 W1 W0 dx after", ""},
		{"dx", func(v float64) exact.Problem {
			return exact.Problem{Net: mlp.New(1, line(2)), Theta: []float64{100, -100}, X: column(0), DY: oneRow(v/200, v/200)}
		}, "dx", ""},
		{"∂W", func(v float64) exact.Problem {
			return exact.Problem{Net: mlp.New(1, line(1)), Theta: []float64{0}, X: column(200, -200), DY: column(v/400, v/400)}
		}, "W0 after", ""},
		{"the step", func(v float64) exact.Problem {
			return exact.Problem{Net: mlp.New(1, line(1)), Theta: []float64{1}, X: column(1), DY: column(-v / 100), Rate: 100}
		}, "after", ""},
		{"the rate", func(v float64) exact.Problem {
			return exact.Problem{Net: mlp.New(1, line(1)), Theta: []float64{1}, X: column(1), DY: column(1e-5), Rate: v}
		}, "after", ""},
		{"λ", func(v float64) exact.Problem {
			return exact.Problem{Net: mlp.New(1, mlp.Layer{Width: 1, Activation: activation.Identity{}}), Theta: []float64{1e-3, 1}, X: column(1), DY: column(1), Lambda: v, Rate: 1e-5}
		}, "loss W0 after", ""},
		{"‖W‖²", func(v float64) exact.Problem {
			return exact.Problem{Net: mlp.New(1, line(2)), Theta: []float64{math.Sqrt(v / 2), math.Sqrt(v / 2)}, X: column(0), DY: oneRow(same(2, 1)...), Lambda: 1e-4}
		}, "loss", ""},
		{"dy·y", func(v float64) exact.Problem {
			return exact.Problem{Net: mlp.New(1, line(1)), Theta: []float64{100}, X: column(1, -1), DY: column(v/200, v/200)}
		}, "loss", ""},
		{"(y−t)²", func(v float64) exact.Problem {
			return exact.Problem{Net: mlp.New(1, line(1)), Loss: loss.Squared{}, Theta: []float64{1}, X: column(same(10, 1)...), T: column(same(10, 1+math.Sqrt(v/10))...)}
		}, "loss", ""},
		{"t, of a softmax", func(v float64) exact.Problem {
			return exact.Problem{Net: mlp.New(1, line(2)), Loss: loss.SoftmaxCrossEntropy{}, Theta: []float64{1e-3, 1e-3}, X: column(1e-3), T: oneRow(above(v)...)}
		}, "loss delta0 W0 dx after", ""},
	} {
		for _, share := range []float64{0.9, 1.1} {
			p := b.p(share * 65504)
			if p.Rate == 0 {
				p.Rate = 0.1
			}
			c, err := NewCase("", p)
			require.NoError(t, err, b.name)
			k := planted{}.claim(&c)
			o := newOverflow(&c, rightPass(&c), formats[Float16])
			may, behind := "", ""
			for _, block := range blocks(&c, &k) {
				if o.isBehind(&block) {
					behind += " " + block.Name
				}
				for i := range block.entries {
					if o.entry(&block, i) {
						may += " " + block.Name
						break
					}
				}
			}
			if share < 1 {
				assert.Empty(t, may+behind, b.name)
				continue
			}
			wantMay, wantBehind := "", ""
			if b.may != "" {
				wantMay = " " + b.may
			}
			if b.behind != "" {
				wantBehind = " " + b.behind
			}
			assert.Equal(t, wantMay, may, b.name)
			assert.Equal(t, wantBehind, behind, b.name)
		}
	}
}
