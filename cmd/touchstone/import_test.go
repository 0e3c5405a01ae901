package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone"
	"touchstone/weights"
)

// inDirWithTensors makes a new directory the current one, with the files that other
// frameworks wrote.
func inDirWithTensors(t *testing.T) {
	t.Helper()
	from, err := filepath.Abs("../../weights/testdata")
	require.NoError(t, err)
	t.Chdir(t.TempDir())
	require.NoError(t, os.CopyFS(".", os.DirFS(from)))
}

// torchFlags and sklearnFlags map the networks of weights/testdata.
const (
	torchFlags   = "-orientation out,in -layer 0.weight,0.bias,tanh -layer 2.weight,2.bias,sigmoid -layer 4.weight,4.bias,identity"
	sklearnFlags = "-orientation in,out -layer coefs_0,intercepts_0,tanh -layer coefs_1,intercepts_1,tanh -layer coefs_2,intercepts_2,sigmoid"
)

func importing(args string) (code int, stdout, stderr string) {
	return command(append([]string{"import"}, strings.Fields(args)...)...)
}

func TestImportLists(t *testing.T) {
	inDirWithTensors(t)
	code, out, err := importing("numpy.npz version1.npy torch.safetensors")
	require.Equal(t, 0, code, err)
	for _, want := range []string{
		"big_fortran                      float32   [2 3]\n", "number                           float64   []\n",
		"object                           unusable  holds Python objects,", "version1                         float64   [2 3]\n",
		"0.weight                         float32   [4 3]\n",
	} {
		assert.Contains(t, out, want)
	}
	require.NoError(t, os.WriteFile("evil.npz", weights.EncodeNetwork(netOf(t), make([]float64, 2), weights.Tensor{Name: "\x1b[31m", Data: []float64{1}}), 0o644))
	_, out, _ = importing("evil.npz")
	assert.Contains(t, out, `"\x1b[31m"`)
	assert.NotContains(t, out, "\x1b")
}

// The gradient that PyTorch computed is judged, and a wrong one found out.
func TestImportClaim(t *testing.T) {
	inDirWithTensors(t)
	for _, run := range []struct{ file, precision string }{{"torch_run32.npz", "float32"}, {"torch_run64.npz", "float64"}} {
		flags := torchFlags + " -loss logit-cross-entropy -claim claim.json torch.safetensors -grad " + run.file
		code, _, err := importing(flags)
		require.Equal(t, 0, code, err)
		code, out, err := command("verify", "claim.json")
		require.Equal(t, 0, code, err)
		assert.Contains(t, out, "PASS: a network 3-4-5-2 of its own, claimed in "+run.precision)
		assert.Contains(t, out, "\nloss   pass")
		assert.Contains(t, out, "\nW0     pass")

		// A mean is not a sum.
		code, _, err = importing(flags + " -sum")
		require.Equal(t, 0, code, err)
		code, out, _ = command("verify", "claim.json")
		assert.Equal(t, 1, code)
		assert.Contains(t, out, "likely cause: REDUCTION")
	}
	code, _, err := importing(torchFlags + " -loss logit-cross-entropy -claim claim.json torch.safetensors -grad torch_run64.npz -precision bfloat16")
	require.Equal(t, 0, code, err)
	_, out, _ := command("verify", "claim.json")
	assert.Contains(t, out, "claimed in bfloat16")
}

