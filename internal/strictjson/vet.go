package strictjson

import (
	"bytes"
	"slices"
)

// Vet reports, as an *Error, what encoding/json would let pass in a document of the
// given fields: a field that is there twice, or unknown, if only by the case of its
// letters, an array of more than most elements, and bytes that are not UTF-8.
func Vet(data []byte, most int, fields ...string) error {
	return Read(data, func(r *Reader) { r.vet(most, fields) })
}

func (r *Reader) vet(most int, fields []string) {
	if len(r.path) >= maxDepth {
		r.Fail("is nested too deeply")
		return
	}
	switch r.next() {
	case '{':
		r.Object(func(field string) bool {
			known := slices.Contains(fields, field)
			if known {
				r.vet(most, fields)
			}
			return known
		})
	case '[':
		r.Array(func(i int) {
			if i == most {
				r.Fail("is one element too many: at most %d are allowed", most)
			}
			r.vet(most, fields)
		})
	default:
		r.token()
	}
}

// maxDepth is deeper than any document of ours, and keeps a recursion short.
const maxDepth = 16

// next returns the first byte of the next value, or 0 at the end.
func (r *Reader) next() byte {
	rest := bytes.TrimLeft(r.data[r.dec.InputOffset():], " \t\r\n:,")
	if len(rest) == 0 {
		return 0
	}
	return rest[0]
}
