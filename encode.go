package touchstone

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"gonum.org/v1/gonum/blas/blas64"
)

// Vectors returns a file of golden vectors with the given cases, each as NewCase
// makes it, in the format that testdata/golden/README.md describes. Its provenance
// says that this package computed the results: they are not independent of it, as
// those of the embedded vectors are. Training, Fit and AsPrinted are left out. More
// than MaxVectorFile bytes, DecodeVectors would refuse.
func Vectors(source string, cases []Case) []byte {
	e := new(encoder)
	e.linef(0, "{")
	e.linef(1, `"schema": %q,`, schema)
	e.linef(1, `"source": %s,`, quoted(source))
	e.linef(1, `"provenance": {`)
	e.linef(2, `"generator": "Package touchstone, in Go: backpropagation in ball arithmetic (mlp/exact), its results correctly rounded to 40 digits.",`)
	e.linef(2, `"scale": "Computed by a backward recursion over absolute values; rounded up to 6 digits.",`)
	e.linef(2, `"crosscheck": "None."`)
	e.linef(1, `},`)
	e.linef(1, `"conventions": {"format": "As in the README of the embedded vectors."},`)
	e.linef(1, `"flags": {},`)
	e.linef(1, `"count": %d,`, len(cases))
	e.linef(1, `"groups": [`)
	for i := range cases {
		e.group(&cases[i])
		e.linef(2, "}%s", comma(i < len(cases)-1))
	}
	e.linef(1, "]")
	e.linef(0, "}")
	return e.b.Bytes()
}

// An encoder writes the lines of a file: one vector a line, for a readable diff.
type encoder struct{ b bytes.Buffer }

func (e *encoder) linef(depth int, format string, args ...any) {
	e.b.WriteString(strings.Repeat("  ", depth))
	fmt.Fprintf(&e.b, format, args...)
	e.b.WriteByte('\n')
}

func (e *encoder) group(c *Case) {
	e.linef(2, `{`)
	e.linef(3, `"kind": "network",`)
	e.linef(3, `"net": {`)
	e.linef(4, `"inputs": %d,`, c.Net.Inputs())
	e.linef(4, `"layers": [`)
	for l := range c.Net.NumLayers() {
		d := c.Net.Layer(l)
		e.linef(5, `{"width": %d, "activation": %q, "bias": %v}%s`, d.Width, d.Activation, !d.NoBias, comma(l < c.Net.NumLayers()-1))
	}
	e.linef(4, `]`)
	e.linef(3, `},`)
	name, reduction := "none", "mean"
	if c.Loss != nil {
		name = c.Loss.String()
	}
	if c.Sum {
		reduction = "sum"
	}
	e.linef(3, `"loss": %q,`, name)
	e.linef(3, `"reduction": %q,`, reduction)
	e.linef(3, `"l2": %s,`, hex(c.Lambda))
	e.linef(3, `"tests": [`)
	e.linef(4, `{`)
	e.linef(5, `"id": %s,`, quoted(c.ID))
	e.linef(5, `"comment": %s,`, quoted(c.Comment))
	e.linef(5, `"flags": [],`)
	e.linef(5, `"theta": %s,`, list(c.Theta, hex))
	e.matrix("x", c.X)
	if c.Loss == nil {
		e.matrix("dy", c.DY)
	} else {
		e.matrix("t", c.T)
	}
	e.linef(5, `"exact": {`)
	layersOf(e, "z", c.Exact.Z, decimal)
	layersOf(e, "a", c.Exact.A, decimal)
	e.linef(6, `"loss": %s,`, decimal(c.Exact.Loss))
	layersOf(e, "delta", c.Exact.Delta, decimal)
	e.linef(6, `"grad": %s,`, list(c.Exact.Grad, decimal))
	rowsOf(e, 6, "dx", c.Exact.DX, decimal, "")
	e.linef(5, `},`)
	e.linef(5, `"scale": {`)
	layersOf(e, "z", c.Scale.Z, roundedUp)
	layersOf(e, "a", c.Scale.A, roundedUp)
	e.linef(6, `"loss": %s,`, roundedUp(c.Scale.Loss))
	layersOf(e, "delta", c.Scale.Delta, roundedUp)
	e.linef(6, `"grad": %s,`, list(c.Scale.Grad, roundedUp))
	rowsOf(e, 6, "dx", c.Scale.DX, roundedUp, ",")
	e.linef(6, `"step": {"theta": %s}`, list(c.Scale.After, roundedUp))
	e.linef(5, `},`)
	e.linef(5, `"step": {`)
	e.linef(6, `"rate": %s,`, hex(c.Step.Rate))
	e.linef(6, `"frozen": %s,`, list(c.Step.Frozen, quoted))
	e.linef(6, `"theta": %s,`, list(c.Step.Theta, decimal))
	e.linef(6, `"loss": %s`, decimal(c.Step.Loss))
	e.linef(5, `}`)
	e.linef(4, `}`)
	e.linef(3, `]`)
}

func (e *encoder) matrix(name string, m blas64.General) {
	rows := make([][]float64, m.Rows)
	for s := range rows {
		rows[s] = rowOf(m, s)
	}
	rowsOf(e, 5, name, rows, hex, ",")
}

func rowsOf[T any](e *encoder, depth int, name string, rows [][]T, f func(T) string, end string) {
	if name != "" {
		name = strconv.Quote(name) + ": "
	}
	e.linef(depth, `%s[`, name)
	for s, row := range rows {
		e.linef(depth+1, "%s%s", list(row, f), comma(s < len(rows)-1))
	}
	e.linef(depth, "]%s", end)
}

func layersOf[T any](e *encoder, name string, layers [][][]T, f func(T) string) {
	e.linef(6, "%q: [", name)
	for l, rows := range layers {
		rowsOf(e, 7, "", rows, f, comma(l < len(layers)-1))
	}
	e.linef(6, "],")
}

func list[T any](v []T, f func(T) string) string {
	s := make([]string, len(v))
	for i := range v {
		s[i] = f(v[i])
	}
	return "[" + strings.Join(s, ", ") + "]"
}

func comma(more bool) string {
	if more {
		return ","
	}
	return ""
}

func quoted(s string) string {
	b, _ := json.Marshal(s) // strings have no errors
	return string(b)
}

func decimal(d Decimal) string { return `"` + string(d) + `"` }

// hex writes a float64 as the format has it: "0x1.8p-3", "0x1.0p+0".
func hex(v float64) string {
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(v, 'x', -1, 64), "p")
	if !strings.Contains(mantissa, ".") {
		mantissa += ".0"
	}
	digits := strings.TrimLeft(exponent[1:], "0")
	if digits == "" {
		digits = "0"
	}
	return `"` + mantissa + "p" + exponent[:1] + digits + `"`
}

// roundedUp writes a scale with 6 digits. One that float64 cannot hold, rounded up, is
// written as a number that it cannot hold either.
func roundedUp(v float64) string {
	up := v * (1 + 5.1e-6) // half a unit is at most 5e−6
	switch {
	case v == 0:
		return `"0"`
	case up-up != 0:
		return `"9.99999e+999999"`
	}
	s := strconv.FormatFloat(v, 'e', 5, 64)
	if back, _ := strconv.ParseFloat(s, 64); back < v {
		s = strconv.FormatFloat(up, 'e', 5, 64)
	}
	return `"` + s + `"`
}
