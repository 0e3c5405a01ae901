package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone"
)

// ownClaim is right: z = 0, a = ½, δ = (½−1)·¼.
const ownClaim = `{"schema": "touchstone-claim-1",
 "net": {"inputs": 2, "layers": [{"width": 1, "activation": "sigmoid", "bias": true}]},
 "loss": "squared", "theta": [0.5, -0.25, 0], "x": [[1, "0x1p+1"]], "t": [["1e0"]],
 "claim": {"loss": 0.125, "grad": [-0.125, -0.25, -0.125], "a": [[[0.5]]]}}`

func TestVerify(t *testing.T) {
	inDirWith(t, "claim.json", ownClaim)
	code, out, err := command("verify", "claim.json")
	assert.Equal(t, 0, code)
	assert.Empty(t, err)
	assert.Contains(t, out, "PASS: a network 2-1 of its own, claimed in float64")

	require.NoError(t, os.WriteFile("wrong.json", []byte(strings.Replace(ownClaim, "[-0.125, -0.25, -0.125]", "[0.125, 0.25, 0.125]", 1)), 0o644))
	code, out, err = command("verify", "wrong.json")
	assert.Equal(t, 1, code)
	assert.Equal(t, "touchstone: the claim fails\n", err)
	assert.Contains(t, out, "first difference: W0 (gradient), at W0[0,0]\nlikely cause: SIGN: the gradient has the wrong sign\n")

	code, out, _ = command("verify", "wrong.json", "-json")
	assert.Equal(t, 1, code)
	var v verdictJSON
	require.NoError(t, json.Unmarshal([]byte(out), &v))
	assert.Equal(t, "fail", v.Outcome)
	assert.Equal(t, "W0", v.First)
	assert.Equal(t, "SIGN", v.Cause.Type)

	// 0 is as near the truth, 5e−22, as float64 comes, and so is its negative.
	require.NoError(t, os.WriteFile("zero.json", []byte(`{"schema": "touchstone-claim-1", "case": "neuron-raw-label-1", "claim": {"grad": [0, 0, 0, 0]}}`), 0o644))
	code, _, err = command("verify", "zero.json")
	assert.Equal(t, 1, code)
	assert.Equal(t, "touchstone: the claim is inconclusive; see touchstone help verify\n", err)
	code, _, _ = command("verify", "-allow-inconclusive", "zero.json")
	assert.Equal(t, 0, code)
}

