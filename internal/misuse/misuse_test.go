package misuse_test

import (
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone/internal/misuse"
)

const source = `package p

const tooLong = "p: too long"

// Short panics if n is below 1.
func Short(n int) {
	if n < 1 {
		panic("p: too short")
	}
}

// Long panics if n is above 9.
func Long(n int) {
	if n > 9 {
		panic(tooLong)
	}
}

func read(err error) { panic(err) }
`

// TestCheck plants each mistake that Check is to see.
func TestCheck(t *testing.T) {
	dir := func(src string) fs.FS {
		return fstest.MapFS{"p.go": {Data: []byte(src)}, "p_test.go": {Data: []byte(`package p; func F() { panic("test") }`)}}
	}
	short := misuse.Case{Panic: "p: too short", Do: func() { panic("p: too short") }}
	long := misuse.Case{Panic: "p: too long", Do: func() { panic("p: too long") }}
	assert.Empty(t, misuse.Check(dir(source), []misuse.Case{short, long}, "err in read"))
	for want, check := range map[string]func() []string{
		`p.go:15:3: "p: too long" has no case`: func() []string {
			return misuse.Check(dir(source), []misuse.Case{short}, "err in read")
		},
		`p.go:19:24: err in read: not a constant string`: func() []string {
			return misuse.Check(dir(source), []misuse.Case{short, long})
		},
		`p.go:19:24: an expression in read: not a constant string`: func() []string {
			return misuse.Check(dir(strings.Replace(source, "panic(err)", `panic("p: " + err.Error())`, 1)), []misuse.Case{short, long}, "err in read")
		},
		`"p: too short": the panic is <nil>`: func() []string {
			return misuse.Check(dir(source), []misuse.Case{{Panic: "p: too short", Do: func() {}}, long}, "err in read")
		},
		`"p: too short": the panic is p: too long`: func() []string {
			return misuse.Check(dir(source), []misuse.Case{{Panic: "p: too short", Do: long.Do}, long}, "err in read")
		},
		`p.go:8:3: "p: too short": the documentation of the function does not say that it panics`: func() []string {
			return misuse.Check(dir(strings.Replace(source, "Short panics", "Short fails", 1)), []misuse.Case{short, long}, "err in read")
		},
	} {
		assert.Equal(t, []string{want}, check())
	}
}

// TestEveryPackage finds the packages of the library that panic, and their tests.
func TestEveryPackage(t *testing.T) {
	root := os.DirFS("../..")
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		require.NoError(t, err)
		switch base := path.Base(name); {
		case !d.IsDir():
			return nil
		case name != "." && (strings.HasPrefix(base, ".") || base == "testdata" || base == "bench" || base == "cmd" || base == "vendor"):
			return fs.SkipDir // commands exit, and have tests of their own
		}
		sub, err := fs.Sub(root, name)
		require.NoError(t, err)
		panics, err := misuse.Panics(sub)
		require.NoError(t, err)
		if len(panics) == 0 {
			return nil
		}
		test, err := fs.ReadFile(root, path.Join(name, "misuse_test.go"))
		assert.NoError(t, err, "%s panics", name)
		assert.Contains(t, string(test), "misuse.Check(os.DirFS(\".\")", name)
		t.Logf("%s: %d panics", name, len(panics))
		return nil
	})
	require.NoError(t, err)
}
