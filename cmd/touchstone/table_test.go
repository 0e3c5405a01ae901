package main

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Whatever is wrong in a table is said in one line that names file, row, column
// and value, and nothing is written.
func TestBadTables(t *testing.T) {
	for _, test := range []struct{ name, csv, want string }{
		{"empty", "", `data.csv: the file is empty, not even a header`},
		{"blank", "\n\n", `data.csv: the file is empty, not even a header`},
		{"only a BOM", "\uFEFF", `data.csv: the file is empty, not even a header`},
		{"header only", "a,y\n", `data.csv: there is no row below the header`},
		{"nameless column", "a, ,y\n1,2,0\n", `data.csv: row 1: column 2 of the header has no name`},
		{"column twice", "a,y, a \n1,0,2\n", `data.csv: row 1, column "a": the header has this name twice`},
		{"column not UTF-8", "a\xff,y\n1,0\n", `data.csv: row 1, column "a\xff": the name is not UTF-8`},
		{"no target", "a,b\n1,2\n", `data.csv: column "y": not in the header, which has: "a", "b"`},
		{"no features", "y\n1\n0\n", `data.csv: no feature columns: the target "y" is the only one`},
		{"text", "a,y\n1,0\nabc,1\n", `data.csv: row 3, column "a": "abc" is not a finite number`},
		{"empty field", "a,y\n1,0\n,1\n", `data.csv: row 3, column "a": "" is not a finite number`},
		{"NaN", "a,y\n1,0\nNaN,1\n", `data.csv: row 3, column "a": "NaN" is not a finite number`},
		{"infinity", "a,y\n1,0\n-inf,1\n", `data.csv: row 3, column "a": "-inf" is not a finite number`},
		{"hexadecimal", "a,y\n1,0\n0x10,1\n", `data.csv: row 3, column "a": "0x10" is not a finite number`},
		{"hexadecimal exponent", "a,y\n1,0\n0X1p-2,1\n", `data.csv: row 3, column "a": "0X1p-2" is not a finite number`},
		{"underscore", "a,y\n1,0\n1_000,1\n", `data.csv: row 3, column "a": "1_000" is not a finite number`},
		{"overflow", "a,y\n1,0\n1e999,1\n", `data.csv: row 3, column "a": "1e999" is not a finite number`},
		{"decimal comma", "a,y\n1,0\n\"1,5\",1\n", `data.csv: row 3, column "a": "1,5" is not a finite number`},
		{"line break in a value", "a,y\n1,0\n\"a\nb\",1\n", `data.csv: row 3, column "a": "a\nb" is not a finite number`},
		{"after a line break", "a,\"y\n\"\n1,0\n2,1\nx,0\n", `data.csv: row 5, column "a": "x" is not a finite number`},
		{"later in a broken record", "a,b,y\n\"1\n\",x,0\n", `data.csv: row 3, column "b": "x" is not a finite number`},
		{"short row", "a,b,y\n1,2,0\n3,1\n", `data.csv: row 3: 2 fields, but the header has 3`},
		{"long row", "a,y\n1,0\n2,1,3\n", `data.csv: row 3: 3 fields, but the header has 2`},
		{"one field", "a,y\n1,0\n2\n", `data.csv: row 3: 1 field, but the header has 2`},
		{"blank line", "a,y\n1,0\n\n2,1\n", `data.csv: row 3: the line is blank`},
		{"bare quote", "a,y\n1,0\n2\",1\n", `data.csv: row 3: byte 2: bare " in non-quoted-field`},
		{"open quote", "a,y\n1,0\n\"2,1\n", `data.csv: row 3: byte 6: extraneous or missing " in quoted-field`},
		{"target 2", "a,y\n1,0\n2,2\n", `data.csv: row 3, column "y": "2" is not 0 or 1`},
		{"target between", "a,y\n1,0\n2,0.5\n", `data.csv: row 3, column "y": "0.5" is not 0 or 1`},
		{"target text", "a,y\n1,0\n2,yes\n", `data.csv: row 3, column "y": "yes" is not 0 or 1`},
		{"target empty", "a,y\n1,0\n2,\n", `data.csv: row 3, column "y": "" is not 0 or 1`},
		{"constant", "a,b,y\n1,7,0\n2,7,1\n", `data.csv: column "b": constant: 7 in every row; a feature must vary: take the column out`},
		{"one row", "a,y\n1,0\n", `data.csv: column "a": constant: 1 in every row; a feature must vary: take the column out`},
		{"huge", "a,y\n1e200,0\n-1e200,1\n", `data.csv: column "a": the standard deviation is +Inf in floating point; change the unit`},
		{"tiny", "a,y\n1e-200,0\n2e-200,1\n", `data.csv: column "a": the standard deviation is 0 in floating point; change the unit`},
	} {
		t.Run(test.name, func(t *testing.T) {
			inDirWith(t, "data.csv", test.csv)
			target := "y"
			code, stdout, stderr := command("train", "-data", "data.csv", "-target", target, "-epochs", "1", "-save", "model.json")
			assert.Equal(t, 1, code)
			assert.Equal(t, "touchstone: "+test.want+"\n", stderr)
			assert.Empty(t, stdout)
			assert.Equal(t, []string{"data.csv"}, files(t))
		})
	}
}

