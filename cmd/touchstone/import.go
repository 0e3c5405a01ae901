package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"

	"touchstone/mlp"
	"touchstone/weights"
)

const importUsage = `usage: touchstone import [flags] FILE...

Takes over a dense network that another framework trained. Every FILE, or - for
standard input, is safetensors, NPZ or NPY, and their tensors are known by name; one
of a NPY file is called like the file. Without flags it lists them.

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
	if err := o.read(); err != nil {
		return err
	}
	if len(o.layers) == 0 {
		list(out, &o.tensors)
		return nil
	}
	net, theta, err := o.tensors.Network(o.orientation, o.layers...)
	if err != nil {
		return err
	}
	if err := o.checkFinite("", net, theta); err != nil {
		return err
	}
	// All are made before one is written.
	var made []madeFile
	for _, output := range []struct {
		path string
		make func(*mlp.Net, []float64) ([]byte, error)
	}{{o.model, o.makeModel}, {o.vector, o.makeVector}, {o.claim, o.makeClaim}} {
		if output.path == "" {
			continue
		}
		data, err := output.make(net, theta)
		if err != nil {
			return err
		}
		made = append(made, madeFile{output.path, data})
	}
	for _, f := range made {
		if err := f.check("import", append([]string{o.grad}, o.files...)); err != nil {
			return err
		}
	}
	for _, f := range made {
		if err := f.write(out); err != nil {
			return err
		}
	}
	return nil
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

// A madeFile is an output that is complete.
type madeFile struct {
	path string // "-" for standard output
	data []byte
}

// check returns an error if f would replace a file that was read.
func (f madeFile) check(command string, read []string) error {
	to, err := os.Stat(f.path)
	if err != nil || isStream(f.path) {
		return nil
	}
	for _, path := range read {
		if from, err := os.Stat(path); err == nil && os.SameFile(from, to) {
			return &usageError{command, "would overwrite " + path}
		}
	}
	return nil
}

func (f madeFile) write(out *output) error {
	if f.path == "-" {
		_, err := out.Write(f.data)
		return err
	}
	return writeAtomically(f.path, f.data)
}

// readTensors adds a file to s.
func readTensors(s *weights.Set, path string) error {
	if path != "-" {
		return s.ReadFile(path)
	}
	data, err := io.ReadAll(io.LimitReader(os.Stdin, weights.MaxFile+1))
	if err != nil {
		return err
	}
	return s.Decode("standard input", data)
}

// list prints the tensors of s.
func list(w io.Writer, s *weights.Set) {
	fmt.Fprintf(w, "%-32s %-9s %s\n", "tensor", "type", "shape")
	for _, name := range s.Names() {
		t, err := s.Tensor(name)
		if quoted := strconv.Quote(name); quoted != `"`+name+`"` {
			name = quoted // nothing in it is to command a terminal
		}
		if wrong := (*weights.Error)(nil); errors.As(err, &wrong) {
			fmt.Fprintf(w, "%-32s %-9s %s\n", name, "unusable", wrong.Reason)
			continue
		}
		fmt.Fprintf(w, "%-32s %-9s %v\n", name, t.Type, t.Shape)
	}
}
