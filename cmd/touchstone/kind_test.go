package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone/gradcheck"
)

// A file that is given to the wrong command is named, and so is the right one.
func TestWrongFile(t *testing.T) {
	torch, err := filepath.Abs("../../weights/testdata/torch.safetensors")
	require.NoError(t, err)
	inDirWith(t, "data.csv", patients)
	require.NoError(t, os.WriteFile("claim.json", []byte(ownClaim), 0o644))
	for _, args := range []string{
		"generate -net 2-1 -out vector.json",
		"train -data data.csv -target disease -epochs 1 -save model.json",
	} {
		code, _, stderr := command(strings.Fields(args)...)
		require.Zero(t, code, stderr)
	}
	_, document, _ := command("verify", "-json", "claim.json")
	require.NoError(t, os.WriteFile("verdict.json", []byte(document), 0o644))
	report, err := json.Marshal(&gradcheck.Report{})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile("gradcheck.json", report, 0o644))
	code, _, stderr := command("export", "-case", "mazur", "-out", "a.npz")
	require.Zero(t, code, stderr)
	safetensors, err := os.ReadFile(torch)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile("a.safetensors", safetensors, 0o644))
	const arrays = `it has the arrays of a framework, for "touchstone import"`
	for _, test := range []struct{ args, want string }{
		{"verify a.npz", arrays},
		{"verify a.safetensors", arrays},
		{"report a.npz", arrays},
		{"export -out x a.safetensors", arrays},
		{"train -data a.npz -target disease", arrays},
		{"predict -model a.npz -data data.csv", arrays},
		{"verify gradcheck.json", `it is a report of gradcheck, for "touchstone report"`},
		{"import gradcheck.json", `it is a report of gradcheck, for "touchstone report"`},
		{"export -out x gradcheck.json", `it is a report of gradcheck, for "touchstone report"`},
		{"import vector.json", "it is a file of golden vectors"},
		{"import model.json", `it is a model, for "touchstone predict -model"`},
		{"import claim.json", `it is a claim, for "touchstone verify"`},
		{"report model.json", `it is a model, for "touchstone predict -model"`},
		{"report claim.json", `it is a claim, for "touchstone verify"`},
		{"export -out x claim.json", `it is a claim, for "touchstone verify"`},
		{"verify model.json", `it is a model, for "touchstone predict -model"`},
		{"verify vector.json", "it is a file of golden vectors: a claim has the id of one of them, and your numbers"},
		{"verify verdict.json", "it is what a command of touchstone printed with -json"},
		{"verify data.csv", `a claim is a JSON object, see "touchstone help verify"`},
		{"predict -model claim.json -data data.csv", `it is a claim, for "touchstone verify"`},
		{"predict -model vector.json -data data.csv", "it is a file of golden vectors"},
		{"predict -model data.csv -data data.csv", `this is no model, as "touchstone train -save" writes it`},
		{"predict -model model.json -data model.json", `it is a model, for "touchstone predict -model"`},
		{"train -data claim.json -target disease", `it is a claim, for "touchstone verify"`},
		{"train -data vector.json -target disease", "it is a file of golden vectors"},
	} {
		code, stdout, stderr := command(strings.Fields(test.args)...)
		assert.NotZero(t, code)
		assert.Empty(t, stdout)
		assert.Contains(t, stderr, test.want, test.args)
		assert.Equal(t, 1, strings.Count(stderr, "\n"))
	}
}

// What is misspelt is guessed at.
func TestDidYouMean(t *testing.T) {
	inDirWith(t, "data.csv", patients)
	mazur := `{"schema": "touchstone-claim-1", "case": "mazurr", "claim": {"loss": 0}}`
	require.NoError(t, os.WriteFile("claim.json", []byte(mazur), 0o644))
	wide := "a,b,c0,c1,c2,c3,c4,c5,c6,c7,c8,c9,d0,d1,d2,d3,d4,d5,d6,d7,d8,d9\n"
	require.NoError(t, os.WriteFile("wide.csv", []byte(wide), 0o644))
	for _, test := range []struct{ args, want string }{
		{"train -data data.csv -target diseas", `data.csv: column "diseas": not in the header, did you mean "disease"? It has: "age", "max_heart_rate", "cholesterol", "disease"`},
		{"train -data wide.csv -target sick", `wide.csv: column "sick": not in the header, which has: "a", "b", "c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9", "d0", "d1", "d2", "d3", "d4", "d5", "d6", "d7" and 2 more`},
		{"train -data data.csv -taget disease", "train: flag provided but not defined: -taget, did you mean -target? See touchstone help train"},
		{"train data.csv", `train: unexpected argument "data.csv", did you mean -data data.csv? See touchstone help train`},
		{"predict data.csv", `predict: unexpected argument "data.csv", did you mean -data data.csv? See touchstone help predict`},
		{"verify claim.json", "claim.json: case: there is no case \"mazurr\"; the ids are in testdata/golden/*.json, did you mean mazur?"},
	} {
		_, stdout, stderr := command(strings.Fields(test.args)...)
		assert.Empty(t, stdout)
		assert.Equal(t, "touchstone: "+test.want+"\n", stderr)
	}
}

func TestStringField(t *testing.T) {
	for data, want := range map[string]string{
		`{"a": 1, "b": {"format": "inner"}, "format": "outer", "format": "second"}`: "outer",
		`{"schema": "s", "for`:       "s",
		"\ufeff{\"format\": \"f\"":   "f",
		`{"format": 1, "schema": ""`: "",
		`{"form`:                     "", `[{"format": "f"}]`: "", ``: "", `a,b`: "", `{"a": 1 "format": "f"}`: "",
	} {
		assert.Equal(t, want, stringField([]byte(data), "format", "schema"), data)
	}
}
