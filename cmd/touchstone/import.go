package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"touchstone/mlp"
	"touchstone/weights"
)

const importUsage = `usage: touchstone import [flags] FILE...

Takes over a dense network that another framework trained. Every FILE, or - for
standard input, is safetensors, NPZ or NPY, and their tensors are known by name; one
of a NPY file is called like the file, or "standard input" if that is where it is from.
Without -layer it lists them.

Nothing is guessed. -layer names the tensors of a layer, first layer first, and its
activation; and -orientation says how the matrices lie: "out,in", a row for each neuron
(PyTorch; coef_ in scikit-learn), or "in,out", a column for each neuron (Keras; coefs_
in scikit-learn). Where all are square, nothing else can tell. A softmax at the end is a
part of the loss: identity, and softmax-cross-entropy. Numbers of 16 and 32 bits become
the same float64s; pickled objects are never executed.

It then writes what is asked for, each to a file, or one to - for standard output:

  -model   a model for "touchstone predict": of one output, a probability (sigmoid) or
           its logit (identity). -features names the columns of its inputs.
  -vector  a golden vector: the exact loss, gradient and all values on the way, for the
           samples and targets that are the tensors x and t.
  -claim   a claim for "touchstone verify": the gradient that the framework itself
           computed is in the file -grad, under the names of the weights, with its loss
           under "loss" if it is to be judged, and maybe x and t.

-json prints an object with format ("touchstone-import-1"), tensors (name, type, shape,
and unusable: why, or ""), inputs and parameters (how many; 0 without -layer), layers
(width, activation, bias) and model, vector and claim (the files written, or "").

examples:

  touchstone import model.safetensors
  touchstone import -orientation out,in -layer 0.weight,0.bias,tanh -layer 2.weight,2.bias,identity \
      -loss logit-cross-entropy -grad run.npz -claim - model.safetensors | touchstone verify -
  touchstone import -orientation in,out -layer coefs_0,intercepts_0,relu -layer coefs_1,intercepts_1,sigmoid \
      -target disease -features age,max_heart_rate,cholesterol -mean mean_ -deviation scale_ -model model.json sklearn.npz

flags:

`

func importWeights(args []string, out *output) error {
	o, err := parseImport(args, out)
	if o == nil || err != nil {
		return err
	}
	outputs := []namedFile{{"-model", o.model}, {"-vector", o.vector}, {"-claim", o.claim}}
	if err := checkMade("import", append(o.files, o.grad), outputs...); err != nil {
		return err
	}
	out.willWrite(o.model, o.vector, o.claim)
	out.progress.begin(task{name: "the import"})
	defer out.progress.end()
	if err := o.read(); err != nil {
		return err
	}
	j := importedJSON{Format: "touchstone-import-1", Layers: []layerJSON{}}
	if o.json || len(o.layers) == 0 {
		j.Tensors = tensorsOf(&o.tensors)
	}
	switch {
	case len(o.layers) > 0:
		if err := o.convert(&j, out); err != nil {
			return o.guess(err)
		}
	case !o.json:
		list(out, j.Tensors)
	}
	if !o.json {
		return nil
	}
	return printDocument(out, j)
}

// convert makes what is asked for of the network, and notes what that was.
func (o *importOptions) convert(j *importedJSON, out *output) error {
	net, theta, err := o.tensors.Network(o.orientation, o.layers...)
	if err != nil {
		return err
	}
	if err := o.checkFinite("", net, theta); err != nil {
		return err
	}
	var made [][]byte // all, before one is written
	for _, output := range []struct {
		path string
		make func(*mlp.Net, []float64) ([]byte, error)
	}{{o.model, o.makeModel}, {o.vector, o.makeVector}, {o.claim, o.makeClaim}} {
		var data []byte
		if output.path != "" {
			if data, err = output.make(net, theta); err != nil {
				return err
			}
		}
		made = append(made, data)
	}
	for i, path := range []string{o.model, o.vector, o.claim} {
		if path == "" {
			continue
		}
		if err := writeMade(path, made[i], out); err != nil {
			return err
		}
	}
	j.Inputs, j.Parameters, j.Layers = net.Inputs(), net.NumParams(), layersJSON(net)
	j.Model, j.Vector, j.Claim = o.model, o.vector, o.claim
	return nil
}

