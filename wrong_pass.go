package touchstone

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/activation"
)

// A variant is textbook backpropagation with one mistake in it. Where a hook is
// nil or false, that part is right.
type variant struct {
	Cause

	act   func(l int, f activation.Func, z float64) float64
	deriv func(l int, f activation.Func, z, a float64) float64
	dy    func(dst, y, t []float64)        // ∂ℓ/∂y of a sample
	value func(y, t []float64) float64     // ℓ of a sample
	from  func(s int) int                  // the sample whose ∂ℓ/∂y is taken
	of    func(s int) float64              // how often a sample's gradient counts
	bias  func(s int) float64              // the same, for biases only
	swap  func(w blas64.General) []float64 // the weights that (8) takes

	tail       bool // f′ is taken from a rounded a
	silent     bool // what does not count has no δ either
	transposed bool // (1) with W read column by column
	noBias     bool // (1) without b
	shifted    bool // (6) with the next input
	updated    int  // (8) with weights after the step: 1 of all samples, 2 of those so far
	forgetLast bool // (8) without the last unit
}

// A wrong holds what a variant computes, by the names of blocks.
type wrong struct {
	values map[string][]float64
	slack  map[string][]float64 // what else is allowed, for a tail
}

func rowOf(m blas64.General, i int) []float64 { return m.Data[i*m.Stride:][:m.Cols] }

// run computes everything that a claim may claim.
func (v *variant) run(c *Case, unit float64) wrong {
	n, L, samples := c.Net, c.Net.NumLayers(), c.X.Rows
	w := wrong{map[string][]float64{}, map[string][]float64{}}
	in := make([][][]float64, L+1) // by layer and sample
	z := make([][][]float64, L)
	for s := range samples {
		in[0] = append(in[0], rowOf(c.X, s))
	}
	for l := range L {
		f, W, b := n.Layer(l).Activation, n.Weights(c.Theta, l), n.Biases(c.Theta, l)
		for s := range samples {
			zs, as := make([]float64, W.Rows), make([]float64, W.Rows)
			for j := range zs {
				if b != nil && !v.noBias {
					zs[j] = b[j]
				}
				for k, a := range in[l][s] {
					if v.transposed {
						zs[j] += W.Data[k*W.Rows+j] * a
					} else {
						zs[j] += W.Data[j*W.Cols+k] * a
					}
				}
				as[j] = f.Value(zs[j])
				if v.act != nil {
					as[j] = v.act(l, f, zs[j])
				}
			}
			z[l], in[l+1] = append(z[l], zs), append(in[l+1], as)
		}
		w.values[fmt.Sprintf("z%d", l)] = slices.Concat(z[l]...)
		w.values[fmt.Sprintf("a%d", l)] = slices.Concat(in[l+1]...)
	}

	share := 1.0
	if !c.Sum && c.Loss != nil {
		share = 1 / float64(samples)
	}
	da, slack := make([][]float64, samples), make([][]float64, samples)
	total := 0.0
	for s := range samples {
		y := in[L][s]
		da[s], slack[s] = make([]float64, len(y)), make([]float64, len(y))
		from := s
		if v.from != nil {
			from = v.from(s)
		}
		total += v.output(c, da[s], in[L], s, from) * share
		for j := range da[s] {
			da[s][j] *= share
			slack[s][j] = unit * math.Abs(da[s][j])
		}
	}
	grad, gradSlack := make([]float64, len(c.Theta)), make([]float64, len(c.Theta))
	norm := 0.0
	for l := L - 1; l >= 0; l-- {
		W, B := n.Weights(grad, l), n.Biases(grad, l)
		sW, sB := n.Weights(gradSlack, l), n.Biases(gradSlack, l)
		f := n.Layer(l).Activation
		delta := make([][]float64, samples)
		for s := range samples {
			counts, countsBias := 1.0, 1.0
			if v.of != nil {
				counts = v.of(s)
			}
			if v.bias != nil {
				countsBias = v.bias(s)
			}
			delta[s] = make([]float64, W.Rows)
			for j, zj := range z[l][s] {
				d := f.Deriv(zj)
				if v.deriv != nil {
					d = v.deriv(l, f, zj, in[l+1][s][j])
				}
				slack[s][j] *= math.Abs(d)
				if v.tail && (f == activation.Sigmoid{} || f == activation.Tanh{}) {
					slack[s][j] += 6 * unit * math.Abs(da[s][j])
				}
				delta[s][j] = da[s][j] * d
				if v.silent {
					delta[s][j] *= counts
				}
				contribution := delta[s][j]
				if !v.silent {
					contribution *= counts
				}
				for k := range W.Cols {
					a := in[l][s][k]
					if v.shifted {
						a = in[l][s][(k+1)%W.Cols]
					}
					W.Data[j*W.Cols+k] += contribution * a
					sW.Data[j*W.Cols+k] += slack[s][j] * math.Abs(a)
				}
				if B != nil {
					B[j] += contribution * countsBias
					sB[j] += slack[s][j]
				}
			}
			if v.updated == 2 {
				da[s], slack[s] = v.below(c, l, grad, delta[s], slack[s])
			}
		}
		for i, t := range n.Weights(c.Theta, l).Data {
			W.Data[i] += c.Lambda * t
			norm += t * t
		}
		name := fmt.Sprintf("delta%d", l)
		w.values[name], w.slack[name] = slices.Concat(delta...), slices.Concat(slack...)
		for s := range samples {
			if v.updated != 2 {
				da[s], slack[s] = v.below(c, l, grad, delta[s], slack[s])
			}
		}
		for _, b := range paramBlocks(c, l) {
			w.values[b.name], w.slack[b.name] = grad[b.from:b.to], gradSlack[b.from:b.to]
		}
	}
	w.values["dx"], w.slack["dx"] = slices.Concat(da...), slices.Concat(slack...)
	w.values["loss"] = []float64{total + c.Lambda/2*norm}
	if c.Step != nil {
		after, afterSlack := slices.Clone(c.Theta), make([]float64, len(c.Theta))
		for i := range after {
			if !c.Step.isFrozen(n.ParamName(i)) {
				after[i] -= c.Step.Rate * grad[i]
				afterSlack[i] = math.Abs(c.Step.Rate) * gradSlack[i]
			}
		}
		w.values["after"], w.slack["after"] = after, afterSlack
	}
	return w
}

