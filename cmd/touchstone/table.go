package main

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A DataError reports what is wrong in a CSV file, and where.
type DataError struct {
	File   string
	Row    int    // line in the file, the first being 1; 0 if no row is to blame
	Column string // name in the header, or ""
	Reason string // with the offending value, if there is one
}

func (e *DataError) Error() string {
	var where []string
	if e.Row > 0 {
		where = append(where, "row "+strconv.Itoa(e.Row))
	}
	if e.Column != "" {
		where = append(where, "column "+brief(strconv.Quote(e.Column)))
	}
	if where == nil {
		return e.File + ": " + brief(e.Reason)
	}
	return e.File + ": " + strings.Join(where, ", ") + ": " + brief(e.Reason)
}

// brief shortens what repeats a value or a name that is as long as a file may be.
func brief(s string) string {
	const most = 200
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

// A csvFile is a CSV file of which the header has been read.
type csvFile struct {
	name    string
	r       *csv.Reader
	columns []string // names, trimmed and unique
	next    int      // line on which the next record should begin
	hint    string   // what it is, if it is no CSV file at all
}

// newCSVFile reads the header of the CSV file in. The name is for errors.
func newCSVFile(name string, in io.Reader) (*csvFile, error) {
	b := bufio.NewReader(in)
	if bom, _ := b.Peek(3); string(bom) == "\uFEFF" { // as spreadsheets like to write
		b.Discard(len(bom))
	}
	head, _ := b.Peek(b.Size())
	f := &csvFile{name: name, r: csv.NewReader(b), hint: whatIs(head)}
	f.r.FieldsPerRecord = -1 // record counts them, and says how many there are
	f.r.TrimLeadingSpace = true
	f.r.ReuseRecord = true
	header, err := f.r.Read()
	if err == io.EOF {
		return nil, &DataError{File: name, Reason: "the file is empty, not even a header"}
	}
	if err != nil {
		return nil, f.syntax(err)
	}
	seen := make(map[string]bool)
	for i, field := range header {
		line, _ := f.r.FieldPos(i)
		column := strings.TrimSpace(field)
		switch {
		case column == "":
			return nil, &DataError{File: name, Row: line, Reason: fmt.Sprintf("column %d of the header has no name", i+1)}
		case !utf8.ValidString(column):
			return nil, &DataError{name, line, column, "the name is not UTF-8" + f.hint}
		case seen[column]:
			return nil, &DataError{name, line, column, "the header has this name twice"}
		}
		seen[column] = true
		f.columns = append(f.columns, column)
	}
	f.advance(header)
	return f, nil
}

// record returns the next record, or io.EOF. It is overwritten by the next call.
func (f *csvFile) record() ([]string, error) {
	record, err := f.r.Read()
	if err == io.EOF {
		return nil, err
	}
	if err != nil {
		return nil, f.syntax(err)
	}
	line, _ := f.r.FieldPos(0)
	if line != f.next {
		// encoding/csv skips blank lines. In a file of one column that would be a
		// missing value, and all predictions after it would be one row off.
		return nil, &DataError{File: f.name, Row: f.next, Reason: "the line is blank"}
	}
	if len(record) != len(f.columns) {
		return nil, &DataError{File: f.name, Row: line,
			Reason: fmt.Sprintf("%s, but the header has %d", count(len(record), "field"), len(f.columns))}
	}
	f.advance(record)
	return record, nil
}

// advance notes where the record after the one just read should begin.
func (f *csvFile) advance(record []string) {
	last := len(record) - 1
	line, _ := f.r.FieldPos(last)
	f.next = line + strings.Count(record[last], "\n") + 1
}

// syntax makes an error of encoding/csv a *DataError. Errors of reading the file
// stay as they are.
func (f *csvFile) syntax(err error) error {
	var p *csv.ParseError
	if !errors.As(err, &p) {
		return err
	}
	return &DataError{File: f.name, Row: p.Line, Reason: fmt.Sprintf("byte %d: %v%s", p.Column, p.Err, f.hint)}
}

// A table holds the columns of a CSV file that are of use.
type table struct {
	file     string
	names    []string    // of the features
	features [][]float64 // features[k][s] is the value of feature k in row s
	targets  []float64   // 0 or 1; nil without a target column
	lines    []int       // of the rows in the file
}

// read reads all rows: the columns of the given names as features and, unless
// target is "", that one as 0 or 1. Other columns may hold anything.
func (f *csvFile) read(features []string, target string) (*table, error) {
	t := &table{file: f.name, names: features, features: make([][]float64, len(features))}
	at := make([]int, len(features))
	for k, name := range features {
		at[k] = slices.Index(f.columns, name)
		if at[k] < 0 {
			return nil, f.missing(name)
		}
	}
	targetAt := slices.Index(f.columns, target)
	if target != "" && targetAt < 0 {
		return nil, f.missing(target)
	}
	for {
		record, err := f.record()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		for k, i := range at {
			v, ok := parseNumber(record[i])
			if !ok {
				return nil, f.bad(i, record[i], "is not a finite number")
			}
			t.features[k] = append(t.features[k], v)
		}
		if target != "" {
			v, ok := parseNumber(record[targetAt])
			if !ok || v != 0 && v != 1 {
				return nil, f.bad(targetAt, record[targetAt], "is not 0 or 1")
			}
			t.targets = append(t.targets, v)
		}
		line, _ := f.r.FieldPos(0)
		t.lines = append(t.lines, line)
	}
	if len(t.lines) == 0 {
		return nil, &DataError{File: f.name, Reason: "there is no row below the header"}
	}
	return t, nil
}

// missing refuses a file for want of a column, and says what it has instead.
func (f *csvFile) missing(column string) error {
	reason := "not in the header"
	if f.hint != "" {
		return &DataError{File: f.name, Column: column, Reason: reason + f.hint}
	}
	if meant, ok := nearest(column, f.columns); ok {
		reason += ", did you mean " + strconv.Quote(meant) + "? It has: "
	} else {
		reason += ", which has: "
	}
	const most = 20
	if len(f.columns) > most {
		reason += quoteAll(f.columns[:most]) + " and " + strconv.Itoa(len(f.columns)-most) + " more"
	} else {
		reason += quoteAll(f.columns)
	}
	return &DataError{File: f.name, Column: column, Reason: reason}
}

// bad blames field i of the last record.
func (f *csvFile) bad(i int, value, reason string) error {
	line, _ := f.r.FieldPos(i)
	return &DataError{f.name, line, f.columns[i], strconv.Quote(value) + " " + reason}
}

// parseNumber parses a finite decimal number. strconv.ParseFloat knows more than
// that: hexadecimals, 1_000, NaN and infinities are slips in a table.
func parseNumber(s string) (v float64, ok bool) {
	s = strings.TrimSpace(s)
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil && !strings.ContainsAny(s, "xX_") && isFinite(v)
}

func isFinite(v float64) bool { return math.Abs(v) <= math.MaxFloat64 }

func quoteAll(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = strconv.Quote(name)
	}
	return strings.Join(quoted, ", ")
}

// count returns "1 row", "2 rows".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}
