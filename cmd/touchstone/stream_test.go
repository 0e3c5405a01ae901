package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// redirected makes a file standard output, as a shell does, until the test ends.
func redirected(t *testing.T, name string) *os.File {
	t.Helper()
	f, err := os.Create(name)
	require.NoError(t, err)
	stdout := os.Stdout
	os.Stdout = f
	t.Cleanup(func() { os.Stdout = stdout; f.Close() })
	return f
}

// What standard output goes to is not replaced: what was written stays, and what
// comes after does not vanish with the old file.
func TestWriteToStandardOutput(t *testing.T) {
	t.Chdir(t.TempDir())
	f := redirected(t, "log")
	fmt.Fprint(f, "before ")
	require.True(t, isStream("log"))
	require.NoError(t, writeAtomically("log", []byte("data ")))
	fmt.Fprint(f, "after")
	assert.Equal(t, "before data after", read(t, "log"))

	code, _, stderr := command("generate", "-net", "2-1", "-out", "log")
	require.Equal(t, 0, code, stderr)
	assert.True(t, strings.HasPrefix(read(t, "log"), "before data after{"))

	// An ordinary file beside it is replaced.
	require.NoError(t, os.WriteFile("file", []byte("old and long"), 0o644))
	require.False(t, isStream("file"))
	require.NoError(t, writeAtomically("file", []byte("new")))
	assert.Equal(t, "new", read(t, "file"))
	assert.False(t, isStream("nothing"))
	assert.False(t, isStream("."))
	assert.Equal(t, []string{"file", "log"}, files(t))
}

// A device is written to, and stays.
func TestWriteToDevice(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("which has no devices among its files")
	}
	require.NoError(t, writeAtomically(os.DevNull, []byte("data")))
	assert.NotZero(t, mode(t, os.DevNull)&fs.ModeDevice)
}

// So is a file that is open already, by the name that Linux gives it.
func TestWriteToOpenFile(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("which has no /proc/self/fd")
	}
	inDirWith(t, "log", "")
	f, err := os.OpenFile("log", os.O_WRONLY|os.O_APPEND, 0)
	require.NoError(t, err)
	defer f.Close()
	fmt.Fprint(f, "before ")
	name := filepath.Join("/proc/self/fd", fmt.Sprint(f.Fd()))
	require.NoError(t, os.Symlink(name, "link"))
	require.NoError(t, writeAtomically("link", []byte("data ")))
	fmt.Fprint(f, "after")
	assert.Equal(t, "before data after", read(t, "log"))
	assert.NoError(t, checkOutputs("train", []namedFile{{"-data", "log"}}, []namedFile{{"-save", "link"}}))
	assert.Equal(t, []string{"link", "log"}, files(t))
}
