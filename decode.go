package touchstone

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"

	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp"
)

const schema = "touchstone-golden-0"

// A FormatError reports vectors that cannot be used.
type FormatError struct {
	File   string
	Case   string // its id, or ""
	Reason string
}

func (e *FormatError) Error() string {
	if e.Case == "" {
		return e.File + ": " + e.Reason
	}
	return e.File + ": case " + strconv.Quote(e.Case) + ": " + e.Reason
}

// The types below are the JSON format. An input is a float64 in hexadecimal.

type jsonFile struct {
	Schema string     `json:"schema"`
	Source string     `json:"source"`
	Fit    *Fit       `json:"fit"`
	Cases  []jsonCase `json:"cases"`
}

type jsonCase struct {
	ID      string   `json:"id"`
	Comment string   `json:"comment"`
	Flags   []string `json:"flags"`
	Net     struct {
		Inputs int `json:"inputs"`
		Layers []struct {
			Width      int    `json:"width"`
			Activation string `json:"activation"`
			Bias       bool   `json:"bias"`
		} `json:"layers"`
	} `json:"net"`
	Loss      string          `json:"loss"`
	Reduction string          `json:"reduction"`
	L2        input           `json:"l2"`
	Theta     []input         `json:"theta"`
	X         [][]input       `json:"x"`
	T         [][]input       `json:"t"`
	DY        [][]input       `json:"dy"`
	Exact     Exact           `json:"exact"`
	Step      *jsonStep       `json:"step"`
	Training  *jsonTraining   `json:"training"`
	AsPrinted json.RawMessage `json:"as_printed"`
}

type jsonStep struct {
	Rate   input     `json:"rate"`
	Frozen []string  `json:"frozen"`
	Theta  []Decimal `json:"theta"`
	Loss   Decimal   `json:"loss"`
}

type jsonTraining struct {
	Rate       input       `json:"rate"`
	Batch      int         `json:"batch"`
	Frozen     []string    `json:"frozen"`
	Milestones []Milestone `json:"milestones"`
}

type input float64

// UnmarshalJSON reads a string with a finite float64, without rounding. (JSON's
// null would leave a plain value as it was.)
func (v *input) UnmarshalJSON(text []byte) error {
	f, err := strconv.ParseFloat(unquote(text), 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		return fmt.Errorf("%s is not a finite float64", text)
	}
	*v = input(f)
	return nil
}

// UnmarshalJSON reads a string with the digits of a finite number.
func (d *Decimal) UnmarshalJSON(text []byte) error {
	s := unquote(text)
	if v, err := parseBig(s); err != nil || v.IsInf() {
		return fmt.Errorf("%s is not a decimal", text)
	}
	*d = Decimal(s)
	return nil
}

// unquote returns what a JSON string holds, or "" for anything else. Numbers need
// no escapes.
func unquote(text []byte) string {
	if n := len(text); n >= 2 && text[0] == '"' && text[n-1] == '"' {
		return string(text[1 : n-1])
	}
	return ""
}

// decode reads a file of vectors. Its errors are *FormatError.
func decode(name string, data []byte) ([]Case, error) {
	var file jsonFile
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, &FormatError{File: name, Reason: err.Error()}
	}
	if file.Schema != schema {
		return nil, &FormatError{File: name, Reason: fmt.Sprintf("schema is %q, want %q", file.Schema, schema)}
	}
	cases := make([]Case, len(file.Cases))
	for i := range file.Cases {
		j := &file.Cases[i]
		c, err := j.decode()
		if err != nil {
			return nil, &FormatError{File: name, Case: j.ID, Reason: err.Error()}
		}
		c.File, c.Source, c.Fit = name, file.Source, file.Fit
		cases[i] = c
	}
	return cases, nil
}

