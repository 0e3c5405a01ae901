package hostile_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone/internal/hostile"
)

// corpus writes and loads a corpus.
func corpus(t *testing.T, text string) (*hostile.Corpus, error) {
	path := filepath.Join(t.TempDir(), "corpus.json")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	return hostile.Load(path)
}

const small = `{"valid": {"good": ["one", "two"]}, "inputs": [
	{"id": "a", "label": "x", "of": "good", "replace": "two", "by": ["t", {"repeat": "o", "times": 3}, {"hex": "ff"}], "error": "bad"},
	{"id": "b", "label": "x", "by": [], "error": "bad "}]}`

var waste []byte

// TestCheck plants decoders that are wrong in every way that Check is to see.
func TestCheck(t *testing.T) {
	c, err := corpus(t, small)
	require.NoError(t, err)
	assert.Equal(t, "one\ntooo\xff\n", string(c.Bytes(&c.Inputs[0])))
	decode := func(data []byte) error {
		if string(data) == "one\ntwo\n" {
			return nil
		}
		return errors.New("bad " + strings.TrimSuffix(string(data), "ooo\xff\n"))
	}
	c.Inputs = c.Inputs[1:]
	assert.Empty(t, c.Check(decode, 1))
	for name, w := range map[string]struct {
		decode hostile.Decoder
		want   string
	}{
		"refuses": {func([]byte) error { return errors.New("bad ") }, `good: is valid, and refused: bad `},
		"accepts": {func([]byte) error { return nil }, `b: is accepted, want the error "bad "`},
		"says":    {func(data []byte) error { return rename(decode(data)) }, `b: has the error "worse", want "bad "`},
		"panics":  {func(data []byte) error { panics(decode(data)); return nil }, `b: has the error "panic: bad ", want "bad "`},
		"wastes":  {func(data []byte) error { waste = make([]byte, 5<<20); return decode(data) }, `b: took 5`},
	} {
		problems := c.Check(w.decode, 1)
		if assert.Len(t, problems, 1, name) {
			assert.True(t, strings.HasPrefix(problems[0], w.want), "%s: %s", name, problems[0])
		}
	}
	for _, long := range []string{strings.Repeat("x", 601), "two\nlines"} {
		c.Inputs[0].Error = long
		problems := c.Check(func(data []byte) error {
			if err := decode(data); err != nil {
				return errors.New(long)
			}
			return nil
		}, 1)
		assert.Len(t, problems, 1)
		assert.Contains(t, problems[0], "bytes or several lines")
	}
}

func rename(err error) error {
	if err != nil {
		return errors.New("worse")
	}
	return nil
}

func panics(err error) {
	if err != nil {
		panic(err)
	}
}

// A corpus with a slip of its own is refused.
func TestLoadRefuses(t *testing.T) {
	for from, to := range map[string]string{
		`"id": "b"`:          `"id": "a"`,
		`"error": "bad "`:    `"error": ""`,
		`"replace": "two"`:   `"replace": "o"`,
		`"of": "good"`:       `"of": "other"`,
		`"label": "x", "by"`: `"label": "x", "bye"`,
		`"repeat"`:           `"again"`,
		`{"hex": "ff"}`:      `{"hex": "f"}`,
	} {
		require.Contains(t, small, from)
		_, err := corpus(t, strings.Replace(small, from, to, 1))
		assert.Error(t, err, to)
	}
}
