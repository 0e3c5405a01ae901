package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"unicode/utf8"
)

// printDocument prints what a command has to say as JSON. The fields of a document
// keep their names and meanings; new ones may be added.
func printDocument(w io.Writer, document any) error {
	var b bytes.Buffer // so that an error leaves no half of it
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // a column "<50" should stay readable
	e.SetIndent("", "  ")
	if err := e.Encode(document); err != nil {
		return err
	}
	_, err := w.Write(escapeControls(b.Bytes()))
	return err
}

// escapeControls returns JSON with escapes for what some terminals obey and package json
// leaves as it is, DEL and U+0080 to U+009F, which can be in strings only.
func escapeControls(doc []byte) []byte {
	var b []byte
	for _, r := range string(doc) { // which is UTF-8, as package json makes it
		if r >= 0x7f && r < 0xa0 {
			b = fmt.Appendf(b, `\u%04x`, r)
		} else {
			b = utf8.AppendRune(b, r)
		}
	}
	return b
}

// A number is a float64 in JSON: the shortest decimal that reads back as the same,
// or one of the strings "NaN", "+Inf" and "-Inf".
type number float64

func (n number) MarshalJSON() ([]byte, error) {
	v := float64(n)
	switch {
	case math.IsNaN(v):
		return []byte(`"NaN"`), nil
	case math.IsInf(v, 1):
		return []byte(`"+Inf"`), nil
	case math.IsInf(v, -1):
		return []byte(`"-Inf"`), nil
	}
	return json.Marshal(v)
}
