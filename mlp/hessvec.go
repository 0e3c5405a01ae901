package mlp

import (
	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/activation"
	"touchstone/internal/alias"
	"touchstone/loss"
)

// HessVec stores the product of the Hessian of Func at theta with v in dst,
// overwriting it. It is computed by equations (1) to (8) and (11) to (18). For each weight
// and sample that takes 5 products in the first layer and 8 in the others, where Grad
// takes 3; in time it was measured to be 1.1 to 2.8 times Grad. The first call allocates
// what later calls use again. What Trace holds stays as it is.
//
// It panics if dst, theta or v does not have NumParams elements, or if dst overlaps
// theta, v, the data or Trace. It also panics if an activation of the
// network is not an activation.Func2, or if the loss is not a loss.Func2: those of
// packages activation and loss are. For ReLU the second derivative is 0, and its
// first at 0 is 0 too.
func (o *Objective) HessVec(dst, theta, v []float64) {
	if len(theta) != o.net.params {
		panic("mlp: HessVec: length of theta is not NumParams")
	}
	if len(v) != o.net.params {
		panic("mlp: HessVec: length of v is not NumParams")
	}
	if len(dst) != o.net.params {
		panic("mlp: HessVec: length of dst is not NumParams")
	}
	if alias.Overlap(dst, theta) {
		panic("mlp: HessVec: dst overlaps theta")
	}
	if alias.Overlap(dst, v) {
		panic("mlp: HessVec: dst overlaps v")
	}
	if o.owns(dst) {
		panic("mlp: HessVec: dst overlaps the data")
	}
	if o.tr.overlaps(dst) {
		panic("mlp: HessVec: dst overlaps Trace")
	}
	if o.hess == nil {
		o.hess = newHessian(o)
	}
	o.hess.forward(o, theta, v)
	o.hess.output(o)
	o.hess.backward(o.net, dst, theta, v)
	if o.Lambda == 0 {
		return
	}
	for l := range o.net.layers {
		dw, vw := o.net.Weights(dst, l).Data, o.net.Weights(v, l).Data
		for i := range dw {
			dw[i] += float64(o.Lambda * vw[i]) // (18)
		}
	}
}

// A hessian is what HessVec works with.
type hessian struct {
	f    []activation.Func2 // of each layer
	loss loss.Func2
	tr   *Trace
	r    *Trace // R{} of the matrices in tr; R{x}, in A[0], is 0
}

func newHessian(o *Objective) *hessian {
	h := new(hessian)
	for l := range o.net.layers {
		f, ok := o.net.layers[l].Activation.(activation.Func2)
		if !ok {
			panic("mlp: HessVec: activation without second derivative")
		}
		h.f = append(h.f, f)
	}
	l, ok := o.loss.(loss.Func2)
	if !ok {
		panic("mlp: HessVec: loss without second derivatives")
	}
	h.loss = l
	h.tr, h.r = o.net.NewTrace(o.x.Rows), o.net.NewTrace(o.x.Rows)
	return h
}

func (h *hessian) forward(o *Objective, theta, v []float64) {
	n := o.net
	n.Forward(h.tr, theta, o.x) // (1), (2)
	for l, f := range h.f {
		w, vw, c := n.Weights(theta, l), n.Weights(v, l), n.Biases(v, l)
		a, z, ra, rz, rout := h.tr.A[l], h.tr.Z[l], h.r.A[l], h.r.Z[l], h.r.A[l+1]

		// R{zˡ[s,j]} = Σₖ (Wˡ[j,k]·R{aˡ[s,k]} + Vˡ[j,k]·aˡ[s,k]) + cˡ[j]   (11)
		for s := range rz.Rows {
			a, ra, rz := row(a, s), row(ra, s), row(rz, s)
			for j := range rz {
				w, vw := row(w, j), row(vw, j)
				sum := 0.0
				for k := range a {
					sum += float64(w[k]*ra[k]) + float64(vw[k]*a[k])
				}
				if c != nil {
					sum += c[j]
				}
				rz[j] = sum
			}
		}

		// R{aˡ⁺¹[s,j]} = fˡ′(zˡ[s,j])·R{zˡ[s,j]}                           (12)
		for s := range rz.Rows {
			z, rz, rout := row(z, s), row(rz, s), row(rout, s)
			for j := range rz {
				rout[j] = f.Deriv(z[j]) * rz[j]
			}
		}
	}
}

