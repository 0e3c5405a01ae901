// Package strictjson reads JSON that somebody else wrote into what a program asks
// for, value by value. What the program does not ask for is refused: unknown and
// repeated fields, null, numbers that are not finite, anything after the end. No
// tree is built and nothing nests deeper than the program asks, so memory is
// bounded by what it keeps.
package strictjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// An Error says what is wrong, and where.
type Error struct {
	Path   string // "groups[0].tests[3].theta[2]"; "" for the whole
	Reason string // what is wrong there
}

// Error returns path and reason.
func (e *Error) Error() string {
	if e.Path == "" {
		return e.Reason
	}
	return e.Path + ": " + e.Reason
}

// A Reader reads one document. Its methods each read one value. After the first
// error they read nothing, return zero values and call no functions.
type Reader struct {
	data []byte
	dec  *json.Decoder
	path []step
	err  *Error
}

// A step of a path is a field, whose index is −1, or an element.
type step struct {
	field string
	index int
}

// Read calls read with a Reader of data and returns the first error, an *Error.
func Read(data []byte, read func(r *Reader)) error {
	r := &Reader{data: data, dec: json.NewDecoder(bytes.NewReader(data))}
	r.dec.UseNumber()
	if at := invalid(data); at >= 0 { // which encoding/json would replace, and so make one of two names
		r.Fail("is not UTF-8 at byte %d", at)
	}
	read(r)
	if r.err == nil {
		if _, err := r.dec.Token(); err != io.EOF {
			r.Fail("there is more after the end of the value")
		}
	}
	if r.err == nil {
		return nil
	}
	return r.err
}

// invalid returns where data stops being UTF-8, or −1.
func invalid(data []byte) int {
	if utf8.Valid(data) {
		return -1
	}
	for at := 0; ; {
		c, size := utf8.DecodeRune(data[at:])
		if c == utf8.RuneError && size == 1 {
			return at
		}
		at += size
	}
}

// Failed reports whether there was an error.
func (r *Reader) Failed() bool { return r.err != nil }

// Fail reports an error at the value just read or, in a function called by Object
// or Array, in that field or element.
func (r *Reader) Fail(format string, args ...any) {
	if r.err == nil {
		r.err = &Error{r.Path(), Clip(fmt.Sprintf(format, args...), 200)}
	}
}

// FailAt is Fail for a part of the current value, such as ".theta" or "[3]".
func (r *Reader) FailAt(part, format string, args ...any) {
	if r.err == nil {
		r.err = &Error{strings.TrimPrefix(r.Path()+part, "."), Clip(fmt.Sprintf(format, args...), 200)}
	}
}

// Path returns where the Reader is.
func (r *Reader) Path() string {
	var b strings.Builder
	for i, s := range r.path {
		switch {
		case s.index >= 0:
			b.WriteString("[" + strconv.Itoa(s.index) + "]")
		case i > 0:
			b.WriteString("." + shown(s.field))
		default:
			b.WriteString(shown(s.field))
		}
	}
	return b.String()
}

// shown returns a field as it is, unless it is long, or quoted if it would not be seen in
// a line of text.
func shown(field string) string {
	field = Clip(field, maxField)
	if q := strconv.Quote(field); field == "" || q != `"`+field+`"` {
		return q
	}
	return field
}

func (r *Reader) token() json.Token {
	if r.err != nil {
		return nil
	}
	t, err := r.dec.Token()
	switch {
	case err == nil:
		return t
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		r.Fail("the JSON ends too early")
	case isNoNumber.Match(r.data[r.dec.InputOffset():]):
		r.Fail("is NaN or infinite at byte %d, and JSON has no such number", r.dec.InputOffset())
	default:
		r.Fail("%s at byte %d", strings.TrimPrefix(err.Error(), "json: "), r.dec.InputOffset())
	}
	return nil
}

// isNoNumber matches what some programs write where JSON has no number.
var isNoNumber = regexp.MustCompile(`^-?(NaN|Infinity)\b`)

// found says what a token is, in the words of JSON.
func found(t json.Token) string {
	switch t := t.(type) {
	case json.Delim:
		if t == '{' {
			return "an object"
		}
		return "an array"
	case string:
		return "the string " + quote(t)
	case json.Number:
		return "the number " + Clip(t.String(), 40)
	case bool:
		return strconv.FormatBool(t)
	}
	return "null"
}

// Clip shortens what an error message repeats to n bytes, between two characters.
func Clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	least := max(0, n-utf8.UTFMax+1) // no character is longer: before it is none, if s is not UTF-8
	for n > least && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}

func quote(s string) string { return strconv.Quote(Clip(s, 40)) }

func (r *Reader) want(t json.Token, kind string) {
	if r.err == nil {
		r.Fail("is %s, want %s", found(t), kind)
	}
}

