package loss_test

import (
	"fmt"

	"touchstone/activation"
	"touchstone/loss"
)

// The same loss of a logit and of its probability, for the label 0. The probability
// rounds to 1 and the loss loses its digits, and in the end itself; from the logit, no
// digit is lost.
func ExampleLogitCrossEntropy() {
	t, g := []float64{0}, make([]float64, 1)
	for _, z := range []float64{1, 30, 1000} {
		y := []float64{z}
		p := []float64{activation.Sigmoid{}.Value(z)}
		loss.LogitCrossEntropy{}.Grad(g, y, t)
		fmt.Printf("logit %-4v  loss %-7.6g gradient %.6g\n", z, loss.LogitCrossEntropy{}.Value(y, t), g[0])
		loss.CrossEntropy{}.Grad(g, p, t)
		fmt.Printf("p %-8.6g  loss %-7.6g gradient %.6g\n", p[0], loss.CrossEntropy{}.Value(p, t), g[0])
	}
	// Output:
	// logit 1     loss 1.31326 gradient 0.731059
	// p 0.731059  loss 1.31326 gradient 3.71828
	// logit 30    loss 30      gradient 1
	// p 1         loss 29.9998 gradient 1.06847e+13
	// logit 1000  loss 1000    gradient 1
	// p 1         loss +Inf    gradient +Inf
}

// Targets are a distribution over the outputs, and outputs are logits.
func ExampleSoftmaxCrossEntropy() {
	y, t := []float64{2, 1, -1}, []float64{0, 1, 0}
	g := make([]float64, 3)
	loss.SoftmaxCrossEntropy{}.Grad(g, y, t)
	fmt.Printf("ℓ = %.6f, ∂ℓ/∂y = %.6f\n", loss.SoftmaxCrossEntropy{}.Value(y, t), g)
	// Output:
	// ℓ = 1.349012, ∂ℓ/∂y = [0.705385 -0.740504 0.035119]
}
