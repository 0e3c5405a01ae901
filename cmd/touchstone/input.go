package main

import (
	"io"
	"os"
)

// openInput opens a file to read, or standard input if path is "-", and returns the
// name that errors give it.
func openInput(path string) (in io.ReadCloser, name string, err error) {
	if path == "-" {
		return io.NopCloser(os.Stdin), "standard input", nil
	}
	f, err := os.Open(path)
	return f, path, err
}
