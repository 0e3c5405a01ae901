// Package hostile reads the malformed inputs of testdata/hostile and feeds them to a
// decoder. It is for tests.
package hostile

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

// A Corpus is what one decoder must accept, and what it must refuse.
type Corpus struct {
	Valid  map[string][]string `json:"valid"`  // lines
	Inputs []Input             `json:"inputs"` // what is to be refused
}

// An Input is one malformed document: a part of a valid one is replaced, or all of it.
type Input struct {
	ID      string `json:"id"`      // never used again
	Label   string `json:"label"`   // "truncated", "duplicate-key", …
	Of      string `json:"of"`      // the valid one; "" if By is all there is
	Replace string `json:"replace"` // stands in it once
	By      []Part `json:"by"`      // joined
	Error   string `json:"error"`   // all of it
}

// A Part is a string, {"repeat": string, "times": number} or {"hex": string}.
type Part []byte

// UnmarshalJSON makes the bytes of one of the three.
func (p *Part) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) == nil {
		*p = Part(text)
		return nil
	}
	var part struct {
		Repeat string
		Times  int
		Hex    string
	}
	if err := strict(data, &part); err != nil {
		return err
	}
	bytes, err := hex.DecodeString(part.Hex)
	*p = append(bytes, strings.Repeat(part.Repeat, part.Times)...)
	return err
}

// Load reads a corpus.
func Load(path string) (*Corpus, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	c := new(Corpus)
	if err := strict(data, c); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	ids := map[string]bool{}
	for _, in := range c.Inputs {
		if in.ID == "" || in.Label == "" || in.Error == "" || ids[in.ID] {
			return nil, fmt.Errorf("%s: %q has no id, no label or no error, or is there twice", path, in.ID)
		}
		ids[in.ID] = true
		if in.Of != "" && strings.Count(c.document(in.Of), in.Replace) != 1 {
			return nil, fmt.Errorf("%s: %q: what it replaces is not there once", path, in.ID)
		}
	}
	return c, nil
}

func strict(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	return d.Decode(v)
}

func (c *Corpus) document(name string) string { return strings.Join(c.Valid[name], "\n") + "\n" }

// Bytes returns the document.
func (c *Corpus) Bytes(in *Input) []byte {
	by := bytes.Join(parts(in.By), nil)
	if in.Of == "" {
		return by
	}
	return []byte(strings.Replace(c.document(in.Of), in.Replace, string(by), 1))
}

// Below returns the corpus without inputs of size bytes and more: those of 64 KiB take most
// of the time.
func (c *Corpus) Below(size int) *Corpus {
	short := &Corpus{Valid: c.Valid}
	for _, in := range c.Inputs {
		n := 0
		for _, p := range in.By {
			n += len(p)
		}
		if n < size {
			short.Inputs = append(short.Inputs, in)
		}
	}
	return short
}

func parts(list []Part) (all [][]byte) {
	for _, p := range list {
		all = append(all, p)
	}
	return all
}