func TestVerifyRefuses(t *testing.T) {
	inDirWith(t, "claim.json", "")
	for _, b := range []struct{ from, to, want string }{
		{ownClaim, "", "is empty, want a claim: see testdata/golden/README.md"},
		{ownClaim, "\ufeff \n", "is empty, want a claim: see testdata/golden/README.md"},
		{ownClaim, ownClaim[:160], "theta: the JSON ends too early"},
		{ownClaim, strings.Repeat("[", 1_000_000), "is an array, want an object"},
		{ownClaim, strings.Repeat(" ", 17<<20), "is larger than 16 MiB: claim fewer layers, or of fewer samples"},
		{`"x": [[1, "0x1p+1"]]`, `"x": ` + strings.Repeat("[", 1_000_000), "x[0][0]: is an array, want a number"},
		{`"claim": {`, `"claim": {"grad": [1], `, "claim.grad: is there twice"},
		{`-0.25, 0]`, `NaN, 0]`, "theta[1]: is NaN or infinite at byte 156, and JSON has no such number"},
		{`-0.25, 0]`, `"NaN", 0]`, `theta[1]: "NaN" is not a finite float64`},
		{`[-0.125, `, `["big", `, `claim.grad[0]: "big" is not a finite float64`},
		{`[-0.125, `, `[1e999, `, `claim.grad[0]: "1e999" is not a finite float64`},
		{`[-0.125, `, `[null, `, `claim.grad[0]: is null, want a number`},
		{`[-0.125, `, `[`, `claim.grad: has 2 values, want 3, one for each parameter`},
		{`"a": [[[0.5]]]`, `"a": [[[0.5, 0.5]]]`, `claim.a[0]: is 1 × 2, not 1 × 1`},
		{`"x": [[1, "0x1p+1"]]`, `"x": [[1, 2, 3]]`, `x: is 1 × 3, not 1 × 2`},
		{`"x": [[1, "0x1p+1"]]`, `"x": [[1, 2], [3]]`, `x: is ragged: row 1 has 1 values, row 0 has 2`},
		{`"a": [[[0.5]]]`, `"a": [[[0.5]], [[1]]]`, `claim.a: has 2 layers, want 1`},
		{`"a": [[[0.5]]]`, `"after": [1, 2, 3]`, `claims theta after a step, and has no field "rate"`},
		{`"a": [[[0.5]]]}`, `"after": [1]}, "rate": 0`, `claim.after: has 1 values, want 3, one for each parameter`},
		{`"width": 1,`, `"width": 1000000000,`, `theta: has 3 values, too few for layer 0 of 1000000000 × 2 weights`},
		{`"inputs": 2`, `"inputs": 9223372036854775807`, `theta: has 3 values, too few for layer 0 of 1 × 9223372036854775807 weights`},
		{`"bias": true}`, `"bias": true}` + strings.Repeat(`, {"width": 1, "activation": "relu", "bias": false}`, 1000), `theta: has 3 values, too few for layer 1 of 1 × 1 weights`},
		{`"squared"`, `"none"`, `a loss goes with "t", and the loss "none" with "dy"`},
		{`"loss": "squared"`, `"case": "mazur"`, `has a case and also a network of its own: leave out one of them`},
		{`"net"`, `"precision": "fp8", "net"`, `precision: is "fp8", want float64, float32, bfloat16 or float16`},
		{`"net"`, `"precision": 1, "net"`, `precision: is the number 1, want a string`},
		{`touchstone-claim-1`, `touchstone-claim-2`, `schema: is "touchstone-claim-2", want "touchstone-claim-1"`},
		{ownClaim, `{"schema": "touchstone-claim-1", "case": "none", "claim": {"loss": 0}}`, `case: there is no case "none"; the ids are in testdata/golden/*.json`},
		{ownClaim, `{"schema": "touchstone-claim-1", "case": "mazur", "claim": {}}`, `claim: claims nothing: want a loss, grad, z, a, delta, dx or after`},
		{ownClaim, `{"schema": "touchstone-claim-1", "claim": {"loss": 0}}`, `has no field "case", and no "net" instead`},
	} {
		require.Contains(t, ownClaim, b.from)
		require.NoError(t, os.WriteFile("claim.json", []byte(strings.Replace(ownClaim, b.from, b.to, 1)), 0o644))
		code, out, err := command("verify", "claim.json")
		assert.Equal(t, 2, code)
		assert.Empty(t, out)
		assert.Equal(t, "touchstone: claim.json: "+b.want+"\n", err)
	}
	for _, args := range [][]string{{"verify"}, {"verify", "a", "b"}, {"verify", "-x"}, {"verify", "no such file"}} {
		code, _, err := command(args...)
		assert.Equal(t, 2, code)
		assert.Equal(t, 1, strings.Count(err, "\n"))
	}
}

// A claim on standard input is the claim in a file.
func TestVerifyStandardInput(t *testing.T) {
	inDirWith(t, "claim.json", ownClaim)
	stdin := os.Stdin
	t.Cleanup(func() { os.Stdin = stdin })
	verify := func(name string) (int, string, string) {
		f, err := os.Open(name)
		require.NoError(t, err)
		defer f.Close()
		os.Stdin = f
		return command("verify", "-")
	}
	code, out, _ := verify("claim.json")
	assert.Equal(t, 0, code)
	_, want, _ := command("verify", "claim.json")
	assert.Equal(t, want, out)

	require.NoError(t, os.WriteFile("cut.json", []byte(ownClaim[:160]), 0o644))
	code, out, stderr := verify("cut.json")
	assert.Equal(t, 2, code)
	assert.Empty(t, out)
	assert.Equal(t, "touchstone: standard input: theta: the JSON ends too early\n", stderr)
}

