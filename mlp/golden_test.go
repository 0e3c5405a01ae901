package mlp_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/blas/blas64"

	"touchstone"
	"touchstone/activation"
	"touchstone/mlp"
)

// The golden vectors have 40 exact digits of everything a pass computes. What
// float64 owes them is not a number of digits: a sum that cancels has none. It is
// a few roundings of the terms that were added, which the same passes over
// absolute values bound, enlarged by how z's own error moves f′.

const u = 0x1p-53

// A fair holds, for everything the exact results hold, the error that is allowed.
type fair struct {
	z, a, delta []blas64.General
	grad        []float64
	dx          blas64.General
	loss        float64
}

func newFair(c *touchstone.Case) fair {
	n := c.Net
	L := n.NumLayers()
	tr := n.NewTrace(c.X.Rows)
	n.Forward(tr, c.Theta, c.X)
	f := fair{grad: make([]float64, n.NumParams())}
	samples := float64(c.X.Rows)
	if c.Sum || c.Loss == nil {
		samples = 1
	}

	// |z| ≤ Σ|W||a| + |b|, to first order in the roundings of all layers so far.
	width := 0.0 // the longest sum
	amplified := 1.0
	for l := range L {
		w, b := n.Weights(c.Theta, l), n.Biases(c.Theta, l)
		width = math.Max(width, float64(w.Cols+2))
		z := like(tr.Z[l])
		largest := 1.0
		each(z, func(s, j int) float64 {
			sum := 0.0
			if b != nil {
				sum = math.Abs(b[j])
			}
			for k, wk := range row(w, j) {
				sum += math.Abs(wk * row(tr.A[l], s)[k])
			}
			largest = math.Max(largest, sum)
			return sum
		})
		amplified *= 1 + largest
		f.z = append(f.z, scaled(z, 4*u*width*amplified))
		a := like(tr.Z[l])
		each(a, func(s, j int) float64 {
			z := row(tr.Z[l], s)[j]
			f := n.Layer(l).Activation
			return math.Abs(f.Value(z)) + math.Abs(f.Deriv(z))
		})
		f.a = append(f.a, scaled(a, 4*u*width*amplified))
	}

	// δ: the same sums as in (5) and (8), of absolute values. In the output layer
	// ∂ℓ/∂y is a difference of y and t, divided by y(1−y) in cross-entropy.
	f.delta = make([]blas64.General, L)
	dz := like(tr.Z[L-1])
	each(dz, func(s, j int) float64 {
		y, deriv := row(tr.A[L], s)[j], n.Layer(L-1).Activation.Deriv(row(tr.Z[L-1], s)[j])
		switch {
		case c.Loss == nil:
			return math.Abs(row(c.DY, s)[j]) * deriv
		case c.Loss.String() == "cross-entropy" || c.Loss.String() == "logit-cross-entropy":
			return 2 / samples
		}
		return (math.Abs(y) + math.Abs(row(c.T, s)[j])) * deriv / samples
	})
	tolerance := 16 * u * width * amplified * float64(c.X.Rows+2)
	for l := L - 1; l >= 0; l-- {
		f.delta[l] = scaled(dz, tolerance)
		w, gw, gb := n.Weights(c.Theta, l), n.Weights(f.grad, l), n.Biases(f.grad, l)
		da := like(tr.A[l])
		for s := range c.X.Rows {
			for j, d := range row(dz, s) {
				for k, a := range row(tr.A[l], s) {
					row(gw, j)[k] += tolerance * d * math.Abs(a)
					row(da, s)[k] += d * math.Abs(row(w, j)[k])
				}
				if gb != nil {
					gb[j] += tolerance * d
				}
			}
		}
		for i, v := range w.Data {
			gw.Data[i] += tolerance * c.Lambda * math.Abs(v)
		}
		if l == 0 {
			f.dx = scaled(da, tolerance)
			break
		}
		dz = like(tr.Z[l-1])
		each(dz, func(s, j int) float64 {
			return row(da, s)[j] * n.Layer(l-1).Activation.Deriv(row(tr.Z[l-1], s)[j])
		})
	}
	f.loss = tolerance * (1 + math.Abs(c.Exact.Loss.Float64()))
	return f
}

func like(m blas64.General) blas64.General {
	return blas64.General{Rows: m.Rows, Cols: m.Cols, Stride: m.Cols, Data: make([]float64, m.Rows*m.Cols)}
}

