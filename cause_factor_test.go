package touchstone

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp/exact"
)

// factorCase has 5 samples, 3 outputs and the rate 5/16, of which no product is another.
func factorCase(t *testing.T, lambda float64) *Case {
	rnd := rand.New(rand.NewPCG(5, 3))
	n := chain(2, activation.Sigmoid{}, 4, 3)
	c, err := NewCase("", exact.Problem{Net: n, Loss: loss.Squared{}, Theta: filled(1, n.NumParams(), rnd.NormFloat64).Data,
		X: filled(5, 2, rnd.NormFloat64), T: filled(5, 3, rnd.Float64), Rate: 0.3125, Lambda: lambda})
	require.NoError(t, err)
	return &c
}

func causeText(c *Case, k Claim) string {
	if v := Judge(*c, k); v.Cause != nil {
		return v.Cause.String()
	}
	return ""
}

// Every factor that gradients are known to be off by is named, of all of the gradient, of
// a block, of one number, of the loss and of the step.
func TestCauseOfFactors(t *testing.T) {
	c := factorCase(t, 0)
	right := planted{}.claim(c)
	theLoss := c.Exact.Loss.Float64()
	for _, b := range []struct {
		factor           float64
		kind, text, step string // step if the gradient is right
	}{
		{-1, "SIGN", "has the wrong sign", ""},
		{2, "SCALE", "is twice what it should be: ½ in the loss was forgotten, or it was added to itself", "is twice what it should be: it was added to itself"},
		{0.5, "SCALE", "is half of what it should be: ½ was taken twice", "is half of what it should be: it was halved"},
		{5, "REDUCTION", "is 5 times what it should be, the number of samples: it is a sum and not a mean", "is 5 times what it should be, the number of samples"},
		{1 / 5., "REDUCTION", "is 1/5 of what it should be: it was divided by the number of samples once too often", ""},
		{3, "REDUCTION", "is 3 times what it should be, the number of outputs", ""},
		{1 / 3., "REDUCTION", "is 1/3 of what it should be: it was divided by the number of outputs", ""},
		{15, "REDUCTION", "is 15 times what it should be, the number of samples and outputs", ""},
		{1 / 15., "REDUCTION", "is 1/15 of what it should be: it was divided by the number of samples and outputs", ""},
		{2 / 5., "REDUCTION", "is 2/5 of what it should be, with the number of samples", ""},
		{2 / 3., "REDUCTION", "is 2/3 of what it should be, with the number of outputs", ""},
		{2 / 15., "REDUCTION", "is 2/15 of what it should be, with the number of samples and outputs", ""},
		{0.3125, "SCALE", "was multiplied by the rate, 0.3125", "was multiplied by the rate, 0.3125, once too often"},
		{-0.3125, "SIGN", "is the step itself, −rate times the gradient", "has the wrong sign, and was multiplied by the rate, 0.3125, once too often"},
		{theLoss, "SCALE", "was multiplied by the loss: the backward pass was started with it instead of 1", "was multiplied by the loss"},
	} {
		if b.step == "" {
			b.step = b.text
		}
		all := slices.Clone(right.Grad)
		for i := range all {
			all[i] *= b.factor
		}
		assert.Equal(t, b.kind+": the gradient "+b.text, causeText(c, Claim{Grad: all}))

		some := slices.Clone(right.Grad)
		for _, v := range [][]float64{c.Net.Weights(some, 1).Data, c.Net.Biases(some, 0)} {
			for i := range v {
				v[i] *= b.factor
			}
		}
		assert.Equal(t, b.kind+": W1 "+b.text+"; b0 "+b.text, causeText(c, Claim{Grad: some}))

		one := slices.Clone(right.Grad)
		one[3] *= b.factor
		assert.Equal(t, b.kind+": only W0[1,1] is wrong: it "+b.text, causeText(c, Claim{Grad: one}))

		value := b.factor * theLoss
		assert.Equal(t, b.kind+": the loss "+b.text, causeText(c, Claim{Loss: &value}))

		after, told := slices.Clone(c.Theta), slices.Clone(right.After)
		for i, g := range right.Grad {
			after[i] -= b.factor * c.Step.Rate * g
		}
		if b.factor == -1 {
			assert.Equal(t, "SIGN: the step adds the gradient instead of subtracting it", causeText(c, Claim{Grad: right.Grad, After: after}))
		} else {
			assert.Equal(t, b.kind+": the change of the step "+b.step, causeText(c, Claim{Grad: right.Grad, After: after}))
		}

		// From the step alone, and of one block of it.
		text := b.kind + ": the gradient " + b.text
		if b.factor == -1 {
			text += ", or the step adds it instead of subtracting it"
		}
		assert.Equal(t, text, causeText(c, Claim{After: after}))
		b1 := len(c.Theta) - 3
		copy(told[b1:], after[b1:])
		assert.Equal(t, b.kind+": the gradient of b1 "+b.text, causeText(c, Claim{After: told}))

		// Of what is no derivative.
		for i, v := range right.After {
			after[i] = b.factor * v
		}
		assert.Equal(t, b.kind+": after "+b.step, causeText(c, Claim{Grad: right.Grad, After: after}))
		z := slices.Clone(right.Z[1])
		for i := range z {
			z[i] *= b.factor
		}
		assert.Equal(t, b.kind+": z1 "+b.step, causeText(c, Claim{Z: [][]float64{right.Z[0], z}}))
		z = slices.Clone(right.Z[1])
		z[2] *= b.factor
		assert.Equal(t, b.kind+": only z1[0,2] is wrong: it "+b.step, causeText(c, Claim{Z: [][]float64{right.Z[0], z}}))
	}
	for _, r := range []float64{0.7, -3.5} { // which nobody knows
		other := slices.Clone(right.Grad)
		for i := range other {
			other[i] *= r
		}
		assert.Contains(t, causeText(c, Claim{Grad: other}), "times what it should be")
		other[2] *= 1.001
		assert.Empty(t, causeText(c, Claim{Grad: other}))
	}
}

