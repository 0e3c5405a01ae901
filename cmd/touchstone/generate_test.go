package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestGenerate(t *testing.T) {
	t.Chdir(t.TempDir())
	code, _, err := command("generate", "-net", "3-4-1", "-batch", "5", "-seed", "7", "-out", "v.json")
	require.Equal(t, 0, code, err)
	first, e := os.ReadFile("v.json")
	require.NoError(t, e)
	assert.Contains(t, string(first), `"generator": "Package touchstone, in Go`)
	code, _, _ = command("generate", "-net", "3-4-1", "-batch", "5", "-seed", "7", "-out", "w.json")
	require.Equal(t, 0, code)
	second, e := os.ReadFile("w.json")
	require.NoError(t, e)
	assert.Equal(t, string(first), string(second))
	for _, b := range []struct{ args, want string }{
		{"", "-net is missing"},
		{"-net 3-1", "-out is missing"},
		{"-net 3-0 -out x", `-net "3-0": want whole numbers from 1 on, as in 3-4-1`},
		{"-net +3-4-1 -out x", `-net "+3-4-1": want whole numbers from 1 on, as in 3-4-1`},
		{"-net 3--4 -out x", `-net "3--4": want whole numbers from 1 on, as in 3-4-1`},
		{"-net 3 -out x", `-net "3": want the widths of the inputs and at least one layer`},
		{"-net 3-4000000-4000000 -out x", `-net "3-4000000-4000000": more than 4194304 parameters`},
		{"-net 3-1 -batch 0 -out x", "-batch 0: want from 1 to 1048576 with these widths"},
		{"-net 3-1 -activation tanh,tanh -out x", `-activation "tanh,tanh": want one name, or one for each of 1 layers`},
		{"-net 3-1 -loss cross-entropy -activation tanh -out x", `-activation "tanh": the cross-entropy is of a probability, which a sigmoid gives`},
		{"-net 2-1 -loss logit-cross-entropy -activation tanh -out x", `-activation "tanh": the loss logit-cross-entropy is of logits, which identity gives`},
		{"-net 2-3-2 -loss softmax-cross-entropy -activation tanh,relu -out x", `-activation "tanh,relu": the loss softmax-cross-entropy is of logits, which identity gives`},
		{"-net 3-1 -rate 1.1e100 -out x", "-rate 1.1e+100: want a number from 0 to 1e100"},
		{"-net 3-1 -sigma NaN -out x", "-sigma NaN: want a number from 0 to 1e100"},
	} {
		code, _, err := command(append([]string{"generate"}, strings.Fields(b.args)...)...)
		assert.Equal(t, 2, code)
		assert.Equal(t, "touchstone: generate: "+b.want+"; see touchstone help generate\n", err)
	}
	code, _, err = command("generate", "-net", "3-1", "-out", "no/such/dir.json")
	assert.Equal(t, 3, code, err)
	assert.Equal(t, []string{"v.json", "w.json"}, files(t))
}

// idOf returns the id of the vector that the flags make.
func idOf(t *testing.T, flags string) string {
	t.Helper()
	code, out, err := command(append([]string{"generate", "-out", "-"}, strings.Fields(flags)...)...)
	require.Equal(t, 0, code, err)
	_, rest, ok := strings.Cut(out, `"id": "`)
	require.True(t, ok)
	id, _, _ := strings.Cut(rest, `"`)
	return id
}

// Vectors that differ in anything have different ids, and the same ones have one.
func TestGenerateIDs(t *testing.T) {
	ids := map[string]string{}
	for _, flags := range []string{
		"-net 2-1", "-net 2-1 -batch 2", "-net 2-1 -batch 2 -sum", "-net 2-1 -lambda 0.1", "-net 2-1 -rate 0.25",
		"-net 2-1 -sigma 2", "-net 2-1 -seed 2", "-net 2-1 -activation tanh", "-net 2-1 -loss cross-entropy", "-net 2-2",
	} {
		id := idOf(t, flags)
		assert.Empty(t, ids[id], "%s has the id of another", flags)
		ids[id] = flags
	}
	assert.Regexp(t, `^generated-2-1-squared-seed-1-[0-9a-f]{8}$`, idOf(t, "-net 2-1"))
	assert.Equal(t, idOf(t, "-net 2-1"), idOf(t, "-net 02-01 -activation sigmoid"))
}

// One name is of all layers, and before a loss of logits of all but the last.
func TestGenerateOneName(t *testing.T) {
	for flags, want := range map[string]string{
		"-net 2-3-1 -activation tanh":                             "-activation tanh,tanh ",
		"-net 2-3-1 -activation tanh -loss logit-cross-entropy":   "-activation tanh,identity ",
		"-net 2-1 -loss logit-cross-entropy":                      "-activation identity ",
		"-net 2-1 -loss logit-cross-entropy -activation identity": "-activation identity ",
	} {
		code, out, err := command(append([]string{"generate", "-out", "-"}, strings.Fields(flags)...)...)
		require.Equal(t, 0, code, err)
		assert.Contains(t, out, want, flags)
	}
}

// The source of a vector is the command line that makes it, whatever flags were
// given or left out.
func TestGenerateAgainFromSource(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, flags := range []string{
		"-net 3-4-1",
		"-net 3-2 -loss softmax-cross-entropy -batch 3",
		"-net 3-4-2 -loss logit-cross-entropy -activation tanh -lambda 0.1",
		"-net 2-1 -lambda 1e100 -rate 1e100",
		"-net 2-3-2 -activation tanh,relu -sum -lambda 1e-3 -rate 0.125 -sigma 0.7 -seed 18446744073709551615 -batch 2",
	} {
		code, first, err := command(append([]string{"generate", "-out", "-"}, strings.Fields(flags)...)...)
		require.Equal(t, 0, code, err)
		var v struct{ Source string }
		require.NoError(t, json.Unmarshal([]byte(first), &v))
		args := strings.Fields(v.Source)
		require.Equal(t, "touchstone", args[0])
		code, second, err := command(append(args[1:], "-out", "-")...)
		require.Equal(t, 0, code, err)
		assert.Equal(t, first, second, flags)
	}
	assert.Empty(t, files(t), "- is standard output, and not a file")
}
