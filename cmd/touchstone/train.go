package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/gonum/blas/blas64"

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

example:

  touchstone train -data heart.csv -target disease -hidden 4 -save model.json

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
}

// parseTrain returns nil options if args asked for help.
func parseTrain(args []string, out *output) (*trainOptions, error) {
	o := new(trainOptions)
	fs := flag.NewFlagSet("train", flag.ContinueOnError)
	fs.StringVar(&o.data, "data", "", "CSV `file` to learn from (required)")
	fs.StringVar(&o.target, "target", "", "`column` to predict, of zeros and ones (required)")
	hidden := fs.String("hidden", "4", "`widths` of the hidden layers, as in 8,4; empty for none")
	name := fs.String("activation", "sigmoid", "of the hidden layers: "+strings.Join(hiddenActivations, ", "))
	fs.IntVar(&o.sgd.Epochs, "epochs", 20000, "passes over the data")
	fs.Float64Var(&o.sgd.Rate, "rate", 2, "learning rate")
	fs.IntVar(&o.sgd.Batch, "batch", 0, "rows in a mini-batch; 0 for all of them")
	fs.Uint64Var(&o.sgd.Seed, "seed", 1, "of the initial weights and of shuffling")
	fs.Float64Var(&o.lambda, "lambda", 0, "λ of the regulariser ½λ‖W‖², which the loss shown while training includes")
	fs.StringVar(&o.save, "save", "", "model `file` to write")
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
	if err := checkOutputs("train", []namedFile{{"-data", o.data}}, outputs); err != nil {
		return err
	}
	t, err := readForTraining(o.data, o.target)
	if err != nil {
		return err
	}
	m, objective, err := prepare(o, t)
	if err != nil {
		return err
	}
	describe(out, o, t, m)
	p := &progress{w: out, terminal: isTerminal(out.w), epochs: o.sgd.Epochs}
	curve := newLossCurve(objective.Func(m.theta))
	o.sgd.OnEpoch = func(e mlp.Epoch) { p.show(e); curve.add(e.Loss) }
	err = o.sgd.Train(m.theta, objective)
	p.end()
	if err := cmp.Or(curve.save(out, o, t, m, err), err); err != nil {
		return err
	}
	logits, err := m.logits(t)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, newScore(logits, t.targets))
	if err := checkGradient(out, objective, m.theta); err != nil || o.save == "" {
		return err
	}
	if err := m.save(o.save); err != nil {
		return err
	}
	fmt.Fprintln(out, "saved", o.save)
	return nil
}

// readForTraining reads the target and, as features, all other columns.
func readForTraining(path, target string) (*table, error) {
	in, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	f, err := newCSVFile(path, in)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(f.columns, target) {
		return nil, f.missing(target)
	}
	features := slices.DeleteFunc(slices.Clone(f.columns), func(c string) bool { return c == target })
	if len(features) == 0 {
		return nil, &DataError{File: path, Reason: "no feature columns: the target " + strconv.Quote(target) + " is the only one"}
	}
	return f.read(features, target)
}

// prepare returns an untrained model for t and what training minimises.
func prepare(o *trainOptions, t *table) (*model, *mlp.Objective, error) {
	m, err := newModel(o, t)
	if err != nil {
		return nil, nil, err
	}
	x, err := standardise(t, m.features)
	if err != nil {
		return nil, nil, err
	}
	targets := blas64.General{Rows: x.Rows, Cols: 1, Stride: 1, Data: t.targets}
	objective := mlp.NewObjective(m.net, modelLoss, x, targets)
	objective.Lambda = o.lambda
	return m, objective, nil
}

// newModel returns an untrained model for t: random weights, zero biases.
func newModel(o *trainOptions, t *table) (*model, error) {
	features, err := measure(t)
	if err != nil {
		return nil, err
	}
	var layers []mlp.Layer
	for _, w := range o.hidden {
		layers = append(layers, mlp.Layer{Width: w, Activation: o.activation})
	}
	layers = append(layers, mlp.Layer{Width: 1, Activation: activation.Identity{}})
	net, err := newNet(len(features), layers)
	if err != nil {
		return nil, &usageError{"train", err.Error()}
	}
	neurons := 0 // at most maxParams
	for _, d := range layers {
		neurons += d.Width
	}
	if neurons > maxActivations/len(t.lines) {
		return nil, &usageError{"train", fmt.Sprintf("%s times %s is more than %d",
			count(len(t.lines), "row"), count(neurons, "neuron"), maxActivations)}
	}
	m := &model{target: o.target, features: features, net: net, theta: make([]float64, net.NumParams())}
	net.InitGlorot(m.theta, o.sgd.Seed)
	return m, nil
}

// newNet returns the network of the given layers. Where mlp.New would panic, and
// beyond maxParams, it returns an error.
func newNet(inputs int, layers []mlp.Layer) (*mlp.Net, error) {
	params, fanIn := 0, inputs
	for l, d := range layers {
		if d.Width < 1 {
			return nil, fmt.Errorf("layer %d has the width %d, want at least 1", l, d.Width)
		}
		if d.Width > (maxParams-params)/(fanIn+1) {
			return nil, fmt.Errorf("the network has more than %d parameters", maxParams)
		}
		params += d.Width * (fanIn + 1)
		fanIn = d.Width
	}
	return mlp.New(inputs, layers...), nil
}
