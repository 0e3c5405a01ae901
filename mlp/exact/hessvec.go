package exact

import (
	"fmt"

	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/activation"
	"touchstone/loss"
)

// HessVec returns the product of the Hessian of the objective of p with v, as balls
// made like those of Evaluate, with its panics and errors: it also panics if v does
// not have NumParams elements, and the error is also for a v that is not finite.
// Where Loss is nil the objective is Σ DY·y, whose curvature is that of y.
//
// The second derivative of ReLU is taken for 0, at 0 as well. If a pre-activation of
// a ReLU may be 0 exactly, the Kink of all balls is set.
//
// Scale has the meaning that the package documentation gives it, for equations (11)
// to (18) of package mlp and the textbook's formulas; hessvec_scale.go has its rules.
func HessVec(p Problem, v []float64) ([]Ball, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	if len(v) != p.Net.NumParams() {
		panic("exact: length of v is not NumParams")
	}
	for i, x := range v {
		if x-x != 0 {
			return nil, &InputError{"v at " + p.Net.ParamName(i), fmt.Sprintf("is %v, want a finite number", x)}
		}
	}
	balls := make([]Ball, len(v))
	first := newHessian[ball](doubles{}, &p, v)
	open := roundOpen(balls, first.run(), ball.round)
	kink := first.hasKink()
	for bits := uint(200); open && bits <= MaxBits; bits *= 2 {
		again := newHessian[split](splits{bigs{bits}}, &p, v)
		open = roundOpen(balls, again.run(), split.round)
		kink = again.hasKink() // what is decided now is not open
	}
	scales := newHessian[estimate](estimates{}, &p, v)
	scales.textbook = true
	for i, e := range scales.run() {
		balls[i].Kink, balls[i].Scale = kink, e.scale()
		balls[i].keepScale()
	}
	return balls, nil
}

// roundOpen rounds values into the balls that are not yet Rounded, and reports whether
// any stays so.
func roundOpen[T any](balls []Ball, values []T, round func(T) Ball) (open bool) {
	for i := range balls {
		if b := &balls[i]; !b.Rounded {
			*b = round(values[i])
			open = open || !b.Rounded
		}
	}
	return open
}

// A hessian is a pass that carries the derivative along v of everything, R{…} in
// equations (11) to (18) of package mlp. As in pass, what is divided by the number
// of samples is so at the end.
type hessian[T any] struct {
	*pass[T]
	v        []float64
	wv       []blas64.General // by layer, the rows of W and then those of V
	textbook bool             // formulas as the books have them, whether they cancel or not

	ra, rz, rdelta [][][]T // by layer and sample; ra[l] is R{} of the input of layer l, and flat
	ry             [][]T   // by sample, R{} of the output, not flat
}

func newHessian[T any](ar arithmetic[T], p *Problem, v []float64) *hessian[T] {
	n := p.X.Rows
	h := &hessian[T]{pass: newPass(ar, p), v: v, ry: make([][]T, n)}
	for l := range h.L {
		wv, below := p.Net.Weights(p.Theta, l), p.Net.Weights(v, l)
		wv.Rows += below.Rows
		wv.Data = both(wv.Data, below.Data)
		h.wv = append(h.wv, wv)
		h.ra = append(h.ra, make([][]T, n))
		h.rz = append(h.rz, make([][]T, n))
		h.rdelta = append(h.rdelta, make([][]T, n))
	}
	return h
}

// both returns a, and then b.
func both[E any](a, b []E) []E { return append(append([]E(nil), a...), b...) }

// run returns R{∂E/∂θ}. Like run of pass, it gives the same bits from any number of
// goroutines.
func (h *hessian[T]) run() []T {
	p := h.p
	concurrently(p.X.Rows, func(s int) {
		h.pass.forward(s)
		h.forward(s)
		h.backward(s)
	})
	return h.gradient()
}

func (h *hessian[T]) forward(s int) {
	n := h.p.Net
	ra := make([]T, n.Inputs())
	for k := range ra {
		ra[k] = h.exactly(0)
	}
	for l := range h.L {
		h.ra[l][s] = h.flat(ra)
		c, in := n.Biases(h.v, l), both(h.ra[l][s], h.a[l][s])
		rz := make([]T, n.Layer(l).Width)
		ra = make([]T, len(rz))
		for j := range rz {
			bias := 0.0
			if c != nil {
				bias = c[j]
			}
			rz[j] = h.dot(bias, both(row(h.wv[l], j), row(h.wv[l], len(rz)+j)), in) // (11)
			ra[j] = h.mul(h.deriv[l][s][j], rz[j])                                  // (12)
		}
		h.rz[l][s] = rz
	}
	h.ry[s] = ra
}

