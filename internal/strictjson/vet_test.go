package strictjson_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"touchstone/internal/strictjson"
)

func TestVet(t *testing.T) {
	vet := func(data string) error { return strictjson.Vet([]byte(data), 3, "a", "b") }
	for _, data := range []string{
		`{}`, `null`, `7`, `[1, [2], {"a": [true, null, "x"]}]`, ` { "a" : { "a" : 1 , "b" : [ ] } , "b" : -1e400 } `, `[[[[1]]]]`,
	} {
		assert.NoError(t, vet(data), data)
	}
	for data, want := range map[string]string{
		``:                             `the JSON ends too early`,
		`{"a": 1, "a": 1}`:             `a: is there twice`,
		`{"a": 1, "A": 1}`:             `A: unknown field`,
		`{"a": {"b": [{"c": 1}]}}`:     `a.b[0].c: unknown field`,
		`[0, 1, 2, 3]`:                 `[3]: is one element too many: at most 3 are allowed`,
		`{"a": [0, [1, {}, 3, 4], 2]}`: `a[1][3]: is one element too many: at most 3 are allowed`,
		`{"a": [0,]}`:                  `a[1]: invalid character ']' looking for beginning of value at byte 9`,
		`{"a"}`:                        `a: invalid character '}' after object key at byte 4`,
		"\"\xff\"":                     `is not UTF-8 at byte 1`,
		`1 1`:                          `there is more after the end of the value`,
		strings.Repeat(`{"a":`, 3e6):   strings.Repeat("a.", 15) + `a: is nested too deeply`,
		strings.Repeat(`{"a":`, 9) + strings.Repeat("[", 9): strings.Repeat("a.", 8) + "a" + strings.Repeat("[0]", 7) + `: is nested too deeply`,
		strings.Repeat("[", 1e6):                            strings.Repeat("[0]", 16) + `: is nested too deeply`,
	} {
		assert.EqualError(t, vet(data), want)
	}
}