// The gradient of scikit-learn, with its regulariser, and the vector of the same problem.
func TestImportSklearn(t *testing.T) {
	inDirWithTensors(t)
	l2, e := set(t, "sklearn_classifier_run.npz").Tensor("l2")
	require.NoError(t, e)
	flags := fmt.Sprintf("%s -loss cross-entropy -lambda %v sklearn_classifier.npz -grad sklearn_classifier_run.npz", sklearnFlags, l2.Data[0])
	code, _, err := importing(flags + " -claim claim.json -vector vector.json")
	require.Equal(t, 0, code, err)
	code, out, err := command("verify", "claim.json")
	require.Equal(t, 0, code, err)
	assert.Contains(t, out, "PASS: a network 3-4-5-1 of its own, claimed in float64")

	data, e := os.ReadFile("vector.json")
	require.NoError(t, e)
	assert.Contains(t, string(data), `"source": "touchstone import -orientation in,out -layer coefs_0`)
	cases, _, e := touchstone.DecodeVectors("vector.json", data)
	require.NoError(t, e)
	require.Len(t, cases, 1)
	assert.Regexp(t, "^imported-3-4-5-1-cross-entropy-[0-9a-f]{16}$", cases[0].ID)
	// Its coefs_0 is 3×4, the gradient of W0 is 4×3.
	want, e := set(t, "sklearn_classifier_run.npz").Tensor("coefs_0")
	require.NoError(t, e)
	for j := range 4 {
		for k := range 3 {
			d := cases[0].Exact.Grad[3*j+k]
			assert.LessOrEqual(t, d.Error(want.Data[4*k+j]), 0x1p-53*cases[0].Scale.Grad[3*j+k])
		}
	}

	// Where all matrices are square, the other orientation is another network.
	const regressor = "-layer coefs_0,intercepts_0,sigmoid -layer coefs_1,intercepts_1,sigmoid -layer coefs_2,intercepts_2,identity" +
		" sklearn_regressor.npz -grad sklearn_regressor_run.npz -loss squared -lambda 0.00025 -claim claim.json -orientation "
	for orientation, want := range map[string]int{"in,out": 0, "out,in": 1} {
		code, _, err = importing(regressor + orientation)
		require.Equal(t, 0, code, err)
		code, _, _ = command("verify", "claim.json")
		assert.Equal(t, want, code, orientation)
	}
}

