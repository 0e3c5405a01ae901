package main

import (
	"flag"
	"fmt"
	"math"
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

-json prints an object with format ("touchstone-predict-1"), data, rows, target,
probabilities (one for each row) and score (right, accuracy, log_loss; null where
the data have no target).

examples:

  touchstone predict -model model.json -data heart.csv > probabilities.csv
  touchstone train -data heart.csv -target disease -save - |
      touchstone predict -model - -data heart.csv

flags:

`

func predict(args []string, out *output) error {
	fs := flag.NewFlagSet("predict", flag.ContinueOnError)
	modelPath := fs.String("model", "", "model `file` to read, or - (required)")
	data := fs.String("data", "", "CSV `file` to predict, or - (required)")
	asJSON := fs.Bool("json", false, "print one JSON document instead of CSV")
	helped, err := parseFlags(fs, args, predictUsage, out)
	if helped || err != nil {
		return err
	}
	switch {
	case *modelPath == "":
		return &usageError{"predict", "-model is missing"}
	case *data == "":
		return &usageError{"predict", "-data is missing"}
	case *modelPath == "-" && *data == "-":
		return &usageError{"predict", "-model and -data cannot both be standard input"}
	}

	m, err := readModel(*modelPath)
	if err != nil {
		return err
	}
	t, err := readForPrediction(*data, m)
	if err != nil {
		return err
	}
	out.progress.begin(task{name: "predicting", unit: "row", total: len(t.lines)})
	logits, err := m.logitsWith(t, func(rows int) { out.progress.step(rows, 0) })
	out.progress.end()
	if err != nil {
		return err
	}
	if *asJSON {
		return printDocument(out, newPredictionJSON(m, t, logits))
	}
	b := []byte("probability\n")
	for _, y := range logits {
		b = strconv.AppendFloat(b, activation.Sigmoid{}.Value(y), 'g', -1, 64)
		b = append(b, '\n')
	}
	if _, err := out.Write(b); err != nil {
		return err
	}
	if t.targets != nil {
		fmt.Fprintln(out.stderr, newScore(logits, t.targets))
	}
	return nil
}

// A predictionJSON is what predict -json prints.
type predictionJSON struct {
	Format        string     `json:"format"`
	Data          string     `json:"data"`
	Rows          int        `json:"rows"`
	Target        string     `json:"target"`
	Probabilities []number   `json:"probabilities"`
	Score         *scoreJSON `json:"score"` // null where the data have no target
}

func newPredictionJSON(m *model, t *table, logits []float64) *predictionJSON {
	j := &predictionJSON{Format: "touchstone-predict-1", Data: t.file, Rows: len(logits), Target: m.target}
	for _, y := range logits {
		j.Probabilities = append(j.Probabilities, number(activation.Sigmoid{}.Value(y)))
	}
	if t.targets != nil {
		score := newScore(logits, t.targets).json()
		j.Score = &score
	}
	return j
}

// readForPrediction reads the columns of m, the target only if it is there.
func readForPrediction(path string, m *model) (*table, error) {
	in, name, err := openInput(path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	f, err := newCSVFile(name, in)
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
func (m *model) logits(t *table) ([]float64, error) { return m.logitsWith(t, func(int) {}) }

// logitsWith is logits, and calls step with the number of rows that are done.
func (m *model) logitsWith(t *table, step func(rows int)) ([]float64, error) {
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
		step(s + 1)
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

// A scoreJSON is a score in the documents of train and predict.
type scoreJSON struct {
	Right    int    `json:"right"`
	Accuracy number `json:"accuracy"`
	LogLoss  number `json:"log_loss"`
}

func (r score) json() scoreJSON {
	return scoreJSON{r.right, number(r.accuracy()), number(r.loss)}
}
