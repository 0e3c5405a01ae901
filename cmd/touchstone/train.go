package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"touchstone/activation"
	"touchstone/mlp"
)

const trainUsage = `usage: touchstone train -data FILE.csv -target COLUMN [flags]

Trains a network to predict a column of zeros and ones from all other columns of
a CSV file, which must be numbers. The features are standardised; the network has
one output, the logit of the probability that the target is 1, and minimises the
mean log-loss by stochastic gradient descent. Then its gradient is checked against
finite differences, at a cost of some ten evaluations for each parameter. The same
flags and data give the same network.

The defaults suit a few hundred rows and sigmoids. Take fewer epochs for more rows,
and a lower rate for mini-batches or rectifiers.

Ctrl-C says which epoch was the last. The model is not saved then: it is one that was
trained to the end, and whose gradient was checked. With -epochs of that number you
get it.

-json prints an object with format ("touchstone-train-1"), data, rows, ones (rows
whose target is 1), target, features (name, mean, deviation), layers (width,
activation, bias), parameters (how many), flags (all that shape the result, with the
defaults), epochs (epoch and loss of about ten), score (right, accuracy, log_loss),
gradcheck (its report), saved and plotted (the files, or "").

examples:

  touchstone train -data heart.csv -target disease -hidden 4 -save model.json
  touchstone train -data heart.csv -target disease -json | jq .score

flags:

`

// maxActivations limits rows × neurons, of which training keeps a few matrices.
const maxActivations = 1 << 26

// hiddenActivations are those that make sense between layers.
var hiddenActivations = []string{"sigmoid", "tanh", "relu", "softplus"}

// A trainOptions is the flags of train.
type trainOptions struct {
	data, target string
	hidden       []int
	activation   activation.Func
	sgd          mlp.SGD
	lambda       float64
	save, plot   string
	json         bool
}

// parseTrain returns nil options if args asked for help.
func parseTrain(args []string, out *output) (*trainOptions, error) {
	o := new(trainOptions)
	fs := flag.NewFlagSet("train", flag.ContinueOnError)
	fs.StringVar(&o.data, "data", "", "CSV `file` to learn from, or - (required)")
	fs.StringVar(&o.target, "target", "", "`column` to predict, of zeros and ones (required)")
	hidden := fs.String("hidden", "4", "`widths` of the hidden layers, as in 8,4; empty for none")
	name := fs.String("activation", "sigmoid", "of the hidden layers: "+strings.Join(hiddenActivations, ", "))
	fs.IntVar(&o.sgd.Epochs, "epochs", 20000, "passes over the data")
	fs.Float64Var(&o.sgd.Rate, "rate", 2, "learning rate")
	fs.IntVar(&o.sgd.Batch, "batch", 0, "rows in a mini-batch; 0 for all of them")
	fs.Uint64Var(&o.sgd.Seed, "seed", 1, "of the initial weights and of shuffling")
	fs.Float64Var(&o.lambda, "lambda", 0, "λ of the regulariser ½λ‖W‖², which the loss shown while training includes")
	fs.StringVar(&o.save, "save", "", "model `file` to write; with - it goes to standard output, and the text to standard error")
	fs.BoolVar(&o.json, "json", false, "print one JSON document instead of text")
	fs.StringVar(&o.plot, "plot", "", "SVG `file` to write, a plot of the loss against the epoch")
	helped, err := parseFlags(fs, args, trainUsage, out)
	if helped || err != nil {
		return nil, err
	}

	wrong := func(format string, args ...any) (*trainOptions, error) {
		return nil, &usageError{"train", fmt.Sprintf(format, args...)}
	}
	o.hidden, err = parseWidths(*hidden)
	switch {
	case o.data == "":
		return wrong("-data is missing")
	case o.target == "":
		return wrong("-target is missing")
	case err != nil:
		return wrong("-hidden %q: want whole numbers from 1 on, as in 8,4", *hidden)
	case !slices.Contains(hiddenActivations, *name):
		return wrong("-activation %q: want one of %s", *name, strings.Join(hiddenActivations, ", "))
	case o.sgd.Epochs < 1:
		return wrong("-epochs %d: want at least 1", o.sgd.Epochs)
	case !(o.sgd.Rate > 0 && isFinite(o.sgd.Rate)):
		return wrong("-rate %v: want a finite number above 0", o.sgd.Rate)
	case o.sgd.Batch < 0:
		return wrong("-batch %d: want at least 0", o.sgd.Batch)
	case o.json && o.save == "-":
		return wrong("-json and -save - both want standard output: save to a file")
	case !(o.lambda >= 0 && isFinite(o.lambda)):
		return wrong("-lambda %v: want a finite number, at least 0", o.lambda)
	}
	o.activation, err = activation.ByName(*name)
	return o, err
}

