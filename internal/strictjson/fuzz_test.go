package strictjson_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"touchstone/internal/strictjson"
)

// anything reads a value of a kind: for a list or an object, kind/6 is that of what is in it.
func anything(r *strictjson.Reader, kind byte) any {
	switch kind % 6 {
	case 0:
		return r.Float()
	case 1:
		return r.Text()
	case 2:
		return r.Bool()
	case 3:
		return float64(r.Int(-7))
	case 4:
		list := []any{}
		r.Array(func(int) { list = append(list, anything(r, kind/6)) })
		return list
	default:
		fields := map[string]any{}
		r.Object(func(field string) bool { fields[field] = anything(r, kind/6); return field != "z" })
		return fields
	}
}

// FuzzRead: what a Reader accepts, encoding/json accepts and reads as the same; what it
// refuses has an error of one short line. Vet accepts nothing that encoding/json refuses.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		`1`, `-0.5e-3`, `1e400`, `"0x1p-3"`, `"a\u00e9\ud800"`, "\"\xff\"", `true`, `null`, `[]`, `[1, 2, [3]]`, `[1,]`, `{}`,
		`{"a": 1, "a": 2}`, `{"a": {"b": {"c": {}}}}`, `{"z": 1}`, `{"a": 1} {}`, `{"a"`, `{"a":`, `["`, "\ufeff1", `{"a\n": 1}`, strings.Repeat(`[`, 50),
	} {
		for kind := range byte(36) {
			f.Add([]byte(seed), kind)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte, kind byte) {
		var got any
		err := strictjson.Read(data, func(r *strictjson.Reader) { got = anything(r, kind) })
		check(t, err)
		if err == nil {
			var want any
			if err := json.Unmarshal(data, &want); err != nil || !utf8.Valid(data) {
				t.Fatalf("%q is read as %v: %v", data, got, err)
			}
			if !hasText(want) && !reflect.DeepEqual(got, want) { // a number may be a string
				t.Errorf("%q is read as %v, want %v", data, got, want)
			}
		}
		err = strictjson.Vet(data, 5, "a", "b", "c")
		check(t, err)
		if err == nil && (!json.Valid(data) || !utf8.Valid(data)) {
			t.Errorf("%q is vetted", data)
		}
	})
}

func check(t *testing.T, err error) {
	if err != nil && (len(err.Error()) > 3000 || strings.ContainsAny(err.Error(), "\n\r\x00") || !utf8.ValidString(err.Error())) {
		t.Errorf("the error %q", err.Error())
	}
}

func hasText(v any) bool {
	switch v := v.(type) {
	case string:
		return true
	case []any:
		for _, e := range v {
			if hasText(e) {
				return true
			}
		}
	case map[string]any:
		for _, e := range v {
			if hasText(e) {
				return true
			}
		}
	}
	return false
}