// Predictions of an imported model are those of the framework that trained it.
func TestImportModel(t *testing.T) {
	inDirWithTensors(t)
	run := set(t, "sklearn_classifier_run.npz")
	x, e := run.Samples("x", 3)
	require.NoError(t, e)
	y, e := run.Tensor("y")
	require.NoError(t, e)

	// The columns are in another order and on another scale; mean and deviation undo that.
	require.NoError(t, os.WriteFile("standard.npz", weights.EncodeNetwork(netOf(t), make([]float64, 2),
		weights.Tensor{Name: "mean", Shape: []int{3}, Data: []float64{1, 0, -2}},
		weights.Tensor{Name: "scale", Shape: []int{3}, Data: []float64{4, 0.5, 1}}), 0o644))
	f, e := os.Create("data.csv")
	require.NoError(t, e)
	w := csv.NewWriter(f)
	require.NoError(t, w.Write([]string{"c", "a", "b"}))
	number := func(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
	for s := range x.Rows {
		row := x.Data[3*s:]
		require.NoError(t, w.Write([]string{number(row[2] - 2), number(4*row[0] + 1), number(row[1] / 2)}))
	}
	w.Flush()
	require.NoError(t, f.Close())

	code, _, err := importing(sklearnFlags + " -target t -features a,b,c -mean mean -deviation scale -model model.json sklearn_classifier.npz standard.npz")
	require.Equal(t, 0, code, err)
	code, out, err := command("predict", "-model", "model.json", "-data", "data.csv")
	require.Equal(t, 0, code, err)
	lines := strings.Fields(out)
	require.Len(t, lines, 1+len(y.Data))
	for s, want := range y.Data {
		got, e := strconv.ParseFloat(lines[1+s], 64)
		require.NoError(t, e)
		assert.InDelta(t, want, got, 1e-14)
	}
}

// Names are trimmed, as those of a table are.
func TestImportTrims(t *testing.T) {
	inDirWithTensors(t)
	args := append([]string{"import", "-target", " t ", "-features", "a, b ,\tc", "-model", "model.json", "sklearn_classifier.npz"}, strings.Fields(sklearnFlags)...)
	code, _, err := command(args...)
	require.Equal(t, 0, code, err)
	require.NoError(t, os.WriteFile("data.csv", []byte("a, b,c,t\n1,2,3,1\n"), 0o644))
	code, _, err = command("predict", "-model", "model.json", "-data", "data.csv")
	assert.Equal(t, 0, code)
	assert.Regexp(t, `^accuracy .* \(\d of 1 row\)`, err)
}

func TestImportRefuses(t *testing.T) {
	inDirWithTensors(t)
	before := files(t)
	const torch, claim = torchFlags + " torch.safetensors ", torchFlags + " torch.safetensors -loss logit-cross-entropy -claim c.json "
	for _, b := range []struct {
		args string
		code int
		want string
	}{
		{"", 2, "import: the file is missing; see touchstone help import"},
		{"- -", 2, "import: standard input can be read once only; see touchstone help import"},
		{"-claim c.json -grad - -", 2, "import: standard input can be read once only; see touchstone help import"},
		{torch, 2, "import: nothing to make of it: want -model, -vector or -claim; see touchstone help import"},
		{torch + "-model - -vector -", 2, "import: only one file can go to standard output; see touchstone help import"},
		{"-vector v.json torch.npz", 2, "import: -layer is missing; see touchstone help import"},
		{"-layer a,b,relu -vector v.json torch.npz", 2, "import: -orientation is missing: out,in (PyTorch) or in,out (Keras, scikit-learn); see touchstone help import"},
		{"-layer a,b,relu -orientation in -vector v.json torch.npz", 2, `import: -orientation "in": want out,in or in,out; see touchstone help import`},
		{"-layer a,relu -orientation out,in -vector v.json torch.npz", 2, `import: -layer "a,relu": want WEIGHTS,BIASES,ACTIVATION, as in 0.weight,0.bias,tanh; see touchstone help import`},
		{"-layer a,b,logistic -orientation out,in -vector v.json torch.npz", 2, `import: -layer "a,b,logistic": activation: unknown function "logistic", want one of: identity sigmoid tanh relu softplus; see touchstone help import`},
		{torch + "-model m.json", 2, "import: -target is missing; see touchstone help import"},
		{torch + "-model m.json -target t", 2, "import: -features is missing; see touchstone help import"},
		{torch + "-vector v.json", 2, "import: -loss is missing; see touchstone help import"},
		{torch + "-vector v.json -loss mse", 2, `import: -loss: unknown function "mse", want one of: squared cross-entropy logit-cross-entropy softmax-cross-entropy; see touchstone help import`},
		{torch + "-vector v.json -loss squared -lambda NaN", 2, "import: -lambda NaN: want a finite number; see touchstone help import"},
		{claim, 2, "import: -grad is missing; see touchstone help import"},
		{claim + "-grad torch_run32.npz -precision half", 2, `import: -precision is "half", want float64, float32, bfloat16 or float16; see touchstone help import`},

		{sklearnFlags + " sklearn_classifier.npz -target t -features a,b,c -model sklearn_classifier.npz", 2, "import: -model would overwrite sklearn_classifier.npz; see touchstone help import"},
		{claim + "-grad torch_run32.npz -vector torch_run32.npz", 2, "import: -vector would overwrite torch_run32.npz; see touchstone help import"},

		// What does nothing is not checked either, and so refused.
		{"-orientation bogus torch.safetensors", 2, "import: -orientation does nothing without -model or -vector or -claim; see touchstone help import"},
		{"-loss nosuch torch.safetensors", 2, "import: -loss does nothing without -vector or -claim; see touchstone help import"},
		{"-lambda NaN -rate NaN torch.safetensors", 2, "import: -lambda does nothing without -vector or -claim; see touchstone help import"},
		{"-target q torch.safetensors", 2, "import: -target does nothing without -model; see touchstone help import"},
		{"-x x -json torch.safetensors", 2, "import: -x does nothing without -vector or -claim; see touchstone help import"},
		{torch + "-loss squared -vector v.json -precision f99", 2, "import: -precision does nothing without -claim; see touchstone help import"},
		{torch + "-loss squared -vector v.json -target zz", 2, "import: -target does nothing without -model; see touchstone help import"},
		{torch + "-loss squared -vector v.json -mean nope -features q", 2, "import: -features does nothing without -model; see touchstone help import"},
		{torch + "-target t -features a -model m.json -sum", 2, "import: -sum does nothing without -vector or -claim; see touchstone help import"},

		{torch + "-json -vector -", 2, "import: -json and an output - both want standard output: write to a file; see touchstone help import"},
		{torch + "-loss squared -vector v -claim v -grad torch_run32.npz", 2, "import: -claim would overwrite -vector; see touchstone help import"},
		{"-orientation out,in -layer 0.wieght,0.bias,tanh -loss squared -vector v.json torch.npz", 1, `tensor "0.wieght": is not there; there are "0.weight", "0.bias", "2.weight", "2.bias", "4.weight", "4.bias"; did you mean "0.weight"?`},

		{"none.npz", 1, "open none.npz: no such file or directory"},
		{"torch.npz torch.safetensors", 1, `torch.safetensors: tensor "0.bias": there is one of this name in torch.npz`},
		{"expected.json", 1, "expected.json: is no safetensors, NPZ or NPY file; numpy.savez writes one of the arrays of any framework"},
		{torch + "-loss squared -vector v.json", 1, `tensor "x": is not there; there are "steps", "0.bias", "0.weight", "2.bias", "2.weight", "4.bias", "4.weight"`},
		{torch + "-loss squared -vector v.json -x 0.weight -t 0.weight", 1, `torch.safetensors: tensor "0.weight": has the shape [4 3], want a row for each sample with 2 columns`},
		{torch + "-loss squared -vector v.json -x 0.weight -t 4.bias", 1, `the tensors "0.weight" and "4.bias" have 4 samples and 1 row of targets`},
		{torch + "-target t -features a,b,c -model m.json", 1, "a model has one output, a probability (sigmoid) or its logit (identity); this network has 2 outputs of identity"},
		{sklearnFlags + " sklearn_classifier.npz -target t -features a,b -model m.json", 2, `import: -features "a,b": has 2 names, and the network 3 inputs; see touchstone help import`},
		{sklearnFlags + " sklearn_classifier.npz -target t -features a,b,a -model m.json", 1, `the model: features[2] has the name "a", which is taken`},
		{sklearnFlags + " sklearn_classifier.npz -target t -features a,b,c -mean coefs_0 -model m.json", 1, `sklearn_classifier.npz: tensor "coefs_0": has the shape [3 4], want a row for each sample with 3 columns`},
		{sklearnFlags + " sklearn_classifier.npz numpy.npz -target t -features a,b,c -mean f8 -model m.json", 1, `the tensor "f8" has 2 rows, want one number for each input`},
		{claim + "-grad torch.npz -x x", 1, `tensor "x": is not there; there are "steps", "0.bias", "0.weight", "2.bias", "2.weight", "4.bias", "4.weight"`},
		{"-orientation out,in -layer special,,identity -loss squared -vector v.json numpy.npz", 1, `numpy.npz: tensor "special": has the shape [5]; the weights of a layer are a matrix, out,in`},
		{"-orientation in,out -layer column,special,identity -loss squared -vector v.json numpy.npz", 1, `numpy.npz: tensor "special": has the shape [5], want [1], a bias for each neuron`},
	} {
		code, out, err := importing(b.args)
		assert.Equal(t, b.code, code, b.args)
		assert.Contains(t, err, "touchstone: "+b.want, b.args)
		assert.Empty(t, out)
		assert.Equal(t, strings.Contains(b.want, "did you mean"), strings.Contains(err, "did you mean"), b.args)
		assert.Equal(t, before, files(t), b.args)
	}
}

// NaN and Inf have no gradient, and it is said where they are; and a gradient has the
// shape of the weights.
func TestImportNumbers(t *testing.T) {
	t.Chdir(t.TempDir())
	write := func(name string, tensors ...weights.Tensor) {
		require.NoError(t, os.WriteFile(name, weights.EncodeNetwork(netOf(t), []float64{1, 2}, tensors...), 0o644))
	}
	good := weights.Tensor{Name: "w", Shape: []int{1, 2}, Data: []float64{1, 2}}
	bad := weights.Tensor{Name: "w", Shape: []int{1, 2}, Data: []float64{1, math.Inf(-1)}}
	x := weights.Tensor{Name: "x", Shape: []int{1, 2}, Data: []float64{1, math.NaN()}}
	y := weights.Tensor{Name: "t", Shape: []int{1}, Data: []float64{1}}
	fine := x
	fine.Data = []float64{1, 1}
	write("weights.npz", bad)
	write("samples.npz", good, x, y)
	write("grad.npz", bad)
	write("fine.npz", good, fine, y)
	write("none.npz")
	write("two.npz", good, y, weights.Tensor{Name: "loss", Shape: []int{2}, Data: []float64{1, 2}})
	write("other.npz", weights.Tensor{Name: "w", Shape: []int{1, 1}, Data: []float64{1}})
	for _, b := range []struct{ args, want string }{
		{"-vector v weights.npz", `W0[0,1], of the tensor "w", is -Inf, and must be finite`},
		{"-vector v samples.npz", `row 0, column 1 of the tensor "x" is NaN, and must be finite`},
		{"-claim v -grad grad.npz fine.npz", `-grad: the derivative by W0[0,1], of the tensor "w", is -Inf, and must be finite`},
		{"-claim v -grad none.npz fine.npz", `-grad: tensor "w": is not there; there are "W0", "activations"`},
		{"-claim v -grad two.npz fine.npz", `-grad: the tensor "loss" of two.npz is not one finite number`},
		{"-claim v -grad other.npz fine.npz", "-grad: other.npz has the gradient of a network 1-1, and the weights are of 2-1"},
	} {
		code, _, err := importing("-orientation out,in -layer w,,identity -loss squared " + b.args)
		assert.Equal(t, 1, code)
		assert.Equal(t, "touchstone: "+b.want+"\n", err)
	}
	code, out, err := importing("-orientation out,in -layer w,,identity -loss squared -vector - fine.npz")
	assert.Equal(t, 0, code, err)
	assert.Contains(t, out, `"schema": "touchstone-golden-1"`)
}

// The source of a vector is a command line that a shell takes for the one that was typed.
func TestCommandLine(t *testing.T) {
	assert.Equal(t, `touchstone import -layer 0.weight,,relu '' 'it'\''s' '$HOME' '~'`,
		commandLine("import", []string{"-layer", "0.weight,,relu", "", "it's", "$HOME", "~"}))
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip(err)
	}
	args := []string{"", "a b", "$HOME", "`id`", `\n "`, "it's", "''", "~", "{a,b}", "[a]*?", "#", "!x", "a\nb", "-x=y;z", "größe", "a=b"}
	line := strings.TrimPrefix(commandLine("import", args), "touchstone ")
	out, err := exec.Command(sh, "-c", `import() { printf '%s\0' "$@"; }; `+line).Output()
	require.NoError(t, err)
	assert.Equal(t, strings.Join(args, "\x00")+"\x00", string(out))
}

