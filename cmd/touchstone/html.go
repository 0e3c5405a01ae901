package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
)

// A namedFile is a file that the command line names, and by which flag.
type namedFile struct{ flag, path string }

// checkOutputs finds out before a long run whether its results can be saved, and that
// none of them would overwrite an input or another one. Outputs of no path are not
// wanted.
func checkOutputs(command string, inputs, outputs []namedFile) error {
	taken := inputs
	for _, f := range outputs {
		if f.path == "" {
			continue
		}
		if err := f.check(command, taken); err != nil {
			return err
		}
		taken = append(taken, f)
	}
	return nil
}

func (f namedFile) check(command string, taken []namedFile) error {
	if f.path == "-" {
		return &usageError{command, f.flag + " -: want a file, as standard output has the text"}
	}
	if isStream(f.path) {
		return nil
	}
	to, old, err := destination(f.path)
	if err != nil {
		return cannotSave(f.path, err)
	}
	for _, other := range taken {
		info, err := os.Stat(other.path)
		if place(other.path) == place(f.path) || err == nil && os.SameFile(info, old) {
			return &usageError{command, f.flag + " would overwrite " + other.flag}
		}
	}
	saving.Lock() // as the file must not stay
	defer saving.Unlock()
	temp, err := createTemp(filepath.Dir(to))
	if err != nil {
		return cannotSave(f.path, err)
	}
	temp.Close()
	return cannotSave(f.path, os.Remove(temp.Name()))
}

// savePage writes what write writes to the file at path, if there is to be one.
func savePage(path string, write func(w io.Writer) error) error {
	if path == "" {
		return nil
	}
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return err
	}
	return writeAtomically(path, b.Bytes())
}