func parseWidths(s string) ([]int, error) {
	if strings.TrimSpace(s) == "" {
		return nil, nil
	}
	var widths []int
	for field := range strings.SplitSeq(s, ",") {
		w, err := strconv.Atoi(strings.TrimSpace(field))
		if err != nil {
			return nil, err
		}
		if w < 1 {
			return nil, errors.New("width below 1")
		}
		widths = append(widths, w)
	}
	return widths, nil
}

// String returns the flags that shape the result.
func (o *trainOptions) String() string {
	widths := make([]string, len(o.hidden))
	for l, w := range o.hidden {
		widths[l] = strconv.Itoa(w)
	}
	hidden := strings.Join(widths, ",")
	if hidden == "" {
		hidden = `""`
	}
	return fmt.Sprintf("-hidden %s -activation %v -epochs %d -rate %v -batch %d -seed %d -lambda %v",
		hidden, o.activation, o.sgd.Epochs, o.sgd.Rate, o.sgd.Batch, o.sgd.Seed, o.lambda)
}

func train(args []string, out *output) error {
	o, err := parseTrain(args, out)
	if o == nil || err != nil {
		return err
	}
	outputs := []namedFile{{"-save", o.save}, {"-plot", o.plot}}
	if o.save == "-" {
		outputs = outputs[1:]
	}
	if err := checkOutputs("train", []namedFile{{"-data", o.data}}, outputs); err != nil {
		return err
	}
	out.willWrite(o.save, o.plot)
	t, err := readForTraining(o.data, o.target)
	if err != nil {
		return err
	}
	m, objective, err := prepare(o, t)
	if err != nil {
		return err
	}
	text, paint := o.report(out)
	out.progress.begin(task{name: "training", unit: "epoch", total: o.sgd.Epochs, figure: "loss", advice: "-epochs %d gives that network again"})
	describe(text, o, t, m)
	log, curve, err := o.descend(text, &out.progress, m, objective)
	if err := cmp.Or(curve.save(text, o, t, m, err), err); err != nil {
		return err
	}
	out.progress.end()
	logits, err := m.logits(t)
	if err != nil {
		return err
	}
	score := newScore(logits, t.targets)
	fmt.Fprintln(text, score)
	check, err := checkGradient(&out.progress, objective, m.theta)
	if err != nil {
		return err
	}
	err = printCheck(text, check, paint)
	saved := ""
	if err == nil && o.save != "" {
		if err := o.saveModel(m, out); err != nil {
			return err
		}
		saved = o.save
		fmt.Fprintln(text, "saved", o.save)
	}
	if o.json {
		j := newTrainingJSON(o, t, m)
		j.Epochs, j.Score, j.Gradcheck, j.Saved, j.Plotted = log.kept, score.json(), check, saved, o.plot
		err = cmp.Or(err, printDocument(out, j))
	}
	return err
}

// report returns where the text goes, and how verdicts in it get their colours.
func (o *trainOptions) report(out *output) (text io.Writer, paint func(string) string) {
	plain := func(s string) string { return s }
	switch {
	case o.json:
		return io.Discard, plain
	case o.save == "-":
		return aside{out}, plain
	}
	return out, out.verdict
}

func (o *trainOptions) saveModel(m *model, out *output) error {
	if o.save != "-" {
		return m.save(o.save)
	}
	data, err := m.encode()
	if err != nil {
		return err
	}
	_, err = out.Write(data)
	return err
}

// descend trains m, as a task that has begun, and logs it.
func (o *trainOptions) descend(text io.Writer, p *progress, m *model, objective *mlp.Objective) (*epochLog, *lossCurve, error) {
	log, curve := &epochLog{w: text, epochs: o.sgd.Epochs}, newLossCurve(objective.Func(m.theta))
	o.sgd.OnEpoch = func(e mlp.Epoch) {
		p.step(e.Number, e.Loss)
		log.note(e)
		curve.add(e.Loss)
	}
	return log, curve, o.sgd.Train(m.theta, objective)
}
