package main

import (
	"cmp"
	"os"
	"strings"
)

// isStream reports whether what is at path is to be written to, and not to be replaced
// by a file: a device, a pipe, standard output and error, wherever they go, and
// whatever else is open already, as /proc/self/fd/3 is.
func isStream(path string) bool {
	info, err := os.Stat(path)
	switch {
	case err != nil || info.IsDir():
		return false
	case !info.Mode().IsRegular() || isOpenFile(path):
		return true
	}
	return standard(info) != nil
}

// standard returns standard output or error if info is of its file, or nil.
func standard(info os.FileInfo) *os.File {
	for _, f := range []*os.File{os.Stdout, os.Stderr} {
		if own, err := f.Stat(); err == nil && os.SameFile(info, own) {
			return f
		}
	}
	return nil
}

// isOpenFile reports whether a link at path goes by way of a process's open files.
func isOpenFile(path string) bool {
	for range maxLinks {
		if strings.HasPrefix(path, "/proc/") || strings.HasPrefix(path, "/dev/fd/") {
			return true
		}
		to, ok := follow(path)
		if !ok {
			return false
		}
		path = to
	}
	return false
}

// writeStream appends data to the stream at path.
func writeStream(path string, data []byte) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if f := standard(info); f != nil {
		_, err = f.Write(data) // another descriptor would have a position of its own
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return cmp.Or(err, f.Close())
}
