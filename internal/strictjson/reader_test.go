package strictjson_test

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"touchstone/internal/strictjson"
)

// read reads {"a": [numbers], "b": {"c": true, "d": 3}}.
func read(data string) (list []float64, err error) {
	err = strictjson.Read([]byte(data), func(r *strictjson.Reader) {
		r.Object(func(field string) bool {
			switch field {
			case "a":
				list = strictjson.List(r, r.Float)
			case "b":
				r.Object(func(field string) bool {
					switch field {
					case "c":
						r.Bool()
					case "d":
						r.Int(1)
					default:
						return false
					}
					return true
				}, "c")
			default:
				return false
			}
			return true
		}, "a")
	})
	return list, err
}

func TestRead(t *testing.T) {
	list, err := read(` {"b": {"d": 3, "c": true}, "a": [1, "0x1p-3", "2e1", -0.5e0]} `)
	assert.NoError(t, err)
	assert.Equal(t, []float64{1, 0.125, 20, -0.5}, list)
}

func TestReadRefuses(t *testing.T) {
	for _, b := range []struct{ data, want string }{
		{``, `the JSON ends too early`},
		{`null`, `is null, want an object`},
		{`{}`, `has no field "a"`},
		{`{"a": [1]} 2`, `there is more after the end of the value`},
		{`{"a": [1], "a": [1]}`, `a: is there twice`},
		{`{"A": [1]}`, `A: unknown field`},
		{`{"a\nb": [1]}`, `"a\nb": unknown field`},
		{`{"": 1}`, `has the unknown field ""`},
		{`{"a": []}`, `a: is empty`},
		{`{"a": [1, NaN]}`, `a[1]: is NaN or infinite at byte 10, and JSON has no such number`},
		{`{"a": [ Infinity]}`, `a[0]: is NaN or infinite at byte 8, and JSON has no such number`},
		{`{"a":-Infinity}`, `a: is NaN or infinite at byte 5, and JSON has no such number`},
		{`{"a": [Nano]}`, `a[0]: invalid character 'N' looking for beginning of value at byte 7`},
		{`{"a": 7}`, `a: is the number 7, want an array`},
		{`{"a": [true]}`, `a[0]: is true, want a number`},
		{`{"a": [1, "1_0"]}`, `a[1]: "1_0" is not a finite float64`},
		{`{"a": [1, "Inf"]}`, `a[1]: "Inf" is not a finite float64`},
		{`{"a": [1, 1e400]}`, `a[1]: "1e400" is not a finite float64`},
		{`{"a": [1, {}]}`, `a[1]: is an object, want a number`},
		{"{\"a\": [\"\u00fc\xfc\"]}", `is not UTF-8 at byte 10`},
		{`{"` + strings.Repeat("ü", 30) + `": 1}`, strings.Repeat("ü", 30) + `: unknown field`},
		{`{"a": "` + strings.Repeat("aü", 30) + `"}`, `a: is the string "` + strings.Repeat("aü", 13) + `a…", want an array`},
		{`{"a": [1,]}`, `a[1]: invalid character ']' looking for beginning of value at byte 9`},
		{`{"b": {}}`, `b: has no field "c"`},
		{`{"b": {"c": 1}}`, `b.c: is the number 1, want true or false`},
		{`{"b": {"d": 0}}`, `b.d: is 0, want a whole number from 1 to 9223372036854775807`},
		{`{"b": {"d": "3"}}`, `b.d: is the string "3", want a whole number`},
		{`{"b": {"d": 99999999999999999999}}`, `b.d: is 99999999999999999999, want a whole number from 1 to 9223372036854775807`},
		{strings.Repeat(`[`, 1e6), `is an array, want an object`},
		{`{"` + strings.Repeat(`x`, 1e6) + `": 1}`, `has the unknown field "` + strings.Repeat("x", 40) + `…"`},
	} {
		_, err := read(b.data)
		assert.EqualError(t, err, b.want)
		var e *strictjson.Error
		assert.ErrorAs(t, err, &e)
	}
}

// Map reads fields of any name.
func TestMap(t *testing.T) {
	long := strings.Repeat("x", 99) + "ü"
	read := func(data string) (fields []string, err error) {
		err = strictjson.Read([]byte(data), func(r *strictjson.Reader) {
			r.Map(func(field string) { fields = append(fields, field); r.Int(0) })
		})
		return fields, err
	}
	fields, err := read(`{"": 1, "a": 2, "` + long + `": 3}`)
	assert.NoError(t, err)
	assert.Equal(t, []string{"", "a", long}, fields)
	for data, want := range map[string]string{
		`[]`:                        `is an array, want an object`,
		`{"": 1, "": 1}`:            `"": is there twice`,
		`{"": "x"}`:                 `"": is the string "x", want a whole number`,
		`{"` + long + `": -1}`:      strings.Repeat("x", 99) + `…: is -1, want a whole number from 0 to 9223372036854775807`,
		`{"a": 1`:                   `the JSON ends too early`,
		`{"a": 1, "b": 2, "a": ""}`: `a: is there twice`,
	} {
		_, err := read(data)
		assert.EqualError(t, err, want)
	}
}

func TestClip(t *testing.T) {
	for _, c := range []struct {
		s    string
		n    int
		want string
	}{
		{"", 0, ""}, {"abc", 3, "abc"}, {"abcd", 3, "abc…"}, {"aüb", 3, "aü…"}, {"aüb", 2, "a…"}, {"üü", 1, "…"},
		{"a\U0001f600b", 4, "a…"},
		{strings.Repeat("\x80", 9), 7, "\x80\x80\x80\x80…"}, {strings.Repeat("\x80", 9), 1, "…"},
	} {
		assert.Equal(t, c.want, strictjson.Clip(c.s, c.n))
	}
}

// AnyFloat reads what Float does, and the three strings that are no numbers.
func TestAnyFloat(t *testing.T) {
	var list []float64
	read := func(r *strictjson.Reader) { list = strictjson.List(r, r.AnyFloat) }
	assert.NoError(t, strictjson.Read([]byte(`[1, "0x1p-1", "+Inf", "-Inf", "NaN"]`), read))
	assert.Equal(t, []float64{1, 0.5, math.Inf(1), math.Inf(-1)}, list[:4])
	assert.True(t, math.IsNaN(list[4]))
	for text, want := range map[string]string{
		`["inf"]`: `[0]: "inf" is not a finite float64`,
		`["nan"]`: `[0]: "nan" is not a finite float64`,
		`[1e999]`: `[0]: "1e999" is not a finite float64`,
		`[true]`:  `[0]: is true, want a number`,
	} {
		assert.EqualError(t, strictjson.Read([]byte(text), read), want)
	}
}
