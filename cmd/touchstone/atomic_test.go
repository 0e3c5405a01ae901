package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	require.NoError(t, err)
	return string(data)
}

func mode(t *testing.T, name string) fs.FileMode {
	t.Helper()
	info, err := os.Lstat(name)
	require.NoError(t, err)
	return info.Mode()
}

// A new file has the permissions that any new file gets here, whatever the umask,
// and an old one keeps its own.
func TestWriteKeepsMode(t *testing.T) {
	inDirWith(t, "old", "old")
	ordinary, err := os.OpenFile("ordinary", os.O_CREATE|os.O_EXCL, 0o666)
	require.NoError(t, err)
	require.NoError(t, ordinary.Close())
	require.NoError(t, writeAtomically("new", []byte("new")))
	assert.Equal(t, "new", read(t, "new"))
	assert.Equal(t, mode(t, "ordinary"), mode(t, "new"))

	if runtime.GOOS == "windows" {
		return // which has no such permissions
	}
	for _, m := range []fs.FileMode{0o600, 0o640, 0o755} {
		require.NoError(t, os.Chmod("old", m))
		require.NoError(t, writeAtomically("old", []byte("new")))
		assert.Equal(t, "new", read(t, "old"))
		assert.Equal(t, m, mode(t, "old"))
	}
	assert.Equal(t, []string{"new", "old", "ordinary"}, files(t))
}

// A link stays a link: what it leads to is written, through several of them, out of
// other directories, and where nothing is yet.
func TestWriteFollowsLinks(t *testing.T) {
	inDirWith(t, "file", "old")
	require.NoError(t, os.MkdirAll("a/b", 0o755))
	require.NoError(t, os.Symlink("a/b", "deep"))
	for _, link := range []struct{ name, to string }{
		{"link", "file"},
		{"second", "link"},
		{"a/b/up", "../new"}, // seen from a/b it is a/new
	} {
		if err := os.Symlink(link.to, link.name); err != nil {
			t.Skip(err) // not everybody may make links on every system
		}
	}
	require.NoError(t, writeAtomically("second", []byte("new")))
	assert.Equal(t, "new", read(t, "file"))
	require.NoError(t, writeAtomically("deep/up", []byte("newer")))
	assert.Equal(t, "newer", read(t, "a/new"))
	for _, name := range []string{"link", "second", "a/b/up"} {
		assert.Equal(t, fs.ModeSymlink, mode(t, name).Type(), name)
	}
	assert.Equal(t, []string{"a", "deep", "file", "link", "second"}, files(t))

	require.NoError(t, os.Symlink("round", "round"))
	assert.Error(t, writeAtomically("round", nil))
}

// What is a directory is not replaced.
func TestWriteRefuses(t *testing.T) {
	inDirWith(t, "file", "old")
	require.NoError(t, os.Mkdir("dir", 0o755))
	assert.EqualError(t, writeAtomically("dir", nil), "cannot save dir: it is there and not a file")
	err := writeAtomically(filepath.Join("no", "file"), nil)
	assert.ErrorIs(t, err, fs.ErrNotExist)
	_, err = openDirectory("no")
	assert.True(t, errors.Is(err, fs.ErrNotExist) || runtime.GOOS == "windows")
	assert.Equal(t, []string{"dir", "file"}, files(t))
}

// Where the directory cannot be read, and so not be synced, nothing is written.
func TestWriteUnreadableDirectory(t *testing.T) {
	if os.Geteuid() <= 0 {
		t.Skip("there is nothing that this user cannot read")
	}
	inDirWith(t, "file", "old")
	require.NoError(t, os.Chmod(".", 0o300))
	err := writeAtomically("file", []byte("new"))
	require.NoError(t, os.Chmod(".", 0o700))
	assert.ErrorIs(t, err, fs.ErrPermission)
	assert.Equal(t, "old", read(t, "file"))
	assert.Equal(t, []string{"file"}, files(t))
}

// The owner stays, and the bits that let others act for him go.
func TestWriteKeepsOwner(t *testing.T) {
	inDirWith(t, "file", "old")
	if os.Chown("file", 12345, 23456) != nil {
		t.Skip("this user cannot give files away")
	}
	require.NoError(t, os.Chmod("file", 0o750|fs.ModeSetuid|fs.ModeSetgid))
	require.NoError(t, writeAtomically("file", []byte("new")))
	assert.Equal(t, fs.FileMode(0o750), mode(t, "file"))
	info, err := os.Stat("file")
	require.NoError(t, err)
	owner := reflect.ValueOf(info.Sys()).Elem()
	assert.EqualValues(t, 12345, owner.FieldByName("Uid").Uint())
	assert.EqualValues(t, 23456, owner.FieldByName("Gid").Uint())
}

// A file has one place, by whatever path, and whether it is there or not.
func TestPlace(t *testing.T) {
	inDirWith(t, "file", "old")
	require.NoError(t, os.MkdirAll("a/b", 0o755))
	for _, p := range []string{"./file", "a/../file", filepath.Join(filepath.Dir(place("file")), "file")} {
		assert.Equal(t, place("file"), place(p), p)
	}
	assert.Equal(t, place("new"), place("a/b/../../new"))
	assert.NotEqual(t, place("new"), place("a/new"))
	assert.Equal(t, "no/new", place("no/new"))
	if err := os.Symlink("a/b", "deep"); err != nil {
		t.Skip(err)
	}
	require.NoError(t, os.Symlink("../new", "a/b/up"))
	assert.Equal(t, place("a/new"), place("deep/up"))
	assert.Equal(t, place("a/new"), place("deep/../new")) // and not new
	assert.NotEqual(t, place("new"), place("deep/../new"))
}

// Outputs are one file however they are spelled, and nothing is computed for them.
func TestOutputsOverwriteEachOther(t *testing.T) {
	inDirWith(t, "data.csv", patients)
	require.NoError(t, os.Mkdir("a", 0o755))
	for args, want := range map[string]string{
		"train -data data.csv -target disease -save z -plot ./z":                                               "train: -plot would overwrite -save",
		"train -data data.csv -target disease -save a/../data.csv":                                             "train: -save would overwrite -data",
		"import -orientation in,out -layer w,,relu -loss squared -grad g -vector v -claim a/../v w":            "import: -claim would overwrite -vector",
		"import -orientation in,out -layer w,,relu -loss squared -vector v -model ./v -target t -features f w": "import: -vector would overwrite -model",
		"import -orientation in,out -layer w,,relu -loss squared -vector a/../w w":                             "import: -vector would overwrite w",
		"export -out ./v.json v.json":  "export: -out would overwrite v.json",
		"verify -html ./c.json c.json": "verify: -html would overwrite the claim",
		"report -html ./r.json r.json": "report: -html would overwrite the report",
	} {
		code, out, err := command(strings.Fields(args)...)
		assert.Equal(t, 2, code, args)
		assert.Empty(t, out)
		assert.Contains(t, err, "touchstone: "+want+"; see touchstone help ")
	}
	assert.Equal(t, []string{"a", "data.csv"}, files(t))
}
