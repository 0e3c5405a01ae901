package main

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone/gradcheck"
)

// page returns the page that a command has written.
func page(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	require.NoError(t, err)
	assert.True(t, strings.HasPrefix(string(data), "<!DOCTYPE html>"))
	assert.True(t, strings.HasSuffix(string(data), "</html>\n"))
	return string(data)
}

func TestVerifyHTML(t *testing.T) {
	inDirWith(t, "claim.json", ownClaim)
	wrong := strings.Replace(ownClaim, "[-0.125, -0.25, -0.125]", "[0.125, 0.25, 0.125]", 1)
	require.NoError(t, os.WriteFile("wrong.json", []byte(wrong), 0o644))
	for _, args := range []string{"", "-json"} {
		command := func(file string) (int, string, string) {
			return command(append(strings.Fields("verify -html page.html "+args), file)...)
		}
		code, stdout, stderr := command("claim.json")
		assert.Equal(t, 0, code, stderr)
		assert.Equal(t, args != "", json.Valid([]byte(stdout)))
		assert.Contains(t, page(t, "page.html"), "All is right: 4 blocks, 5 entries")

		code, _, _ = command("wrong.json") // writes the page and says no
		assert.Equal(t, 1, code)
		text := page(t, "page.html")
		assert.Contains(t, text, `<strong>SIGN</strong>: the gradient has the wrong sign`)
		assert.Contains(t, text, `W0<span class="hidden">: fail</span> <span class="tag">first to differ</span>`)
		for _, name := range []string{"W0[0,0]", "W0[0,1]", "b0[0]"} {
			assert.Contains(t, text, "<title>"+name+": wrong, ")
		}
		assert.Equal(t, []string{"claim.json", "page.html", "wrong.json"}, files(t))
	}
}

// What cannot be judged, and an output that cannot be written, leave a page alone.
func TestVerifyHTMLRefuses(t *testing.T) {
	inDirWith(t, "claim.json", ownClaim)
	require.NoError(t, os.WriteFile("bad.json", []byte("{"), 0o644))
	require.NoError(t, os.WriteFile("page.html", []byte("old"), 0o644))
	for _, p := range []struct {
		args, want string
		code       int
	}{
		{"verify -html page.html bad.json", "bad.json: the JSON ends too early", 2},
		{"verify -html claim.json claim.json", "verify: -html would overwrite the claim; see touchstone help verify", 2},
		{"verify -html missing/page.html claim.json", "cannot save missing/page.html: no such file or directory", 3},
		{"verify -html - claim.json", "verify: -html -: want a file, as standard output has the text; see touchstone help verify", 2},
		{"report -html page.html bad.json", "bad.json: the JSON ends too early", 2},
		{"report -html bad.json bad.json", "report: -html would overwrite the report; see touchstone help report", 2},
		{"report bad.json claim.json", `report: unexpected argument "claim.json"; see touchstone help report`, 2},
		{"report", "report: the report is missing; see touchstone help report", 2},
		{"report -x", "report: flag provided but not defined: -x; see touchstone help report", 2},
		{"report none.json", "reading the report: open none.json: no such file or directory", 2},
	} {
		code, stdout, stderr := command(strings.Fields(p.args)...)
		assert.Equal(t, p.code, code, p.args)
		assert.Empty(t, stdout)
		assert.Equal(t, "touchstone: "+p.want+"\n", stderr)
		assert.Equal(t, "old", read(t, "page.html"))
		assert.Equal(t, ownClaim, read(t, "claim.json"))
	}
	assert.Equal(t, 3, run(strings.Fields("verify -html page.html claim.json"), fullDisk{}, io.Discard))
}

// A report of gradcheck is shown as it was printed, and as a page.
func TestReport(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, c := range []float64{1, 2} {
		r, err := gradcheck.Check(gradcheck.Problem{
			Func: func(x []float64) float64 { return math.Exp(x[0]) },
			Grad: func(grad, x []float64) { grad[0] = c * math.Exp(x[0]) },
			X:    []float64{0.5},
		}, nil)
		require.NoError(t, err)
		data, err := json.Marshal(r)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile("gradcheck.json", data, 0o644))
		code, stdout, stderr := command("report", "gradcheck.json", "-html", "page.html")
		assert.Equal(t, 0, code, stderr)
		assert.Equal(t, r.String()+"\n", stdout)
		_, stdout, _ = command("report", "-json", "gradcheck.json", "-html", "page.html")
		assert.JSONEq(t, string(data), stdout)
		text := page(t, "page.html")
		if c == 1 {
			assert.Contains(t, text, "0 of 1 entry wrong")
		} else {
			assert.Contains(t, text, "1 of 1 entry wrong")
			assert.Contains(t, text, r.Blocks[0].Causes[0].Text)
		}
	}

	// A file cannot command the terminal, neither by what it says nor by its name.
	data, err := os.ReadFile("gradcheck.json")
	require.NoError(t, err)
	evil := strings.Replace(string(data), `"remarks":[]`, `"remarks":["\u001b[2J\u009b1m\u202e\r"]`, 1)
	require.NoError(t, os.WriteFile("evil.json", []byte(evil), 0o644))
	code, stdout, stderr := command("report", "evil.json")
	assert.Equal(t, 0, code, stderr)
	assert.Contains(t, stdout, "\n  \ufffd[2J\ufffd1m\ufffd\ufffd\n")
	var colored bytes.Buffer
	require.NoError(t, showReport([]string{"evil.json"}, &output{w: &colored, color: true}))
	assert.Equal(t, strings.Replace(stdout, "FAIL", "\x1b[31mFAIL\x1b[0m", 1), colored.String())
	_, stdout, _ = command("report", "-json", "evil.json")
	assert.Contains(t, stdout, `"\u001b[2J\u009b1m`+"\u202e"+`\r"`)
	_, _, stderr = command("report", "\x1b[2J")
	assert.Contains(t, stderr, "touchstone: reading the report: open \ufffd[2J: ")

	f, err := os.Open("gradcheck.json")
	require.NoError(t, err)
	defer f.Close()
	stdin := os.Stdin
	t.Cleanup(func() { os.Stdin = stdin })
	os.Stdin = f
	code, stdout, _ = command("report", "-")
	assert.Equal(t, 0, code)
	assert.Contains(t, stdout, "gradcheck: FAIL: 1 of 1 entry wrong")

	code, stdout, _ = command("help", "report")
	assert.Equal(t, 0, code)
	assert.Contains(t, stdout, "-html file")
}
