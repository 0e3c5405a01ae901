package weights

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone"
	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp/exact"
)

// The network that PyTorch trained predicts here what it predicts there, and has the
// loss and the gradient that PyTorch computes, in the precision of its run.
func TestTorch(t *testing.T) {
	for _, file := range []string{"torch.safetensors", "torch.npz"} {
		for _, run := range []struct {
			file      string
			precision touchstone.Precision
		}{{"torch_run32.npz", touchstone.Float32}, {"torch_run64.npz", touchstone.Float64}} {
			n, theta, err := load(t, file).Network(OutIn, torchLayers...)
			require.NoError(t, err)
			require.Equal(t, "3-4-5-2", n.String())
			data := load(t, run.file)
			p := exact.Problem{Net: n, Loss: loss.LogitCrossEntropy{}, Theta: theta}
			p.X, err = data.Samples("x", n.Inputs())
			require.NoError(t, err)
			p.T, err = data.Samples("t", n.Outputs())
			require.NoError(t, err)
			require.Equal(t, 7, p.X.Rows)
			c, err := touchstone.NewCase("torch", p)
			require.NoError(t, err)
			_, grad, err := data.Network(OutIn, torchLayers...)
			require.NoError(t, err)
			claim := touchstone.Claim{
				A:         [][]float64{nil, nil, tensor(t, data, "y").Data},
				Loss:      &tensor(t, data, "loss").Data[0],
				Grad:      grad,
				DX:        tensor(t, data, "dx").Data,
				Precision: run.precision,
			}
			assertPasses(t, c, claim)

			// The gradient of the last layer, 5×2 as if it were 2×5.
			wrong := append([]float64(nil), grad...)
			last := n.Weights(wrong, 2)
			last.Data[1], last.Data[2] = last.Data[2], last.Data[1]
			claim.Grad = wrong
			v := touchstone.Judge(c, claim)
			assert.Equal(t, touchstone.Fail, v.Outcome)
			assert.Equal(t, "W2", v.First.Name)
		}
	}
}

func assertPasses(t *testing.T, c touchstone.Case, claim touchstone.Claim) {
	t.Helper()
	v := touchstone.Judge(c, claim)
	assert.NoError(t, v.Err)
	assert.Equal(t, touchstone.Pass, v.Outcome)
	for i := range v.Blocks {
		t.Log(v.Blocks[i].String())
	}
}

// Another writer and reader of the format, github.com/nlpodyssey/safetensors, read
// torch.safetensors and wrote this file.
func TestSafetensorsOfAnother(t *testing.T) {
	want, got := load(t, "torch.safetensors"), load(t, "nlpodyssey.safetensors")
	assert.ElementsMatch(t, want.Names(), got.Names())
	for _, name := range want.Names() {
		assert.Equal(t, tensor(t, want, name), tensor(t, got, name))
	}
}

func TestTorchSixteenBits(t *testing.T) {
	for file, tensors := range expected(t).Torch {
		s := load(t, file)
		require.Len(t, s.Names(), len(tensors))
		for name, want := range tensors {
			requireSame(t, want, tensor(t, s, name).Data)
		}
	}
}

// What scikit-learn trained predicts here what it predicts there, and the gradient is
// that of its own backpropagation. Its weights taken for those of PyTorch do not fit, or,
// where all matrices are square, are another network.
func TestSklearn(t *testing.T) {
	for _, m := range []struct {
		file         string
		hidden, last activation.Func
		loss         loss.Func
		net, wrong   string
	}{
		{"sklearn_classifier", activation.Tanh{}, activation.Sigmoid{}, loss.CrossEntropy{}, "3-4-5-1",
			`testdata/sklearn_classifier.npz: tensor "intercepts_0": has the shape [4], and the layer has 3 neurons, its weights being out,in; it would fit if they were in,out`},
		{"sklearn_regressor", activation.Sigmoid{}, activation.Identity{}, loss.Squared{}, "3-3-3-3", ""},
	} {
		parameters, s := load(t, m.file+".npz"), load(t, m.file+"_run.npz")
		n, theta, err := parameters.Network(InOut, sklearnLayers(m.hidden, m.last)...)
		require.NoError(t, err)
		require.Equal(t, m.net, n.String())
		_, grad, err := s.Network(InOut, sklearnLayers(m.hidden, m.last)...)
		require.NoError(t, err)
		p := exact.Problem{Net: n, Loss: m.loss, Theta: theta, Lambda: tensor(t, s, "l2").Data[0]}
		p.X, err = s.Samples("x", n.Inputs())
		require.NoError(t, err)
		p.T, err = s.Samples("t", n.Outputs())
		require.NoError(t, err)
		require.Equal(t, 40, p.X.Rows)
		c, err := touchstone.NewCase("sklearn", p)
		require.NoError(t, err)
		y := tensor(t, s, "y").Data
		claim := touchstone.Claim{Grad: grad, A: [][]float64{nil, nil, y}}
		if s.Has("loss") {
			claim.Loss = &tensor(t, s, "loss").Data[0]
		}
		assertPasses(t, c, claim)

		n, theta, err = parameters.Network(OutIn, sklearnLayers(m.hidden, m.last)...)
		if m.wrong != "" {
			assert.EqualError(t, err, m.wrong)
			continue
		}
		require.NoError(t, err)
		p.Net, p.Theta = n, theta
		c, err = touchstone.NewCase("transposed", p)
		require.NoError(t, err)
		assert.Equal(t, touchstone.Fail, touchstone.Judge(c, touchstone.Claim{A: claim.A}).Outcome)
	}
}

