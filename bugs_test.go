package touchstone

import (
	"math"
	"slices"
	"strings"

	"touchstone/activation"
	"touchstone/loss"
)

func hidden(c *Case) bool { return c.Net.NumLayers() > 1 }
func several(c *Case) bool {
	return c.X.Rows > 2 && !slices.Contains(c.Flags, "Saturated")
}
func plain(c *Case) bool {
	return !slices.Contains(c.Flags, "Saturated") && c.Loss != nil
}
func averaged(c *Case) bool { return plain(c) && several(c) && !c.Sum && c.X.Rows != c.Net.Outputs() }
func withLoss(f loss.Func) func(c *Case) bool {
	return func(c *Case) bool { return plain(c) && c.Loss == f }
}
func and(f, g func(c *Case) bool) func(c *Case) bool {
	return func(c *Case) bool { return f(c) && g(c) }
}
func sigmoidHidden(c *Case) bool {
	return hidden(c) && plain(c) && c.Net.Layer(0).Activation == activation.Sigmoid{}
}
func regularised(c *Case) bool { return c.Lambda != 0 && c.X.Rows > 1 }

func times(r float64) func(c *Case, k *Claim) {
	return func(_ *Case, k *Claim) {
		for i := range k.Grad {
			k.Grad[i] *= r
		}
		for l := range k.Delta {
			for i := range k.Delta[l] {
				k.Delta[l][i] *= r
			}
		}
		for i := range k.DX {
			k.DX[i] *= r
		}
	}
}

