package mlp

import (
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/activation"
)

// A Layer describes one dense layer.
type Layer struct {
	Width      int             // neurons, at least 1
	Activation activation.Func // not nil
	NoBias     bool            // z = W·a instead of W·a + b
}

// A Net is the architecture of a dense network: how many inputs, and which
// layers. It holds no parameters and never changes, so it may be shared by any
// number of goroutines. New makes one; the zero Net is of no use. Parameters live in a flat vector θ of NumParams numbers
// that the caller owns: layer by layer, the weights row by row and then the
// biases.
type Net struct {
	layers []layer
	params int
}

type layer struct {
	Layer
	fanIn int
	w, b  int // offsets in θ of W[0,0] and b[0]
}

// New returns a network with the given number of inputs and layers, first layer
// first.
//
// It panics if inputs or a Width is below 1, if there is no layer, if an
// Activation is nil, or if the parameters are too many to count.
func New(inputs int, layers ...Layer) *Net {
	if inputs < 1 {
		panic("mlp: New: inputs below 1")
	}
	if len(layers) == 0 {
		panic("mlp: New: no layers")
	}
	n := &Net{layers: make([]layer, len(layers))}
	fanIn := inputs
	for l, d := range layers {
		if d.Width < 1 {
			panic("mlp: New: layer width below 1")
		}
		if d.Activation == nil {
			panic("mlp: New: nil activation")
		}
		// Width·(fanIn+1) more parameters, bias or not, must fit an int.
		if uint(d.Width) > uint(math.MaxInt-n.params)/(uint(fanIn)+1) {
			panic("mlp: New: too many parameters")
		}
		n.layers[l] = layer{Layer: d, fanIn: fanIn, w: n.params, b: n.params + d.Width*fanIn}
		n.params = n.layers[l].b
		if !d.NoBias {
			n.params += d.Width
		}
		fanIn = d.Width
	}
	return n
}

// Inputs returns the number of inputs of the network.
func (n *Net) Inputs() int { return n.layers[0].fanIn }

// Outputs returns the number of outputs: the width of the last layer.
func (n *Net) Outputs() int { return n.layers[len(n.layers)-1].Width }

// NumLayers returns the number of layers, not counting the inputs.
func (n *Net) NumLayers() int { return len(n.layers) }

// Layer returns the description of layer l, counted from 0. It panics if there
// is no such layer.
func (n *Net) Layer(l int) Layer {
	if l < 0 || l >= len(n.layers) {
		panic("mlp: Layer: no such layer")
	}
	return n.layers[l].Layer
}

// NumParams returns the length of θ.
func (n *Net) NumParams() int { return n.params }

// Weights returns the weights of layer l as a view of theta: Width rows, fan-in
// columns; row j holds the weights of neuron j. It panics if there is no layer l
// (counted from 0) or if theta does not have NumParams elements.
func (n *Net) Weights(theta []float64, l int) blas64.General {
	if l < 0 || l >= len(n.layers) {
		panic("mlp: Weights: no such layer")
	}
	if len(theta) != n.params {
		panic("mlp: Weights: length of theta is not NumParams")
	}
	d := &n.layers[l]
	return blas64.General{Rows: d.Width, Cols: d.fanIn, Stride: d.fanIn, Data: theta[d.w:d.b:d.b]}
}

// Biases returns the biases of layer l as a view of theta, Width long, or nil
// for a layer with NoBias. It panics if there is no layer l (counted from 0) or
// if theta does not have NumParams elements.
func (n *Net) Biases(theta []float64, l int) []float64 {
	if l < 0 || l >= len(n.layers) {
		panic("mlp: Biases: no such layer")
	}
	if len(theta) != n.params {
		panic("mlp: Biases: length of theta is not NumParams")
	}
	d := &n.layers[l]
	if d.NoBias {
		return nil
	}
	return theta[d.b : d.b+d.Width : d.b+d.Width]
}

// ParamName returns the name of θ[i]: "W2[3,1]" for the weight of neuron 3 of
// layer 2 on its input 1, "b1[0]" for the bias of neuron 0 of layer 1. Layers,
// neurons and inputs count from 0. It panics if i is out of range.
func (n *Net) ParamName(i int) string {
	if i < 0 || i >= n.params {
		panic("mlp: ParamName: no such parameter")
	}
	l := len(n.layers) - 1
	for i < n.layers[l].w {
		l--
	}
	d := &n.layers[l]
	if i >= d.b {
		return "b" + strconv.Itoa(l) + "[" + strconv.Itoa(i-d.b) + "]"
	}
	j, k := (i-d.w)/d.fanIn, (i-d.w)%d.fanIn
	return "W" + strconv.Itoa(l) + "[" + strconv.Itoa(j) + "," + strconv.Itoa(k) + "]"
}

// String returns the widths from inputs to outputs, as in "3-4-1".
func (n *Net) String() string {
	var b strings.Builder
	b.WriteString(strconv.Itoa(n.Inputs()))
	for l := range n.layers {
		b.WriteByte('-')
		b.WriteString(strconv.Itoa(n.layers[l].Width))
	}
	return b.String()
}
