package gradcheck

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// square is ½x², with a gradient that is c times the right one.
func square(c float64) Problem {
	return Problem{
		Func: func(x []float64) float64 { return x[0] * x[0] / 2 },
		Grad: func(grad, x []float64) { grad[0] = c * x[0] },
		X:    []float64{3},
	}
}

// A noter is a test that only notes what it is told.
type noter struct {
	errors     []string
	attributes map[string]string
	dir        string
}

func (n *noter) Helper() {}
func (n *noter) Errorf(format string, args ...any) {
	n.errors = append(n.errors, fmt.Sprintf(format, args...))
}
func (n *noter) Attr(key, value string) { n.attributes[key] = value }
func (n *noter) ArtifactDir() string    { return n.dir }

func TestAssertSetsAttributes(t *testing.T) {
	for c, want := range map[float64][2]string{1: {"pass", "0"}, 2: {"fail", "1"}} {
		n := &noter{attributes: map[string]string{}, dir: t.TempDir()}
		Assert(n, square(c), nil)
		assert.Equal(t, want[0], n.attributes["gradcheck.verdict"])
		assert.Equal(t, want[1], n.attributes["gradcheck.failed"])
		assert.Equal(t, "0", n.attributes["gradcheck.undecided"])
		assert.NotEmpty(t, n.attributes["gradcheck.evaluations"])
		assert.Regexp(t, `^\de-\d\d$|^\d\.\de-\d\d$`, n.attributes["gradcheck.median-detectable"])
		for key, value := range n.attributes {
			assert.NotContains(t, key+value, "\n")
		}
		assert.Len(t, n.errors, int(c)-1)
	}
}

// Without -artifacts nothing is written, whatever the test offers.
func TestAssertWritesOnlyIfAsked(t *testing.T) {
	if keepsArtifacts() {
		t.Skip("this run is with -artifacts")
	}
	n := &noter{attributes: map[string]string{}, dir: filepath.Join(t.TempDir(), "not made")}
	Assert(n, square(1), nil)
	assert.Empty(t, n.errors)
	assert.NoDirExists(t, n.dir)
}

// With -artifacts the report is written, and a report that cannot be is an error of the
// test.
func TestAssertWrites(t *testing.T) {
	f := flag.Lookup("test.artifacts")
	if f == nil {
		t.Skip("this Go has no test artifacts")
	}
	before := f.Value.String()
	require.NoError(t, f.Value.Set("true"))
	defer f.Value.Set(before)

	n := &noter{attributes: map[string]string{}, dir: t.TempDir()}
	Assert(n, square(1), nil)
	assert.Empty(t, n.errors)
	data, err := os.ReadFile(filepath.Join(n.dir, "gradcheck.json"))
	require.NoError(t, err)
	r, err := Check(square(1), nil)
	require.NoError(t, err)
	want, err := r.MarshalJSON()
	require.NoError(t, err)
	assert.Equal(t, string(want)+"\n", string(data))

	n.dir = filepath.Join(n.dir, "missing")
	Assert(n, square(1), nil)
	require.Len(t, n.errors, 1)
	assert.Contains(t, n.errors[0], "gradcheck: writing the report: ")
}

func TestCreateNext(t *testing.T) {
	dir := t.TempDir()
	for _, want := range []string{"gradcheck.json", "gradcheck-2.json", "gradcheck-3.json"} {
		f, err := createNext(dir)
		require.NoError(t, err)
		assert.Equal(t, filepath.Join(dir, want), f.Name())
		require.NoError(t, f.Close())
	}
	_, err := createNext(filepath.Join(dir, "missing"))
	assert.ErrorIs(t, err, os.ErrNotExist)
}

// TestAssertTwice is what TestArtifacts runs.
func TestAssertTwice(t *testing.T) {
	Assert(t, square(1), nil)
	Assert(t, square(1), nil)
}

// Under -artifacts, a real test leaves a file for each Assert.
func TestArtifacts(t *testing.T) {
	if flag.Lookup("test.artifacts") == nil {
		t.Skip("this Go has no test artifacts")
	}
	dir := t.TempDir()
	self, err := os.Executable()
	require.NoError(t, err)
	out, err := exec.Command(self, "-test.run=^TestAssertTwice$", "-test.v", "-test.artifacts", "-test.outputdir="+dir).CombinedOutput()
	require.NoError(t, err, "%s", out)
	assert.Equal(t, 2, strings.Count(string(out), "gradcheck.verdict pass"), "%s", out)

	var names []string
	require.NoError(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		names = append(names, d.Name())
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		assert.True(t, json.Valid(data) && bytes.Contains(data, []byte(jsonFormat)), "%s", data)
		return nil
	}))
	assert.ElementsMatch(t, []string{"gradcheck.json", "gradcheck-2.json"}, names)
}
