package mlp

import (
	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/internal/alias"
)

// Backward computes the gradient of E with respect to every parameter from dy =
// ∂E/∂y (batch × Outputs), after a Forward with the same tr and theta. It
// overwrites grad (it never adds to it), and leaves δ of every layer in tr.Delta
// and ∂E/∂x in tr.DX. The inputs and dy are not modified, unless dy is a matrix
// of tr or a part of grad, which is allowed. Backward does not allocate.
//
// E is any number that depends on y: with dy = ∂E/∂y the result is its gradient,
// and with a row of the identity matrix in dy it is a row of the Jacobian of y.
//
// It panics if tr was made by another Net or holds no forward pass, if grad or
// theta does not have NumParams elements, if they overlap each other or tr, or if dy
// does not have the shape batch × Outputs of tr.
func (n *Net) Backward(tr *Trace, grad, theta []float64, dy blas64.General) {
	if tr.net != n {
		panic("mlp: Backward: Trace of another Net")
	}
	if !tr.forward {
		panic("mlp: Backward before Forward")
	}
	if len(theta) != n.params {
		panic("mlp: Backward: length of theta is not NumParams")
	}
	if len(grad) != n.params {
		panic("mlp: Backward: length of grad is not NumParams")
	}
	if alias.Overlap(grad, theta) {
		panic("mlp: Backward: grad overlaps theta")
	}
	if tr.overlaps(grad) || tr.overlaps(theta) {
		panic("mlp: Backward: grad or theta overlaps tr")
	}
	if !isShape(dy, tr.batch, n.Outputs()) {
		panic("mlp: Backward: dy is not batch × outputs")
	}

	da := dy // ∂E/∂aˡ⁺¹ for the layer at hand
	for l := len(n.layers) - 1; l >= 0; l-- {
		f := n.layers[l].Activation
		w, z, a, delta := n.Weights(theta, l), tr.Z[l], tr.A[l], tr.Delta[l]

		// δˡ[s,j] = ∂E/∂aˡ⁺¹[s,j] · fˡ′(zˡ[s,j])                    (5)
		for s := range tr.batch {
			da, z, delta := row(da, s), row(z, s), row(delta, s)
			for j := range delta {
				delta[j] = da[j] * f.Deriv(z[j])
			}
		}

		// ∂E/∂Wˡ[j,k] = Σₛ δˡ[s,j]·aˡ[s,k]                          (6)
		gw := n.Weights(grad, l)
		clear(gw.Data)
		for s := range tr.batch {
			a, delta := row(a, s), row(delta, s)
			for j := range delta {
				gw := row(gw, j)
				for k := range a {
					gw[k] += float64(delta[j] * a[k])
				}
			}
		}

		// ∂E/∂bˡ[j] = Σₛ δˡ[s,j]                                    (7)
		gb := n.Biases(grad, l) // empty for a layer without biases
		clear(gb)
		for s := range tr.batch {
			delta := row(delta, s)
			for j := range gb {
				gb[j] += delta[j]
			}
		}

		// ∂E/∂aˡ[s,k] = Σⱼ Wˡ[j,k]·δˡ[s,j]                          (8)
		da = tr.DX
		if l > 0 {
			da = tr.Delta[l-1] // of the same shape; (5) turns it into δˡ⁻¹ in place
		}
		for s := range tr.batch {
			da, delta := row(da, s), row(delta, s)
			clear(da)
			for j := range delta {
				w := row(w, j)
				for k := range da {
					da[k] += float64(w[k] * delta[j])
				}
			}
		}
	}
}
