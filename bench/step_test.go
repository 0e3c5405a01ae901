package bench

import (
	"fmt"
	"testing"

	"touchstone/loss"
	"touchstone/mlp"
	"touchstone/mlp/fast"
)

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
		n := sigmoids(c.widths...)
		rnd := newRand()
		x, t := normal(rnd, c.batch, n.Inputs()), normal(rnd, c.batch, n.Outputs())
		theta, grad := glorot(n), make([]float64, n.NumParams())
		multiplyAdds := multiplyAdds(c.widths, c.batch)
		run := func(name string, step func()) {
			b.Run(fmt.Sprintf("%s/%v/batch=%d", name, n, c.batch), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					step()
				}
				gflops(b, 2*multiplyAdds)
				b.ReportMetric(nanoseconds(b)/float64(c.batch), "ns/sample")
			})
		}
		reference := mlp.NewObjective(n, loss.Squared{}, x, t)
		run("reference", func() {
			reference.Grad(grad, theta)
			for i, g := range grad {
				theta[i] -= float64(0.01 * g)
			}
		})
		o := fast.NewObjective(n, loss.Squared{}, x, t)
		run("fast", func() { o.Step(theta, 0.01) })
	}
}

// multiplyAdds counts those of the matrix products that a step needs: three for each
// layer, but for the gradient with respect to the inputs of the first.
func multiplyAdds(widths []int, batch int) float64 {
	sum := 0
	for l, width := range widths[1:] {
		sum += 3 * widths[l] * width
	}
	return float64(sum-widths[0]*widths[1]) * float64(batch)
}
