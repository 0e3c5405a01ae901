package main

import (
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone/activation"
	"touchstone/mlp"
)

// extremeModel has numbers that are lost by anything but exact decimals.
func extremeModel(t *testing.T) *model {
	t.Helper()
	net, err := newNet(1, []mlp.Layer{
		{Width: 2, Activation: activation.Tanh{}, NoBias: true},
		{Width: 1, Activation: activation.Identity{}},
	})
	require.NoError(t, err)
	return &model{
		target:   `<50 "%"`,
		features: []feature{{"grö\nße", -1.0 / 3, 5e-324}},
		net:      net,
		theta:    []float64{math.Copysign(0, -1), math.MaxFloat64, 0.1, 5e-324, -math.Nextafter(1, 2)},
	}
}

func TestModelRoundTrip(t *testing.T) {
	t.Chdir(t.TempDir())
	want := extremeModel(t)
	require.NoError(t, want.save("model.json"))
	got, err := readModel("model.json")
	require.NoError(t, err)
	assert.Equal(t, want, got)
	for i, v := range want.theta { // Equal takes −0 for 0
		assert.Equal(t, math.Float64bits(v), math.Float64bits(got.theta[i]), "theta[%d]", i)
	}
}

// A file that cannot be completed does not touch the old one.
func TestSaveFails(t *testing.T) {
	inDirWith(t, "model.json", "old")
	m := extremeModel(t)
	m.theta[0] = math.NaN()
	assert.EqualError(t, m.save("model.json"), "cannot save model.json: json: unsupported value: NaN")
	old, err := os.ReadFile("model.json")
	require.NoError(t, err)
	assert.Equal(t, "old", string(old))

	require.NoError(t, os.MkdirAll("taken/by", 0o755))
	err = extremeModel(t).save("taken")
	require.ErrorContains(t, err, "cannot save taken: ")
	assert.NotContains(t, err.Error(), ".touchstone-")
	assert.Equal(t, []string{"model.json", "taken"}, files(t))
}

const goodModel = `{
  "format": "touchstone-model-1",
  "target": "y",
  "features": [{"name": "a", "mean": 1, "deviation": 2}, {"name": "b", "mean": 0, "deviation": 1}],
  "layers": [{"width": 3, "activation": "sigmoid", "bias": true}, {"width": 1, "activation": "identity", "bias": true}],
  "loss": "logit-cross-entropy",
  "theta": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]
}
`