func (j *jsonCase) decode() (Case, error) {
	c := Case{
		ID: j.ID, Comment: j.Comment, Flags: j.Flags,
		Lambda: float64(j.L2), Theta: floats(j.Theta),
		Exact: j.Exact, AsPrinted: j.AsPrinted,
	}
	layers := make([]mlp.Layer, len(j.Net.Layers))
	fanIn, params := j.Net.Inputs, 0
	for l, d := range j.Net.Layers {
		f, err := activation.ByName(d.Activation)
		if err != nil {
			return c, err
		}
		// Every parameter is in theta, so no width can exceed its length.
		if fanIn < 1 || d.Width < 1 || fanIn > len(j.Theta) || d.Width > len(j.Theta) {
			return c, fmt.Errorf("layer %d is %d × %d, theta has %d values", l, d.Width, fanIn, len(j.Theta))
		}
		if d.Width > (len(j.Theta)-params)/fanIn {
			return c, fmt.Errorf("layer %d is %d × %d, theta has %d values", l, d.Width, fanIn, len(j.Theta))
		}
		params += d.Width * fanIn
		if d.Bias {
			params += d.Width
		}
		layers[l] = mlp.Layer{Width: d.Width, Activation: f, NoBias: !d.Bias}
		fanIn = d.Width
	}
	if len(layers) == 0 || params != len(j.Theta) {
		return c, fmt.Errorf("theta has %d values, which the network's layers do not fit", len(j.Theta))
	}
	c.Net = mlp.New(j.Net.Inputs, layers...)

	switch j.Reduction {
	case "mean":
	case "sum":
		c.Sum = true
	default:
		return c, fmt.Errorf("reduction is %q, want \"mean\" or \"sum\"", j.Reduction)
	}
	var err error
	if c.X, err = matrix("x", j.X, len(j.X), c.Net.Inputs()); err != nil {
		return c, err
	}
	if j.Loss == "none" {
		c.DY, err = matrix("dy", j.DY, len(j.X), c.Net.Outputs())
	} else if c.Loss, err = loss.ByName(j.Loss); err == nil {
		c.T, err = matrix("t", j.T, len(j.X), c.Net.Outputs())
	}
	if err != nil {
		return c, err
	}
	if s := j.Step; s != nil {
		c.Step = &Step{float64(s.Rate), s.Frozen, s.Theta, s.Loss}
	}
	if t := j.Training; t != nil {
		c.Training = &Training{float64(t.Rate), t.Batch, t.Frozen, t.Milestones}
	}
	return c, j.checkShapes(c.Net)
}

// checkShapes reports exact results that do not have the shape of the network.
func (j *jsonCase) checkShapes(n *mlp.Net) error {
	samples := len(j.X)
	for _, v := range []struct {
		name   string
		layers [][][]Decimal
	}{{"z", j.Exact.Z}, {"a", j.Exact.A}, {"delta", j.Exact.Delta}} {
		if len(v.layers) != n.NumLayers() {
			return fmt.Errorf("exact.%s has %d layers, the network %d", v.name, len(v.layers), n.NumLayers())
		}
		for l, rows := range v.layers {
			if !isShape(rows, samples, n.Layer(l).Width) {
				return fmt.Errorf("exact.%s[%d] is not %d × %d", v.name, l, samples, n.Layer(l).Width)
			}
		}
	}
	if len(j.Exact.Grad) != n.NumParams() {
		return fmt.Errorf("exact.grad has %d values, theta %d", len(j.Exact.Grad), n.NumParams())
	}
	if !isShape(j.Exact.DX, samples, n.Inputs()) {
		return fmt.Errorf("exact.dx is not %d × %d", samples, n.Inputs())
	}
	if j.Exact.Loss == "" {
		return errors.New("exact.loss is missing")
	}
	if st := j.Step; st != nil {
		if len(st.Theta) != n.NumParams() {
			return fmt.Errorf("step.theta has %d values, theta %d", len(st.Theta), n.NumParams())
		}
		if st.Loss == "" {
			return errors.New("step.loss is missing")
		}
	}
	if tr := j.Training; tr != nil {
		if tr.Batch < 1 {
			return fmt.Errorf("training.batch is %d", tr.Batch)
		}
		if len(tr.Milestones) == 0 {
			return errors.New("training has no milestones")
		}
		last := 0
		for _, m := range tr.Milestones {
			if m.Epoch <= last {
				return fmt.Errorf("training: epoch %d follows %d", m.Epoch, last)
			}
			last = m.Epoch
			if len(m.Theta) != n.NumParams() {
				return fmt.Errorf("training: theta after epoch %d has %d values, theta %d", m.Epoch, len(m.Theta), n.NumParams())
			}
			if m.Loss == "" {
				return fmt.Errorf("training: the loss after epoch %d is missing", m.Epoch)
			}
		}
	}
	return nil
}

func isShape[T any](rows [][]T, n, cols int) bool {
	if len(rows) != n {
		return false
	}
	for _, r := range rows {
		if len(r) != cols {
			return false
		}
	}
	return true
}

func floats(in []input) []float64 {
	out := make([]float64, len(in))
	for i, v := range in {
		out[i] = float64(v)
	}
	return out
}

func matrix(name string, rows [][]input, n, cols int) (blas64.General, error) {
	if n == 0 {
		return blas64.General{}, fmt.Errorf("%s has no samples", name)
	}
	if !isShape(rows, n, cols) {
		return blas64.General{}, fmt.Errorf("%s is not %d × %d", name, n, cols)
	}
	m := blas64.General{Rows: n, Cols: cols, Stride: cols}
	for _, r := range rows {
		m.Data = append(m.Data, floats(r)...)
	}
	return m, nil
}
