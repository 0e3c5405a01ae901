package gradcheck

import (
	"math"
	"slices"
)

// A mistake is something to plant in a block.
type mistake struct {
	name   string
	block  int
	plant  func(t *trial, a []float64) // a is the block
	kind   CauseKind
	text   string  // part of that of the first cause
	factor float64 // 0: any
	parts  bool
}

func times(c float64) func(*trial, []float64) {
	return func(_ *trial, a []float64) {
		for i := range a {
			a[i] *= c
		}
	}
}

// from plants the entries of another place in the block.
func from(place func(k int) int) func(*trial, []float64) {
	return func(_ *trial, a []float64) {
		old := slices.Clone(a)
		for k := range a {
			a[k] = old[place(k)]
		}
	}
}

// rounds plants the block rounded to so many bits.
func rounds(precision int) func(*trial, []float64) {
	return func(_ *trial, a []float64) {
		for i := range a {
			fraction, exponent := math.Frexp(a[i])
			a[i] = math.Ldexp(math.Round(math.Ldexp(fraction, precision)), exponent-precision)
		}
	}
}

// plus plants the sum of a block and c times v.
func plus(c float64, v func(t *trial) []float64) func(*trial, []float64) {
	return func(t *trial, a []float64) {
		for i, x := range v(t) {
			a[i] += c * x
		}
	}
}

// weigh plants the mean of the numSamples with a factor each.
func weigh(block int, weights ...float64) func(*trial, []float64) {
	return func(t *trial, a []float64) {
		clear(a)
		for s, g := range t.sample {
			plus(weights[s]/numSamples, func(t *trial) []float64 { return t.block(g, block) })(t, a)
		}
	}
}

// decayed plants a mistake in the gradient of a function that has weight decay in
// the block, and makes it in all but the decay.
func decayed(block int, plant func(*trial, []float64)) func(*trial, []float64) {
	const lambda = 0.3
	return func(t *trial, a []float64) {
		plant(t, a)
		x := func(t *trial) []float64 { return t.block(t.p.X, block) }
		for _, g := range append([][]float64{t.a, t.truth}, t.sample...) {
			plus(lambda, x)(t, t.block(g, block))
		}
	}
}

// everywhere plants a mistake in some blocks.
func everywhere(plant func(*trial, []float64), blocks ...int) func(*trial, []float64) {
	return func(t *trial, _ []float64) {
		for _, b := range blocks {
			plant(t, t.block(t.a, b))
		}
	}
}

// everywhereWeigh plants the mean of the samples with a factor each, in a matrix and
// the block of one number.
func everywhereWeigh(weights ...float64) func(*trial, []float64) {
	return func(t *trial, _ []float64) {
		for _, b := range []int{w2, c0} {
			weigh(b, weights...)(t, t.block(t.a, b))
		}
	}
}

// byRows plants a factor for each row of each sample in some blocks of as many
// rows, the same in all.
func byRows(rows int, blocks ...int) func(*trial, []float64) {
	return func(t *trial, _ []float64) {
		c := make([][]float64, numSamples)
		for s := range c {
			c[s] = t.normal(rows)
		}
		for _, b := range blocks {
			a := t.block(t.a, b)
			clear(a)
			for s := range c {
				for k, v := range t.block(t.sample[s], b) {
					a[k] += c[s][k*rows/len(a)] * v
				}
			}
		}
	}
}

