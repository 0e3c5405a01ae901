package main

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone/activation"
	"touchstone/gradcheck"
)

// document runs a command with -json and decodes what it prints.
func document(t *testing.T, wantCode int, args string) map[string]any {
	t.Helper()
	code, stdout, stderr := command(strings.Fields(args)...)
	require.Equal(t, wantCode, code, stderr)
	if code == 0 {
		require.Empty(t, stderr)
	}
	var j map[string]any
	d := json.NewDecoder(strings.NewReader(stdout))
	d.UseNumber()
	require.NoError(t, d.Decode(&j))
	require.False(t, d.More(), "a second document")
	return j
}

// inDirWithAll goes to a directory with a table, a claim and a report.
func inDirWithAll(t *testing.T) {
	inDirWith(t, "data.csv", patients)
	require.NoError(t, os.WriteFile("claim.json", []byte(ownClaim), 0o644))
	r, err := json.Marshal(&gradcheck.Report{Mode: gradcheck.Entries})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile("gradcheck.json", r, 0o644))
}

// Each document says what it is, and its help names every field.
func TestDocuments(t *testing.T) {
	inDirWithAll(t)
	for _, args := range []string{
		"prove -json",
		"export -json -case mazur -out v.npz",
		"import -json v.npz",
		"report -json gradcheck.json",
		"train -json -data data.csv -target disease -epochs 20 -save model.json -plot loss.svg",
		"predict -json -model model.json -data data.csv",
		"verify -json claim.json",
		"generate -json -net 2-1 -out v.json",
		"version -json",
	} {
		name, _, _ := strings.Cut(args, " ")
		j := document(t, 0, args)
		_, help, _ := command("help", name)
		assert.Contains(t, help, `format ("`+j["format"].(string)+`")`)
		for field := range j {
			assert.Regexp(t, `\b`+field+`\b`, help, name)
		}
	}
}

func TestTrainJSON(t *testing.T) {
	inDirWith(t, "data.csv", patients)
	j := document(t, 0, "train -json -data data.csv -target disease -epochs 20 -hidden 3,2 -seed 18446744073709551615 -save model.json")
	assert.Equal(t, "data.csv", j["data"])
	assert.Equal(t, json.Number("12"), j["rows"])
	assert.Equal(t, json.Number("5"), j["ones"])
	assert.Equal(t, json.Number("23"), j["parameters"])
	assert.Equal(t, "model.json", j["saved"])
	assert.Equal(t, "", j["plotted"])
	assert.Equal(t, json.Number("18446744073709551615"), j["flags"].(map[string]any)["seed"])
	assert.Equal(t, "pass", j["gradcheck"].(map[string]any)["verdict"])
	assert.Len(t, j["epochs"], 10)

	// The text has the same, and the numbers have every digit of the run.
	_, stdout, _ := command(strings.Fields("train -data data.csv -target disease -epochs 20 -hidden 3,2 -seed 18446744073709551615")...)
	last := j["epochs"].([]any)[9].(map[string]any)
	loss, err := last["loss"].(json.Number).Float64()
	require.NoError(t, err)
	assert.Contains(t, stdout, "epoch 20/20  loss "+strconv.FormatFloat(loss, 'f', 6, 64))
	score := j["score"].(map[string]any)
	assert.Equal(t, last["loss"], score["log_loss"])
	assert.Equal(t, document(t, 0, "predict -json -model model.json -data data.csv")["score"], score)
}

func TestPredictJSON(t *testing.T) {
	inDirWith(t, "model.json", logistic)
	require.NoError(t, os.WriteFile("data.csv", []byte("a,b\n0,0\n5,-0.5\n"), 0o644))
	j := document(t, 0, "predict -json -model model.json -data data.csv")
	assert.Equal(t, []any{json.Number("0.5"), json.Number(strconv.FormatFloat(activation.Sigmoid{}.Value(1.5), 'g', -1, 64))}, j["probabilities"])
	assert.Equal(t, json.Number("2"), j["rows"])
	assert.Contains(t, j, "score")
	assert.Nil(t, j["score"])
}

// A wrong prediction of certainty costs infinitely much, which JSON has no number for.
func TestPredictInfiniteJSON(t *testing.T) {
	inDirWith(t, "model.json", strings.Replace(logistic, "[1, 2, 0.5]", "[1e308, 1e308, 0]", 1))
	require.NoError(t, os.WriteFile("data.csv", []byte("a,b,y\n99,99,0\n"), 0o644))
	j := document(t, 0, "predict -json -model model.json -data data.csv")
	assert.Equal(t, "+Inf", j["score"].(map[string]any)["log_loss"])
}

func TestProveJSON(t *testing.T) {
	j := document(t, 0, "prove -json")
	assert.Equal(t, "pass", j["outcome"])
	verdicts := j["verdicts"].([]any)
	assert.Equal(t, json.Number(strconv.Itoa(len(verdicts))), j["passed"])
	for _, v := range verdicts {
		v := v.(map[string]any)
		assert.Equal(t, "pass", v["outcome"])
		assert.NotEmpty(t, v["values"], v["claim"])
		if limit, ok := v["values"].(map[string]any)["limit"]; ok {
			assert.NotEmpty(t, limit)
		}
	}
	p := &proof{out: &output{w: &bytes.Buffer{}}}
	p.claim(false, "a wrong one", nil, "2")
	assert.Equal(t, proofJSON{"touchstone-prove-1", "fail", 0, 1, []verdictOfProof{{"a wrong one", "fail", "2", values{}}}}, p.json())
}

func TestGenerateJSON(t *testing.T) {
	t.Chdir(t.TempDir())
	j := document(t, 0, "generate -json -net 2-3-1 -batch 4 -out v.json")
	assert.Contains(t, read(t, "v.json"), `"id": "`+j["id"].(string)+`"`)
	assert.Contains(t, read(t, "v.json"), `"source": "`+j["source"].(string)+`"`)
	assert.Equal(t, json.Number("13"), j["parameters"])
	code, stdout, stderr := command("generate", "-json", "-net", "2-1", "-out", "-")
	assert.Equal(t, 2, code)
	assert.Empty(t, stdout)
	assert.Contains(t, stderr, "-json and -out - both want standard output")
}

// What goes wrong is on standard error, and no half of a document before it.
func TestJSONErrors(t *testing.T) {
	inDirWith(t, "data.csv", patients)
	for _, args := range []string{
		"train -json -data data.csv -target sick",
		"train -json -data data.csv -target disease -activation relu -rate 1e200",
		"train -json -data data.csv -target disease -save -",
		"predict -json -model data.csv -data data.csv",
		"verify -json data.csv",
		"verify -json missing.json",
	} {
		code, stdout, stderr := command(strings.Fields(args)...)
		assert.NotZero(t, code, args)
		assert.Empty(t, stdout, args)
		assert.Equal(t, 1, strings.Count(stderr, "\n"), args)
	}
}

func TestNumber(t *testing.T) {
	for v, want := range map[float64]string{
		0.1: "0.1", 5e-324: "5e-324", math.MaxFloat64: "1.7976931348623157e+308", math.Copysign(0, -1): "-0",
		math.Inf(1): `"+Inf"`, math.Inf(-1): `"-Inf"`,
	} {
		got, err := json.Marshal(number(v))
		require.NoError(t, err)
		assert.Equal(t, want, string(got))
	}
	got, err := json.Marshal(number(math.NaN()))
	require.NoError(t, err)
	assert.Equal(t, `"NaN"`, string(got))
}
