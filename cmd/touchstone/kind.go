package main

import (
	"bytes"
	"encoding/binary"
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
	case strings.HasPrefix(kind, "touchstone-gradcheck-"):
		return `; it is a report of gradcheck, for "touchstone report"`
	case strings.HasPrefix(kind, "touchstone-"):
		return "; it is what a command of touchstone printed with -json"
	case hasArrays(data):
		return `; it has the arrays of a framework, for "touchstone import"`
	}
	return ""
}

// hasArrays reports whether data begin like NPY, NPZ or safetensors.
func hasArrays(data []byte) bool {
	if bytes.HasPrefix(data, []byte("PK\x03\x04")) && len(data) > 30 { // a spreadsheet is a ZIP, too
		name := data[30:min(len(data), 30+int(binary.LittleEndian.Uint16(data[26:])))]
		return bytes.HasSuffix(name, []byte(".npy"))
	}
	return bytes.HasPrefix(data, []byte("\x93NUMPY")) || len(data) > 8 && data[7] == 0 && data[8] == '{'
}

// whatElse is whatIs for a command that takes files of one format: it returns "" for
// those, as something else is wrong with them.
func whatElse(data []byte, format string) string {
	if strings.HasPrefix(stringField(data, "format", "schema"), format) {
		return ""
	}
	return whatIs(data)
}

// meantCase returns the end of an error about an id that no case has: a guess, or "".
func meantCase(id string, cases []touchstone.Case) string {
	var ids []string
	for _, c := range cases {
		ids = append(ids, c.ID)
	}
	if meant, ok := nearest(id, ids); ok {
		return ", did you mean " + meant + "?"
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
	if hint := whatIs(data); text[0] != '{' && hint != "" {
		return hint
	}
	if text[0] != '{' && text[0] != '[' {
		return `; a claim is a JSON object, see "touchstone help verify"`
	}
	id := stringField(text, "case")
	if _, ok := touchstone.CaseByID(id); id == "" || ok {
		return whatElse(text, "touchstone-claim-")
	}
	return meantCase(id, touchstone.Cases())
}
