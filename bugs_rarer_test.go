package touchstone

import (
	"math"
	"slices"
	"strings"

	"touchstone/activation"
	"touchstone/loss"
)

// Mistakes that are known too, and rarer than those of bugs.
var rarerBugs = slices.Concat(
	derivativeBugs(), forwardBugs(), backwardBugs(), lossBugs(), clippedBugs(), sampleBugs(),
)

func firstLayer(f activation.Func) func(c *Case) bool {
	return func(c *Case) bool { return plain(c) && hidden(c) && c.Net.Layer(0).Activation == f }
}
func deep(c *Case) bool { return plain(c) && c.Net.NumLayers() > 2 }

// anywhere is a derivative that is wrong in every layer; in, in one.
func anywhere(f func(z, a float64) float64) func(int, activation.Func, float64, float64) float64 {
	return func(_ int, _ activation.Func, z, a float64) float64 { return f(z, a) }
}
func in(layer int, f func(f activation.Func, z, a float64) float64) func(int, activation.Func, float64, float64) float64 {
	return func(l int, g activation.Func, z, a float64) float64 {
		if l == layer {
			return f(g, z, a)
		}
		return g.Deriv(z)
	}
}

func derivativeBugs() []planted {
	minus := func(f activation.Func, z, _ float64) float64 { return -f.Deriv(z) }
	one := func(activation.Func, float64, float64) float64 { return 1 }
	sigmoid := func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
	return []planted{
		{name: "−f′ in a middle layer", kind: "SIGN", cause: "has the wrong sign in layer 1", cases: deep, deriv: in(1, minus)},
		{name: "f′ missing in the last hidden layer", kind: "MISSING", cause: "is missing in layer 1", cases: deep, deriv: in(1, one)},
		{name: "f′ missing in tanh layers", kind: "MISSING", cause: "is missing in the hidden layers", cases: and(firstLayer(activation.Tanh{}), probabilities),
			deriv: func(_ int, f activation.Func, z, _ float64) float64 {
				if f == (activation.Tanh{}) {
					return 1
				}
				return f.Deriv(z)
			}},
		{name: "f′ missing in the output layer", kind: "MISSING", cause: "is missing in the output layer",
			cases: func(c *Case) bool {
				return sigmoidHidden(c) && c.Net.NumLayers() == 2 && c.Net.Layer(1).Activation == activation.Tanh{}
			},
			deriv: in(1, one)},
		{name: "z(1−z)", kind: "SCALE", cause: "a formula for a, given z", cases: sigmoidHidden,
			deriv: func(_ int, f activation.Func, z, a float64) float64 {
				if f == (activation.Sigmoid{}) {
					return z * (1 - z)
				}
				return f.Deriv(z)
			}},
		{name: "1−z²", kind: "SCALE", cause: "a formula for a, given z", cases: firstLayer(activation.Tanh{}),
			deriv: func(_ int, f activation.Func, z, a float64) float64 {
				if f == (activation.Tanh{}) {
					return 1 - z*z
				}
				return f.Deriv(z)
			}},
		{name: "relu′ for σ′", kind: "MISSING", cause: "of relu", cases: and(sigmoidHidden, several),
			deriv: func(_ int, f activation.Func, z, a float64) float64 {
				if f == (activation.Sigmoid{}) {
					return flag(z > 0)
				}
				return f.Deriv(z)
			}},
		{name: "softplus′ for tanh′", kind: "MISSING", cause: "of softplus", cases: firstLayer(activation.Tanh{}),
			deriv: func(_ int, f activation.Func, z, a float64) float64 {
				if f == (activation.Tanh{}) {
					return sigmoid(z)
				}
				return f.Deriv(z)
			}},
	}
}

// square reads W column by column.
func columnByColumn(c *Case, theta []float64) []float64 {
	v := slices.Clone(theta)
	for l := range c.Net.NumLayers() {
		from, to := c.Net.Weights(theta, l), c.Net.Weights(v, l)
		for j := range to.Rows {
			for k := range to.Cols {
				to.Data[j*to.Cols+k] = from.Data[k*to.Rows+j]
			}
		}
	}
	return v
}

func forwardBugs() []planted {
	right := func(c *Case, _ []float64, l, j, k int) float64 {
		w := c.Net.Weights(c.Theta, l)
		return w.Data[j*w.Cols+k]
	}
	list := []planted{
		{name: "z of W transposed", kind: "TRANSPOSE", cause: "the forward pass reads W transposed", theta: columnByColumn, weight: right,
			cases: func(c *Case) bool { return plain(c) && c.Net.Inputs() > 1 && c.Net.Layer(0).Width > 1 }},
		{name: "z without b", kind: "MISSING", cause: "the forward pass leaves out the biases",
			cases: func(c *Case) bool { return plain(c) && !c.Net.Layer(0).NoBias },
			theta: func(c *Case, theta []float64) []float64 {
				v := slices.Clone(theta)
				for l := range c.Net.NumLayers() {
					clear(c.Net.Biases(v, l))
				}
				return v
			}},
		{name: "no activation", kind: "MISSING", cause: "the activation is missing", cases: sigmoidHidden,
			value: func(f activation.Func, z float64) float64 { return z }, deriv: anywhere(func(_, _ float64) float64 { return 1 })},
		{name: "σ(−z)", kind: "SIGN", cause: "−z", cases: sigmoidHidden,
			value: func(f activation.Func, z float64) float64 {
				if f == (activation.Sigmoid{}) {
					return f.Value(-z)
				}
				return f.Value(z)
			}},
	}
	return list
}