// guess adds to the error that a tensor is not there which one may be meant.
func (o *importOptions) guess(err error) error {
	e := (*weights.Error)(nil)
	if !errors.As(err, &e) || e.File != "" || o.tensors.Has(e.Tensor) {
		return err // it is there, and wrong; or not in the gradient, whose names are not typed
	}
	for _, s := range []*weights.Set{&o.tensors, &o.gradient} {
		if meant, ok := nearest(e.Tensor, s.Names()); ok {
			return fmt.Errorf("%w; did you mean %q?", err, meant)
		}
	}
	return err
}

func (o *importOptions) read() error {
	for _, path := range o.files {
		if err := readTensors(&o.tensors, path); err != nil {
			return err
		}
	}
	if o.grad == "" {
		return nil
	}
	return readTensors(&o.gradient, o.grad)
}

// checkMade is checkOutputs for a command whose outputs may be "-", standard output, and
// whose inputs have no flags.
func checkMade(command string, read []string, outputs ...namedFile) error {
	var inputs []namedFile
	for _, path := range read {
		inputs = append(inputs, namedFile{path, path})
	}
	outputs = slices.DeleteFunc(outputs, func(f namedFile) bool { return f.path == "-" })
	return checkOutputs(command, inputs, outputs)
}

// writeMade writes a file, or to standard output if path is "-".
func writeMade(path string, data []byte, out *output) error {
	if path == "-" {
		_, err := out.Write(data)
		return err
	}
	return writeAtomically(path, data)
}

// readTensors adds a file to s.
func readTensors(s *weights.Set, path string) error {
	data, name, err := readInput(path, weights.MaxFile)
	if err != nil {
		return err
	}
	if err := s.Decode(name, data); err != nil {
		if e := (*weights.Error)(nil); errors.As(err, &e) && e.Tensor == "" && !hasArrays(data) {
			return fmt.Errorf("%w%s", err, whatIs(data))
		}
		return err
	}
	return nil
}

// An importedJSON is what import -json prints.
type importedJSON struct {
	Format     string       `json:"format"`
	Tensors    []tensorJSON `json:"tensors"`
	Inputs     int          `json:"inputs"`
	Parameters int          `json:"parameters"`
	Layers     []layerJSON  `json:"layers"`
	Model      string       `json:"model"`
	Vector     string       `json:"vector"`
	Claim      string       `json:"claim"`
}

type tensorJSON struct {
	Name     string `json:"name"`
	Type     string `json:"type"`
	Shape    []int  `json:"shape"`
	Unusable string `json:"unusable"` // why, or ""
}

func tensorsOf(s *weights.Set) []tensorJSON {
	list := []tensorJSON{}
	for _, name := range s.Names() {
		j := tensorJSON{Name: name, Shape: []int{}}
		t, err := s.Tensor(name)
		if wrong := (*weights.Error)(nil); errors.As(err, &wrong) {
			j.Unusable = wrong.Reason
		} else {
			j.Type, j.Shape = t.Type, append(j.Shape, t.Shape...)
		}
		list = append(list, j)
	}
	return list
}

// list prints tensors.
func list(w io.Writer, tensors []tensorJSON) {
	fmt.Fprintf(w, "%-32s %-9s %s\n", "tensor", "type", "shape")
	for _, t := range tensors {
		if quoted := strconv.Quote(t.Name); quoted != `"`+t.Name+`"` {
			t.Name = quoted // nothing in it is to command a terminal
		}
		if t.Unusable != "" {
			fmt.Fprintf(w, "%-32s %-9s %s\n", t.Name, "unusable", t.Unusable)
			continue
		}
		fmt.Fprintf(w, "%-32s %-9s %v\n", t.Name, t.Type, t.Shape)
	}
}