func TestUnreadableTable(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.Mkdir("a.csv", 0o755))
	for _, name := range []string{"missing.csv", "a.csv"} {
		code, _, stderr := command("train", "-data", name, "-target", "y")
		assert.Equal(t, 1, code)
		assert.Equal(t, 1, strings.Count(stderr, name), stderr)
		assert.Equal(t, 1, strings.Count(stderr, "\n"), stderr)
	}
}

func readString(t *testing.T, csv string, features []string, target string) (*table, error) {
	t.Helper()
	f, err := newCSVFile("data.csv", strings.NewReader(csv))
	require.NoError(t, err)
	return f.read(features, target)
}

// Spreadsheets write byte order marks, carriage returns, spaces and quotes.
func TestTolerantTable(t *testing.T) {
	got, err := readString(t, "\uFEFFid, a ,\"b\", y\r\n x,1e1 ,\"-.5\",1.0\r\n\"\n\", +2, 3. ,0\r\n\r\n", []string{"b", "a"}, "y")
	require.NoError(t, err)
	assert.Equal(t, &table{
		file:     "data.csv",
		names:    []string{"b", "a"},
		features: [][]float64{{-0.5, 3}, {10, 2}},
		targets:  []float64{1, 0},
		lines:    []int{2, 3},
	}, got)
}

func TestDataErrorIsTyped(t *testing.T) {
	_, err := readString(t, "a,y\n1,0\nabc,1\n", []string{"a"}, "y")
	var bad *DataError
	require.ErrorAs(t, err, &bad)
	assert.Equal(t, DataError{File: "data.csv", Row: 3, Column: "a", Reason: `"abc" is not a finite number`}, *bad)
}

// No input makes the reader panic, and what it accepts is rectangular and finite.
func FuzzTable(f *testing.F) {
	f.Add(patients)
	f.Add("a,disease\n\"1\n\",0\n\n2,1")
	f.Add("\uFEFFa,\"b\"\"\",disease\r\n1,2,0\r\n")
	f.Fuzz(func(t *testing.T, csv string) {
		file, err := newCSVFile("data.csv", strings.NewReader(csv))
		if err != nil {
			assert.NotContains(t, err.Error(), "\n")
			return
		}
		table, err := file.read(file.columns, "")
		if err != nil {
			assert.NotContains(t, err.Error(), "\n")
			return
		}
		for _, column := range table.features {
			require.Len(t, column, len(table.lines))
			for _, v := range column {
				require.True(t, isFinite(v))
			}
		}
	})
}