func backwardBugs() []planted {
	return []planted{
		{name: "weights updated at each sample", kind: "ORDER", cause: "sample by sample",
			cases: func(c *Case) bool { return plain(c) && several(c) && hidden(c) && c.Lambda == 0 },
			weight: func(c *Case, grad []float64, l, j, k int) float64 {
				w := c.Net.Weights(c.Theta, l)
				return w.Data[j*w.Cols+k] - c.Step.Rate*c.Net.Weights(grad, l).Data[j*w.Cols+k]
			}},
		{name: "last unit forgotten", kind: "MISSING", cause: "leaves out the last unit",
			cases: func(c *Case) bool { return plain(c) && hidden(c) && c.Net.Outputs() > 1 },
			weight: func(c *Case, _ []float64, l, j, k int) float64 {
				w := c.Net.Weights(c.Theta, l)
				return w.Data[j*w.Cols+k] * flag(j < w.Rows-1)
			}},
		{name: "next input", kind: "ORDER", cause: "take the next input, off by one",
			cases: func(c *Case) bool { return plain(c) && c.Net.Inputs() > 2 },
			after: func(c *Case, k *Claim) {
				for l := range c.Net.NumLayers() {
					w, g := c.Net.Weights(c.Theta, l), c.Net.Weights(k.Grad, l)
					in := c.X.Data
					if l > 0 {
						in = k.A[l-1]
					}
					for j := range w.Rows {
						for i := range w.Cols {
							sum := c.Lambda * w.Data[j*w.Cols+i]
							for s := range c.X.Rows {
								sum += k.Delta[l][s*w.Rows+j] * in[s*w.Cols+(i+1)%w.Cols]
							}
							g.Data[j*w.Cols+i] = sum
						}
					}
				}
			}},
		{name: "δ of the sample before, in a ring", kind: "STALE", cause: "of the last one for the first", cases: several,
			from: func(s, n int) int { return (s + n - 1) % n }},
		{name: "δ of the last sample", kind: "STALE", cause: "the error of the last sample is taken for all", cases: several,
			from: func(_, n int) int { return n - 1 }},
		{name: "δ of the first sample", kind: "STALE", cause: "the error of the first sample is taken for all", cases: several,
			from: func(int, int) int { return 0 }},
	}
}

// ofOutputs is a ∂ℓ/∂y of each output for itself.
func ofOutputs(f func(y, t float64) float64) func(c *Case, y, t []float64) []float64 {
	return func(_ *Case, y, t []float64) (dy []float64) {
		for j := range y {
			dy = append(dy, f(y[j], t[j]))
		}
		return dy
	}
}

// withLossOf replaces the loss, of what comes out.
func withLossOf(value func(y, t float64) float64) func(c *Case, k *Claim) {
	return func(c *Case, k *Claim) {
		*k.Loss = c.penalty()
		share := 1.0
		if !c.Sum {
			share /= float64(c.X.Rows)
		}
		for i, y := range k.A[len(k.A)-1] {
			*k.Loss += share * value(y, c.T.Data[i])
		}
	}
}