// Of causes with the same factor all are said, and each only where it is one.
func TestCauseOfCoincidingFactors(t *testing.T) {
	const (
		half   = "SCALE: IT is half of what it should be: ½ was taken twice"
		halved = "SCALE: IT is half of what it should be: it was halved"
		twice  = "SCALE: IT is twice what it should be: "
	)
	for _, b := range []struct {
		samples, outputs int
		rate, factor     float64
		text, step       string
	}{
		{5, 3, 0.3125, 0.5, half, halved},
		{5, 2, 0.3125, 0.5, half + ", or it was divided by the number of outputs", halved + ", or it was divided by the number of outputs"},
		{5, 2, 0.5, 0.5, half + ", or it was divided by the number of outputs, or it was multiplied by the rate, 0.5",
			halved + ", or it was divided by the number of outputs, or it was multiplied by the rate, 0.5, once too often"},
		{2, 3, 0.3125, 0.5, half + ", or it was divided by the number of samples once too often", halved + ", or it was divided by the number of samples once too often"},
		{2, 2, 0.3125, 2, twice + "½ in the loss was forgotten, or it was added to itself, or it is a sum over the samples and not a mean, or it was multiplied by the number of outputs",
			twice + "it was added to itself, or it was multiplied by the number of samples, or it was multiplied by the number of outputs"},
		{2, 1, 0.3125, 2, twice + "½ in the loss was forgotten, or it was added to itself, or it is a sum over the samples and not a mean",
			twice + "it was added to itself, or it was multiplied by the number of samples"},
		{3, 3, 0.3125, 3, "REDUCTION: IT is 3 times what it should be, the number of samples: it is a sum and not a mean, or it was multiplied by the number of outputs",
			"REDUCTION: IT is 3 times what it should be, the number of samples, or it was multiplied by the number of outputs"},
	} {
		rnd := rand.New(rand.NewPCG(5, 3))
		n := chain(2, activation.Sigmoid{}, 4, b.outputs)
		c, err := NewCase("", exact.Problem{Net: n, Loss: loss.Squared{}, Theta: filled(1, n.NumParams(), rnd.NormFloat64).Data,
			X: filled(b.samples, 2, rnd.NormFloat64), T: filled(b.samples, b.outputs, rnd.Float64), Rate: b.rate})
		require.NoError(t, err)
		right := planted{}.claim(&c)
		grad, after := slices.Clone(right.Grad), slices.Clone(c.Theta)
		for i := range grad {
			grad[i] *= b.factor
			after[i] -= b.rate * grad[i]
		}
		assert.Equal(t, strings.Replace(b.text, "IT", "the gradient", 1), causeText(&c, Claim{Grad: grad}))
		assert.Equal(t, strings.Replace(b.step, "IT", "the change of the step", 1), causeText(&c, Claim{Grad: right.Grad, After: after}))
	}
}

