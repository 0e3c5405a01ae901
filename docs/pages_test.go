package docs

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every command in a block of a page that begins with ```console prints what stands below
// it. There "…" stands for any part of a line or, alone in a line, for any lines.
func TestCommandsPrintWhatPagesSay(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("there is no shell")
	}
	sources(t) // what is run depends on all of them
	// The command is built once, as go run would build it each time.
	binary := filepath.Join(t.TempDir(), "touchstone")
	out, err := exec.Command("go", "build", "-o", binary, "touchstone/cmd/touchstone").CombinedOutput()
	require.NoError(t, err, "%s", out)
	pages, err := filepath.Glob("*.md")
	require.NoError(t, err)
	printed := map[string]string{}
	for _, page := range append(pages, "../README.md") {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		for _, c := range commands(string(text)) {
			if _, ok := printed[c.line]; !ok {
				run := exec.Command("sh", "-c", strings.ReplaceAll(c.line, "go run ./cmd/touchstone", binary))
				run.Dir = ".."
				out, err := run.CombinedOutput()
				assert.NoError(t, err, "%s: %s\n%s", page, c.line, out)
				printed[c.line] = string(out)
			}
			assert.True(t, c.prints(printed[c.line]), "%s: %s prints\n%s\nand not\n%s", page, c.line, printed[c.line], c.want)
		}
	}
	assert.NotEmpty(t, printed)
}

func TestWhatIsNotPrintedIsFound(t *testing.T) {
	page := "text\n```console\n$ one\na\n…\nd 3…\n\n$ two\n```\n```\n$ three\n```\n"
	all := commands(page)
	require.Len(t, all, 2, "the third is in another kind of block")
	assert.Equal(t, "one", all[0].line)
	for _, printed := range []string{"a\nb\nc\nd 3 s\n", "a\nd 3\n"} {
		assert.True(t, all[0].prints(printed), printed)
	}
	for _, printed := range []string{"", "a\n", "a\nb\nd 2 s\n", "b\na\nd 3 s\n", "a\nd 3\ne\n", "a d 3"} {
		assert.False(t, all[0].prints(printed), printed)
	}
	assert.True(t, all[1].prints(""))
	assert.False(t, all[1].prints("something\n"))
}

// A command is a line of a page, and what is said to come of it.
type command struct{ line, want string }

var console = regexp.MustCompile("(?ms)^```console\n(.*?)^```$")

func commands(page string) (all []command) {
	for _, block := range console.FindAllStringSubmatch(page, -1) {
		for _, part := range strings.Split("\n"+block[1], "\n$ ")[1:] {
			line, want, _ := strings.Cut(part, "\n")
			all = append(all, command{line, want})
		}
	}
	return all
}

func (c command) prints(output string) bool {
	pattern := regexp.QuoteMeta(strings.TrimSpace(c.want) + "\n")
	pattern = regexp.MustCompile(`(?m)^…\n`).ReplaceAllString(pattern, `(?:.*\n)*?`)
	pattern = strings.ReplaceAll(pattern, "…", ".*")
	return regexp.MustCompile("^" + pattern + "$").MatchString(strings.TrimSpace(output) + "\n")
}