func TestNetworkErrors(t *testing.T) {
	const npz = "testdata/sklearn_classifier_run.npz"
	s := load(t, "sklearn_classifier_run.npz")
	require.NoError(t, s.add("f", []entry{
		{name: "empty", decode: func() (*Tensor, error) { return &Tensor{Shape: []int{0, 3}}, nil }},
		{name: "nan", decode: func() (*Tensor, error) {
			return &Tensor{Shape: []int{1, 2}, Data: []float64{math.NaN(), math.Inf(-1)}}, nil
		}},
		{name: "again", decode: func() (*Tensor, error) { return &Tensor{Shape: []int{4, 5}, Data: make([]float64, 20)}, nil }},
		{name: "row", decode: func() (*Tensor, error) { return &Tensor{Shape: []int{1, 2}, Data: []float64{1, 2}}, nil }},
	}))
	id := activation.Identity{}
	for _, b := range []struct {
		o      Orientation
		layers []Layer
		want   error
	}{
		{InOut, []Layer{{"x", "", id}, {"coefs_0", "", id}}, &Error{npz, "coefs_0",
			"has the shape [3 4], in,out, which takes 3 inputs, and the layer before has 3 outputs"}},
		{InOut, []Layer{{"coefs_0", "", id}, {"coefs_0", "", id}}, &Error{"", "coefs_0", "is named twice among the layers"}},
		{InOut, []Layer{{"coefs_1", "", id}, {"intercepts_0", "", id}}, &Error{npz, "intercepts_0",
			"has the shape [4]; the weights of a layer are a matrix, in,out"}},
		{InOut, []Layer{{"coefs_0", "intercepts_1", id}}, &Error{npz, "intercepts_1", "has the shape [5], want [4], a bias for each neuron"}},
		{InOut, []Layer{{"coefs_0", "coefs_2", id}}, &Error{npz, "coefs_2", "has the shape [5 1], want [4], a bias for each neuron"}},
		{InOut, []Layer{{"coefs_1", "", id}, {"coefs_0", "", id}}, &Error{npz, "coefs_0",
			"has the shape [3 4], in,out, which takes 3 inputs, and the layer before has 5 outputs"}},
		{OutIn, []Layer{{"coefs_1", "", id}, {"again", "", id}}, &Error{"f", "again",
			"has the shape [4 5], out,in, which takes 5 inputs, and the layer before has 4 outputs; it would fit if it were in,out"}},
		{OutIn, []Layer{{"empty", "", id}}, &Error{"f", "empty", "has the shape [0 3]; the weights of a layer are a matrix, out,in"}},
	} {
		_, _, err := s.Network(b.o, b.layers...)
		if b.layers[0].Weights == "x" { // 40×3 and then 3×4 fits
			assert.NoError(t, err)
			continue
		}
		assert.Equal(t, b.want, err)
	}

	_, _, err := s.Network(OutIn, Layer{"W", "", id})
	assert.EqualError(t, err, `tensor "W": is not there; there are "x", "t", "y", "l2", "loss", "coefs_0", "intercepts_0", "coefs_1", "intercepts_1", "coefs_2", "intercepts_2", "empty", and 3 more`)

	n, theta, err := s.Network(OutIn, Layer{"nan", "", id})
	require.NoError(t, err) // numbers propagate
	assert.Equal(t, "2-1", n.String())
	assert.True(t, math.IsNaN(theta[0]) && math.IsInf(theta[1], -1))

	n, theta, err = s.Network(InOut, Layer{"row", "nan", id}) // a bias may be a row
	require.NoError(t, err)
	assert.Equal(t, "1-2", n.String())
	assert.Equal(t, []float64{1, 2}, theta[:2])

	for message, f := range map[string]func(){
		"weights: Network: no orientation": func() { s.Network(0, Layer{"W", "", id}) },
		"weights: Network: no layers":      func() { s.Network(InOut) },
		"weights: Network: nil activation": func() { s.Network(InOut, Layer{"W", "", nil}) },
		"weights: Samples: cols below 1":   func() { s.Samples("x", 0) },
	} {
		assert.PanicsWithValue(t, message, f)
	}
}

func TestSamples(t *testing.T) {
	s := load(t, "numpy.npz")
	for _, b := range []struct {
		name       string
		cols, rows int // rows 0: an error
	}{
		{"f8", 3, 2}, {"f8", 2, 0}, {"f8", 6, 0}, {"special", 1, 5}, {"special", 5, 1}, {"special", 2, 0},
		{"number", 1, 0}, {"empty", 3, 0}, {"column", 1, 2}, {"column", 2, 0},
	} {
		m, err := s.Samples(b.name, b.cols)
		if b.rows == 0 {
			assert.ErrorContains(t, err, "want a row for each sample with", "%v", b)
			continue
		}
		require.NoError(t, err)
		assert.Equal(t, []int{b.rows, b.cols, b.cols}, []int{m.Rows, m.Cols, m.Stride})
	}
}