// The regulariser has factors of its own, in the gradient and in the loss.
func TestCauseOfRegulariser(t *testing.T) {
	c := factorCase(t, 0.375)
	right := planted{}.claim(c)
	penalised := func(r, q float64) Claim { // r times what it should be, with the regulariser q times
		grad := slices.Clone(right.Grad)
		for l := range c.Net.NumLayers() {
			for i, w := range c.Net.Weights(c.Theta, l).Data {
				c.Net.Weights(grad, l).Data[i] += (q - 1) * c.Lambda * w
			}
		}
		for i := range grad {
			grad[i] *= r
		}
		return Claim{Grad: grad}
	}
	for _, b := range []struct {
		r, q float64
		text string
	}{
		{1, 1, ""},
		{1, 0, "MISSING: the gradient lacks the regulariser"},
		{1, 2, "SCALE: the regulariser counts twice in the gradient: ½ was forgotten"},
		{1, -1, "SIGN: the regulariser has the wrong sign in the gradient"},
		{1, 1 / 5., "REDUCTION: the regulariser was divided by the number of samples"},
		{1, 5, "REDUCTION: the regulariser was multiplied by the number of samples"},
		{1, 0.5, "SCALE: the regulariser counts half in the gradient"},
		{5, 1, "REDUCTION: the gradient is 5 times what it should be, the number of samples: it is a sum and not a mean"},
		{5, 1 / 5., "REDUCTION: the gradient is 5 times what it should be, the number of samples: it is a sum and not a mean"},
		{1.75, 1, "SCALE: the gradient is 1.75 times what it should be"},
		{1.75, 1 / 1.75, "SCALE: the gradient is 1.75 times what it should be"},
		{1.75, 2, ""},
	} {
		assert.Equal(t, b.text, causeText(c, penalised(b.r, b.q)), "%v", b)
	}
	half := 0.0
	for l := range c.Net.NumLayers() {
		for _, w := range c.Net.Weights(c.Theta, l).Data {
			half += c.Lambda * w * w / 2
		}
	}
	for r, text := range map[float64]string{0: "MISSING: the loss lacks the regulariser", 2: "SCALE: the loss has the regulariser twice: ½ was forgotten", 3: ""} {
		value := c.Exact.Loss.Float64() + (r-1)*half
		assert.Equal(t, text, causeText(c, Claim{Loss: &value}))
	}

	grad := slices.Clone(right.Grad)
	for l := range c.Net.NumLayers() {
		for j, b := range c.Net.Biases(c.Theta, l) {
			c.Net.Biases(grad, l)[j] += c.Lambda * b
		}
	}
	assert.Equal(t, "SCALE: the regulariser covers the biases too", causeText(c, Claim{Grad: grad}))
}