// output stores ∂ℓ/∂y in dst and returns ℓ.
func (v *variant) output(c *Case, dst []float64, y [][]float64, s, from int) (value float64) {
	if c.Loss == nil {
		copy(dst, rowOf(c.DY, from))
		for j, d := range rowOf(c.DY, s) {
			value += d * y[s][j]
		}
		return value
	}
	dy, l := c.Loss.Grad, c.Loss.Value
	if v.dy != nil {
		dy = v.dy
	}
	if v.value != nil {
		l = v.value
	}
	dy(dst, y[from], rowOf(c.T, from))
	return l(y[s], rowOf(c.T, s))
}

// below returns ∂E/∂a of the layer below from δ, and its slack.
func (v *variant) below(c *Case, l int, grad, delta, slack []float64) (da, below []float64) {
	W, g := c.Net.Weights(c.Theta, l), c.Net.Weights(grad, l)
	weights := W.Data
	if v.swap != nil {
		weights = v.swap(W)
	}
	da, below = make([]float64, W.Cols), make([]float64, W.Cols)
	for j, d := range delta {
		if v.forgetLast && j == len(delta)-1 {
			break
		}
		for k := range da {
			w := weights[j*W.Cols+k]
			if v.updated != 0 && c.Step != nil {
				w -= c.Step.Rate * g.Data[j*W.Cols+k]
			}
			da[k] += w * d
			below[k] += math.Abs(w) * slack[j]
		}
	}
	return da, below
}