// The mark that Windows editors put before the text is not a part of it.
func TestVerifyByteOrderMark(t *testing.T) {
	inDirWith(t, "claim.json", "\ufeff"+ownClaim)
	code, _, err := command("verify", "claim.json")
	assert.Equal(t, 0, code, err)
	inDirWith(t, "claim.json", "\ufeff\ufeff"+ownClaim)
	code, _, _ = command("verify", "claim.json")
	assert.Equal(t, 2, code)
}

// How long it will take is found out only for who is told: the claim is parsed for it.
func TestVerifyExpectsForTerminalOnly(t *testing.T) {
	theta := strings.Repeat("0,", 1<<19) + "0"
	inDirWith(t, "claim.json", strings.Replace(ownClaim, "[0.5, -0.25, 0]", "["+theta+"]", 1))
	allocated := func(terminal io.Writer) int {
		out := newOutput(io.Discard, io.Discard)
		out.progress.w = terminal
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		err := verify([]string{"claim.json"}, out)
		runtime.ReadMemStats(&after)
		assert.ErrorContains(t, err, "claim.json: theta: has 524289 values")
		out.progress.end()
		return int(after.TotalAlloc - before.TotalAlloc)
	}
	assert.Less(t, allocated(nil)+8*len(theta), allocated(new(bytes.Buffer)))
}

// What cannot be read is said to be the claim.
func TestVerifyUnreadable(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, path := range []string{"missing.json", "."} {
		code, _, err := command("verify", path)
		assert.Equal(t, 2, code)
		assert.Contains(t, err, "touchstone: reading the claim: ")
		assert.Contains(t, err, " "+path+": ")
	}
}

// The fields of -json are those that the README of the vectors has.
func TestVerifyJSON(t *testing.T) {
	inDirWith(t, "wrong.json", strings.Replace(ownClaim, "[-0.125, -0.25, -0.125]", "[0.125, 0.25, 0.125]", 1))
	_, out, _ := command("verify", "-json", "wrong.json")
	var got map[string]any
	require.NoError(t, json.Unmarshal([]byte(out), &got))
	for _, b := range got["blocks"].([]any) {
		b := b.(map[string]any)
		assert.Greater(t, b["allowed"], 0.0)
		assert.Equal(t, b["outcome"] == "fail", b["error"].(float64) > 1)
		delete(b, "allowed")
		delete(b, "error")
	}
	want := `{
 "format": "touchstone-verdict-1", "case": "", "precision": "float64", "outcome": "fail", "first": "W0", "stage": "gradient",
 "cause": {"type": "SIGN", "text": "the gradient has the wrong sign"},
 "blocks": [
  {"name": "a0", "stage": "a", "outcome": "pass", "worst": "a0[0,0]", "claimed": 0.5, "exact": "5.000000000000000000000000000000000000000e-1"},
  {"name": "loss", "stage": "loss", "outcome": "pass", "worst": "loss", "claimed": 0.125, "exact": "1.250000000000000000000000000000000000000e-1"},
  {"name": "W0", "stage": "gradient", "outcome": "fail", "worst": "W0[0,0]", "claimed": 0.125, "exact": "-1.250000000000000000000000000000000000000e-1"},
  {"name": "b0", "stage": "gradient", "outcome": "fail", "worst": "b0[0]", "claimed": 0.125, "exact": "-1.250000000000000000000000000000000000000e-1"}
 ]}`
	rest, err := json.Marshal(got)
	require.NoError(t, err)
	assert.JSONEq(t, want, string(rest))
}

// A search that was cut short is reported, and one that was not is not.
func TestVerifyReportsCutShort(t *testing.T) {
	c, ok := touchstone.CaseByID("mazur")
	require.True(t, ok)
	for _, cut := range []bool{false, true} {
		v := &touchstone.Verdict{Outcome: touchstone.Fail, CutShort: cut}
		var text, machine bytes.Buffer
		require.NoError(t, printVerdict(&output{w: &text}, &c, touchstone.Float64, v))
		require.NoError(t, printJSON(&machine, &c, touchstone.Float64, v))
		assert.Equal(t, cut, strings.Contains(text.String(), "was cut short"))
		assert.Equal(t, cut, strings.Contains(machine.String(), `"cut_short": true`))
	}
}
