package docs

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// snippets are what the README's blocks of Go that are no whole file need around them to
// be compiled, in their order: what they take as given, and what they leave unused.
var snippets = []struct{ given, unused string }{
	{"t *testing.T, objective *mlp.Objective, theta []float64, mine func(grad, theta []float64)", "err"},
	{"x, t blas64.General, v, hv []float64", "err"},
	{"n *mlp.Net, theta []float64, x, t blas64.General", "r, err"},
	{"n *mlp.Net, theta []float64, x, t blas64.General", "o"},
}

// The README's Go compiles, and its test fails with what stands there.
func TestReadmeGo(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	require.NoError(t, err)
	file, fragments := goBlocks(string(readme))
	require.Len(t, fragments, len(snippets))
	code := `package readme

import (
	"testing"

	"gonum.org/v1/gonum/blas/blas64"

	"touchstone"
	"touchstone/activation"
	"touchstone/gradcheck"
	"touchstone/loss"
	"touchstone/mlp"
	"touchstone/mlp/exact"
	"touchstone/mlp/fast"
)
`
	for i, s := range snippets {
		blank := strings.Repeat("_, ", strings.Count(s.unused, ","))
		code += "\nfunc _(" + s.given + ") {\n" + fragments[i] + blank + "_ = " + s.unused + "\n}\n"
	}
	out, err := goTest(t, code)
	assert.NoError(t, err, "%s", out)

	out, err = goTest(t, file)
	assert.Error(t, err)
	_, want, _ := strings.Cut(string(readme), "fails with\n\n```\n")
	want, _, _ = strings.Cut(want, "```\n")
	assert.Contains(t, unbound(out), unbound(want))
}

// What is wrong in a block is seen.
func TestReadmeGoSeesErrors(t *testing.T) {
	file, fragments := goBlocks("```go\npackage p\n```\n```\nno Go\n```\n```go\nx := 1\n```\n")
	assert.Equal(t, "package p\n", file)
	assert.Equal(t, []string{"x := 1\n"}, fragments)
	out, err := goTest(t, "package p\n\nfunc _() {\nx := 1\n}\n")
	assert.Error(t, err)
	assert.Contains(t, out, "declared and not used: x")
	assert.NotEqual(t, unbound("2.5 ± 1e-9  3"), unbound("2.6 ± 1e-9  3"))
	assert.Equal(t, unbound("    a  2.5 ± 1e-9  3.25\n"), unbound("a 2.5 ± 2.1e-11 7\n"))
}

// goBlocks returns the whole file and the fragments that blocks of Go in a page are.
func goBlocks(page string) (file string, fragments []string) {
	for _, block := range regexp.MustCompile("(?ms)^```go\n(.*?)^```$").FindAllStringSubmatch(page, -1) {
		if strings.HasPrefix(block[1], "package ") {
			file = block[1]
		} else {
			fragments = append(fragments, block[1])
		}
	}
	return file, fragments
}

// unbound returns a text with numbers after ±, bounds and what is divided by them, as
// one, and space as one.
func unbound(text string) string {
	text = regexp.MustCompile(`± \S+( +\S+)?`).ReplaceAllString(text, "±")
	return strings.Join(strings.Fields(text), " ")
}

// goTest runs go test on a file as if it were in a directory of this module.
func goTest(t *testing.T, code string) (string, error) {
	t.Helper()
	root, err := filepath.Abs("..")
	require.NoError(t, err)
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "p.go"), []byte(code), 0o644))
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(root, "docs", "ci", "readme_test.go"): filepath.Join(dir, "p.go")}})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "overlay.json"), overlay, 0o644))
	out, err := exec.Command("go", "test", "-vet=off", "-overlay", filepath.Join(dir, "overlay.json"), "touchstone/docs/ci").CombinedOutput()
	return string(out), err
}
