package exact

import (
	"math"

	"touchstone/activation"
)

// scale sets the Scale of every ball of r: the fair tolerance that the package
// documentation defines, a backward pass over absolute values in plain float64.
// Its own rounding is far below what it bounds.
func scale(r *Result, p *Problem) {
	sc := newScaler(r, p)
	sc.forward()
	sc.output()
	sc.backward()
	r.each((*Ball).keepScale)
}

// A scaler works on one problem. The slices of layer l are samples × width, sample
// by sample, as in Result.
type scaler struct {
	r       *Result
	p       *Problem
	samples int
	c       float64      // 1/N, or 1 for a sum
	first   [][]float64  // f′ at z
	dy      []float64    // Scale of ∂E/∂y
	in      [][]absolute // by layer: see inputs
}

func newScaler(r *Result, p *Problem) *scaler {
	return &scaler{r: r, p: p, samples: p.X.Rows, c: 1 / p.divisor(), in: make([][]absolute, p.Net.NumLayers())}
}

// The errors of the elementwise functions themselves, in units of u.
const functionError = 8

func (sc *scaler) forward() {
	n := sc.p.Net
	for l := range n.NumLayers() {
		f, w, b := n.Layer(l).Activation, n.Weights(sc.p.Theta, l), n.Biases(sc.p.Theta, l)
		z, a := sc.r.Z[l], sc.r.A[l]
		deriv := make([]float64, len(z))
		terms := float64(w.Cols + 3)
		cost := make([]float64, w.Cols)
		for s := range sc.samples {
			for k, in := range sc.inputs(l)[s*w.Cols:][:w.Cols] {
				cost[k] = in.scale + float64(terms*in.size)
			}
			for j := range w.Rows {
				sum := 0.0
				for k, wk := range row(w, j) {
					sum += float64(math.Abs(wk) * cost[k])
				}
				if b != nil {
					sum += float64(terms * math.Abs(b[j]))
				}
				i := s*w.Rows + j
				z[i].Scale = sum
				deriv[i] = math.Abs(f.Deriv(z[i].Value))
				a[i].Scale = float64(deriv[i]*sum) + float64(functionCost(f)*math.Abs(a[i].Value))
			}
		}
		sc.first = append(sc.first, deriv)
	}
}

// An absolute is the size of a value, and its Scale.
type absolute struct{ size, scale float64 }

// inputs returns the inputs of layer l, one sample after the other.
func (sc *scaler) inputs(l int) []absolute {
	if sc.in[l] != nil {
		return sc.in[l]
	}
	var in []absolute
	if l == 0 {
		for s := range sc.samples {
			for _, x := range row(sc.p.X, s) {
				in = append(in, absolute{math.Abs(x), math.Abs(x)})
			}
		}
	} else {
		for _, b := range sc.r.A[l-1] {
			in = append(in, absolute{math.Abs(b.Value), b.Scale})
		}
	}
	sc.in[l] = in
	return in
}

// functionCost is the error that f itself may have, in units of u·|f|.
func functionCost(f activation.Func) float64 {
	switch f.(type) {
	case activation.Identity, activation.ReLU:
		return 0
	}
	return functionError
}

// second returns |f″(z)|.
func second(f activation.Func, z float64) float64 {
	switch f.(type) {
	case activation.Sigmoid:
		return math.Abs(f.Deriv(z) * activation.Tanh{}.Value(z/2)) // σ″ = σ′·(σ(−z)−σ(z))
	case activation.Tanh:
		return math.Abs(2 * f.Deriv(z) * f.Value(z))
	case activation.Softplus:
		return activation.Sigmoid{}.Deriv(z)
	}
	return 0
}

// output sets the Scale of the loss, and dy.
func (sc *scaler) output() {
	n := sc.p.Net
	y := sc.r.A[n.NumLayers()-1]
	outputs := n.Outputs()
	sc.dy = make([]float64, len(y))
	total, size := 0.0, 0.0 // Σ Sℓ and Σ|ℓ|
	for s := range sc.samples {
		ys, dy := y[s*outputs:(s+1)*outputs], sc.dy[s*outputs:(s+1)*outputs]
		sl, l := sc.sample(dy, ys, s)
		total += sl
		size += math.Abs(l)
	}
	terms := float64(sc.samples + 1)
	if sc.p.Lambda != 0 {
		terms++
	}
	sc.r.Loss.Scale = float64(sc.c*total) + float64(terms*sc.c*size)
	if lambda := math.Abs(sc.p.Lambda); lambda != 0 {
		norm := 0.0
		for l := range n.NumLayers() {
			for _, w := range n.Weights(sc.p.Theta, l).Data {
				norm += float64(w * w)
			}
		}
		sc.r.Loss.Scale += float64(float64(n.NumParams()+6) * (lambda / 2) * norm)
	}
}

// backward sets the Scale of δ, of the gradients, and of the step.
func (sc *scaler) backward() {
	n, p, r := sc.p.Net, sc.p, sc.r
	sda := sc.dy
	at := len(r.Grad)
	for l := n.NumLayers() - 1; l >= 0; l-- {
		f, w := n.Layer(l).Activation, n.Weights(p.Theta, l)
		delta := r.Delta[l]
		for i := range delta {
			b, d1 := &delta[i], sc.first[l][i]
			da := 0.0 // |∂E/∂a|, from δ = ∂E/∂a·f′
			if d1 != 0 {
				da = math.Abs(b.Value) / d1
			}
			sf := float64(second(f, r.Z[l][i].Value)*r.Z[l][i].Scale) + float64(functionCost(f)*d1)
			b.Scale = float64(da*sf) + float64(d1*sda[i]) + math.Abs(b.Value)
		}

		biases := len(n.Biases(p.Theta, l))
		at -= w.Rows*w.Cols + biases
		below := make([]float64, sc.samples*w.Cols)
		samples := float64(sc.samples)
		for j := range w.Rows {
			grad := r.Grad[at+j*w.Cols:][:w.Cols]
			for s := range sc.samples {
				in := sc.inputs(l)[s*w.Cols:][:w.Cols]
				below := below[s*w.Cols:][:w.Cols]
				d := &delta[s*w.Rows+j]
				size := math.Abs(d.Value)
				byInput := d.Scale + float64((samples+2)*size)
				byWeight := d.Scale + float64(float64(w.Rows+3)*size)
				for k, wk := range row(w, j) {
					grad[k].Scale += float64(byInput*in[k].size) + float64(size*in[k].scale)
					below[k] += float64(math.Abs(wk) * byWeight)
				}
				if biases > 0 {
					r.Grad[at+w.Rows*w.Cols+j].Scale += d.Scale + float64(samples*size)
				}
			}
		}
		for i, v := range w.Data {
			r.Grad[at+i].Scale += float64(4 * math.Abs(p.Lambda*v))
		}
		if l == 0 {
			for i := range r.DX {
				r.DX[i].Scale = below[i]
			}
		}
		sda = below
	}
	rate := math.Abs(p.Rate)
	for i := range r.After {
		r.After[i].Scale = float64(2*math.Abs(p.Theta[i])) + float64(rate*(r.Grad[i].Scale+float64(3*math.Abs(r.Grad[i].Value))))
	}
}
