package weights_test

import (
	"fmt"
	"log"

	"touchstone"
	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp/exact"
	"touchstone/weights"
)

// A network that PyTorch trained, and the gradient that PyTorch computed in float32 and
// saved under the names of the parameters, are judged.
func Example() {
	layers := []weights.Layer{
		{Weights: "0.weight", Biases: "0.bias", Activation: activation.Tanh{}},
		{Weights: "2.weight", Biases: "2.bias", Activation: activation.Sigmoid{}},
		{Weights: "4.weight", Biases: "4.bias", Activation: activation.Identity{}},
	}
	var model, run weights.Set
	if err := model.ReadFile("testdata/torch.safetensors"); err != nil {
		log.Fatal(err)
	}
	if err := run.ReadFile("testdata/torch_run32.npz"); err != nil {
		log.Fatal(err)
	}

	p := exact.Problem{Loss: loss.LogitCrossEntropy{}}
	var claim touchstone.Claim
	var err error
	if p.Net, p.Theta, err = model.Network(weights.OutIn, layers...); err != nil {
		log.Fatal(err)
	}
	if _, claim.Grad, err = run.Network(weights.OutIn, layers...); err != nil {
		log.Fatal(err)
	}
	if p.X, err = run.Samples("x", p.Net.Inputs()); err != nil {
		log.Fatal(err)
	}
	if p.T, err = run.Samples("t", p.Net.Outputs()); err != nil {
		log.Fatal(err)
	}
	claim.Precision = touchstone.Float32

	c, err := touchstone.NewCase("mine", p)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(p.Net, touchstone.Judge(c, claim).Outcome)
	// Output: 3-4-5-2 pass
}