func each(m blas64.General, f func(s, j int) float64) {
	for s := range m.Rows {
		for j := range m.Cols {
			m.Data[s*m.Stride+j] = f(s, j)
		}
	}
}

func scaled(m blas64.General, by float64) blas64.General {
	out := like(m)
	for i, v := range m.Data {
		out.Data[i] = v * by
	}
	return out
}

// A mismatch is a value that is further from the truth than it may be.
type mismatch struct {
	what      string
	got       float64
	want      touchstone.Decimal
	tolerance float64
}

func (m mismatch) String() string {
	return fmt.Sprintf("%s = %g, want %.17s… within %.2g", m.what, m.got, string(m.want), m.tolerance)
}

// compare runs Forward and Backward on a case, with backward in place of
// (*mlp.Net).Backward, and returns the mismatches.
func compare(c *touchstone.Case, backward func(tr *mlp.Trace, grad, theta []float64, dy blas64.General)) (bad []mismatch) {
	see := func(what string, got float64, want touchstone.Decimal, tolerance float64) {
		if !(want.Error(got) <= tolerance) {
			bad = append(bad, mismatch{what, got, want, tolerance})
		}
	}
	n, f := c.Net, newFair(c)
	tr, grad := n.NewTrace(c.X.Rows), make([]float64, n.NumParams())
	for i := range grad {
		grad[i] = 1 // to be overwritten
	}
	y := n.Forward(tr, c.Theta, c.X)
	dy := c.DY
	if c.Loss != nil {
		dy = like(y)
		for s := range dy.Rows {
			c.Loss.Grad(row(dy, s), row(y, s), row(c.T, s))
			for j := range dy.Cols {
				if !c.Sum {
					row(dy, s)[j] /= float64(dy.Rows)
				}
			}
		}
		see("loss", c.Objective().Func(c.Theta), c.Exact.Loss, f.loss)
	}
	backward(tr, grad, c.Theta, dy)
	for l := range n.NumLayers() {
		for s := range c.X.Rows {
			for j := range n.Layer(l).Width {
				at := fmt.Sprintf("[%d][%d][%d]", l, s, j)
				see("z"+at, row(tr.Z[l], s)[j], c.Exact.Z[l][s][j], row(f.z[l], s)[j])
				see("a"+at, row(tr.A[l+1], s)[j], c.Exact.A[l][s][j], row(f.a[l], s)[j])
				see("delta"+at, row(tr.Delta[l], s)[j], c.Exact.Delta[l][s][j], row(f.delta[l], s)[j])
			}
		}
	}
	for i := range grad {
		if c.Lambda == 0 { // else (9), which the objective adds
			see(n.ParamName(i), grad[i], c.Exact.Grad[i], f.grad[i])
		}
	}
	for s := range c.X.Rows {
		for k := range n.Inputs() {
			see(fmt.Sprintf("dx[%d][%d]", s, k), row(tr.DX, s)[k], c.Exact.DX[s][k], row(f.dx, s)[k])
		}
	}
	if c.Loss != nil && len(bad) == 0 {
		c.Objective().Grad(grad, c.Theta)
		for i := range grad {
			see("objective "+n.ParamName(i), grad[i], c.Exact.Grad[i], f.grad[i])
		}
	}
	return bad
}

func TestGolden(t *testing.T) {
	for _, c := range touchstone.Cases() {
		for _, m := range compare(&c, c.Net.Backward) {
			t.Errorf("%s: %v", c.ID, m)
		}
	}
}

// The vectors must refuse a wrong backward pass, and those flagged Saturated the
// derivative a·(1−a), which is right wherever the sigmoid is not saturated.
func TestGoldenCatches(t *testing.T) {
	caught := func(b bug) (ids []string) {
		for _, c := range touchstone.Cases() {
			wrong := func(tr *mlp.Trace, grad, theta []float64, dy blas64.General) {
				b.backward(c.Net, tr, grad, theta, dy)
			}
			if len(compare(&c, wrong)) > 0 {
				ids = append(ids, c.ID)
			}
		}
		return ids
	}
	for _, b := range bugs {
		ids := caught(b)
		t.Logf("%s: caught by %d of %d cases", b.name, len(ids), len(touchstone.Cases()))
		if b.name == "none" {
			assert.Empty(t, ids, "the textbook pass that the bugs are planted in is right")
			continue
		}
		assert.NotEmpty(t, ids, b.name)
	}
	a := caught(bugNamed("σ′ = a(1−a)"))
	assert.Contains(t, a, "neuron-raw-label-0")
	assert.NotContains(t, a, "neuron-standardised-label-1")
}

