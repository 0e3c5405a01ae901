package mlp

import "gonum.org/v1/gonum/blas/blas64"

// Forward computes the network's output for a batch of samples, the rows of x
// (batch × inputs), and keeps in tr what Backward needs, a copy of x included.
// The result (batch × Outputs) is tr.A[L]: it is overwritten by the next pass.
// x may be a matrix of tr. Forward does not allocate.
//
// It panics if tr was made by another Net, if x does not have the shape batch ×
// inputs of tr, if theta does not have NumParams elements, or if it overlaps tr.
func (n *Net) Forward(tr *Trace, theta []float64, x blas64.General) blas64.General {
	if tr.net != n {
		panic("mlp: Forward: Trace of another Net")
	}
	if !isShape(x, tr.batch, n.Inputs()) {
		panic("mlp: Forward: x is not batch × inputs")
	}
	if len(theta) != n.params {
		panic("mlp: Forward: length of theta is not NumParams")
	}
	if tr.overlaps(theta) {
		panic("mlp: Forward: theta overlaps tr")
	}
	for s := range tr.batch {
		copy(row(tr.A[0], s), row(x, s))
	}
	for l := range n.layers {
		f := n.layers[l].Activation
		w, b, z, a, out := n.Weights(theta, l), n.Biases(theta, l), tr.Z[l], tr.A[l], tr.A[l+1]

		// zˡ[s,j] = Σₖ Wˡ[j,k]·aˡ[s,k] + bˡ[j]                      (1)
		for s := range tr.batch {
			a, z := row(a, s), row(z, s)
			for j := range z {
				w := row(w, j)
				sum := 0.0
				for k := range a {
					sum += float64(w[k] * a[k])
				}
				if b != nil {
					sum += b[j]
				}
				z[j] = sum
			}
		}

		// aˡ⁺¹[s,j] = fˡ(zˡ[s,j])                                   (2)
		for s := range tr.batch {
			z, out := row(z, s), row(out, s)
			for j := range z {
				out[j] = f.Value(z[j])
			}
		}
	}
	tr.forward = true
	return tr.A[len(n.layers)]
}