func TestImportStandardInput(t *testing.T) {
	inDirWithTensors(t)
	stdin := os.Stdin
	t.Cleanup(func() { os.Stdin = stdin })
	f, e := os.Open("torch.npz")
	require.NoError(t, e)
	defer f.Close()
	os.Stdin = f
	code, out, err := importing("-")
	require.Equal(t, 0, code, err)
	_, want, _ := importing("torch.npz")
	assert.Equal(t, want, out)

	code, _, err = importing("-") // at its end
	assert.Equal(t, 1, code)
	assert.Contains(t, err, "touchstone: standard input: is no safetensors, NPZ or NPY file")
}

// What -json says of the tensors is what the list says, and what was made is named.
func TestImportJSON(t *testing.T) {
	inDirWithTensors(t)
	j := document(t, 0, "import -json numpy.npz")
	_, text, _ := importing("numpy.npz")
	lines := strings.Split(strings.TrimSpace(text), "\n")[1:]
	require.Len(t, j["tensors"], len(lines))
	for i, v := range j["tensors"].([]any) {
		v := v.(map[string]any)
		assert.Contains(t, lines[i], v["name"])
		assert.Contains(t, lines[i], v["type"])
		assert.Contains(t, lines[i], v["unusable"])
		assert.Equal(t, strings.Contains(lines[i], " unusable "), v["type"] == "")
	}
	assert.Empty(t, j["layers"])
	assert.NotNil(t, j["layers"])
	j = document(t, 0, "import -json "+torchFlags+" -loss logit-cross-entropy -grad torch_run32.npz -claim c.json torch.safetensors")
	assert.Equal(t, "53", j["parameters"].(json.Number).String())
	assert.Len(t, j["layers"], 3)
	assert.Equal(t, []any{"", "", "c.json"}, []any{j["model"], j["vector"], j["claim"]})
	assert.Contains(t, files(t), "c.json")
}
