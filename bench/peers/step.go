package main

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/mlp"
)

// A gemm computes C = alpha·A·B + beta·C, of transposes where asked.
type gemm func(ta, tb blas.Transpose, alpha float64, a, b blas64.General, beta float64, c blas64.General)

func gonumProgram(t task, o operands) *job { return blasProgram(blas64.Gemm, t, o) }

// blasProgram is what is written in Go around a gemm.
func blasProgram(multiply gemm, t task, o operands) *job {
	if t.n > 0 {
		a, b, c := matrix(t.n, t.n, o.a), matrix(t.n, t.n, o.b), newMatrix(t.n, t.n)
		return &job{
			run: func(k int) {
				for range k {
					multiply(blas.NoTrans, blas.Trans, 1, a, b, 0, c)
				}
			},
			result: func() []float64 { return c.Data },
		}
	}
	s := newStepper(multiply, t, o)
	return &job{
		run: func(k int) {
			for range k {
				s.step()
			}
		},
		result: func() []float64 { return o.theta },
	}
}

// A stepper takes steps with a gemm: no matrix but those of a pass, and the update is
// made by the product that would be the gradient.
type stepper struct {
	operands
	multiply gemm
	net      *mlp.Net
	a, delta []blas64.General // inputs of each layer, and outputs of the last; δ
}

func newStepper(multiply gemm, t task, o operands) *stepper {
	s := &stepper{operands: o, multiply: multiply, net: t.net(), a: []blas64.General{o.x}}
	for _, width := range t.widths[1:] {
		s.a = append(s.a, newMatrix(t.batch, width))
		s.delta = append(s.delta, newMatrix(t.batch, width))
	}
	return s
}

func newMatrix(rows, cols int) blas64.General {
	return matrix(rows, cols, make([]float64, rows*cols))
}

func (s *stepper) step() {
	for l := range s.delta {
		s.forward(l)
	}
	last := len(s.delta) - 1
	for i, y := range s.a[last+1].Data {
		s.delta[last].Data[i] = (y - s.t.Data[i]) / float64(s.x.Rows)
	}
	for l := last; l >= 0; l-- {
		delta, w := s.delta[l], s.net.Weights(s.theta, l)
		for i, a := range s.a[l+1].Data {
			delta.Data[i] *= a * (1 - a)
		}
		if l > 0 {
			s.multiply(blas.NoTrans, blas.NoTrans, 1, delta, w, 0, s.delta[l-1])
		}
		s.multiply(blas.Trans, blas.NoTrans, -rate, delta, s.a[l], 1, w)
		b := s.net.Biases(s.theta, l)
		for i := 0; i < len(delta.Data); i += len(b) {
			for j, d := range delta.Data[i:][:len(b)] {
				b[j] -= rate * d
			}
		}
	}
}

func (s *stepper) forward(l int) {
	a, b := s.a[l+1], s.net.Biases(s.theta, l)
	s.multiply(blas.NoTrans, blas.Trans, 1, s.a[l], s.net.Weights(s.theta, l), 0, a)
	for i := 0; i < len(a.Data); i += len(b) {
		a := a.Data[i:][:len(b)]
		for j, z := range a {
			a[j] = 1 / (1 + math.Exp(-z-b[j]))
		}
	}
}