var mistakes = []mistake{
	{"sign", w0, times(-1), CauseFactor, "wrong sign", -1, false},
	{"twice", w0, times(2), CauseFactor, "twice", 2, false},
	{"half", b0, times(0.5), CauseFactor, "half", 0.5, false},
	{"sum", w1, times(numSamples), CauseFactor, "the number of samples: a sum", numSamples, false},
	{"divided again", w1, times(1. / numSamples), CauseFactor, "divided by the number of samples", 1. / numSamples, false},
	{"by outputs", b1, times(1. / 5), CauseFactor, "number of outputs", 1. / 5, false},
	{"samples by outputs", b1, times(3. / 5), CauseFactor, "samples by that of outputs", 3. / 5, false},
	{"twice, with the sign", b1, times(-2), CauseFactor, "is twice what it should be, and has the wrong sign", -2, false},
	{"half, with the sign", b1, times(-0.5), CauseFactor, "is half of what it should be, and has the wrong sign", -0.5, false},
	{"two by samples", b1, times(2. / 3), CauseFactor, "is 2/3 of what it should be, where 3 is the number of samples", 2. / 3, false},
	{"two by outputs", b1, times(2. / 5), CauseFactor, "is 2/5 of what it should be, where 5 is the number of outputs", 2. / 5, false},
	{"outputs by samples", b1, times(5. / 3), CauseFactor, "is 5/3 of what it should be, the number of outputs by that of samples", 5. / 3, false},
	{"samples and outputs", b1, times(15), CauseFactor, "is 5·3 times what it should be, the number of outputs and of samples", 15, false},
	{"and a half", b1, times(7.5), CauseFactor, "is 5·3/2 times what it should be, the number of outputs and of samples, and a ½", 7.5, false},
	{"divided by both", b1, times(1. / 15), CauseFactor, "is 1/(5·3) of what it should be: divided by the number of outputs and of samples", 1. / 15, false},
	{"17 times", b1, times(17), CauseFactor, "17 times", 17, false},
	{"1/17", b1, times(1. / 17), CauseFactor, "1/17", 1. / 17, false},
	{"some factor", b1, times(1.2345), CauseFactor, "1.2345", 0, false},
	{"zero", w0, times(0), CauseZero, "zero", 0, false},
	{"NaN", w0, func(_ *trial, a []float64) { a[3] = math.NaN() }, CauseNotFinite, "W0[0,3] is NaN", 0, false},
	{"Inf", w0, times(math.Inf(1)), CauseNotFinite, "12 entries", 0, false},
	{"transposed", w1, from(func(k int) int { return k%4*4 + k/4 }), CauseTranspose, "transposed", 0, false},
	{"column by column", w0, from(func(k int) int { return k%3*4 + k/3 }), CauseTranspose, "written column by column", 0, false},
	{"read so", w0, from(func(k int) int { return k%4*3 + k/4 }), CauseTranspose, "read column by column", 0, false},
	{"rows reversed", w0, from(func(k int) int { return (2-k/4)*4 + k%4 }), CausePermutation, "rows are in reverse", 0, false},
	{"columns reversed", w0, from(func(k int) int { return k/4*4 + 3 - k%4 }), CausePermutation, "columns are in reverse", 0, false},
	{"rows rotated", w0, from(func(k int) int { return (k + 8) % 12 }), CausePermutation, "rows are rotated by 2", 0, false},
	{"columns rotated", w0, from(func(k int) int { return k/4*4 + (k+1)%4 }), CausePermutation, "columns are rotated by 1", 0, false},
	{"vector reversed", b1, func(_ *trial, a []float64) { slices.Reverse(a) }, CausePermutation, "elements are in reverse", 0, false},
	{"swapped", w0, func(_ *trial, a []float64) { a[1], a[10] = a[10], a[1] }, CausePermutation, "W0[0,1] and W0[2,2]", 0, false},
	{"sorted", w2, func(_ *trial, a []float64) { slices.Sort(a) }, CausePermutation, "another order", 0, false},
	{"decay", w0, plus(0.01, func(t *trial) []float64 { return t.block(t.p.X, w0) }), CauseDecay, "0.01·x too much", 0, false},
	{"decay missing", b1, plus(-0.3, func(t *trial) []float64 { return t.block(t.p.X, b1) }), CauseDecay, "lacks 0.3·x", 0, false},
	{"offset", w0, func(_ *trial, a []float64) {
		for i := range a {
			a[i] += 1e-3
		}
	}, CauseOffset, "0.001,", 0, false},
	{"of another block", b1, func(t *trial, a []float64) { copy(a, t.block(t.truth, w1)[8:]) }, CauseBlock, "W1[2,0] to W1[2,3]", 0, false},
	{"offset by one", b0, func(t *trial, a []float64) { copy(a, t.block(t.truth, w0)[10:]); a[2] = t.block(t.truth, b0)[0] }, CauseBlock, "W0[2,2] to b0[0]", 0, false},
	{"bias in a column", w0, func(t *trial, a []float64) {
		for j, v := range t.block(t.truth, b0) {
			a[4*j+3] = v
		}
	}, CauseBlock, "column 3 is wrong: it holds the gradient of b0", 0, false},
	{"another block added", b0, plus(1, func(t *trial) []float64 {
		w := t.block(t.truth, w0)
		return []float64{w[1], w[5], w[9]}
	}), CauseBlock, "column 1 of W0 is added", 0, false},
	{"a row of another block added", b1, plus(1, func(t *trial) []float64 { return t.block(t.truth, w1)[8:12] }), CauseBlock, "row 2 of W1 is added", 0, false},
	{"last row", w0, func(_ *trial, a []float64) { clear(a[8:]) }, CauseSingle, "row 2 is wrong, the last (a loop that ends too early?): it is zero", 0, false},
	{"first column", w0, func(_ *trial, a []float64) { a[0], a[4], a[8] = -a[0], -a[4], -a[8] }, CauseSingle, "column 0 is wrong: it has the wrong sign", 0, false},
	{"one entry", w0, func(_ *trial, a []float64) { a[5] *= 1.1 }, CauseSingle, "only W0[1,1] is wrong", 0, false},
	{"few entries", w2, func(_ *trial, a []float64) { a[3] *= 1.1; a[11] *= 1.2; a[22] *= 1.3 }, CauseSingle, "3 of 30 entries are wrong, the first is W2[0,3]", 0, false},
	{"row factors", w0, func(_ *trial, a []float64) {
		for k := range a {
			a[k] *= []float64{0.25, 0.1, 1.5}[k/4]
		}
	}, CauseDerivative, "each row has a factor of its own, from 0.1 to 1.5", 0, false},
	{"column factors", w0, func(_ *trial, a []float64) {
		for k := range a {
			a[k] *= []float64{0.25, 0.1, 1.5, 2}[k%4]
		}
	}, CauseDerivative, "each column", 0, false},
	{"a sample forgotten", w2, weigh(w2, 1, 0, 1), CausePart, "part 1 of 3 is missing", -1. / numSamples, true},
	{"a sample twice", w0, weigh(w0, 1, 1, 2), CausePart, "part 2 of 3 counts twice", 1. / numSamples, true},
	{"only one sample", w0, weigh(w0, 0, 0, numSamples), CausePart, "1 times the gradient of part 2 of 3 alone", 0, true},
	{"all but one sample forgotten, and another twice", w2, weigh(w2, 0, 0, 2), CausePart, "0.666667 times the gradient of part 2 of 3 alone", 0, true},
	{"two of three twice", w2, weigh(w2, 2, 0, 2), CausePart, "of the 3 parts, the gradients of these are missing: 1; each of the others counts twice", 0, true},
	{"weighted samples", b1, weigh(b1, 0.5, 2, 3), CausePart, "from 0.5 to 3", 0, true},
	{"row factors of the samples", w2, byRows(6, w2), CauseDerivative, "each part has a factor of its own in each row", 0, true},
	{"and of the bias", b1, byRows(4, w1, b1), CauseDerivative, "each part has a factor of its own in each row", 0, true},
	{"column factors of the samples", w2, func(t *trial, a []float64) {
		clear(a)
		for s := range numSamples {
			c := t.normal(5)
			for k, v := range t.block(t.sample[s], w2) {
				a[k] += c[k%5] * v
			}
		}
	}, CauseDerivative, "each part has a factor of its own in each column", 0, true},
	{"row factors, of a bias", b0, func(t *trial, a []float64) {
		for j, c := range []float64{0.25, 0.1, 1.5} {
			times(c)(t, t.block(t.a, w0)[4*j:4*j+4])
			a[j] *= c
		}
	}, CauseDerivative, "each row has a factor of its own, from 0.1 to 1.5", 0, false},
	{"factor, of one number", c0, everywhere(times(1.2345), w0, c0), CauseFactor, "like all that is wrong, it is 1.2345", 1.2345, false},
	{"a sample forgotten, of one number", c0, everywhereWeigh(1, 0, 1), CausePart, "part 1 of 3 is missing", -1. / numSamples, true},
	{"half, but the decay", w0, decayed(w0, times(0.5)), CauseFactor, "apart from weight decay of 0.3·x, it is half", 0.5, false},
	{"some factor, but the decay", w0, decayed(w0, times(1.2345)), CauseFactor, "apart from weight decay of 0.3·x, it is 1.2345", 1.2345, false},
	{"zero, but the decay", w0, decayed(w0, times(0)), CauseZero, "apart from weight decay of 0.3·x", 0, false},
	{"x itself", w0, func(t *trial, a []float64) { copy(a, t.block(t.p.X, w0)) }, CauseZero, "it is x itself", 0, false},
	{"nothing but decay", w0, func(t *trial, a []float64) { copy(a, t.block(t.p.X, w0)); times(0.3)(t, a) }, CauseZero, "apart from weight decay of 0.3·x, it is zero", 0, false},
	{"transposed, but the decay", w1, decayed(w1, from(func(k int) int { return k%4*4 + k/4 })), CauseTranspose, "apart from weight decay of 0.3·x", 0, false},
	{"a sample forgotten, but the decay", w1, decayed(w1, weigh(w1, 1, 0, 1)), CausePart, "part 1 of 3 is missing, but for weight decay", -1. / numSamples, true},
	{"row factors, but the decay", w2, decayed(w2, func(t *trial, a []float64) {
		for k := range a {
			a[k] *= []float64{0.25, 0.1, 1.5, 3, 2, 0.3}[k/5]
		}
	}), CauseDerivative, "each row has a factor of its own, from 0.1 to 3", 0, false},
	{"float32", w0, rounds(24), CauseFloat32, "are float32", 0, false},
	{"float16", w0, rounds(11), CauseFloat32, "are float16", 0, false},
	{"bfloat16", b1, rounds(8), CauseFloat32, "are bfloat16", 0, false},
	{"float32 on the way", w2, func(_ *trial, a []float64) {
		for i := range a {
			a[i] = float64(float32(a[i]/3)) * 3
		}
	}, CauseFloat32, "size of rounding in float32", 0, false},
	{"fixed point", w0, func(_ *trial, a []float64) {
		for i := range a {
			a[i] = math.Round(a[i]*0x1p30) / 0x1p30
		}
	}, CauseFloat32, "multiples of 2^-30", 0, false},
	{"bias before the weights", w0, func(t *trial, a []float64) {
		copy(a[3:], t.block(t.truth, w0))
		copy(a, t.block(t.truth, b0))
	}, CauseBlock, "it holds the gradient of b0, then of W0[0,0] to W0[2,0]", 0, false},
	{"state", w0, func(t *trial, a []float64) { times(1.2345)(t, a); t.state = true }, CauseState, "earlier calls", 0, false},
}
