package docs

import (
	"go/ast"
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every equation that a comment refers to by its number is in mlp/doc.go, and one that
// stands beside a loop, two spaces or more before its number, is the one there.
func TestEquationNumbers(t *testing.T) {
	all := packages(t, token.NewFileSet())
	var defined map[int]string
	for _, f := range all["../mlp"] {
		if strings.Contains(f.Doc.Text(), "# Notation") {
			defined = equations(f.Doc.Text())
		}
	}
	require.Len(t, defined, 35)
	for n := 1; n <= len(defined); n++ {
		assert.Contains(t, defined, n, "they are numbered without gaps")
	}
	referred := map[int]bool{}
	for dir, files := range all {
		if strings.HasPrefix(dir, "../internal") || dir == "../gradcheck" {
			continue // which know nothing of networks
		}
		for _, f := range files {
			for _, text := range comments(f) {
				for _, wrong := range wrongEquations(text, defined) {
					t.Errorf("%s, package %s: %s", dir, f.Name.Name, wrong)
				}
				for _, n := range references(text) {
					referred[n] = true
				}
			}
		}
	}
	for n := range 18 {
		assert.True(t, referred[n+1], "no loop is said to compute (%d)", n+1)
	}
}

func TestWrongEquationsAreFound(t *testing.T) {
	defined := equations("\n    (1)  z = Σ w·a + b\n    (2)  a = f(z)\n")
	require.Equal(t, map[int]string{1: "z = Σ w·a + b", 2: "a = f(z)"}, defined)
	for _, right := range []string{"z = Σ w·a+b    (1)", "as in (1) and (2), f(3)", "ReLU′(0) at 2e3", "(2): fˡ(z)"} {
		assert.Empty(t, wrongEquations(right, defined), right)
	}
	for _, wrong := range []string{"z = Σ w·a − b    (1)", "a = f(z)   (1)", "as in (3)", "equations (1) to (4)", "after (0)"} {
		assert.Len(t, wrongEquations(wrong, defined), 1, wrong)
	}
}

var (
	definition = regexp.MustCompile(`(?m)^\s+\((\d+)\)\s+(.*\S)$`)
	reference  = regexp.MustCompile(`(?:^|[\s(])\((\d{1,2})\)`)
	beside     = regexp.MustCompile(`(?m)^\s*(\S.* [=←] .*\S) {2,}\((\d+)\)$`)
)

// equations returns the numbered lines of a derivation.
func equations(text string) map[int]string {
	all := map[int]string{}
	for _, m := range definition.FindAllStringSubmatch(text, -1) {
		n, _ := strconv.Atoi(m[1])
		all[n] = m[2]
	}
	return all
}

func references(text string) (all []int) {
	for _, m := range reference.FindAllStringSubmatch(text, -1) {
		n, _ := strconv.Atoi(m[1])
		all = append(all, n)
	}
	return all
}

// wrongEquations lists what a comment says of equations and is not so.
func wrongEquations(text string, defined map[int]string) (wrong []string) {
	for _, n := range references(text) {
		if defined[n] == "" {
			wrong = append(wrong, "there is no equation ("+strconv.Itoa(n)+")")
		}
	}
	for _, m := range beside.FindAllStringSubmatch(text, -1) {
		n, _ := strconv.Atoi(m[2])
		if want := defined[n]; want != "" && packed(want) != packed(m[1]) {
			wrong = append(wrong, m[1]+" is not equation ("+m[2]+"), "+want)
		}
	}
	return wrong
}

// packed returns an equation without its spaces.
func packed(s string) string { return strings.Join(strings.Fields(s), "") }

// comments returns the text of every comment of a file but that of its package.
func comments(f *ast.File) (texts []string) {
	for _, c := range f.Comments {
		if c != f.Doc {
			texts = append(texts, c.Text())
		}
	}
	return texts
}
