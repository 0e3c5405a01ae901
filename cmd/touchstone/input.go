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

// readInput reads a file that openInput opens, but no more than most bytes and another
// one to tell that there are more.
func readInput(path string, most int64) (data []byte, name string, err error) {
	in, name, err := openInput(path)
	if err != nil {
		return nil, name, err
	}
	defer in.Close()
	data, err = io.ReadAll(io.LimitReader(in, most+1))
	return data, name, err
}
