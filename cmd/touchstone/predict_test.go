package main

import (
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone/activation"
)

// predictOn writes the files and predicts.
func predictOn(t *testing.T, model, csv string) (code int, stdout, stderr string) {
	t.Helper()
	inDirWith(t, "model.json", model)
	require.NoError(t, os.WriteFile("data.csv", []byte(csv), 0o644))
	return command("predict", "-model", "model.json", "-data", "data.csv")
}

// Through the file and back, a prediction is that of the trained network, in
// every bit, and the score is the one that training printed.
func TestPredictAsTrained(t *testing.T) {
	inDirWith(t, "data.csv", patients)
	code, trained, stderr := trainOn("-epochs 50 -save model.json")
	require.Equal(t, 0, code, stderr)
	code, stdout, stderr := command("predict", "-model", "model.json", "-data", "data.csv")
	require.Equal(t, 0, code, stderr)
	assert.Regexp(t, "^accuracy ", stderr)
	assert.Contains(t, trained, "\n"+stderr)

	o, err := parseTrain(strings.Fields("-data data.csv -target disease -epochs 50"), nil)
	require.NoError(t, err)
	data, err := readForTraining(o.data, o.target)
	require.NoError(t, err)
	m, objective, err := prepare(o, data)
	require.NoError(t, err)
	require.NoError(t, o.sgd.Train(m.theta, objective))
	logits, err := m.logits(data)
	require.NoError(t, err)
	want := []string{"probability"}
	for _, y := range logits {
		want = append(want, strconv.FormatFloat(activation.Sigmoid{}.Value(y), 'g', -1, 64))
	}
	assert.Equal(t, strings.Join(want, "\n")+"\n", stdout)
}

// logistic has the logit ((a−1)/2)·1 + b·2 + 0.5.
const logistic = `{
  "format": "touchstone-model-1",
  "target": "y",
  "features": [{"name": "a", "mean": 1, "deviation": 2}, {"name": "b", "mean": 0, "deviation": 1}],
  "layers": [{"width": 1, "activation": "identity", "bias": true}],
  "loss": "logit-cross-entropy",
  "theta": [1, 2, 0.5]
}`

// Columns are found by name, and what the model does not use may hold anything.
func TestPredictByName(t *testing.T) {
	code, stdout, stderr := predictOn(t, logistic, "id,b,a\nx,0,0\n,-0.5,5\n")
	assert.Equal(t, 0, code)
	assert.Equal(t, "probability\n0.5\n0.8175744761936437\n", stdout)
	assert.Empty(t, stderr, "a score without a target")
}

func TestPredictScore(t *testing.T) {
	// Logits 0, 0 and 1: a probability of exactly ½ counts as 1.
	code, stdout, stderr := predictOn(t, logistic, "a,b,y\n0,0,1\n0,0,0\n2,0,1\n")
	assert.Equal(t, 0, code)
	assert.Equal(t, "probability\n0.5\n0.5\n0.7310585786300049\n", stdout)
	loss := (2*math.Ln2 + math.Log1p(math.Exp(-1))) / 3
	assert.Equal(t, "accuracy 0.6667 (2 of 3 rows), mean log-loss "+strconv.FormatFloat(loss, 'f', 6, 64)+"\n", stderr)
}

func TestPredictFails(t *testing.T) {
	huge := strings.Replace(logistic, "[1, 2, 0.5]", "[1e308, -1e308, 0]", 1)
	tiny := strings.Replace(logistic, `"deviation": 2`, `"deviation": 1e-300`, 1)
	for _, test := range []struct{ name, model, csv, want string }{
		{"feature missing", logistic, "b,c\n1,2\n", `data.csv: column "a": not in the header, which has: "b", "c"`},
		{"no rows", logistic, "a,b\n", `data.csv: there is no row below the header`},
		{"last row", logistic, "a,b\n1,2\n3,\n", `data.csv: row 3, column "b": "" is not a finite number`},
		{"target", logistic, "a,b,y\n1,2,1\n3,4,?\n", `data.csv: row 3, column "y": "?" is not 0 or 1`},
		{"ragged", logistic, "a,b\n1,2\n3\n", `data.csv: row 3: 1 field, but the header has 2`},
		{"too far", tiny, "a,b\n1,2\n1e300,4\n", `data.csv: row 3, column "a": 1e+300 is too far from the mean 1 of training`},
		{"infinity minus infinity", huge, "a,b\n1,0\n99,99\n", `data.csv: row 3: the output of the network is not a number`},
	} {
		t.Run(test.name, func(t *testing.T) {
			code, stdout, stderr := predictOn(t, test.model, test.csv)
			assert.Equal(t, 1, code)
			assert.Equal(t, "touchstone: "+test.want+"\n", stderr)
			assert.Empty(t, stdout)
		})
	}
}

// In a file of one column a missing value is a blank line, which must not shift
// the predictions.
func TestPredictMissingValueInOneColumn(t *testing.T) {
	one := strings.Replace(logistic, `, {"name": "b", "mean": 0, "deviation": 1}`, "", 1)
	one = strings.Replace(one, "1, 2, 0.5", "1, 0.5", 1)
	code, stdout, stderr := predictOn(t, one, "a\n0\n\n1\n")
	assert.Equal(t, 1, code)
	assert.Equal(t, "touchstone: data.csv: row 3: the line is blank\n", stderr)
	assert.Empty(t, stdout)
}

func TestPredictUnreadable(t *testing.T) {
	inDirWith(t, "model.json", logistic)
	for _, args := range []string{
		"predict -model missing.json -data data.csv",
		"predict -model model.json -data missing.csv",
		"predict -model . -data data.csv",
	} {
		code, stdout, stderr := command(strings.Fields(args)...)
		assert.Equal(t, 1, code, args)
		assert.Regexp(t, `^touchstone: \w+ [^ ]+: [a-z ]+\n$`, stderr)
		assert.Empty(t, stdout)
	}
}