// A case flagged FrozenBias, UpdateOrder and so on has one exact step, or a run.
func TestGoldenStepsAndTraining(t *testing.T) {
	steps, runs := 0, 0
	for _, c := range touchstone.Cases() {
		if c.Step != nil {
			steps++
			theta, grad := slices.Clone(c.Theta), make([]float64, len(c.Theta))
			c.Objective().Grad(grad, theta)
			descend(c.Net, theta, grad, c.Step.Rate, c.Step.Frozen)
			for i := range theta {
				assert.InDelta(t, 0, c.Step.Theta[i].Error(theta[i]), 1e-15, "%s %s", c.ID, c.Net.ParamName(i))
			}
			assert.InDelta(t, 0, c.Step.Loss.Error(c.Objective().Func(theta)), 1e-15, c.ID)
		}
		if c.Training != nil {
			runs++
			testTraining(t, &c)
		}
	}
	assert.GreaterOrEqual(t, steps, 5)
	assert.GreaterOrEqual(t, runs, 2)
}

// descend takes a step of gradient descent but leaves the frozen blocks alone.
func descend(n *mlp.Net, theta, grad []float64, rate float64, frozen []string) {
	for i, g := range grad {
		name := n.ParamName(i)
		if !slices.ContainsFunc(frozen, func(block string) bool { return name[:len(block)+1] == block+"[" }) {
			theta[i] -= rate * g
		}
	}
}

func testTraining(t *testing.T, c *touchstone.Case) {
	r := c.Training
	theta, o := slices.Clone(c.Theta), c.Objective()
	milestones := r.Milestones
	see := func(epoch int, loss float64) {
		if len(milestones) == 0 || milestones[0].Epoch != epoch {
			return
		}
		m := milestones[0]
		milestones = milestones[1:]
		for i := range theta {
			assert.InDelta(t, 0, m.Theta[i].Error(theta[i]), 1e-13, "%s epoch %d %s", c.ID, epoch, c.Net.ParamName(i))
		}
		assert.InDelta(t, 0, m.Loss.Error(loss), 1e-13, "%s epoch %d", c.ID, epoch)
	}
	last := r.Milestones[len(r.Milestones)-1].Epoch
	if len(r.Frozen) == 0 {
		err := mlp.SGD{Rate: r.Rate, Batch: r.Batch, Epochs: last, NoShuffle: true,
			OnEpoch: func(e mlp.Epoch) { see(e.Number, e.Loss) }}.Train(theta, o)
		require.NoError(t, err)
	} else {
		require.Equal(t, c.X.Rows, r.Batch, "SGD freezes nothing; full batches are descended by hand")
		grad := make([]float64, len(theta))
		for epoch := 1; epoch <= last; epoch++ {
			o.Grad(grad, theta)
			descend(c.Net, theta, grad, r.Rate, r.Frozen)
			see(epoch, o.Func(theta))
		}
	}
	assert.Empty(t, milestones, "every milestone was reached")
}

// The documented neuron as printed: float64 rounds z to 49 and p to 1, and every
// gradient to 0. The truth is in the vectors.
func TestDocumentedNeuron(t *testing.T) {
	one, ok := touchstone.CaseByID("neuron-raw-label-1")
	require.True(t, ok)
	tr := one.Net.NewTrace(1)
	p := one.Net.Forward(tr, one.Theta, one.X).Data[0]
	assert.Equal(t, 49.0, tr.Z[0].Data[0])
	assert.Equal(t, 1.0, p)
	assert.InEpsilon(t, 5.242885663363479e-22, activation.Sigmoid{}.Value(-49), 1e-14, "1 − p, which p has forgotten")
	assert.Equal(t, 5.242885663363479e-22, one.Exact.OneMinusP.Float64())

	grad := make([]float64, 4)
	one.Objective().Grad(grad, one.Theta)
	assert.Equal(t, make([]float64, 4), grad, "with label 1, y − t is 0 after rounding")

	zero, ok := touchstone.CaseByID("neuron-raw-label-0")
	require.True(t, ok)
	zero.Objective().Grad(grad, zero.Theta)
	for i, g := range grad {
		assert.NotZero(t, g, "with label 0, the printed program has p(1−p) = 0; σ′ at z has not")
		assert.Less(t, zero.Exact.Grad[i].Error(g), 1e-13*g)
	}
}
