package bench

import (
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/activation"
	"touchstone/mlp"
)

func newRand() *rand.Rand { return rand.New(rand.NewPCG(1, 1)) }

func normal(rnd *rand.Rand, rows, cols int) blas64.General {
	m := newMatrix(rows, cols)
	for i := range m.Data {
		m.Data[i] = rnd.NormFloat64()
	}
	return m
}

func newMatrix(rows, cols int) blas64.General {
	return blas64.General{Rows: rows, Cols: cols, Stride: cols, Data: make([]float64, rows*cols)}
}

// sigmoids returns a network of sigmoids, from inputs to outputs.
func sigmoids(widths ...int) *mlp.Net {
	var layers []mlp.Layer
	for _, width := range widths[1:] {
		layers = append(layers, mlp.Layer{Width: width, Activation: activation.Sigmoid{}})
	}
	return mlp.New(widths[0], layers...)
}

// glorot returns a point at which the sigmoids of n are not saturated.
func glorot(n *mlp.Net) []float64 {
	theta := make([]float64, n.NumParams())
	n.InitGlorot(theta, 1)
	return theta
}

// nothing is a loss that costs nothing, so that an objective is a forward pass alone.
type nothing struct{}

func (nothing) Value(y, t []float64) float64 { return 0 }
func (nothing) Grad(dst, y, t []float64)     { clear(dst) }
func (nothing) String() string               { return "nothing" }

// nanoseconds returns those of one of b.N runs.
func nanoseconds(b *testing.B) float64 { return float64(b.Elapsed().Nanoseconds()) / float64(b.N) }

// gflops reports the speed of runs of so many additions and multiplications.
func gflops(b *testing.B, flops float64) { b.ReportMetric(flops/nanoseconds(b), "GFLOP/s") }
