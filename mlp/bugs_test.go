package mlp_test

import (
	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/mlp"
)

// A bug is a mistake planted in a textbook backward pass, written here a second
// time and one sample at a time, so that each mistake is a line.
type bug struct {
	name string

	half, negate     bool // δ of the output layer scaled
	aOneMinusA       bool // σ′ as a(1−a); for other activations f′(a)
	noDeriv          bool // δ without f′ in the hidden layers
	transposed       bool // W read column by column in (8)
	updated          bool // (8) with W after the step
	stale            bool // δ of the previous sample
	skipFirst        bool // a sample forgotten
	noBias, noBias0  bool // bias gradients missing, in all layers or the first
	biasAfterFirst   bool // bias gradient of the first sample only
	shifted          bool // (6) with the inputs shifted by one
	accumulate       bool // grad added to
	offByOne         bool // (8) without the last neuron
	outputOverSample bool // divided once more by the number of samples
}

var bugs = []bug{
	{name: "none"},
	{name: "factor ½", half: true},
	{name: "sign", negate: true},
	{name: "σ′ = a(1−a)", aOneMinusA: true},
	{name: "f′ missing", noDeriv: true},
	{name: "W transposed", transposed: true},
	{name: "W updated before the deltas", updated: true},
	{name: "δ of another sample", stale: true},
	{name: "first sample missing", skipFirst: true},
	{name: "bias gradients missing", noBias: true},
	{name: "first bias gradient missing", noBias0: true},
	{name: "bias gradient of one sample", biasAfterFirst: true},
	{name: "inputs shifted", shifted: true},
	{name: "adds to grad", accumulate: true},
	{name: "last neuron forgotten", offByOne: true},
	{name: "divided by the samples twice", outputOverSample: true},
}

func bugNamed(name string) bug {
	for _, b := range bugs {
		if b.name == name {
			return b
		}
	}
	panic("no bug " + name)
}

// grad returns the gradient of o with the bug.
func (b bug) grad(o *mlp.Objective, dy func(dy, y blas64.General)) func(grad, theta []float64) {
	return func(grad, theta []float64) {
		o.Func(theta) // forward
		tr := o.Trace()
		d := like(tr.Delta[o.Net().NumLayers()-1])
		dy(d, tr.A[o.Net().NumLayers()])
		b.backward(o.Net(), tr, grad, theta, d)
	}
}

// backward stands in for (*mlp.Net).Backward.
func (b bug) backward(n *mlp.Net, tr *mlp.Trace, grad, theta []float64, dy blas64.General) {
	if !b.accumulate {
		clear(grad)
	}
	L := n.NumLayers()
	for s := range dy.Rows {
		from := s // the sample whose output error is taken
		if b.stale && s > 0 {
			from = s - 1
		}
		da := append([]float64(nil), row(dy, from)...)
		for j := range da {
			switch {
			case b.half:
				da[j] *= .5
			case b.negate:
				da[j] = -da[j]
			case b.outputOverSample:
				da[j] /= float64(dy.Rows)
			}
		}
		for l := L - 1; l >= 0; l-- {
			f, w, z, a, y := n.Layer(l).Activation, n.Weights(theta, l), row(tr.Z[l], s), row(tr.A[l], s), row(tr.A[l+1], s)
			gw, gb := n.Weights(grad, l), n.Biases(grad, l)
			delta := row(tr.Delta[l], s)
			for j := range delta {
				deriv := f.Deriv(z[j])
				switch {
				case b.aOneMinusA && f.String() == "sigmoid":
					deriv = y[j] * (1 - y[j])
				case b.aOneMinusA:
					deriv = f.Deriv(y[j])
				case b.noDeriv && l < L-1:
					deriv = 1
				}
				delta[j] = da[j] * deriv
			}
			for j, d := range delta {
				if b.skipFirst && s == 0 {
					break
				}
				for k := range a {
					if b.shifted {
						row(gw, j)[k] += d * a[(k+1)%len(a)]
					} else {
						row(gw, j)[k] += d * a[k]
					}
				}
				if gb != nil && !b.noBias && !(b.noBias0 && l == 0) && !(b.biasAfterFirst && s > 0) {
					gb[j] += d
				}
			}
			da = make([]float64, len(a))
			for j, d := range delta {
				if b.offByOne && j == len(delta)-1 && j > 0 {
					break
				}
				for k := range da {
					switch {
					case b.transposed:
						da[k] += w.Data[k*w.Rows+j] * d
					case b.updated:
						da[k] += (row(w, j)[k] - .5*row(gw, j)[k]) * d
					default:
						da[k] += row(w, j)[k] * d
					}
				}
			}
		}
		copy(row(tr.DX, s), da)
	}
}
