package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone"
	"touchstone/activation"
	"touchstone/mlp"
	"touchstone/weights"
)

// netOf returns a network 2-1 without bias, for files that need one.
func netOf(t *testing.T) *mlp.Net {
	t.Helper()
	return mlp.New(2, mlp.Layer{Width: 1, Activation: activation.Identity{}, NoBias: true})
}

func exporting(args string) (code int, stdout, stderr string) {
	return command(append([]string{"export"}, strings.Fields(args)...)...)
}

// set returns the tensors of a file.
func set(t *testing.T, path string) *weights.Set {
	t.Helper()
	s := new(weights.Set)
	require.NoError(t, s.ReadFile(path))
	return s
}

func TestExportCase(t *testing.T) {
	t.Chdir(t.TempDir())
	want := touchstone.Cases()[0]
	code, _, err := exporting("-out case.npz -case " + want.ID)
	require.Equal(t, 0, code, err)
	data, e := os.ReadFile("case.npz")
	require.NoError(t, e)
	assert.Equal(t, weights.EncodeCase(want), data)

	code, out, err := exporting("-out - -case " + want.ID)
	require.Equal(t, 0, code, err)
	assert.Equal(t, string(data), out)
}

// What is generated, and what is imported, can be exported, and comes back the same.
func TestExportVector(t *testing.T) {
	t.Chdir(t.TempDir())
	code, _, err := command("generate", "-net", "3-4-1", "-activation", "tanh", "-batch", "5", "-out", "v.json")
	require.Equal(t, 0, code, err)
	stdin := os.Stdin
	t.Cleanup(func() { os.Stdin = stdin })
	f, e := os.Open("v.json")
	require.NoError(t, e)
	defer f.Close()
	os.Stdin = f
	code, _, err = exporting("- -out v.npz")
	require.Equal(t, 0, code, err)
	const flags = "import -orientation out,in -layer W0,b0,tanh -layer W1,b1,tanh -loss squared -rate 0.5 v.npz -vector w.json"
	code, _, err = command(strings.Fields(flags)...)
	require.Equal(t, 0, code, err)
	decode := func(name string) touchstone.Case {
		data, e := os.ReadFile(name)
		require.NoError(t, e)
		cases, _, e := touchstone.DecodeVectors(name, data)
		require.NoError(t, e)
		require.Len(t, cases, 1)
		c := cases[0]
		c.File, c.Source, c.ID = "", "", ""
		return c
	}
	assert.Equal(t, decode("v.json"), decode("w.json"))
}

func TestExportModel(t *testing.T) {
	inDirWith(t, "data.csv", patients)
	code, _, err := command(strings.Fields("train -data data.csv -target disease -hidden 2 -epochs 10 -save model.json")...)
	require.Equal(t, 0, code, err)
	code, _, err = exporting("model.json -out model.npz")
	require.Equal(t, 0, code, err)
	m, e := readModel("model.json")
	require.NoError(t, e)
	s := set(t, "model.npz")
	assert.Equal(t, []string{"W0", "b0", "W1", "b1", "activations", "mean", "deviation"}, s.Names())
	_, theta, e := s.Network(weights.OutIn, weights.Layer{Weights: "W0", Biases: "b0", Activation: activation.Sigmoid{}},
		weights.Layer{Weights: "W1", Biases: "b1", Activation: activation.Identity{}})
	require.NoError(t, e)
	assert.Equal(t, m.theta, theta)

	// And back: the same model, to the bit.
	code, _, err = command(strings.Fields("import -orientation out,in -layer W0,b0,sigmoid -layer W1,b1,identity -target disease" +
		" -features age,max_heart_rate,cholesterol -mean mean -deviation deviation -model again.json model.npz")...)
	require.Equal(t, 0, code, err)
	again, e := readModel("again.json")
	require.NoError(t, e)
	assert.Equal(t, m, again)
}

func TestExportJSON(t *testing.T) {
	t.Chdir(t.TempDir())
	j := document(t, 0, "export -json -case mazur -out m.npz")
	assert.Equal(t, "m.npz", j["file"])
	assert.Equal(t, "mazur", j["case"])
	assert.Equal(t, json.Number("12"), j["parameters"])
	var names []any
	for _, name := range set(t, "m.npz").Names() {
		names = append(names, name)
	}
	assert.Equal(t, names, j["arrays"])
}

func TestExportRefuses(t *testing.T) {
	inDirWith(t, "claim.json", ownClaim)
	code, _, err := command("generate", "-net", "2-1", "-out", "v.json")
	require.Equal(t, 0, code, err)
	require.NoError(t, os.WriteFile("model.json", []byte(`{"format": "touchstone-model-1", "theta": 3}`), 0o644))
	for _, b := range []struct {
		args string
		code int
		want string
	}{
		{"", 2, "export: -out is missing; see touchstone help export"},
		{"-out x", 2, "export: there is neither a file nor -case; see touchstone help export"},
		{"-out x a b", 2, `export: unexpected argument "b"; see touchstone help export`},
		{"-out x -case none", 2, `export: -case: there is no case "none"; see touchstone help export`},
		{"-out v.json v.json", 2, "export: -out would overwrite v.json; see touchstone help export"},
		{"-out x none.json", 1, "open none.json: no such file or directory"},
		{"-out x -case none v.json", 1, `v.json has no case "none"`},
		{"-out x claim.json", 1, `claim.json: schema: is "touchstone-claim-1", want "touchstone-golden-1"; it is a claim, for "touchstone verify"`},
		{"-out x -case mazurr", 2, `export: -case: there is no case "mazurr", did you mean mazur? See touchstone help export`},
		{"-out x -case generated-1 model.json", 2, "export: -case is for vectors, and model.json is a model; see touchstone help export"},
		{"-out - -json -case mazur", 2, "export: -json and -out - both want standard output: write to a file; see touchstone help export"},
		{"-out none/x -case mazur", 3, "cannot save none/x: no such file or directory"},
		{"-out x model.json", 1, "model.json: line 1, column 43: theta: found number, want a list"},
	} {
		code, out, err := exporting(b.args)
		assert.Equal(t, b.code, code, b.args)
		assert.Equal(t, "touchstone: "+b.want+"\n", err, b.args)
		assert.Empty(t, out)
	}
	assert.Equal(t, []string{"claim.json", "model.json", "v.json"}, files(t))
}
