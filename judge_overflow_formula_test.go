package touchstone

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone/loss"
	"touchstone/mlp/exact"
)

// An overflowing is what decides about overflow, number by number as the comment of
// overflow has it: what may, and what is behind, if its size is above the largest number.
type overflowing struct {
	may    map[string][]float64 // by block
	behind map[string]float64   // the blocks z and a
	rest   float64              // behind which all others are
}

func overflowingOf(c *Case, right *pass, unit float64) overflowing {
	L, N := c.Net.NumLayers(), c.X.Rows
	all := overflowing{may: map[string][]float64{}, behind: map[string]float64{}}
	largest := func(v float64, more ...float64) float64 {
		for _, m := range more {
			v = math.Max(v, math.Abs(m))
		}
		return v
	}
	with := func(v, scale float64) float64 { return math.Abs(v) + unit*scale }
	sum := func(terms []float64, n int) (s float64) { // a sum of n products, and of one or two more numbers
		for _, t := range terms {
			s += math.Abs(t)
		}
		return s * (1 + float64(n+3)*unit)
	}

	// Forward: W·a and b.
	behind := largest(0, c.X.Data...)
	in := matrixOf(c.X.Data, N)
	inputs := [][][]float64{in}
	for l := range L {
		W, b := c.Net.Weights(c.Theta, l), c.Net.Biases(c.Theta, l)
		behind = largest(largest(behind, W.Data...), b...)
		all.behind[fmt.Sprint("z", l)] = behind
		out := make([][]float64, N)
		for s := range N {
			for j := range W.Rows {
				var terms []float64
				for k := range W.Cols {
					terms = append(terms, W.Data[j*W.Cols+k]*in[s][k])
				}
				if b != nil {
					terms = append(terms, b[j])
				}
				z := sum(terms, W.Cols)
				all.may[fmt.Sprint("z", l)] = append(all.may[fmt.Sprint("z", l)], z)
				all.may[fmt.Sprint("a", l)] = append(all.may[fmt.Sprint("a", l)], 0)
				behind = largest(behind, z)
				out[s] = append(out[s], with(right.a[l+1][s*W.Rows+j], c.Scale.A[l][s][j]))
			}
		}
		all.behind[fmt.Sprint("a", l)] = behind
		in, inputs = out, append(inputs, out)
	}
	all.rest = behind

	// The loss: its terms of all samples, which a mean divides at last, and λ‖W‖².
	targets := c.T
	if c.Loss == nil {
		targets = c.DY
	}
	top := largest(0, targets.Data...)
	var terms, squares []float64
	for s := range N {
		t := rowOf(targets, s)
		if c.Loss == (loss.SoftmaxCrossEntropy{}) {
			total := 0.0
			for _, v := range t {
				total += math.Abs(v)
			}
			top = largest(top, total)
		}
		for j, v := range t {
			y := right.a[L][s*len(t)+j]
			switch c.Loss.(type) {
			case nil:
				terms = append(terms, v*in[s][j])
			case loss.Squared: // twice it
				r := with(y-v, c.Scale.A[L-1][s][j]+math.Abs(v))
				terms = append(terms, r*r)
			case loss.CrossEntropy:
				terms = append(terms, v*math.Log(y), (1-v)*math.Log(1-y))
			case loss.LogitCrossEntropy: // log(1+e^y) ≤ |y| + log 2
				terms = append(terms, in[s][j], v*in[s][j], math.Ln2)
			case loss.SoftmaxCrossEntropy: // log Σe^y − y ≤ 2·max |y| + log K
				terms = append(terms, v*(2*slices.Max(in[s])+math.Log(float64(len(t)))))
			}
		}
	}
	if c.Lambda != 0 {
		for l := range L {
			for _, w := range c.Net.Weights(c.Theta, l).Data {
				squares = append(squares, w*w)
				terms = append(terms, c.Lambda*w*w)
			}
		}
	}
	n := 2*N*c.Net.Outputs() + len(c.Theta)
	all.may["loss"] = []float64{largest(top, c.Lambda, sum(squares, n), sum(terms, n))}

	// Backward: δ of the last layer, and W·δ for those below; of a mean before it is divided.
	division := 1.0
	if c.Loss != nil && !c.Sum {
		division = float64(N)
	}
	for i, da := range right.da[L] {
		K := c.Net.Outputs()
		top = largest(top, division*da, division*with(right.delta[L-1][i], c.Scale.Delta[L-1][i/K][i%K]))
	}
	steps := make([][]float64, L)
	for l := L - 1; l >= 0; l-- {
		W, b := c.Net.Weights(c.Theta, l), c.Net.Biases(c.Theta, l)
		delta := func(s, j int) float64 {
			return division * with(right.delta[l][s*W.Rows+j], c.Scale.Delta[l][s][j])
		}
		all.may[fmt.Sprint("delta", l)] = slices.Repeat([]float64{top}, N*W.Rows)
		for j := range W.Rows {
			for k := range W.Cols {
				w := W.Data[j*W.Cols+k]
				g := []float64{c.Lambda * w}
				for s := range N {
					g = append(g, delta(s, j)*inputs[l][s][k])
				}
				all.may[fmt.Sprint("W", l)] = append(all.may[fmt.Sprint("W", l)], largest(top, c.Lambda, sum(g, N)))
				steps[l] = append(steps[l], largest(top, c.Step.Rate, c.Lambda, sum(g, N), c.Step.Rate*sum(g, N)))
			}
		}
		for j := range b {
			var g []float64
			for s := range N {
				g = append(g, delta(s, j))
			}
			all.may[fmt.Sprint("b", l)] = append(all.may[fmt.Sprint("b", l)], largest(top, sum(g, N)))
			steps[l] = append(steps[l], largest(top, c.Step.Rate, sum(g, N), c.Step.Rate*sum(g, N)))
		}
		below := top
		for s := range N {
			for k := range W.Cols {
				var da []float64
				for j := range W.Rows {
					da = append(da, W.Data[j*W.Cols+k]*delta(s, j))
				}
				if l == 0 {
					all.may["dx"] = append(all.may["dx"], largest(top, sum(da, W.Rows)))
				}
				below = largest(below, sum(da, W.Rows))
			}
		}
		top = below
	}

	all.may["after"] = slices.Concat(steps...)
	return all
}

