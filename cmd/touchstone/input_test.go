package main

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// reading makes a file standard input until the test ends.
func reading(t *testing.T, name string) {
	t.Helper()
	f, err := os.Open(name)
	require.NoError(t, err)
	stdin := os.Stdin
	os.Stdin = f
	t.Cleanup(func() { os.Stdin = stdin; f.Close() })
}

// What comes by standard input is what comes from a file.
func TestStandardInput(t *testing.T) {
	inDirWith(t, "data.csv", patients)
	_, want, _ := command(strings.Fields("train -data data.csv -target disease -epochs 5 -save model.json")...)
	reading(t, "data.csv")
	code, got, stderr := command(strings.Fields("train -data - -target disease -epochs 5 -save again.json")...)
	require.Zero(t, code, stderr)
	got = strings.ReplaceAll(strings.ReplaceAll(got, "standard input", "data.csv"), "again.json", "model.json")
	assert.Equal(t, want, got)
	assert.Equal(t, read(t, "model.json"), read(t, "again.json"))

	_, want, score := command(strings.Fields("predict -model model.json -data data.csv")...)
	for name, args := range map[string]string{
		"data.csv": "predict -model model.json -data -", "model.json": "predict -model - -data data.csv",
	} {
		reading(t, name)
		code, got, stderr := command(strings.Fields(args)...)
		require.Zero(t, code, stderr)
		assert.Equal(t, want, got)
		assert.Equal(t, score, stderr)
	}

	reading(t, "data.csv")
	code, _, stderr = command(strings.Fields("predict -model - -data data.csv")...)
	assert.Equal(t, 1, code)
	assert.Contains(t, stderr, "touchstone: standard input: line 1, column 1: ")
	code, _, stderr = command(strings.Fields("predict -model - -data -")...)
	assert.Equal(t, 2, code)
	assert.Equal(t, "touchstone: predict: -model and -data cannot both be standard input; see touchstone help predict\n", stderr)
}

// With -save - standard output is the model and nothing else.
func TestSaveToStandardOutput(t *testing.T) {
	inDirWith(t, "data.csv", patients)
	_, text, _ := command(strings.Fields("train -data data.csv -target disease -epochs 5 -save model.json")...)
	code, stdout, stderr := command(strings.Fields("train -data data.csv -target disease -epochs 5 -save -")...)
	require.Zero(t, code, stderr)
	assert.Equal(t, read(t, "model.json"), stdout)
	assert.Equal(t, strings.Replace(text, "saved model.json", "saved -", 1), stderr)
	assert.Equal(t, []string{"data.csv", "model.json"}, files(t))
}
