package touchstone_test

import (
	"fmt"
	"math"
	"slices"

	"touchstone"
	"touchstone/activation"
	"touchstone/loss"
)

// The test of a port: it runs its own forward and backward pass on the vectors that it
// can handle, here networks of sigmoids under the squared loss, and compares each number
// with the exact one, by the tolerance of that number. This port takes the derivative of
// the sigmoid from its rounded value, and the vectors know it.
func ExampleCases() {
	passed, failed := 0, map[string]int{}
	for _, c := range touchstone.Cases() {
		if c.Loss != (loss.Squared{}) || !isCovered(&c) {
			continue
		}
		got, right := portGradient(&c), true
		for i, g := range got {
			exact, bound := c.Exact.Grad[i], touchstone.Float64.Unit()*c.Scale.Grad[i]
			if exact != "0" {
				bound += touchstone.Float64.SmallestNormal()
			}
			right = right && exact.Error(g) <= bound
		}
		if right {
			passed++
			continue
		}
		for _, flag := range c.Flags {
			failed[flag]++
		}
	}
	fmt.Println("passed:", passed)
	fmt.Println("failed, by their flags:", failed)
	// Output:
	// passed: 27
	// failed, by their flags: map[FrozenBias:1 Saturated:5]
}

// portGradient returns ∂E/∂θ, in the order of θ: for each layer W row by row, and then b.
func portGradient(c *touchstone.Case) []float64 {
	weight := 1.0 // of a sample
	if !c.Sum {
		weight = 1 / float64(c.X.Rows)
	}
	grad := make([]float64, len(c.Theta))
	for s := range c.X.Rows {
		a := [][]float64{c.X.Data[s*c.X.Stride:][:c.X.Cols]}
		for _, l := range portLayers(c) {
			a = append(a, l.forward(a[len(a)-1]))
		}
		da := make([]float64, c.T.Cols)
		for j, y := range a[len(a)-1] {
			da[j] = (y - c.T.Data[s*c.T.Stride+j]) * weight
		}
		for i, l := range slices.Backward(portLayers(c)) {
			da = l.backward(grad[l.start:], da, a[i], a[i+1])
		}
	}
	return grad
}

// A portLayer is a layer of sigmoids.
type portLayer struct {
	start int // in θ
	w     [][]float64
	b     []float64 // nil if there is none
}

func portLayers(c *touchstone.Case) []portLayer {
	layers, at, fanIn := []portLayer{}, 0, c.Net.Inputs()
	for l := range c.Net.NumLayers() {
		d := c.Net.Layer(l)
		p := portLayer{start: at}
		for range d.Width {
			p.w = append(p.w, c.Theta[at:at+fanIn])
			at += fanIn
		}
		if !d.NoBias {
			p.b = c.Theta[at : at+d.Width]
			at += d.Width
		}
		layers, fanIn = append(layers, p), d.Width
	}
	return layers
}

func (l portLayer) forward(in []float64) (out []float64) {
	for j, w := range l.w {
		z := 0.0
		for k, x := range in {
			z += w[k] * x
		}
		if l.b != nil {
			z += l.b[j]
		}
		out = append(out, 1/(1+math.Exp(-z)))
	}
	return out
}

// backward adds to the gradient of the layer, and returns the derivative by its inputs.
func (l portLayer) backward(grad, da, in, out []float64) []float64 {
	below := make([]float64, len(in))
	for j, w := range l.w {
		delta := da[j] * out[j] * (1 - out[j])
		for k, x := range in {
			grad[j*len(in)+k] += delta * x
			below[k] += delta * w[k]
		}
		if l.b != nil {
			grad[len(l.w)*len(in)+j] += delta
		}
	}
	return below
}

func isCovered(c *touchstone.Case) bool {
	for l := range c.Net.NumLayers() {
		if c.Net.Layer(l).Activation != (activation.Sigmoid{}) {
			return false
		}
	}
	return c.Lambda == 0
}
