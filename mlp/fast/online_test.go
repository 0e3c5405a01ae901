package fast

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"touchstone/activation"
	"touchstone/mlp"
)

// onlineCases are objectives of small networks and one sample.
func onlineCases() (list []*Objective) {
	rnd := newRand(7)
	for _, layers := range [][]mlp.Layer{
		{{Width: 1, Activation: activation.Sigmoid{}}},
		{{Width: 4, Activation: activation.Sigmoid{}}, {Width: 1, Activation: activation.Sigmoid{}}},
		{{Width: 5, Activation: activation.Tanh{}, NoBias: true}, {Width: 3, Activation: activation.ReLU{}}, {Width: 2, Activation: activation.Softplus{}}},
		{{Width: 9, Activation: activation.ReLU{}}, {Width: 8, Activation: activation.Identity{}, NoBias: true}},
	} {
		n := mlp.New(3, layers...)
		for _, lambda := range []float64{0, 0.5} {
			o := NewObjective(n, squared, normal(rnd, 1, 3), normal(rnd, 1, n.Outputs()))
			o.Lambda = lambda
			list = append(list, o)
		}
	}
	return list
}

// steps returns θ and the δ of all layers after two steps, by o or, without online
// layers, by the path that all other networks take.
func steps(o *Objective, online []online) (all []float64) {
	theta := normal(newRand(8), 1, o.net.NumParams()).Data
	kept := o.online
	o.online = online
	for range 2 {
		o.Step(theta, 0.3)
	}
	o.online = kept
	all = slices.Clone(theta)
	for l := range o.net.NumLayers() {
		all = append(all, o.tr.Delta[l].Data...)
	}
	return all
}

// The smallest steps are the same as the others, to the last bit.
func TestOnline(t *testing.T) {
	for _, o := range onlineCases() {
		if assert.NotNil(t, o.online, "%v", o.net) {
			assert.Equal(t, steps(o, nil), steps(o, o.online), "%v", o.net)
		}
	}
	big := network([]int{3, 40, 10})
	assert.Nil(t, NewObjective(big, squared, newMatrix(1, 3), newMatrix(1, 10)).online, "a large layer")
	several := network([]int{3, 2})
	assert.Nil(t, NewObjective(several, squared, newMatrix(2, 3), newMatrix(2, 2)).online, "two samples")
}

// A layer that is taken to begin elsewhere in θ, or that does not tell the layer below
// of its error, is seen.
func TestOnlineCatches(t *testing.T) {
	for _, o := range onlineCases()[2:] { // there is a layer below
		want, last := steps(o, nil), len(o.online)-1
		for _, wrong := range []func(c *online){
			func(c *online) { c.w-- },
			func(c *online) { c.biases = !c.biases },
			func(c *online) { c.below = nil },
		} {
			layers := slices.Clone(o.online)
			if wrong(&layers[last]); layers[last].biases && layers[last].b+len(layers[last].z) > o.net.NumParams() {
				continue // there are no biases to take
			}
			assert.NotEqual(t, want, steps(o, layers), "%v", o.net)
		}
	}
}
