package mutant

import (
	"math"

	"touchstone/loss"
)

// Sums and means over samples and outputs.
var reductions = []Mutant{
	{"sum-for-mean", Reduction, "",
		"The gradient of a mean is not divided by the number of samples.",
		outputs(func(p *pass) float64 { return p.divisor })},
	{"mean-for-sum", Reduction, "",
		"The gradient of a sum is divided by the number of samples.",
		outputs(func(p *pass) float64 { return p.divisor / float64(p.x.Rows) })},
	{"divided-twice", Reduction, "",
		"The gradient of a mean is divided by the number of samples twice.",
		outputs(func(p *pass) float64 { return 1 / p.divisor })},
	{"divided-by-one-less", Reduction, "",
		"The gradient of a mean is divided by N−1.",
		outputs(func(p *pass) float64 { return p.divisor / math.Max(1, p.divisor-1) })},
	{"two-over-n", Reduction, "Open-Deep-ML #54",
		"The gradient of a mean has 2/N where its loss has 1/N.",
		outputs(func(p *pass) float64 {
			if p.sum {
				return 1
			}
			return 2
		})},
	{"mean-over-outputs", Reduction, "",
		"The gradient of the squared error is divided by the number of outputs, and its value is not.",
		squared(func(p *pass) float64 { return 1 / float64(p.net.Outputs()) })},
	{"cross-entropy-over-outputs", Reduction, "simd_neuralnet #1",
		"The gradient of the cross-entropy is divided by the number of outputs.",
		outputs(func(p *pass) float64 {
			if p.loss == (loss.Squared{}) {
				return 1
			}
			return 1 / float64(p.net.Outputs())
		})},
	{"biases-summed", Reduction, "",
		"The bias gradients are summed over the samples where those of the weights are averaged.",
		func(p *pass) { p.onSums = func(l int) { multiply(p.b(l), p.divisor) } }},
	{"biases-averaged-twice", Reduction, "",
		"The bias gradients are divided by the number of samples once more.",
		func(p *pass) { p.onSums = func(l int) { multiply(p.b(l), 1/p.divisor) } }},
	{"biases-of-last-sample", Reduction, "",
		"The bias gradients of each sample overwrite those of the one before.",
		func(p *pass) {
			p.onSums = func(l int) { copy(p.b(l), row(p.delta[l], p.x.Rows-1)) }
		}},
	{"product-of-means", Reduction, "",
		"The weight gradient is the product of mean delta and mean input, not the mean product.",
		func(p *pass) { p.onSums = p.productOfMeans }},
	{"ragged-last-batch-of-2", Reduction, "Keras #20241",
		"The gradient is the mean of those of batches of 2, of which the last may be smaller.",
		weigh(func(p *pass, s int) float64 { return meanOfBatches(2, s, p.x.Rows) })},
	{"ragged-last-batch-of-3", Reduction, "Keras #20241",
		"The gradient is the mean of those of batches of 3, of which the last may be smaller.",
		weigh(func(p *pass, s int) float64 { return meanOfBatches(3, s, p.x.Rows) })},
	{"ragged-by-nominal-size", Reduction, "",
		"Batches of 4 are all divided by 4 and averaged, also the last, which may be smaller.",
		weigh(func(p *pass, _ int) float64 {
			n := float64(p.x.Rows)
			return n / (4 * math.Ceil(n/4))
		})},
}

// meanOfBatches returns N times the weight of sample s in the mean over batches of
// the means in each.
func meanOfBatches(batch, s, samples int) float64 {
	batches := (samples + batch - 1) / batch
	own := min(batch, samples-s/batch*batch) // the size of the batch of s
	return float64(samples) / float64(batches*own)
}

func (p *pass) productOfMeans(l int) {
	gw := p.net.Weights(p.grad, l)
	n := float64(p.x.Rows)
	for j := range gw.Rows {
		for k := range gw.Cols {
			delta, a := 0.0, 0.0
			for s := range p.x.Rows {
				delta += row(p.delta[l], s)[j]
				a += row(p.a[l], s)[k]
			}
			row(gw, j)[k] = delta * a / n
		}
	}
}

// The regulariser.
var decays = []Mutant{
	{"decay-missing", Missing, "OpenNN #241",
		"The regulariser has no gradient.",
		func(p *pass) { p.decay = func(int, float64) float64 { return 0 } }},
	{"decay-over-n", Reduction, "scikit-learn #10477",
		"The regulariser's gradient is divided by the number of samples, and its value is not.",
		func(p *pass) {
			p.decay = func(_ int, w float64) float64 { return float64(p.lambda*w) / float64(p.x.Rows) }
		}},
	{"decay-doubled", Scale, "",
		"The regulariser's gradient is that of λ‖W‖², without ½.",
		func(p *pass) { p.decay = func(_ int, w float64) float64 { return float64(2 * p.lambda * w) } }},
	{"decay-per-batch", Reduction, "",
		"The regulariser's gradient is added once for each batch of 4 samples.",
		func(p *pass) {
			batches := float64((p.x.Rows + 3) / 4)
			p.decay = func(_ int, w float64) float64 { return float64(batches * p.lambda * w) }
		}},
	{"decay-of-biases", Scale, "",
		"The biases are regularised too.",
		onLayers(everywhere, func(p *pass, l int) {
			for j, b := range p.net.Biases(p.theta, l) {
				p.b(l)[j] += float64(p.lambda * b)
			}
		})},
	{"decay-of-absolute-weights", Scale, "",
		"The regulariser's gradient is that of λ‖W‖₁.",
		func(p *pass) {
			p.decay = func(_ int, w float64) float64 {
				if w == 0 {
					return 0
				}
				return math.Copysign(p.lambda, w)
			}
		}},
	{"decay-missing-last", Missing, "",
		"The last layer's weights are not regularised in the gradient.",
		func(p *pass) {
			right := p.decay
			p.decay = func(l int, w float64) float64 {
				if l == p.last() {
					return 0
				}
				return right(l, w)
			}
		}},
	{"phantom-decay", Scale, "",
		"The gradient regularises weights by 1e-4 in an objective that does not.",
		func(p *pass) {
			if p.lambda == 0 {
				p.lambda = 1e-4
			}
		}},
}
