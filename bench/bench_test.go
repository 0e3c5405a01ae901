package bench

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp"
)

func normal(rnd *rand.Rand, rows, cols int) blas64.General {
	m := blas64.General{Rows: rows, Cols: cols, Stride: cols, Data: make([]float64, rows*cols)}
	for i := range m.Data {
		m.Data[i] = rnd.NormFloat64()
	}
	return m
}

func newRand() *rand.Rand { return rand.New(rand.NewPCG(1, 1)) }

func gflops(b *testing.B, flopsPerOp float64) {
	b.ReportMetric(flopsPerOp*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
}

// BenchmarkProduct is the product of two square matrices: as the forward pass of
// an identity layer without biases in mlp, and by gonum.
func BenchmarkProduct(b *testing.B) {
	for _, n := range []int{32, 64, 128, 256, 512} {
		rnd := newRand()
		x, c := normal(rnd, n, n), normal(rnd, n, n)
		w := normal(rnd, n, n)
		flops := 2 * float64(n) * float64(n) * float64(n)
		b.Run(fmt.Sprintf("reference/%d", n), func(b *testing.B) {
			net := mlp.New(n, mlp.Layer{Width: n, Activation: activation.Identity{}, NoBias: true})
			tr := net.NewTrace(n)
			b.ReportAllocs()
			for b.Loop() {
				net.Forward(tr, w.Data, x)
			}
			gflops(b, flops)
		})
		b.Run(fmt.Sprintf("gonum/%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				blas64.Gemm(blas.NoTrans, blas.Trans, 1, x, w, 0, c)
			}
			gflops(b, flops)
		})
	}
}

// networks are those of the training step.
var networks = []struct {
	widths []int
	batch  int
}{
	{[]int{3, 4, 1}, 1},
	{[]int{784, 30, 10}, 10},
	{[]int{784, 100, 10}, 32},
	{[]int{784, 512, 512, 10}, 128},
	{[]int{1024, 1024, 1024, 1024, 1024}, 256},
}

// BenchmarkStep is a step of gradient descent on one batch: gradient and update.
func BenchmarkStep(b *testing.B) {
	for _, c := range networks {
		var layers []mlp.Layer
		multiplyAdds := 0
		for l, width := range c.widths[1:] {
			layers = append(layers, mlp.Layer{Width: width, Activation: activation.Sigmoid{}})
			multiplyAdds += c.widths[l] * width
		}
		n := mlp.New(c.widths[0], layers...)
		rnd := newRand()
		o := mlp.NewObjective(n, loss.Squared{}, normal(rnd, c.batch, n.Inputs()), normal(rnd, c.batch, n.Outputs()))
		theta, grad := make([]float64, n.NumParams()), make([]float64, n.NumParams())
		n.InitGlorot(theta, 1)
		b.Run(fmt.Sprintf("reference/%v/batch=%d", n, c.batch), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				o.Grad(grad, theta)
				for i, g := range grad {
					theta[i] -= float64(0.01 * g)
				}
			}
			gflops(b, 3*2*float64(multiplyAdds)*float64(c.batch))
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(c.batch), "ns/sample")
		})
	}
}

var sink float64

// BenchmarkActivation is the value and the derivative of each activation function.
func BenchmarkActivation(b *testing.B) {
	z := normal(newRand(), 1, 1024).Data
	for _, f := range []activation.Func{activation.Sigmoid{}, activation.Tanh{}, activation.Softplus{}} {
		for _, m := range []struct {
			name string
			f    func(float64) float64
		}{{"Value", f.Value}, {"Deriv", f.Deriv}} {
			b.Run(fmt.Sprintf("%v/%s", f, m.name), func(b *testing.B) {
				for b.Loop() {
					for _, v := range z {
						sink += m.f(v)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(z)), "ns/value")
			})
		}
	}
}
