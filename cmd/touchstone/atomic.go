package main

import (
	"cmp"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
)

// writeAtomically writes a file, or leaves everything as it was: an old file at
// path is replaced in one step, when the new one is complete and on disk. The new
// file has the permissions of the old one, without setuid and the like, and its owner
// if that is allowed; or those that the umask leaves to new files. A symbolic link
// stays, and the file that it leads to is written.
//
// It is the name that is replaced: other hard links keep the old file, and a file that
// is read-only is replaced, too, where its directory allows that.
//
// A stream at path is written to; see isStream.
func writeAtomically(path string, data []byte) error {
	if isStream(path) {
		return cannotSave(path, writeStream(path, data))
	}
	to, old, err := destination(path)
	if err != nil {
		return cannotSave(path, err)
	}
	saving.Lock()
	defer saving.Unlock()
	if err := replace(to, old, data); err != nil {
		return cannotSave(path, err)
	}
	saving.done = append(saving.done, path)
	return nil
}

// destination returns where a file of the given name is to be written, and what is
// there already: a regular file, or nothing and nil.
func destination(path string) (string, fs.FileInfo, error) {
	old, err := os.Stat(path)
	switch {
	case err == nil && !old.Mode().IsRegular():
		return "", nil, errors.New("it is there and not a file")
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return "", nil, err
	case err != nil:
		old = nil // and not what Stat returns besides an error
	}
	to, err := followed(path)
	return to, old, err
}

// place returns a spelling that is the same for all paths to a file, which need not
// exist, but for hard links. Where there is none, it is path.
func place(path string) string {
	to, err := followed(path)
	if err != nil {
		return path
	}
	dir, name := filepath.Split(to) // and not Dir, for the reason that follow gives
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return path
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return path
	}
	return filepath.Join(dir, name)
}

// maxLinks is how many links are followed, as they may lead in a circle.
const maxLinks = 100

// followed returns what the symbolic links at path lead to, which need not exist.
func followed(path string) (string, error) {
	for range maxLinks {
		to, ok := follow(path)
		if !ok {
			return path, nil
		}
		path = to
	}
	return "", errors.New("too many symbolic links")
}

// follow returns what the symbolic link at path leads to, if it is one.
func follow(path string) (to string, ok bool) {
	to, err := os.Readlink(path)
	if err != nil {
		return "", false // not a link, or nothing at all
	}
	if !filepath.IsAbs(to) {
		// Not filepath.Join: it takes "a/.." away, though a may be a link.
		dir, _ := filepath.Split(path)
		to = dir + to
	}
	return to, true
}

// replace puts a new file in the place of old, which may be nil.
func replace(path string, old fs.FileInfo, data []byte) error {
	dir, err := openDirectory(filepath.Dir(path)) // while nothing is changed yet
	if err != nil {
		return err
	}
	defer dir.Close()
	f, err := createTemp(filepath.Dir(path))
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if old != nil {
		keepOwner(f, old) // before the permissions, which this may change
		err = cmp.Or(err, f.Chmod(old.Mode().Perm()))
	}
	err = cmp.Or(err, f.Sync())
	err = cmp.Or(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
		return err
	}
	return dir.sync()
}

// createTemp does what os.CreateTemp does, with the permissions of an ordinary new
// file: that one hides its files from everybody else.
func createTemp(dir string) (*os.File, error) {
	for range 1000 {
		name := ".touchstone-" + strconv.FormatUint(rand.Uint64(), 36)
		f, err := os.OpenFile(filepath.Join(dir, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
	return nil, fs.ErrExist
}

// A directory is an open one, or of a nil file where the system has no such thing.
type directory struct{ *os.File }

func openDirectory(name string) (directory, error) {
	if runtime.GOOS == "windows" {
		return directory{}, nil
	}
	f, err := os.Open(name)
	return directory{f}, err
}

// sync makes a new name outlast a power failure, where the system can.
func (d directory) sync() error {
	if d.File == nil {
		return nil
	}
	err := d.Sync()
	if errors.Is(err, errors.ErrUnsupported) || errors.Is(err, syscall.EINVAL) {
		return nil
	}
	return err
}

// A saveError reports a file that could not be written. The exit code is that of an
// output that could not, whatever else there is to say.
type saveError struct {
	path string
	err  error
}

func (e *saveError) Error() string { return "cannot save " + e.path + ": " + e.err.Error() }

func (e *saveError) Unwrap() error { return e.err }

// cannotSave names path, and not the temporary file that err may name.
func cannotSave(path string, err error) error {
	var p *os.PathError
	var l *os.LinkError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &p):
		err = p.Err
	case errors.As(err, &l):
		err = l.Err
	}
	return &saveError{path, err}
}