func lossBugs() []planted {
	sigmoid := func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
	logit, soft := withLoss(loss.LogitCrossEntropy{}), withLoss(loss.SoftmaxCrossEntropy{})
	ofSoftmax := func(f func(p, t, total float64) float64) func(c *Case, y, t []float64) []float64 {
		return func(_ *Case, y, t []float64) (dy []float64) {
			total := 0.0
			for _, v := range t {
				total += v
			}
			for j, p := range softmax(y) {
				dy = append(dy, f(p, t[j], total))
			}
			return dy
		}
	}
	return []planted{
		{name: "logit: label 0 has no gradient", kind: "MISSING", cause: "is 0 for the label 0", cases: logit,
			dy: ofOutputs(func(y, t float64) float64 { return -t * sigmoid(-y) })},
		{name: "logit: times σ′ again", kind: "SCALE", cause: "which it contains already", cases: logit,
			dy: ofOutputs(func(y, t float64) float64 { return (sigmoid(y) - t) * sigmoid(y) * sigmoid(-y) })},
		{name: "logit: z−t", kind: "MISSING", cause: "z−t instead of σ(z)−t", cases: logit, dy: ofOutputs(func(y, t float64) float64 { return y - t })},
		{name: "softmax: times p(1−p)", kind: "SCALE", cause: "which it contains already", cases: soft,
			dy: ofSoftmax(func(p, t, total float64) float64 { return (total*p - t) * p * (1 - p) })},
		{name: "softmax: 0 for the target 0", kind: "MISSING", cause: "is 0 where the target is 0", cases: and(soft, softTargets),
			dy: ofSoftmax(func(p, t, total float64) float64 { return (total*p - t) * flag(t != 0) })},
		{name: "softmax: z−t", kind: "MISSING", cause: "z−t instead of p−t", cases: soft, dy: ofOutputs(func(y, t float64) float64 { return y - t })},
		{name: "absolute value", kind: "SIGN", cause: "±1", cases: withLoss(loss.Squared{}),
			dy: ofOutputs(func(y, t float64) float64 { return flag(y > t) - flag(y < t) })},
		{name: "gradient of logits", kind: "MISSING", cause: "the gradient is that of another loss, logit-cross-entropy", cases: withLoss(loss.CrossEntropy{}),
			dy: ofOutputs(func(y, t float64) float64 { return sigmoid(y) - t })},
		{name: "gradient of the cross-entropy", kind: "MISSING", cause: "the gradient is that of another loss, cross-entropy", cases: probabilities,
			dy: ofOutputs(func(y, t float64) float64 { return (y - t) / (y * (1 - y)) })},
		{name: "the squared loss", kind: "MISSING", cause: "loss and gradient are those of another loss, squared", cases: soft,
			dy: ofOutputs(func(y, t float64) float64 { return y - t }), after: withLossOf(func(y, t float64) float64 { return (y - t) * (y - t) / 2 })},
		{name: "value of the squared loss", kind: "MISSING", cause: "the loss is another one, squared", cases: withLoss(loss.CrossEntropy{}),
			after: withLossOf(func(y, t float64) float64 { return (y - t) * (y - t) / 2 })},
	}
}

// softTargets are not one-hot, and have a 0.
func softTargets(c *Case) bool {
	return slices.Contains(c.T.Data, 0) && slices.ContainsFunc(c.T.Data, func(t float64) bool { return t != 0 && t != 1 })
}

func probabilities(c *Case) bool {
	return withLoss(loss.Squared{})(c) && c.Net.Layer(c.Net.NumLayers()-1).Activation == activation.Sigmoid{}
}

func clippedBugs() []planted {
	saturated := func(id string) func(c *Case) bool { return func(c *Case) bool { return strings.HasPrefix(c.ID, id) } }
	clip := func(p, eps float64) float64 { return math.Max(eps, math.Min(1-eps, p)) }
	return []planted{
		{name: "tanh′ = 1−a²", kind: "SATURATION", cause: "rounded activation", cases: saturated("saturated-tanh-"),
			deriv: anywhere(func(_, a float64) float64 { return 1 - a*a })},
		{name: "z clamped", kind: "SATURATION", cause: "z is clamped to ±10", cases: saturated("saturated-sigmoid-"),
			value: func(f activation.Func, z float64) float64 { return f.Value(math.Max(-10, math.Min(10, z))) }},
		{name: "loss clipped", kind: "SATURATION", cause: "1e-07", cases: saturated("saturated-probability-"),
			after: withLossOf(func(y, t float64) float64 {
				return -t*math.Log(clip(y, 1e-7)) - (1-t)*math.Log(1-clip(y, 1e-7))
			})},
		{name: "log(p+ε)", kind: "SATURATION", cause: "log(p+0.01)", cases: withLoss(loss.CrossEntropy{}),
			after: withLossOf(func(y, t float64) float64 { return -t*math.Log(y+.01) - (1-t)*math.Log(1-y+.01) })},
		{name: "1/(p+ε)", kind: "SATURATION", cause: "log(p+0.01)", cases: withLoss(loss.CrossEntropy{}),
			dy: ofOutputs(func(y, t float64) float64 { return -t/(y+.01) + (1-t)/(1-y+.01) })},
	}
}

func sampleBugs() []planted {
	return []planted{
		{name: "only the last sample, as all", kind: "MISSING", cause: "only the last sample contributes to the gradient, as if it were all", cases: several,
			sample: func(s, n int) float64 { return flag(s == n-1) * float64(n) }},
		{name: "front two samples, as all", kind: "MISSING", cause: "only the first 2 samples contribute to the gradient, as if they were all",
			cases:  func(c *Case) bool { return several(c) && c.X.Rows > 4 },
			sample: func(s, n int) float64 { return flag(s < 2) * float64(n) / 2 }},
		{name: "biases of sample 1, as all", kind: "MISSING", cause: "only sample 1 contributes to the gradient of the biases, as if", cases: several,
			bias: func(s, n int) float64 { return flag(s == 1) * float64(n) }},
		{name: "biases without the last sample", kind: "MISSING", cause: "the last sample does not contribute to the gradient of the biases", cases: several,
			bias: func(s, n int) float64 { return flag(s < n-1) }},
		{name: "biases divided twice", kind: "REDUCTION", cause: "of the biases was divided by the number of samples once too often", cases: averaged,
			bias: func(s, n int) float64 { return 1 / float64(n) }},
	}
}