var bugs = []planted{
	{name: "sign", kind: "SIGN", cause: "wrong sign", cases: plain, after: times(-1)},
	{name: "factor 2", kind: "SCALE", cause: "twice", cases: plain, after: times(2)},
	{name: "factor ½", kind: "SCALE", cause: "half", cases: plain, after: times(0.5)},
	{name: "factor 1.7", kind: "SCALE", cause: "1.7 times", cases: plain, after: times(1.7)},
	{name: "sum for mean", kind: "REDUCTION", cause: "a sum and not a mean", cases: averaged,
		after: func(c *Case, k *Claim) { times(float64(c.X.Rows))(c, k) }},
	{name: "divided twice", kind: "REDUCTION", cause: "once too often", cases: averaged,
		after: func(c *Case, k *Claim) { times(1/float64(c.X.Rows))(c, k) }},
	{name: "divided by outputs", kind: "REDUCTION", cause: "outputs",
		cases: and(averaged, func(c *Case) bool { return c.Net.Outputs() > 2 }),
		after: func(c *Case, k *Claim) { times(1/float64(c.Net.Outputs()))(c, k) }},
	{name: "seeded with the loss", kind: "SCALE", cause: "multiplied by the loss", cases: plain,
		after: func(c *Case, k *Claim) { times(*k.Loss)(c, k) }},
	{name: "σ′ = a(1−a)", kind: "SATURATION", cause: "rounded activation",
		cases: func(c *Case) bool {
			return strings.HasPrefix(c.ID, "saturated-hidden-sigmoid-plus") || strings.HasPrefix(c.ID, "saturated-sigmoid-plus")
		},
		deriv: func(_ int, f activation.Func, z, a float64) float64 {
			if f == (activation.Sigmoid{}) {
				return a * (1 - a)
			}
			return f.Deriv(z)
		}},
	{name: "f′ at a", kind: "SCALE", cause: "at a instead of z", cases: sigmoidHidden,
		deriv: func(_ int, f activation.Func, _, a float64) float64 { return f.Deriv(a) }},
	{name: "f′ missing in hidden layers", kind: "MISSING", cause: "derivative of the activation is missing", cases: sigmoidHidden,
		deriv: func(l int, f activation.Func, z, _ float64) float64 {
			if l == 0 {
				return 1
			}
			return f.Deriv(z)
		}},
	{name: "softplus given y(1−y)", kind: "MISSING", cause: "another function",
		cases: func(c *Case) bool { return plain(c) && c.Net.Layer(0).Activation == activation.Softplus{} },
		deriv: func(_ int, f activation.Func, z, a float64) float64 {
			if f == (activation.Softplus{}) {
				return a * (1 - a)
			}
			return f.Deriv(z)
		}},
	{name: "derivative of tanh for sigmoid", kind: "MISSING", cause: "another function", cases: sigmoidHidden,
		deriv: func(_ int, f activation.Func, z, a float64) float64 {
			if f == (activation.Sigmoid{}) {
				return 1 - a*a
			}
			return f.Deriv(z)
		}},
	{name: "tanh(−z)", kind: "SIGN", cause: "−z",
		cases: func(c *Case) bool { return plain(c) && c.Net.Layer(0).Activation == activation.Tanh{} },
		value: func(f activation.Func, z float64) float64 {
			if f == (activation.Tanh{}) {
				return f.Value(-z)
			}
			return f.Value(z)
		}},
	{name: "softmax diagonal only", kind: "MISSING", cause: "diagonal", cases: withLoss(loss.SoftmaxCrossEntropy{}),
		dy: func(_ *Case, y, t []float64) []float64 {
			g, out := softmax(y), make([]float64, len(y))
			for j := range out {
				out[j] = -t[j] * (1 - g[j])
			}
			return out
		}},
	{name: "target sum ignored", kind: "SCALE", cause: "do not sum to 1", cases: func(c *Case) bool {
		return slices.Contains(c.Flags, "TargetSum")
	}, dy: func(_ *Case, y, t []float64) []float64 {
		g := softmax(y)
		for j := range g {
			g[j] -= t[j]
		}
		return g
	}},
	{name: "label 0 has no gradient", kind: "MISSING", cause: "label 0", cases: withLoss(loss.CrossEntropy{}),
		dy: func(_ *Case, y, t []float64) []float64 {
			out := make([]float64, len(y))
			for j := range out {
				out[j] = -t[j] / y[j]
			}
			return out
		}},
	{name: "y−t times σ′ again", kind: "MISSING", cause: "multiplied by σ′ again", cases: withLoss(loss.CrossEntropy{}),
		dy: func(_ *Case, y, t []float64) []float64 {
			out := make([]float64, len(y))
			for j := range out {
				out[j] = y[j] - t[j]
			}
			return out
		}},
	{name: "clipped to 1e-7", kind: "SATURATION", cause: "1e-07", cases: func(c *Case) bool {
		return strings.HasPrefix(c.ID, "saturated-probability-plus-19") || strings.HasPrefix(c.ID, "saturated-probability-plus-30")
	}, dy: func(_ *Case, y, t []float64) []float64 {
		out := make([]float64, len(y))
		for j := range out {
			p := math.Max(1e-7, math.Min(1-1e-7, y[j]))
			out[j] = (p - t[j]) / (p * (1 - p))
		}
		return out
	}},
	{name: "clipped to [.01,.99] in σ′", kind: "SATURATION", cause: "0.01", cases: func(c *Case) bool {
		return strings.HasPrefix(c.ID, "saturated-sigmoid-")
	}, deriv: func(_ int, f activation.Func, z, a float64) float64 {
		a = math.Max(.01, math.Min(.99, a))
		return a * (1 - a)
	}},
	{name: "last sample missing", kind: "MISSING", cause: "last sample is missing", cases: several,
		sample: func(s, n int) float64 { return flag(s < n-1) }},
	{name: "first sample missing", kind: "MISSING", cause: "sample 0 is missing", cases: several,
		sample: func(s, n int) float64 { return flag(s > 0) }},
	{name: "only the last sample", kind: "MISSING", cause: "only the last sample", cases: several,
		sample: func(s, n int) float64 { return flag(s == n-1) }},
	{name: "front half of the batch", kind: "MISSING", cause: "only the first", cases: func(c *Case) bool { return several(c) && c.X.Rows > 4 },
		sample: func(s, n int) float64 { return flag(s < n/2) }},
	{name: "bias gradient of one sample", kind: "MISSING", cause: "of the biases", cases: several,
		bias: func(s, n int) float64 { return flag(s == 0) }},
	{name: "bias gradient summed", kind: "REDUCTION", cause: "biases is a sum", cases: averaged,
		after: func(c *Case, k *Claim) {
			for l := range c.Net.NumLayers() {
				for j := range c.Net.Biases(k.Grad, l) {
					c.Net.Biases(k.Grad, l)[j] *= float64(c.X.Rows)
				}
			}
		}},
	{name: "bias gradient missing", kind: "MISSING", cause: "b0 is zero", cases: func(c *Case) bool { return plain(c) && !c.Net.Layer(0).NoBias },
		after: func(c *Case, k *Claim) { clear(c.Net.Biases(k.Grad, 0)) }},
	{name: "weights updated first", kind: "ORDER", cause: "updated before", cases: func(c *Case) bool { return c.ID == "mazur" || hidden(c) && plain(c) && c.X.Rows == 1 },
		weight: func(c *Case, grad []float64, l, j, k int) float64 {
			w := c.Net.Weights(c.Theta, l)
			return w.Data[j*w.Cols+k] - c.Step.Rate*(c.Net.Weights(grad, l).Data[j*w.Cols+k]+c.Lambda*w.Data[j*w.Cols+k])
		}},
	{name: "W transposed", kind: "TRANSPOSE", cause: "transposed", cases: func(c *Case) bool { return hidden(c) && plain(c) && c.Net.Outputs() > 1 },
		weight: func(c *Case, _ []float64, l, j, k int) float64 {
			w := c.Net.Weights(c.Theta, l)
			return w.Data[k*w.Rows+j]
		}},
	{name: "gradient transposed", kind: "TRANSPOSE", cause: "column by column", cases: func(c *Case) bool { return plain(c) && c.Net.Layer(0).Width > 1 && c.Net.Inputs() > 1 },
		after: func(c *Case, k *Claim) {
			w := c.Net.Weights(k.Grad, 0)
			old := slices.Clone(w.Data)
			for j := range w.Rows {
				for i := range w.Cols {
					w.Data[i*w.Rows+j] = old[j*w.Cols+i]
				}
			}
		}},
	{name: "δ of the sample before", kind: "STALE", cause: "sample before", cases: several,
		from: func(s, n int) int { return max(s-1, 0) }},
	{name: "regulariser missing", kind: "MISSING", cause: "lacks the regulariser", cases: regularised, after: penalise(-1, 0)},
	{name: "regulariser doubled", kind: "SCALE", cause: "regulariser counts twice", cases: regularised, after: penalise(1, 0)},
	{name: "regulariser on biases", kind: "SCALE", cause: "biases", cases: regularised, after: penalise(0, 1)},
	{name: "regulariser divided", kind: "REDUCTION", cause: "regulariser was divided", cases: regularised,
		after: func(c *Case, k *Claim) { penalise(1/float64(c.X.Rows)-1, 0)(c, k) }},
	{name: "loss without ½", kind: "SCALE", cause: "the loss is twice", cases: withLoss(loss.Squared{}),
		after: func(_ *Case, k *Claim) { *k.Loss *= 2 }},
	{name: "gradient added", kind: "SIGN", cause: "adds the gradient", cases: plain,
		after: func(c *Case, k *Claim) {
			for i, v := range c.Theta {
				if !c.Step.isFrozen(c.Net.ParamName(i)) {
					v += c.Step.Rate * k.Grad[i]
				}
				k.After = append(k.After, v)
			}
		}},
	{name: "float32 inside", kind: "PRECISION", cause: "float32", cases: plain, round: toFloat32},
	{name: "e^z overflows", kind: "SATURATION", cause: "overflowed", cases: func(c *Case) bool { return strings.Contains(c.ID, "sigmoid-plus-710") },
		value: func(f activation.Func, z float64) float64 { return math.Exp(z) / (1 + math.Exp(z)) }},
}

func flag(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func penalise(weights, biases float64) func(c *Case, k *Claim) {
	return func(c *Case, k *Claim) {
		for l := range c.Net.NumLayers() {
			for i, w := range c.Net.Weights(c.Theta, l).Data {
				c.Net.Weights(k.Grad, l).Data[i] += weights * c.Lambda * w
			}
			for i, b := range c.Net.Biases(c.Theta, l) {
				c.Net.Biases(k.Grad, l)[i] += biases * c.Lambda * b
			}
		}
	}
}

func softmax(y []float64) []float64 {
	p, sum := make([]float64, len(y)), 0.0
	top := slices.Max(y)
	for j := range p {
		p[j] = math.Exp(y[j] - top)
		sum += p[j]
	}
	for j := range p {
		p[j] /= sum
	}
	return p
}
