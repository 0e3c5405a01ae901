package main

import (
	"flag"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"

	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/activation"
)

const predictUsage = `usage: touchstone predict -model MODEL.json -data FILE.csv

Reads a model that "touchstone train -save" wrote and prints, for every row of the
CSV file, the probability that its target is 1: CSV with the header "probability".
The columns of the model are looked up by name; others are ignored. If the target
is among them, accuracy and mean log-loss follow on standard error.

example:

  touchstone predict -model model.json -data heart.csv > probabilities.csv

flags:

`

func predict(args []string, out *output) error {
	fs := flag.NewFlagSet("predict", flag.ContinueOnError)
	modelPath := fs.String("model", "", "model `file` to read (required)")
	data := fs.String("data", "", "CSV `file` to predict (required)")
	helped, err := parseFlags(fs, args, predictUsage, out)
	if helped || err != nil {
		return err
	}
	if *modelPath == "" {
		return &usageError{"predict", "-model is missing"}
	}
	if *data == "" {
		return &usageError{"predict", "-data is missing"}
	}

	m, err := readModel(*modelPath)
	if err != nil {
		return err
	}
	t, err := readForPrediction(*data, m)
	if err != nil {
		return err
	}
	logits, err := m.logits(t)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, "probability")
	for _, y := range logits {
		p := activation.Sigmoid{}.Value(y)
		fmt.Fprintln(out, strconv.FormatFloat(p, 'g', -1, 64))
	}
	if t.targets != nil && out.err == nil {
		fmt.Fprintln(out.stderr, newScore(logits, t.targets))
	}
	return nil
}

// readForPrediction reads the columns of m, the target only if it is there.
func readForPrediction(path string, m *model) (*table, error) {
	in, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	f, err := newCSVFile(path, in)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, feature := range m.features {
		names = append(names, feature.name)
	}
	target := m.target
	if !slices.Contains(f.columns, target) {
		target = ""
	}
	return f.read(names, target)
}

// logits returns the output of the network for every row of t.
func (m *model) logits(t *table) ([]float64, error) {
	x, err := standardise(t, m.features)
	if err != nil {
		return nil, err
	}
	tr := m.net.NewTrace(1) // row by row, as memory should not grow with both
	logits := make([]float64, x.Rows)
	for s := range logits {
		row := blas64.General{Rows: 1, Cols: x.Cols, Stride: x.Cols, Data: x.Data[s*x.Stride : (s+1)*x.Stride]}
		logits[s] = m.net.Forward(tr, m.theta, row).Data[0]
		if math.IsNaN(logits[s]) { // ∞ − ∞, of weights that training does not find
			return nil, &DataError{File: t.file, Row: t.lines[s], Reason: "the output of the network is not a number"}
		}
	}
	return logits, nil
}

// A score tells how well logits predict targets.
type score struct {
	right, rows int     // right: on the side of probability ½ where the target is
	loss        float64 // mean log-loss
}

func newScore(logits, targets []float64) score {
	r := score{rows: len(logits)}
	for s, y := range logits {
		if (y >= 0) == (targets[s] == 1) { // y ≥ 0 is probability ≥ ½
			r.right++
		}
		r.loss += modelLoss.Value(logits[s:s+1], targets[s:s+1])
	}
	r.loss /= float64(r.rows)
	return r
}

func (r score) accuracy() float64 { return float64(r.right) / float64(r.rows) }

func (r score) String() string {
	return fmt.Sprintf("accuracy %.4f (%d of %s), mean log-loss %.6f", r.accuracy(), r.right, count(r.rows, "row"), r.loss)
}