// maxField is how many bytes a field may have that a program knows.
const maxField = 100

// Object reads an object. For each field it calls f, which reads the value and
// returns true, or returns false for a field that does not belong there.
func (r *Reader) Object(f func(field string) bool, required ...string) {
	seen := r.fields(func(field string) bool { return field != "" && len(field) <= maxField }, f)
	for _, field := range required {
		if !seen[field] {
			r.Fail("has no field %q", field)
		}
	}
}

// Map reads an object whose fields are any, "" too, and calls f to read each value.
func (r *Reader) Map(f func(field string)) {
	r.fields(func(string) bool { return true }, func(field string) bool { f(field); return true })
}

// fields reads an object of fields that may be, and returns them.
func (r *Reader) fields(may, f func(field string) bool) map[string]bool {
	seen := map[string]bool{}
	if t := r.token(); t != json.Delim('{') {
		r.want(t, "an object")
		return seen
	}
	for r.err == nil && r.dec.More() {
		t := r.token()
		if r.err != nil {
			break
		}
		field := t.(string) // the decoder has seen to that
		if !may(field) {
			r.Fail("has the unknown field %s", quote(field))
			break
		}
		r.path = append(r.path, step{field: field, index: -1})
		if seen[field] {
			r.Fail("is there twice")
		} else if !f(field) {
			r.Fail("unknown field")
		}
		seen[field] = true
		r.path = r.path[:len(r.path)-1]
	}
	r.token()
	return seen
}

// Array reads an array and calls f to read each element.
func (r *Reader) Array(f func(i int)) {
	if t := r.token(); t != json.Delim('[') {
		r.want(t, "an array")
		return
	}
	for i := 0; r.err == nil && r.dec.More(); i++ {
		r.path = append(r.path, step{index: i})
		f(i)
		r.path = r.path[:len(r.path)-1]
	}
	r.token()
}

// Text reads a string.
func (r *Reader) Text() string {
	t := r.token()
	s, ok := t.(string)
	if !ok {
		r.want(t, "a string")
	}
	return s
}

// Bool reads true or false.
func (r *Reader) Bool() bool {
	t := r.token()
	b, ok := t.(bool)
	if !ok {
		r.want(t, "true or false")
	}
	return b
}

// Int reads a whole number, at least least.
func (r *Reader) Int(least int) int {
	t := r.token()
	n, ok := t.(json.Number)
	if !ok {
		r.want(t, "a whole number")
		return least
	}
	v, err := strconv.Atoi(n.String())
	if err != nil || v < least {
		r.Fail("is %s, want a whole number from %d to %d", Clip(n.String(), 40), least, math.MaxInt)
		return least
	}
	return v
}

// Float reads a finite float64: a number, or a string with a decimal or a
// hexadecimal one, in which case no digit is lost.
func (r *Reader) Float() float64 {
	t := r.token()
	switch t := t.(type) {
	case json.Number:
		return r.finite(t.String())
	case string:
		return r.finite(t)
	}
	r.want(t, "a number")
	return 0
}

// AnyFloat reads a float64: a finite one, as Float does, or the string "NaN", "+Inf"
// or "-Inf".
func (r *Reader) AnyFloat() float64 {
	t := r.token()
	switch t := t.(type) {
	case json.Number:
		return r.finite(t.String())
	case string:
		switch t {
		case "NaN", "+Inf", "-Inf":
			v, _ := strconv.ParseFloat(t, 64) // these are floats
			return v
		}
		return r.finite(t)
	}
	r.want(t, "a number")
	return 0
}

// FloatString reads a string with a finite float64.
func (r *Reader) FloatString() float64 {
	t := r.token()
	s, ok := t.(string)
	if !ok {
		r.want(t, "a string with a float64")
		return 0
	}
	return r.finite(s)
}

func (r *Reader) finite(s string) float64 {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || v-v != 0 || strings.Contains(s, "_") {
		r.Fail("%s is not a finite float64", quote(s))
		return 0
	}
	return v
}

// Strings reads an array of strings.
func (r *Reader) Strings() []string {
	list := []string{}
	r.Array(func(int) { list = append(list, r.Text()) })
	return list
}

// List reads an array of what read reads, which must not be empty.
func List[T any](r *Reader, read func() T) []T {
	var list []T
	r.Array(func(int) { list = append(list, read()) })
	if len(list) == 0 {
		r.Fail("is empty")
	}
	return list
}

// StringOrStrings reads a string or an array of strings.
func (r *Reader) StringOrStrings() any {
	t := r.token()
	if s, ok := t.(string); ok {
		return s
	}
	if t != json.Delim('[') {
		r.want(t, "a string or an array of strings")
		return ""
	}
	list := []string{}
	for r.err == nil && r.dec.More() {
		list = append(list, r.Text())
	}
	r.token()
	return list
}
