package weights

import (
	"fmt"

	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/activation"
	"touchstone/mlp"
)

// An Orientation says how the weights of a layer lie in a matrix. There is no default:
// a matrix of as many rows as columns does not show it.
type Orientation int

const (
	// OutIn is a row for each neuron and a column for each input, z = W·x: PyTorch, and
	// this module.
	OutIn Orientation = iota + 1
	// InOut is a row for each input and a column for each neuron, z = x·W: Keras, and the
	// coefs_ of scikit-learn's MLPClassifier and MLPRegressor.
	InOut
)

// String returns "out,in" or "in,out".
func (o Orientation) String() string {
	switch o {
	case OutIn:
		return "out,in"
	case InOut:
		return "in,out"
	}
	return fmt.Sprintf("Orientation(%d)", int(o))
}

func (o Orientation) other() Orientation { return OutIn + InOut - o }

// A Layer names the tensors of a layer.
type Layer struct {
	Weights    string          // a matrix
	Biases     string          // a vector, or a matrix of one row or column; "" for a layer without
	Activation activation.Func // not nil
}

// Network returns the network of the given layers, first layer first, and its
// parameters. Used on a Set of the gradients of tensors, it returns the gradient.
//
// An error is an *Error: a tensor that is not there or cannot be decoded, that is named
// twice, that does not have the shape that its layer takes, or has no elements. Network
// panics if there are no layers, an Activation is nil, or o is none of the constants.
func (s *Set) Network(o Orientation, layers ...Layer) (*mlp.Net, []float64, error) {
	if o != OutIn && o != InOut {
		panic("weights: Network: no orientation")
	}
	if len(layers) == 0 {
		panic("weights: Network: no layers")
	}
	named := map[string]bool{}
	fanIn := 0 // not known yet
	inputs, theta := 0, []float64(nil)
	var shape []mlp.Layer
	for _, d := range layers {
		if d.Activation == nil {
			panic("weights: Network: nil activation")
		}
		for _, name := range []string{d.Weights, d.Biases} {
			if named[name] && name != "" {
				return nil, nil, &Error{Tensor: name, Reason: "is named twice among the layers"}
			}
			named[name] = true
		}
		w, err := s.weights(d.Weights, o, fanIn)
		if err != nil {
			return nil, nil, err
		}
		theta = append(theta, w.Data...)
		if d.Biases != "" {
			b, err := s.biases(d.Biases, o, w)
			if err != nil {
				return nil, nil, err
			}
			theta = append(theta, b...)
		}
		if fanIn == 0 {
			inputs = w.Cols
		}
		fanIn = w.Rows
		shape = append(shape, mlp.Layer{Width: w.Rows, Activation: d.Activation, NoBias: d.Biases == ""})
	}
	return mlp.New(inputs, shape...), theta, nil
}

// weights returns the matrix of a layer, out × in. A fanIn of 0 is any.
func (s *Set) weights(name string, o Orientation, fanIn int) (blas64.General, error) {
	var m blas64.General
	t, err := s.Tensor(name)
	if err != nil {
		return m, err
	}
	if len(t.Shape) != 2 || len(t.Data) == 0 {
		return m, s.wrong(t, "has the shape %v; the weights of a layer are a matrix, %v", t.Shape, o)
	}
	out, in := t.Shape[0], t.Shape[1]
	if o == InOut {
		out, in = in, out
	}
	switch {
	case fanIn == 0 || fanIn == in:
	case fanIn == out:
		return m, s.wrong(t, "has the shape %v, %v, which takes %d inputs, and the layer before has %d outputs; it would fit if it were %v",
			t.Shape, o, in, fanIn, o.other())
	default:
		return m, s.wrong(t, "has the shape %v, %v, which takes %d inputs, and the layer before has %d outputs", t.Shape, o, in, fanIn)
	}
	m = blas64.General{Rows: out, Cols: in, Stride: in, Data: t.Data}
	if o == InOut {
		m.Data = transposed(t.Data, in, out)
	}
	return m, nil
}

// transposed returns the transpose of a matrix of rows × cols.
func transposed(m []float64, rows, cols int) []float64 {
	t := make([]float64, len(m))
	for i := range len(m) {
		r, c := i/cols, i%cols
		t[c*rows+r] = m[i]
	}
	return t
}

// biases returns the vector of a layer with the given weights.
func (s *Set) biases(name string, o Orientation, w blas64.General) ([]float64, error) {
	t, err := s.Tensor(name)
	if err != nil {
		return nil, err
	}
	isVector := len(t.Shape) == 1 || len(t.Shape) == 2 && (t.Shape[0] == 1 || t.Shape[1] == 1)
	switch {
	case isVector && len(t.Data) == w.Rows:
		return t.Data, nil
	case isVector && len(t.Data) == w.Cols:
		return nil, s.wrong(t, "has the shape %v, and the layer has %d neurons, its weights being %v; it would fit if they were %v",
			t.Shape, w.Rows, o, o.other())
	}
	return nil, s.wrong(t, "has the shape %v, want [%d], a bias for each neuron", t.Shape, w.Rows)
}

// Samples returns a tensor of inputs or targets, with samples as rows, for a network
// with the given number of inputs or outputs. A vector is a single sample, or one
// number for each of many. An error is an *Error. Samples panics if cols is below 1.
func (s *Set) Samples(name string, cols int) (blas64.General, error) {
	if cols < 1 {
		panic("weights: Samples: cols below 1")
	}
	t, err := s.Tensor(name)
	if err != nil {
		return blas64.General{}, err
	}
	m := blas64.General{Rows: len(t.Data) / cols, Cols: cols, Stride: cols, Data: t.Data}
	isVector := len(t.Shape) == 1 && (cols == 1 || m.Rows == 1 && len(t.Data) == cols)
	isMatrix := len(t.Shape) == 2 && t.Shape[1] == cols
	if !isVector && !isMatrix || m.Rows == 0 {
		return blas64.General{}, s.wrong(t, "has the shape %v, want a row for each sample with %d columns", t.Shape, cols)
	}
	return m, nil
}