func (h *hessian[T]) backward(s int) {
	n, last := h.p.Net, h.L-1
	da, rda := h.output(s) // ∂E/∂aˡ⁺¹ and R{∂E/∂aˡ⁺¹}
	for l := last; l >= 0; l-- {
		delta, rdelta := make([]T, len(da)), make([]T, len(da))
		for j := range da {
			if l == last && h.isFused() {
				delta[j], rdelta[j] = da[j], rda[j]
				continue
			}
			f1, f2 := h.deriv[l][s][j], h.second(n.Layer(l).Activation, h.z[l][s][j], h.deriv[l][s][j])
			delta[j] = h.mul(da[j], f1)                                                  // (5)
			rdelta[j] = h.add(h.mul(rda[j], f1), h.mul(h.mul(da[j], f2), h.rz[l][s][j])) // (14)
		}
		h.delta[l][s], h.rdelta[l][s] = delta, rdelta
		if l == 0 {
			return
		}
		da = h.columns(n.Weights(h.p.Theta, l), delta) // (8)
		rda = h.columns(h.wv[l], both(rdelta, delta))  // (17)
	}
}

// gradient computes (15), (16) and (18).
func (h *hessian[T]) gradient() []T {
	p, n := h.p, h.p.Net
	out := make([]T, n.NumParams())
	for l, at := 0, 0; l < h.L; l++ {
		w, vw := n.Weights(p.Theta, l), n.Weights(h.v, l)
		biases := n.Biases(p.Theta, l) != nil
		in := both(h.a[l], h.ra[l])
		concurrently(w.Rows, func(j int) {
			var d, rd []T
			for s := range p.X.Rows {
				d, rd = append(d, h.delta[l][s][j]), append(rd, h.rdelta[l][s][j])
			}
			out := out[at:]
			for k, sum := range h.weighted(in, both(rd, d)) { // (15)
				out[j*w.Cols+k] = h.mean(sum)
				if p.Lambda != 0 {
					out[j*w.Cols+k] = h.add(out[j*w.Cols+k], h.mul(h.exactly(p.Lambda), h.exactly(row(vw, j)[k]))) // (18)
				}
			}
			if biases {
				out[w.Rows*w.Cols+j] = h.mean(h.total(rd)) // (16)
			}
		})
		at += len(w.Data) + len(n.Biases(p.Theta, l))
	}
	return out
}

// second returns f″(z), given f′(z). σ″(z) = σ′(z)·(σ(−z)−σ(z)), in which the
// difference is −tanh(z/2) and need not cancel.
func (h *hessian[T]) second(f activation.Func, z, deriv T) T {
	switch f.(type) {
	case activation.Sigmoid:
		if h.textbook {
			return h.mul(deriv, h.sub(h.logistic(z, true), h.logistic(z, false)))
		}
		t, _, _ := h.activate(activation.Tanh{}, h.mul(z, h.exactly(0.5)))
		return h.mul(h.mul(deriv, t), h.exactly(-1))
	case activation.Tanh:
		t, _, _ := h.activate(f, z)
		return h.mul(h.mul(deriv, t), h.exactly(-2))
	case activation.Softplus:
		_, d, _ := h.activate(activation.Sigmoid{}, z)
		return d
	}
	return h.exactly(0)
}

// hasKink reports whether a derivative was taken at the kink of a ReLU.
func (h *hessian[T]) hasKink() bool {
	for _, layer := range h.kink {
		for _, sample := range layer {
			for _, kink := range sample {
				if kink {
					return true
				}
			}
		}
	}
	return false
}

// isFused reports whether the derivatives that output returns are those with respect
// to the pre-activations: cross-entropy behind a sigmoid is a function of the logit,
// without the detour by y, whose σ′ would cancel.
func (h *hessian[T]) isFused() bool {
	if _, ok := h.p.Loss.(loss.CrossEntropy); !ok || h.textbook {
		return false
	}
	_, ok := h.p.Net.Layer(h.L - 1).Activation.(activation.Sigmoid)
	return ok
}
