package weights

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"touchstone/internal/strictjson"
)

// MaxFile is how large a file may be, and an array within a compressed one.
const MaxFile = 64 << 20

// MaxArchive is how large the arrays of a compressed file may be in all, those aside
// that are larger than MaxFile and so refused: to decode all takes seconds at most.
const MaxArchive = 256 << 20

// maxTensors is how many tensors a file may hold.
const maxTensors = 1 << 12

// An Error reports what is wrong with a file, or with a tensor in it.
type Error struct {
	File   string // as Decode was told, or the path; "" if no single file is to blame
	Tensor string // "" for the whole file
	Reason string // what is wrong, and what would be right
}

// Error returns the file, the tensor and the reason, on one line.
func (e *Error) Error() string {
	var b strings.Builder
	if e.File != "" {
		b.WriteString(e.File + ": ")
	}
	if e.Tensor != "" {
		b.WriteString("tensor " + quote(e.Tensor) + ": ")
	}
	return b.String() + e.Reason
}

// quote shortens what an error message repeats.
func quote(s string) string { return strconv.Quote(strictjson.Clip(s, 60)) }

// A Tensor is an array of at most two dimensions, row by row.
type Tensor struct {
	Name  string    // as the file has it
	Type  string    // of what was stored: "float32", "bfloat16", "int64", …
	Shape []int     // nil for a single number
	Data  []float64 // the product of Shape of them
}

// A Set is the tensors of one or more files. The zero Set is empty and ready to use.
type Set struct {
	entries []entry
	byName  map[string]int
}

// An entry is a tensor that is not decoded before somebody wants it.
type entry struct {
	file, name string
	decode     func() (*Tensor, error) // whose errors have no names
}

// ReadFile adds the tensors of a file, of at most MaxFile bytes. It has the errors of
// package os and of Decode.
func (s *Set) ReadFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, MaxFile+1))
	if err != nil {
		return err
	}
	return s.Decode(path, data)
}

// Decode adds the tensors of a file with the given name and contents, which it keeps.
// The contents tell the format. A NPY file has no names: its tensor is called like the
// file, without directory and ".npy". A file has at most 4096 tensors, and safetensors a
// header of at most 1 MiB, with all of its metadata.
//
// An error is an *Error, and then nothing was added. A name that is taken is one.
func (s *Set) Decode(file string, data []byte) error {
	var entries []entry
	var err error
	switch {
	case len(data) > MaxFile:
		err = fmt.Errorf("is larger than %d MiB", MaxFile>>20)
	case bytes.HasPrefix(data, []byte(npyMagic)):
		name := strings.TrimSuffix(filepath.Base(file), ".npy")
		entries = []entry{{name: name, decode: func() (*Tensor, error) { return decodeNPY(data) }}}
	case bytes.HasPrefix(data, []byte("PK\x03\x04")) || bytes.HasPrefix(data, []byte("PK\x05\x06")):
		entries, err = openNPZ(data)
	case isSafetensors(data):
		entries, err = openSafetensors(data)
	default:
		err = errors.New("is no safetensors, NPZ or NPY file; numpy.savez writes one of the arrays of any framework")
	}
	if err != nil {
		return &Error{File: file, Reason: err.Error()}
	}
	return s.add(file, entries)
}

func (s *Set) add(file string, entries []entry) error {
	fresh := map[string]bool{}
	for _, e := range entries {
		if i, taken := s.byName[e.name]; taken {
			return &Error{file, e.name, "there is one of this name in " + s.entries[i].file}
		}
		if fresh[e.name] {
			return &Error{file, e.name, "is there twice"}
		}
		fresh[e.name] = true
	}
	if s.byName == nil {
		s.byName = map[string]int{}
	}
	for _, e := range entries {
		e.file = file
		s.byName[e.name] = len(s.entries)
		s.entries = append(s.entries, e)
	}
	return nil
}

// Names returns the names of the tensors, in the order of the files.
func (s *Set) Names() []string {
	names := make([]string, len(s.entries))
	for i, e := range s.entries {
		names[i] = e.name
	}
	return names
}

// Has reports whether there is a tensor of that name.
func (s *Set) Has(name string) bool {
	_, ok := s.byName[name]
	return ok
}

// Tensor decodes the tensor of that name, into memory of its own. An error is an *Error.
func (s *Set) Tensor(name string) (*Tensor, error) {
	i, ok := s.byName[name]
	if !ok {
		return nil, &Error{Tensor: name, Reason: "is not there; " + s.list()}
	}
	e := s.entries[i]
	t, err := e.decode()
	if err != nil {
		return nil, &Error{e.file, e.name, err.Error()}
	}
	t.Name = name
	return t, nil
}

// list says which tensors there are.
func (s *Set) list() string {
	if len(s.entries) == 0 {
		return "there are none"
	}
	const most = 12
	var names []string
	for _, e := range s.entries[:min(most, len(s.entries))] {
		names = append(names, quote(e.name))
	}
	if more := len(s.entries) - most; more > 0 {
		names = append(names, fmt.Sprintf("and %d more", more))
	}
	return "there are " + strings.Join(names, ", ")
}

// wrong returns an *Error about t.
func (s *Set) wrong(t *Tensor, format string, args ...any) error {
	return &Error{s.entries[s.byName[t.Name]].file, t.Name, fmt.Sprintf(format, args...)}
}
