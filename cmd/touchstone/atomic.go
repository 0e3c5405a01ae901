package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

const tempPattern = ".touchstone-*"

// writeAtomically writes a file, or leaves everything as it was: an old file at
// path is replaced in one step, when the new one is complete and on disk.
func writeAtomically(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), tempPattern)
	if err != nil {
		return saveError(path, err)
	}
	_, err = f.Write(data)
	err = cmp.Or(err, f.Chmod(0o644), f.Sync())
	err = cmp.Or(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
		return saveError(path, err)
	}
	return nil
}

// saveError names path, and not the temporary file that err may name.
func saveError(path string, err error) error {
	var p *os.PathError
	var l *os.LinkError
	switch {
	case errors.As(err, &p):
		err = p.Err
	case errors.As(err, &l):
		err = l.Err
	}
	return fmt.Errorf("cannot save %s: %w", path, err)
}