func TestBadModels(t *testing.T) {
	// Counting the parameters of layers so wide overflows an int.
	maxInt, quarter := strconv.Itoa(math.MaxInt), strconv.Itoa(math.MaxInt/4+1)
	for _, test := range []struct{ name, old, new, want string }{
		{"empty", goodModel, "", `line 1, column 1: unexpected end of JSON input`},
		{"cut short", `"loss"`, "\x00", `line 6, column 2: unexpected end of JSON input`},
		{"trailing data", "}\n", "} {}\n", `line 8, column 3: invalid character '{' after top-level value`},
		{"syntax", `"mean": 1,`, `"mean": 1;`, `line 4, column 39: invalid character ';' after object key:value pair`},
		{"not an object", goodModel, "[]", `line 1, column 1: found array, want an object: this is no model, as "touchstone train -save" writes it`},
		{"other JSON", goodModel, "{}", `the format is "", want "touchstone-model-1"; "touchstone train -save" writes such a file`},
		{"other format", "model-1", "model-2", `the format is "touchstone-model-2", want "touchstone-model-1"; another version of touchstone wrote it`},
		{"unknown field", `"mean"`, `"average": 0, "mean"`, `features[0].average: unknown field`},
		{"misplaced field", `"mean": 1`, `"bias": true, "mean": 1`, `unknown field "bias"`},
		{"other case", `"mean": 1`, `"Mean": 1`, `features[0].Mean: unknown field`},
		{"field twice", `"mean": 1`, `"mean": 1, "mean": 1`, `features[0].mean: is there twice`},
		{"string for a number", `"mean": 1`, `"mean": "1"`, `line 4, column 40: features.mean: found string, want a number in the range of float64`},
		{"infinite", "13", "1e999", `line 7, column 56: theta: found number 1e999, want a number in the range of float64`},
		{"NaN", "13", "NaN", `line 7, column 52: invalid character 'N' looking for beginning of value`},
		{"null", "13", "null", `theta[12] is null`},
		{"no target", `"target": "y"`, `"target": ""`, `there is no target`},
		{"no features", `{"name": "a", "mean": 1, "deviation": 2}, {"name": "b", "mean": 0, "deviation": 1}`, "", `there are no features`},
		{"nameless", `"name": "a"`, `"name": ""`, `features[0] has no name`},
		{"name with a space", `"name": "b"`, `"name": " b"`, `features[1] has the name " b", with a space around it, and a column has none`},
		{"target with a space", `"target": "y"`, `"target": "y\t"`, `the target "y\t" has a space around it, and a column has none`},
		{"name twice", `"name": "b"`, `"name": "a"`, `features[1] has the name "a", which is taken`},
		{"name of the target", `"name": "b"`, `"name": "y"`, `features[1] has the name "y", which is taken`},
		{"no mean", `"mean": 1, `, ``, `feature "a" has no mean`},
		{"no deviation", `, "deviation": 2`, ``, `feature "a" has no deviation`},
		{"deviation 0", `"deviation": 2`, `"deviation": 0`, `feature "a" has the deviation 0, want one above 0`},
		{"negative deviation", `"deviation": 2`, `"deviation": -2`, `feature "a" has the deviation -2, want one above 0`},
		{"no layers", `{"width": 3, "activation": "sigmoid", "bias": true}, {"width": 1, "activation": "identity", "bias": true}`, "", `the last layer is not one identity neuron`},
		{"unknown activation", "sigmoid", "step", `layers[0]: activation: unknown function "step", want one of: identity sigmoid tanh relu softplus`},
		{"no bias", `"sigmoid", "bias": true`, `"sigmoid"`, `layers[0] does not say if it has a bias`},
		{"two outputs", `"width": 1`, `"width": 2`, `the last layer is not one identity neuron`},
		{"sigmoid output", "identity", "sigmoid", `the last layer is not one identity neuron`},
		{"width 0", `"width": 3`, `"width": 0`, `layer 0 has the width 0, want at least 1`},
		{"negative width", `"width": 3`, `"width": -3`, `layer 0 has the width -3, want at least 1`},
		{"half a neuron", `"width": 3`, `"width": 2.5`, `line 5, column 26: layers.width: found number 2.5, want a whole number`},
		{"huge width", `"width": 3`, `"width": ` + maxInt, `the network has more than 1048576 parameters`},
		{"product overflows", `"width": 3`, `"width": ` + quarter, `the network has more than 1048576 parameters`},
		{"width beyond int", `"width": 3`, `"width": 1` + maxInt, fmt.Sprintf("line 5, column %d: layers.width: found number 1%s, want a whole number", 24+len(maxInt), maxInt)},
		{"other loss", "logit-cross-entropy", "squared", `the loss is "squared", want "logit-cross-entropy"`},
		{"too few values", ", 13", "", `theta has 12 values, the network 2-3-1 has 13 parameters`},
		{"too many values", "13", "13, 14", `theta has 14 values, the network 2-3-1 has 13 parameters`},
		{"too large", "}\n", "}" + strings.Repeat(" ", maxModelBytes), `larger than 32 MiB`},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := strings.Replace(goodModel, test.old, test.new, 1)
			require.NotEqual(t, goodModel, text)
			text, _, _ = strings.Cut(text, "\x00")
			inDirWith(t, "model.json", text)
			require.NoError(t, os.WriteFile("data.csv", []byte("a,b\n1,2\n"), 0o644))
			code, stdout, stderr := command("predict", "-model", "model.json", "-data", "data.csv")
			assert.Equal(t, 1, code)
			assert.Equal(t, "touchstone: model.json: "+test.want+"\n", stderr)
			assert.Empty(t, stdout)
		})
	}
}

// The mark that some editors put before the text is not a part of it.
func TestModelByteOrderMark(t *testing.T) {
	m, err := decodeModel("m", []byte("\ufeff"+goodModel))
	require.NoError(t, err)
	want, err := decodeModel("m", []byte(goodModel))
	require.NoError(t, err)
	assert.Equal(t, want, m)
	_, err = decodeModel("m", []byte("\ufeff\ufeff"+goodModel))
	assert.Error(t, err)
}

// A file cut anywhere is refused, by line and column.
func TestModelCutAnywhere(t *testing.T) {
	t.Chdir(t.TempDir())
	text := strings.TrimSpace(goodModel)
	for n := range len(text) {
		require.NoError(t, os.WriteFile("model.json", []byte(text[:n]), 0o644))
		_, err := readModel("model.json")
		var bad *ModelError
		require.ErrorAs(t, err, &bad, "cut at %d", n)
		lines := strings.Split(text[:max(n-1, 0)], "\n") // up to the last byte there is
		assert.Equal(t, len(lines), bad.Line, "cut at %d", n)
		assert.Equal(t, len(lines[len(lines)-1])+1, bad.Column, "cut at %d", n)
	}
}

// No model file makes the reader panic.
func FuzzModel(f *testing.F) {
	f.Add(goodModel)
	f.Fuzz(func(t *testing.T, text string) {
		j, err := parseModel([]byte(text))
		if err != nil {
			jsonError("model.json", []byte(text), err)
			return
		}
		m, err := j.model()
		if err != nil {
			return
		}
		_, err = m.encode()
		require.NoError(t, err)
	})
}
