package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// contents are the megabytes that a writer writes by turns.
var contents = [][]byte{bytes.Repeat([]byte("old "), 1<<20), bytes.Repeat([]byte("new\n"), 1<<20)}

// rewrite writes the file for as long as it lives.
func rewrite(write func(name string, data []byte) error) {
	for n := 0; ; n++ {
		if err := write("file", contents[n%2]); err != nil {
			panic(err)
		}
		if n == 0 {
			fmt.Println("written")
		}
	}
}

// killed starts a writer, kills it some time after it is seen to write again, and
// reports whether that left a temporary file, and whether the file itself is whole.
func killed(t *testing.T, writer string, writes func() bool, after time.Duration) (amid, whole bool) {
	t.Helper()
	p := newProcess(t, writer)
	p.Stdout = nil
	stdout, err := p.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, p.Start())
	waitFor(t, stdout, "written")
	for !writes() {
	}
	time.Sleep(after)
	require.NoError(t, p.Process.Kill())
	p.wait()
	for _, name := range temporary() {
		amid = true
		require.NoError(t, os.Remove(name))
	}
	data := []byte(read(t, "file"))
	return amid, bytes.Equal(data, contents[0]) || bytes.Equal(data, contents[1])
}

// temporary lists the files that writeAtomically has not renamed.
func temporary() []string {
	names, _ := filepath.Glob(".touchstone-*") // the pattern is right
	return names
}

// A process that is killed while it writes leaves an old file whole: at a moment of
// the writing that is another each time.
func TestKilledWhileWriting(t *testing.T) {
	t.Chdir(t.TempDir())
	amid, tries := 0, 0
	for ; amid < 5 && tries < 100; tries++ {
		after := time.Duration(tries%5) * 400 * time.Microsecond
		during, whole := killed(t, "writer", func() bool { return len(temporary()) > 0 }, after)
		require.True(t, whole)
		if during {
			amid++
		}
	}
	assert.Equal(t, 5, amid, "of %d times it was killed while it wrote", tries)
}

// The test would see that a file is not whole.
func TestKilledWhileWritingInPlace(t *testing.T) {
	t.Chdir(t.TempDir())
	short := func() bool {
		info, err := os.Stat("file")
		return err == nil && info.Size() < int64(len(contents[0]))
	}
	for range 100 {
		if _, whole := killed(t, "careless writer", short, 0); !whole {
			return
		}
	}
	t.Error("it was never killed while it wrote")
}