// What may overflow, and what is behind, are those whose sizes are above the largest number.
func TestOverflowIsItsFormulas(t *testing.T) {
	rnd := rand.New(rand.NewPCG(8, 8))
	size := func(most float64) func() float64 { return signed(rnd, -most, most) }
	for _, l := range []loss.Func{nil, loss.Squared{}, loss.CrossEntropy{}, loss.LogitCrossEntropy{}, loss.SoftmaxCrossEntropy{}} {
		for k, n := range netsFor(l) {
			// The sizes, as powers of two; of those of θ also the least.
			for _, most := range []struct{ x, least, theta, t, lambda, rate float64 }{
				{2, -2, 2, 2, 2, 2}, {8, -2, 2, 2, 2, 8}, {1, -1, 1, 8, 1, 1}, {1, -3, 3, 1, 12, 1}, {1, -9, -6, 1, 12, 1}, {1, -1, 1, 1, 1, 12}, {0, -6, 6, 1, 0, 2},
			} {
				p := exact.Problem{Net: n, Loss: l, Theta: filled(1, n.NumParams(), signed(rnd, most.least, most.theta)).Data, X: filled(2, 3, size(most.x)), Rate: size(most.rate)(), Lambda: size(most.lambda)(), Sum: k == 2}
				if k == 3 {
					p.Lambda = 0
				}
				if p.T = filled(2, 3, size(most.t)); l == nil {
					p.T, p.DY = p.DY, p.T
				}
				c, err := NewCase("", p)
				require.NoError(t, err)
				assertOverflow(t, &c)
			}
		}
	}
	assert.False(t, (&overflow{largest: 65504}).is(65504), "the largest number is one")
}

func assertOverflow(t *testing.T, c *Case) {
	t.Helper()
	right, k := rightPass(c), planted{}.claim(c)
	const unit = 0x1p-6
	want := overflowingOf(c, right, unit)
	// at compares with what is decided for numbers just above a size and just below.
	at := func(size float64, name string, is func(o *overflow) bool) {
		t.Helper()
		require.False(t, math.IsNaN(size), name)
		if math.IsInf(size, 1) { // as the loss of a probability that is 1 in float64
			require.True(t, is(newOverflow(c, right, formats[Float64])), name)
			return
		}
		if is(newOverflow(c, right, format{unit: unit, largest: size * (1 + 1e-9)})) {
			t.Fatalf("%v %v: %s is decided by a size above %v", c.Net, c.Loss, name, size)
		}
		if size > 0 && !is(newOverflow(c, right, format{unit: unit, largest: size * (1 - 1e-9)})) {
			t.Fatalf("%v %v: %s is not decided by a size of %v", c.Net, c.Loss, name, size)
		}
	}
	for _, b := range blocks(c, &k) {
		may := want.may[b.Name]
		require.Len(t, may, len(b.entries), b.Name)
		for i, size := range may {
			at(size, b.name(i), func(o *overflow) bool { return o.entry(&b, i) })
		}
		behind, ok := want.behind[b.Name]
		if !ok {
			behind = want.rest
		}
		at(behind, b.Name, func(o *overflow) bool { return o.isBehind(&b) })
	}
}
