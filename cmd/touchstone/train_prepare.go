package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/activation"
	"touchstone/mlp"
)

// readForTraining reads the target and, as features, all other columns.
func readForTraining(path, target string) (*table, error) {
	in, name, err := openInput(path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	f, err := newCSVFile(name, in)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(f.columns, target) {
		return nil, f.missing(target)
	}
	features := slices.DeleteFunc(slices.Clone(f.columns), func(c string) bool { return c == target })
	if len(features) == 0 {
		return nil, &DataError{File: name, Reason: "no feature columns: the target " + strconv.Quote(target) + " is the only one"}
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

// checkSave finds out before a long run whether its result can be saved.
func checkSave(path, data string) error {
	if path == "" || path == "-" || isStream(path) {
		return nil
	}
	to, old, err := destination(path)
	if err != nil {
		return saveError(path, err)
	}
	if in, err := os.Stat(data); err == nil && os.SameFile(in, old) {
		return &usageError{"train", "-save would overwrite -data"}
	}
	saving.Lock() // as the file must not stay
	defer saving.Unlock()
	f, err := createTemp(filepath.Dir(to))
	if err != nil {
		return saveError(path, err)
	}
	f.Close()
	return os.Remove(f.Name())
}
