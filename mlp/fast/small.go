package fast

import "gonum.org/v1/gonum/blas/blas64"

// small is the number of multiply-adds up to which plain loops are done before a kernel
// has its operands together. They are the products of a layer, by the definition. Their
// matrices are pointed to, and taken apart once, as in the smallest networks nothing
// else costs as much as to copy them.
const small = 150

// smallForward computes Z = A·Wᵀ. (1)
func smallForward(z, a, w *blas64.General) {
	zs, as, ws, in := z.Data, a.Data, w.Data, a.Cols
	for s := range z.Rows {
		z, a := zs[s*z.Stride:][:z.Cols], as[s*a.Stride:][:in]
		for j := range z {
			w, sum := ws[j*w.Stride:][:len(a)], 0.0
			for k, x := range a {
				sum += w[k] * x
			}
			z[j] = sum
		}
	}
}

// smallBelow computes ∂A = Δ·W. (8)
func smallBelow(da, delta, w *blas64.General) {
	das, deltas, ws := da.Data, delta.Data, w.Data
	for s := range da.Rows {
		da := das[s*da.Stride:][:da.Cols]
		for k := range da {
			da[k] = 0
		}
		for j, d := range deltas[s*delta.Stride:][:delta.Cols] {
			w := ws[j*w.Stride:][:len(da)]
			for k := range da {
				da[k] += d * w[k]
			}
		}
	}
}

// smallGradient computes ∂W = Δᵀ·A. (6)
func smallGradient(gw, delta, a *blas64.General) {
	for j := range gw.Rows {
		gw := gw.Data[j*gw.Stride:][:gw.Cols]
		for k := range gw {
			gw[k] = dotColumns(delta, a, j, k)
		}
	}
}

// smallStep is that and W −= rate·∂W. (10)
func smallStep(w, delta, a *blas64.General, rate float64) {
	for j := range w.Rows {
		w := w.Data[j*w.Stride:][:w.Cols]
		for k := range w {
			w[k] -= rate * dotColumns(delta, a, j, k)
		}
	}
}

// dotColumns returns the inner product of column j of delta and column k of a.
func dotColumns(delta, a *blas64.General, j, k int) float64 {
	sum := 0.0
	for range delta.Rows {
		sum += delta.Data[j] * a.Data[k]
		j += delta.Stride
		k += a.Stride
	}
	return sum
}