// output stores ∂E/∂y and R{∂E/∂y} where δ and R{δ} of the last layer will be.
func (h *hessian) output(o *Objective) {
	L := len(h.f)
	y, ry, dy, rdy := h.tr.A[L], h.r.A[L], h.tr.Delta[L-1], h.r.Delta[L-1]
	divisor := o.divisor(y.Rows)
	for s := range y.Rows {
		y, t, dy, rdy := row(y, s), row(o.t, s), row(dy, s), row(rdy, s)
		h.loss.Grad(dy, y, t)
		h.loss.HessVec(rdy, y, t, row(ry, s))
		for j := range dy {
			dy[j] /= divisor  // (4)
			rdy[j] /= divisor // (13)
		}
	}
}

func (h *hessian) backward(n *Net, dst, theta, v []float64) {
	for l := len(h.f) - 1; l >= 0; l-- {
		f, z, a, delta := h.f[l], h.tr.Z[l], h.tr.A[l], h.tr.Delta[l]
		rz, ra, rdelta := h.r.Z[l], h.r.A[l], h.r.Delta[l]

		// R{δˡ[s,j]} = R{∂E/∂aˡ⁺¹[s,j]}·fˡ′(zˡ[s,j]) + ∂E/∂aˡ⁺¹[s,j]·fˡ″(zˡ[s,j])·R{zˡ[s,j]}  (14)
		// δˡ[s,j] = ∂E/∂aˡ⁺¹[s,j] · fˡ′(zˡ[s,j])                           (5)
		// Both take the place of ∂E/∂aˡ⁺¹.
		for s := range delta.Rows {
			z, rz, delta, rdelta := row(z, s), row(rz, s), row(delta, s), row(rdelta, s)
			for j := range delta {
				f1, f2 := f.Deriv(z[j]), f.Deriv2(z[j])
				rdelta[j] = float64(rdelta[j]*f1) + float64(delta[j]*f2*rz[j])
				delta[j] *= f1
			}
		}

		// R{∂E/∂Wˡ[j,k]} = Σₛ (R{δˡ[s,j]}·aˡ[s,k] + δˡ[s,j]·R{aˡ[s,k]})     (15)
		dw := n.Weights(dst, l)
		clear(dw.Data)
		for s := range delta.Rows {
			a, ra, delta, rdelta := row(a, s), row(ra, s), row(delta, s), row(rdelta, s)
			for j := range delta {
				dw := row(dw, j)
				for k := range a {
					dw[k] += float64(rdelta[j]*a[k]) + float64(delta[j]*ra[k])
				}
			}
		}

		// R{∂E/∂bˡ[j]} = Σₛ R{δˡ[s,j]}                                     (16)
		db := n.Biases(dst, l) // empty for a layer without biases
		clear(db)
		for s := range rdelta.Rows {
			rdelta := row(rdelta, s)
			for j := range db {
				db[j] += rdelta[j]
			}
		}
		if l > 0 {
			h.below(n.Weights(theta, l), n.Weights(v, l), l)
		}
	}
}

// below stores ∂E/∂aˡ and R{∂E/∂aˡ} where δ and R{δ} of layer l−1 will be.
func (h *hessian) below(w, vw blas64.General, l int) {
	delta, rdelta := h.tr.Delta[l], h.r.Delta[l]
	da, rda := h.tr.Delta[l-1], h.r.Delta[l-1]

	// ∂E/∂aˡ[s,k] = Σⱼ Wˡ[j,k]·δˡ[s,j]                                     (8)
	// R{∂E/∂aˡ[s,k]} = Σⱼ (Wˡ[j,k]·R{δˡ[s,j]} + Vˡ[j,k]·δˡ[s,j])           (17)
	for s := range delta.Rows {
		delta, rdelta, da, rda := row(delta, s), row(rdelta, s), row(da, s), row(rda, s)
		clear(da)
		clear(rda)
		for j := range delta {
			w, vw := row(w, j), row(vw, j)
			for k := range da {
				da[k] += float64(w[k] * delta[j])
				rda[k] += float64(w[k]*rdelta[j]) + float64(vw[k]*delta[j])
			}
		}
	}
}
