package weights

import (
	"archive/zip"
	"bytes"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/blas/blas64"

	"touchstone"
	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp"
	"touchstone/mlp/exact"
)

// A file has the very bytes that the format asks for, the numbers at a multiple of 64.
func TestNPYBytes(t *testing.T) {
	for _, b := range []struct {
		descr string
		shape []int
		want  string
	}{
		{"<f8", nil, "'<f8', 'fortran_order': False, 'shape': (), }"},
		{"<f8", []int{3}, "'<f8', 'fortran_order': False, 'shape': (3,), }"},
		{"<U4", []int{2, 3}, "'<U4', 'fortran_order': False, 'shape': (2, 3), }"},
	} {
		f := string(npyFile(b.descr, b.shape, []byte("numbers")))
		header := "{'descr': " + b.want
		assert.Equal(t, "\x93NUMPY\x01\x00\x76\x00"+header+strings.Repeat(" ", 117-len(header))+"\nnumbers", f)
	}
	long := npyFile("<U"+strings.Repeat("1", 100), nil, []byte("x"))
	assert.Equal(t, 193, len(long))
}

func TestEncodeNetwork(t *testing.T) {
	n := mlp.New(2, mlp.Layer{Width: 3, Activation: activation.ReLU{}}, mlp.Layer{Width: 1, Activation: activation.Identity{}, NoBias: true})
	theta := []float64{1, 2, 3, 4, 5, 6, -1, -2, -3, 7, 8, 9}
	mean := Tensor{Name: "mean", Shape: []int{2}, Data: []float64{10, 20}}
	data := EncodeNetwork(n, theta, mean)
	assert.Equal(t, data, EncodeNetwork(n, theta, mean))
	mean.Shape[0] = 3
	assert.PanicsWithValue(t, "weights: EncodeNetwork: length of a tensor is not that of its shape", func() { EncodeNetwork(n, theta, mean) })

	var s Set
	require.NoError(t, s.Decode("net.npz", data))
	assert.Equal(t, []string{"W0", "b0", "W1", "activations", "mean"}, s.Names())
	assert.Equal(t, []float64{10, 20}, tensor(t, &s, "mean").Data)
	m, again, err := s.Network(OutIn, Layer{"W0", "b0", activation.ReLU{}}, Layer{"W1", "", activation.Identity{}})
	require.NoError(t, err)
	assert.Equal(t, n, m)
	assert.Equal(t, theta, again)

	// What is ours has no time, no compression, and strings as NumPy has them.
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	require.NoError(t, err)
	for _, f := range z.File {
		assert.Equal(t, zip.Store, f.Method)
		assert.True(t, f.Modified.IsZero() || f.Modified.Year() < 1981, f.Modified)
	}
	r, err := z.File[3].Open()
	require.NoError(t, err)
	raw, err := io.ReadAll(r)
	require.NoError(t, err)
	assert.Contains(t, string(raw), "{'descr': '<U8', 'fortran_order': False, 'shape': (2,), }")
	letters := func(s string) string { return strings.Join(strings.Split(s, ""), "\x00\x00\x00") + "\x00\x00\x00" }
	assert.True(t, strings.HasSuffix(string(raw), "\n"+letters("relu")+strings.Repeat("\x00", 16)+letters("identity")))
}

// Every result of a case is in its file, in its place.
func TestEncodeCase(t *testing.T) {
	n := mlp.New(2, mlp.Layer{Width: 3, Activation: activation.Tanh{}}, mlp.Layer{Width: 1, Activation: activation.Identity{}, NoBias: true})
	p := exact.Problem{
		Net: n, Loss: loss.Squared{}, Theta: []float64{1, 2, 3, 4, 5, 6, -1, -2, -3, 7, 8, 9}, Lambda: 0.5, Rate: 0.25, Sum: true,
		X: blas64.General{Rows: 2, Cols: 2, Stride: 2, Data: []float64{0.1, 0.2, 0.3, 0.4}},
		T: blas64.General{Rows: 2, Cols: 1, Stride: 1, Data: []float64{1, -1}},
	}
	c, err := touchstone.NewCase("case", p)
	require.NoError(t, err)
	var s Set
	require.NoError(t, s.Decode("case.npz", EncodeCase(c)))
	assert.Equal(t, strings.Fields("x t W0 b0 W1 activations loss_function reduction l2 loss scale_loss"+
		" z0 scale_z0 z1 scale_z1 a0 scale_a0 a1 scale_a1 delta0 scale_delta0 delta1 scale_delta1"+
		" grad_W0 grad_b0 grad_W1 scale_grad_W0 scale_grad_b0 scale_grad_W1 dx scale_dx rate"+
		" after_W0 after_b0 after_W1 scale_after_W0 scale_after_b0 scale_after_W1 loss_after"), s.Names())

	layers := func(prefix string) []float64 {
		_, v, err := s.Network(OutIn, Layer{prefix + "W0", prefix + "b0", activation.Tanh{}}, Layer{prefix + "W1", "", activation.Identity{}})
		require.NoError(t, err)
		return v
	}
	assert.Equal(t, c.Theta, layers(""))
	assert.Equal(t, c.Scale.Grad, layers("scale_grad_"))
	assert.Equal(t, c.Scale.After, layers("scale_after_"))
	assert.Equal(t, c.X.Data, tensor(t, &s, "x").Data)
	assert.Equal(t, c.T.Data, tensor(t, &s, "t").Data)
	for name, want := range map[string]float64{"l2": 0.5, "rate": 0.25, "loss": c.Exact.Loss.Float64(), "scale_loss": c.Scale.Loss,
		"loss_after": c.Step.Loss.Float64()} {
		v := tensor(t, &s, name)
		assert.Empty(t, v.Shape)
		assert.Equal(t, []float64{want}, v.Data, name)
	}
	assert.Equal(t, []int{2, 3}, tensor(t, &s, "z0").Shape)
	assert.Equal(t, []int{2, 2}, tensor(t, &s, "scale_dx").Shape)

	// They are the exact ones, and those of a package that knows nothing of cases.
	r, err := exact.Evaluate(p)
	require.NoError(t, err)
	same := func(want []exact.Ball, got []float64) {
		t.Helper()
		require.Len(t, got, len(want))
		for i := range want {
			// An exact result in the middle of two float64s may be rounded to the other one.
			assert.InDelta(t, want[i].Value, got[i], 0x1p-52*math.Abs(want[i].Value))
		}
	}
	same(r.Grad, layers("grad_"))
	same(r.After, layers("after_"))
	same(r.DX, tensor(t, &s, "dx").Data)
	for l, suffix := range []string{"0", "1"} {
		same(r.Z[l], tensor(t, &s, "z"+suffix).Data)
		same(r.A[l], tensor(t, &s, "a"+suffix).Data)
		same(r.Delta[l], tensor(t, &s, "delta"+suffix).Data)
	}

	// A case without loss has the cotangent, and a mean is called one.
	p.Loss, p.DY, p.T = nil, p.T, blas64.General{}
	c, err = touchstone.NewCase("case", p)
	require.NoError(t, err)
	c.Step = nil
	s = Set{}
	require.NoError(t, s.Decode("case.npz", EncodeCase(c)))
	assert.True(t, s.Has("dy") && !s.Has("t") && !s.Has("rate"))
}
