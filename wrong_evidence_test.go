package touchstone

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone/activation"
)

// A mistake fits a number if it is off by no more than eight bounds and rounding, and
// the worst number only if it is four times as near as the truth.
func TestExhibitFits(t *testing.T) {
	b := &Block{entries: []entry{{got: 100, off: 40, bound: 1}, {got: 200, off: 0, bound: 2}}, Outcome: Fail, worst: 0}
	e := &exhibit{block: b, relative: 0.01, noise: 0.5}
	for _, c := range []struct {
		i         int
		x         float64
		fits      bool
		slack     float64
		fitWithin bool
	}{
		{0, 100, true, 0, false},
		{0, 109, true, 0.5, true},    // 8 + 1.09 + 0.5 is more
		{0, 110, false, 0.25, false}, // 10 > 8 + 1.1 + 0.5, and slack is less than half of the bound
		{0, 110, false, 0.5, true},   // with twice the slack it is not
		{0, 91, true, 0.5, true},     // 8 + 0.91 + 0.5
		{0, 90, false, 0.25, false},  // 10 > 8 + 0.9 + 0.5
		{1, 218.5, true, 0, true},    // 16 + 2.185 + 0.5 = 18.685
		{1, 219, false, 0, false},    // 19 > 16 + 2.19 + 0.5
		{1, 219, false, 0.25, true},  // but for slack
		{1, math.NaN(), false, 1, false},
	} {
		assert.Equal(t, c.fits, e.fits(c.i, c.x), "%v", c)
		assert.Equal(t, c.fitWithin, e.fitsWithin(c.i, c.x, c.slack), "%v", c)
	}
	b.entries[0].off = 36
	assert.True(t, e.fits(0, 109), "four times as near")
	b.entries[0].off = 35.9
	assert.False(t, e.fits(0, 109))
	b.Outcome = Pass
	assert.True(t, e.fits(0, 109))

	plain := &exhibit{block: b, noise: 0.5} // what is off by as much as is allowed fits
	assert.True(t, plain.fits(0, 108.5) && plain.fitsWithin(0, 109, 0.25))
	assert.False(t, plain.fits(0, 108.6) || plain.fitsWithin(0, 109.1, 0.25))

	// A part begins later.
	part := &exhibit{block: b, relative: 0.01, noise: 0.5, from: 1}
	assert.True(t, part.fits(0, 218.5))
	assert.True(t, part.fitsWithin(0, 219, 0.25))
	assert.False(t, part.fitsWithin(0, 219, 0))
	assert.Zero(t, e.worst())
	b.worst = 1
	assert.Equal(t, 1, e.worst())
	var nothing *exhibit
	assert.True(t, nothing.fits(7, 7) && nothing.fitsWithin(7, 7, 7))
}

// Of the numbers of a block, the largest finite one tells how much noise there is.
func TestEvidenceNoise(t *testing.T) {
	c, ok := CaseByID("rectangular-squared")
	require.True(t, ok)
	k := planted{}.claim(&c)
	dx := k.DX
	dx[3], dx[4], dx[5] = -math.MaxFloat64, math.Inf(1), math.NaN()
	e := newEvidence(&c, blocks(&c, &k), 0.25)
	assert.Equal(t, math.MaxFloat64/64, e.dx.noise)
	assert.Equal(t, 0.25, e.dx.relative)
	assert.Equal(t, k.Z[1][0], e.z[1].block.entries[0].got)
	assert.Equal(t, k.A[2][0], e.a[2].block.entries[0].got)
	assert.Equal(t, k.Delta[0][0], e.delta[0].block.entries[0].got)
	assert.Equal(t, *k.Loss, e.loss.block.entries[0].got)
	for l, layer := range e.params {
		for _, p := range layer {
			assert.Equal(t, k.After[p.from], p.step.block.entries[p.step.from].got, "%s", p.name)
			assert.Equal(t, k.Grad[p.from], p.gradient.block.entries[0].got, "%s", p.name)
			assert.Equal(t, c.Step.Rate, p.rate)
			assert.Equal(t, l, p.layer)
		}
	}
}

// Numbers may be off besides by what the steepest unit makes of rounding.
func TestEvidenceIsAsSteepAsTheNetwork(t *testing.T) {
	c, ok := CaseByID("rectangular-squared")
	require.True(t, ok)
	c.Scale.Z[1][2][3] = 1000
	k := planted{}.claim(&c)
	right := rightPass(&c)
	d := newDetective(&c, &k, blocks(&c, &k), right, newLimits(&c, right, Float32))
	assert.Equal(t, 0x1p-22*1001, d.proof.dx.relative)
	for l := range c.Scale.Z {
		for _, row := range c.Scale.Z[l] {
			clear(row)
		}
	}
	d = newDetective(&c, &k, blocks(&c, &k), right, newLimits(&c, right, Float32))
	assert.Equal(t, 0x1p-22*2, d.proof.dx.relative)
}

// The noise of a rounded a is 6u of the derivative, and goes back as errors do.
func TestNoiseOfRoundedOutputs(t *testing.T) {
	for _, id := range []string{"rectangular-squared", "pair-tanh-squared-sigmoid", "pair-softplus-squared-tanh", "no-bias-middle"} {
		c, ok := CaseByID(id)
		require.True(t, ok, id)
		right := rightPass(&c)
		const u = 0x1p-20
		got := noiseOf(&trial{variant: new(variant), pass: *right, c: &c}, u)
		L := c.Net.NumLayers()
		var da []float64
		for _, x := range right.da[L] {
			da = append(da, u*math.Abs(x))
		}
		for l := L - 1; l >= 0; l-- {
			w, b, f := c.Net.Weights(c.Theta, l), c.Net.Biases(c.Theta, l), c.Net.Layer(l).Activation
			delta, below, grad := make([]float64, len(da)), make([]float64, c.X.Rows*w.Cols), make([]float64, len(w.Data)+len(b))
			for s := range c.X.Rows {
				for j := range w.Rows {
					at := s*w.Rows + j
					delta[at] = da[at] * math.Abs(right.slope[l][at])
					if f == (activation.Sigmoid{}) || f == (activation.Tanh{}) {
						delta[at] += 6 * u * math.Abs(right.da[l+1][at])
					}
					for k := range w.Cols {
						grad[j*w.Cols+k] += delta[at] * math.Abs(right.a[l][s*w.Cols+k])
						below[s*w.Cols+k] += delta[at] * math.Abs(w.Data[j*w.Cols+k])
					}
					if b != nil {
						grad[len(w.Data)+j] += delta[at]
					}
				}
			}
			assert.InDeltaSlice(t, delta, got.delta[l], 1e-18, id)
			assert.InDeltaSlice(t, grad, got.grad[l], 1e-18, id)
			assert.InDeltaSlice(t, below, got.da[l], 1e-18, id)
			da = below
		}
	}
}
