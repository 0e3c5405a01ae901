package touchstone

import (
	"math"
	"slices"
)

// A pass holds what backpropagation computes in float64. It tells what the numbers
// of a network are like, and is where the search for a mistake starts; it is not
// exact. The slices of a layer have one sample after the other.
type pass struct {
	a               [][]float64 // a[0] is x, and a[l+1] the output of layer l
	z, slope, delta [][]float64 // slope is f′(z)
	da              [][]float64 // ∂E/∂a: da[0] is ∂E/∂x
	loss            float64
	grad            [][]float64 // W and b of each layer
	after           []float64   // theta after the step; nil if the case has none
}

func newPass(c *Case) pass {
	L := c.Net.NumLayers()
	return pass{
		a: make([][]float64, L+1), da: make([][]float64, L+1), grad: make([][]float64, L),
		z: make([][]float64, L), slope: make([][]float64, L), delta: make([][]float64, L),
	}
}

// rightPass is backpropagation without a mistake.
func rightPass(c *Case) *pass {
	nothing := newPass(c)
	t := &trial{
		variant: new(variant), pass: newPass(c), c: c, right: &nothing, proof: newEvidence(c, nil, 0),
		scratch: layersOfTheta(c), whole: true, most: math.MaxInt64,
	}
	for s := range c.X.Rows {
		t.a[0] = append(t.a[0], rowOf(c.X, s)...)
	}
	t.run(false)
	if c.Step != nil {
		t.after = slices.Concat(t.grad...)
		for _, layer := range t.proof.params {
			for _, b := range layer {
				for i := b.from; i < b.to; i++ {
					t.after[i] = c.Theta[i] - float64(b.rate*t.after[i])
				}
			}
		}
	}
	return &t.pass
}

// layersOfTheta returns memory for the gradient of each layer.
func layersOfTheta(c *Case) [][]float64 {
	all := make([][]float64, c.Net.NumLayers())
	for l := range all {
		all[l] = make([]float64, len(c.Net.Weights(c.Theta, l).Data)+len(c.Net.Biases(c.Theta, l)))
	}
	return all
}

// share returns what a sample's loss is multiplied by: 1, or of a mean the part of one.
func (c *Case) share() float64 {
	if c.Sum || c.Loss == nil {
		return 1
	}
	return 1 / float64(c.X.Rows)
}
