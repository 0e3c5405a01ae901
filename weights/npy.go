package weights

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

const npyMagic = "\x93NUMPY"

// maxNPYHeader is what NumPy itself accepts.
const maxNPYHeader = 10000

// decodeNPY reads an NPY file: the magic, two bytes of version, the length of the
// header, the header, which is a dictionary in Python, and the numbers.
func decodeNPY(data []byte) (*Tensor, error) {
	major, header, data, err := splitNPY(data)
	if err != nil {
		return nil, err
	}
	h, err := parseNPYHeader(major, header)
	if err != nil {
		return nil, fmt.Errorf("the NPY header: %w", err)
	}
	e, order, err := npyElement(h.descr)
	if err != nil {
		return nil, err
	}
	return e.decode(h.shape, data, order, h.fortran)
}

// splitNPY returns the version without its second number, which is 0, the header and the
// bytes after it.
func splitNPY(data []byte) (major byte, header string, rest []byte, err error) {
	rest, ok := bytes.CutPrefix(data, []byte(npyMagic))
	if !ok {
		return 0, "", nil, errors.New("is no NPY file: it does not begin with \\x93NUMPY")
	}
	if len(rest) < 4 {
		return 0, "", nil, errors.New("the NPY header is cut off")
	}
	major, minor := rest[0], rest[1]
	size := uint64(binary.LittleEndian.Uint16(rest[2:]))
	switch {
	case minor != 0 || major < 1 || major > 3:
		return 0, "", nil, fmt.Errorf("the version of NPY is %d.%d, want 1.0, 2.0 or 3.0", major, minor)
	case major == 1:
		rest = rest[4:]
	case len(rest) < 6:
		return 0, "", nil, errors.New("the NPY header is cut off")
	default:
		size, rest = uint64(binary.LittleEndian.Uint32(rest[2:])), rest[6:]
	}
	switch {
	case size > maxNPYHeader:
		return 0, "", nil, fmt.Errorf("the NPY header has %d bytes, want at most %d", size, maxNPYHeader)
	case size > uint64(len(rest)):
		return 0, "", nil, fmt.Errorf("the NPY header has %d bytes, and %d are there", size, len(rest))
	}
	return major, string(rest[:size]), rest[size:], nil
}

// npyElement returns what a descr such as "<f4" stands for.
func npyElement(descr string) (element, binary.ByteOrder, error) {
	var order binary.ByteOrder = binary.LittleEndian
	code := descr
	if descr != "" && strings.Contains("<>|=", descr[:1]) {
		code = descr[1:]
		if descr[0] == '>' {
			order = binary.BigEndian
		}
	}
	e, ok := elements[code]
	switch {
	case ok:
		return e, order, nil
	case strings.HasPrefix(code, "O"):
		return e, nil, errors.New("holds Python objects, which are a program (pickle) and are not executed; save it as numbers")
	}
	return e, nil, fmt.Errorf("the type %s is not of real numbers of at most 64 bits; save it as float64", quote(descr))
}

type npyHeader struct {
	descr   string
	fortran bool
	shape   []int
}

// parseNPYHeader reads {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }:
// these three keys, once each, in any order.
func parseNPYHeader(major byte, s string) (npyHeader, error) {
	p := &scanner{rest: s, long: major < 3} // which Python 3 alone has written
	var h npyHeader
	seen := map[string]bool{}
	p.want("{")
	for p.err == nil && !p.eat("}") {
		key := p.text()
		p.want(":")
		switch key {
		case "descr":
			if p.eat("[") {
				p.fail("describes records of several fields, and weights are numbers")
			}
			h.descr = p.text()
		case "fortran_order":
			if h.fortran = p.eat("True"); !h.fortran {
				p.want("False")
			}
		case "shape":
			h.shape = p.tuple()
		default:
			p.fail("has the key %s, want 'descr', 'fortran_order' and 'shape'", quote(key))
		}
		if seen[key] {
			p.fail("has the key %s twice", quote(key))
		}
		seen[key] = true
		if !p.eat(",") {
			p.want("}")
			break
		}
	}
	if p.skip(); p.rest != "" {
		p.fail("goes on after its end with %s", quote(p.rest))
	}
	for _, key := range []string{"descr", "fortran_order", "shape"} {
		if !seen[key] {
			p.fail("has no key '%s'", key)
		}
	}
	return h, p.err
}

// A scanner reads the literals of Python that NumPy writes. After the first error it
// reads nothing.
type scanner struct {
	rest string
	long bool // as Python 2 does, 3L may stand for 3
	err  error
}

func (p *scanner) fail(format string, args ...any) {
	if p.err == nil {
		p.err = fmt.Errorf(format, args...)
	}
	p.rest = ""
}

func (p *scanner) skip() { p.rest = strings.TrimLeft(p.rest, " \t\n") }

// eat reads a token if it comes next.
func (p *scanner) eat(token string) bool {
	p.skip()
	rest, ok := strings.CutPrefix(p.rest, token)
	p.rest = rest
	return ok
}

func (p *scanner) want(token string) {
	if !p.eat(token) {
		p.fail("has %s where %s should be", quote(p.rest), token)
	}
}

// text reads a string without escapes.
func (p *scanner) text() string {
	for _, mark := range []string{"'", `"`} {
		if !p.eat(mark) {
			continue
		}
		s, rest, ok := strings.Cut(p.rest, mark)
		if !ok || strings.ContainsAny(s, "\\\n") {
			p.fail("has %s where a string should end", quote(p.rest))
			return ""
		}
		p.rest = rest
		return s
	}
	p.fail("has %s where a string should be", quote(p.rest))
	return ""
}

// tuple reads (), (3,), (3, 4), (3L, 4L), …, of whole numbers from 0 on.
func (p *scanner) tuple() []int {
	var list []int
	p.want("(")
	for p.err == nil && !p.eat(")") {
		p.skip()
		digits := len(p.rest) - len(strings.TrimLeft(p.rest, "0123456789"))
		n, err := strconv.Atoi(p.rest[:digits])
		if err != nil || n > 0 && p.rest[0] == '0' { // 03 is no number in Python, and 00 is one
			p.fail("has %s where a dimension should be", quote(p.rest))
			return nil
		}
		p.rest = p.rest[digits:]
		if p.long {
			p.eat("L")
		}
		list = append(list, n)
		if p.eat(",") {
			continue
		}
		if p.want(")"); len(list) == 1 {
			p.fail("has a number in brackets where a tuple should be")
		}
		break
	}
	return list
}
