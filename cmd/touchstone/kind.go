package main

import (
	"bytes"
	"encoding/json"
	"strings"

	"touchstone"
)

// whatIs returns what a file is that begins with data, for the end of an error: it may
// have been given to the wrong command. It returns "" if it does not know.
func whatIs(data []byte) string {
	switch kind := stringField(data, "format", "schema"); {
	case kind == modelFormat:
		return `; it is a model, for "touchstone predict -model"`
	case strings.HasPrefix(kind, "touchstone-model-"):
		return "; another version of touchstone wrote it"
	case strings.HasPrefix(kind, "touchstone-claim-"):
		return `; it is a claim, for "touchstone verify"`
	case strings.HasPrefix(kind, "touchstone-golden-"):
		return "; it is a file of golden vectors: a claim has the id of one of them, and your numbers"
	case strings.HasPrefix(kind, "touchstone-"):
		return "; it is what a command of touchstone printed with -json"
	}
	return ""
}

// stringField returns the first field of a JSON object that has one of the names and is
// a string, or "". Nothing after it matters, and data may end there.
func stringField(data []byte, names ...string) string {
	d := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return ""
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return ""
		}
		var value json.RawMessage
		if d.Decode(&value) != nil {
			return ""
		}
		var s string
		for _, name := range names {
			if key == name && json.Unmarshal(value, &s) == nil {
				return s
			}
		}
	}
	return ""
}

// hintAtClaim returns the end of an error in a claim: what to do about it, or "".
func hintAtClaim(data []byte) string {
	text := bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\ufeff")))
	if len(text) == 0 || len(data) > touchstone.MaxClaimFile {
		return ""
	}
	if text[0] != '{' && text[0] != '[' {
		return `; a claim is a JSON object, see "touchstone help verify"`
	}
	id := stringField(text, "case")
	if _, ok := touchstone.CaseByID(id); id == "" || ok {
		if strings.HasPrefix(stringField(text, "schema"), "touchstone-claim-") {
			return ""
		}
		return whatIs(text)
	}
	var ids []string
	for _, c := range touchstone.Cases() {
		ids = append(ids, c.ID)
	}
	if meant, ok := nearest(id, ids); ok {
		return ", did you mean " + meant + "?"
	}
	return ""
}
