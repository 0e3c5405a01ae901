package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every relative link of every page leads to a file, or a directory.
func TestLinksLeadSomewhere(t *testing.T) {
	found := 0
	for _, path := range sources(t) {
		if filepath.Ext(path) != ".md" {
			continue
		}
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		for _, target := range links(string(text)) {
			_, err := os.Stat(filepath.Join(filepath.Dir(path), target))
			assert.NoError(t, err, "%s links to %s", path, target)
			found++
		}
	}
	assert.Greater(t, found, 20)
}

func TestLinksAreFound(t *testing.T) {
	page := "[a](b.go), [c](d/e.md#f) and [g](https://h.org/i)\n[j](#k) x[l](m)\n"
	assert.Equal(t, []string{"b.go", "d/e.md", "m"}, links(page))
}

var link = regexp.MustCompile(`\]\(([^)\s]+)\)`)

// links returns the files of this repository that a page links to.
func links(page string) (targets []string) {
	for _, m := range link.FindAllStringSubmatch(page, -1) {
		file, _, _ := strings.Cut(m[1], "#")
		if file != "" && !strings.Contains(file, "://") {
			targets = append(targets, file)
		}
	}
	return targets
}
