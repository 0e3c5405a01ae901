package fast

import "gonum.org/v1/gonum/blas/blas64"

// small is the number of multiply-adds up to which plain loops are done before a kernel
// has its operands together. They are the three products of a layer, by the definition.
const small = 150

// smallForward computes Z = A·Wᵀ.
func smallForward(z, a, w *blas64.General) {
	for s := range z.Rows {
		z, a := row(*z, s), row(*a, s)
		for j := range z {
			w, sum := w.Data[j*w.Stride:][:len(a)], 0.0
			for k, x := range a {
				sum += w[k] * x
			}
			z[j] = sum
		}
	}
}

// smallBelow computes ∂A = Δ·W.
func smallBelow(da, delta, w *blas64.General) {
	for s := range da.Rows {
		da := row(*da, s)
		clear(da)
		for j, d := range row(*delta, s) {
			w := w.Data[j*w.Stride:][:len(da)]
			for k := range da {
				da[k] += d * w[k]
			}
		}
	}
}

// smallGradient computes W = Δᵀ·A, or W += Δᵀ·A if add is set.
func smallGradient(w, delta, a *blas64.General, add bool) {
	for j := range w.Rows {
		w := row(*w, j)
		for k := range w {
			sum := 0.0
			for s := range delta.Rows {
				sum += delta.Data[s*delta.Stride+j] * a.Data[s*a.Stride+k]
			}
			if add {
				sum += w[k]
			}
			w[k] = sum
		}
	}
}
