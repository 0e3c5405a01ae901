package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"strings"

	"touchstone/activation"
	"touchstone/loss"
	"touchstone/weights"
)

// An importOptions is the flags of import.
type importOptions struct {
	files       []string
	orientation weights.Orientation
	layers      []weights.Layer

	model, target, features, mean, deviation string

	vector, claim string
	x, t          string
	loss          loss.Func
	sum           bool
	lambda, rate  float64
	grad          string
	precision     string
	source        string // the command line
	json          bool

	tensors, gradient weights.Set // of files, and of grad
	progress          *progress
}

// parseImport returns nil options if args asked for help.
func parseImport(args []string, out *output) (*importOptions, error) {
	o := &importOptions{source: commandLine("import", args), progress: &out.progress}
	fs := flag.NewFlagSet("import", flag.ContinueOnError)
	orientation := fs.String("orientation", "", "of all matrices: out,in or in,out (required with -layer)")
	var layers []string
	fs.Func("layer", "`WEIGHTS,BIASES,ACTIVATION`: two tensors, and identity (also called linear), sigmoid (logistic), tanh, relu or softplus; no name between the commas is a layer without biases; once for each layer", func(s string) error {
		layers = append(layers, s)
		return nil
	})
	fs.StringVar(&o.model, "model", "", "model `file` to write")
	fs.StringVar(&o.target, "target", "", "`column` that the model predicts (required with -model)")
	fs.StringVar(&o.features, "features", "", "`columns` of the model's inputs, as in age,cholesterol (required with -model)")
	fs.StringVar(&o.mean, "mean", "", "`tensor` of the means that standardise the inputs of the model (default 0)")
	fs.StringVar(&o.deviation, "deviation", "", "`tensor` of their standard deviations (default 1)")
	fs.StringVar(&o.vector, "vector", "", "golden vector `file` to write")
	fs.StringVar(&o.claim, "claim", "", "claim `file` to write")
	fs.StringVar(&o.x, "x", "x", "`tensor` of the samples, a row each")
	fs.StringVar(&o.t, "t", "t", "`tensor` of the targets, a row for each sample")
	lossName := fs.String("loss", "", "squared, cross-entropy, logit-cross-entropy or softmax-cross-entropy (required with -vector and -claim)")
	fs.BoolVar(&o.sum, "sum", false, "the loss is a sum over the samples, instead of the mean; over the outputs it is a sum always")
	fs.Float64Var(&o.lambda, "lambda", 0, "λ of the regulariser ½λ‖W‖²; in scikit-learn that is alpha/samples")
	fs.Float64Var(&o.rate, "rate", 0, "of the step in the vector")
	fs.StringVar(&o.grad, "grad", "", "`file` with the framework's own gradient (required with -claim)")
	fs.StringVar(&o.precision, "precision", "", "float64, float32, bfloat16 or float16, in which that was computed (default: as its tensors are stored)")
	fs.BoolVar(&o.json, "json", false, "print one JSON document: the tensors, and what was made of them")
	files, helped, err := parseArgs(fs, args, importUsage, out)
	if helped || err != nil {
		return nil, err
	}
	o.files = files
	o.target = strings.TrimSpace(o.target) // as the names of columns are
	if err := cmp.Or(o.check(*orientation, layers, *lossName), o.checkUse(fs)); err != nil {
		return nil, &usageError{"import", err.Error()}
	}
	return o, nil
}

// usedBy has the outputs, of -model, -vector and -claim, for which a flag says something.
// The gradient's file may have the samples of a vector.
var usedBy = map[string]string{
	"orientation": "-model, -vector, -claim",
	"target":      "-model", "features": "-model", "mean": "-model", "deviation": "-model",
	"x": "-vector, -claim", "t": "-vector, -claim", "loss": "-vector, -claim", "sum": "-vector, -claim",
	"lambda": "-vector, -claim", "rate": "-vector, -claim", "grad": "-vector, -claim",
	"precision": "-claim",
}

// checkUse refuses a flag that does nothing for what is asked for: who gives it expects
// something else.
func (o *importOptions) checkUse(fs *flag.FlagSet) (err error) {
	wanted := map[string]bool{"-model": o.model != "", "-vector": o.vector != "", "-claim": o.claim != ""}
	fs.Visit(func(f *flag.Flag) {
		outputs, ok := usedBy[f.Name]
		used := !ok
		for output := range strings.SplitSeq(outputs, ", ") {
			used = used || wanted[output]
		}
		if !used && err == nil {
			err = fmt.Errorf("-%s does nothing without %s", f.Name, strings.ReplaceAll(outputs, ", ", " or "))
		}
	})
	return err
}

// check finds what is wrong whatever the files are.
func (o *importOptions) check(orientation string, layers []string, lossName string) error {
	dashes := func(paths ...string) (n int) {
		for _, path := range paths {
			if path == "-" {
				n++
			}
		}
		return n
	}
	wanted := o.model+o.vector+o.claim != ""
	judged := o.vector+o.claim != ""
	switch {
	case len(o.files) == 0:
		return errors.New("the file is missing")
	case dashes(o.files...)+dashes(o.grad) > 1:
		return errors.New("standard input can be read once only")
	case dashes(o.model, o.vector, o.claim) > 1:
		return errors.New("only one file can go to standard output")
	case o.json && dashes(o.model, o.vector, o.claim) > 0:
		return errors.New("-json and an output - both want standard output: write to a file")
	case !wanted && len(layers) > 0:
		return errors.New("nothing to make of it: want -model, -vector or -claim")
	case wanted && len(layers) == 0:
		return errors.New("-layer is missing")
	case !wanted:
		return nil
	}
	switch orientation {
	case weights.OutIn.String():
		o.orientation = weights.OutIn
	case weights.InOut.String():
		o.orientation = weights.InOut
	case "":
		return errors.New("-orientation is missing: out,in (PyTorch) or in,out (Keras, scikit-learn)")
	default:
		return fmt.Errorf("-orientation %q: want out,in or in,out", orientation)
	}
	for _, s := range layers {
		l, err := parseLayer(s)
		if err != nil {
			return err
		}
		o.layers = append(o.layers, l)
	}
	switch {
	case o.model != "" && o.target == "":
		return errors.New("-target is missing")
	case o.model != "" && o.features == "":
		return errors.New("-features is missing")
	case judged && lossName == "":
		return errors.New("-loss is missing")
	case o.claim != "" && o.grad == "":
		return errors.New("-grad is missing")
	case !isFinite(o.lambda):
		return fmt.Errorf("-lambda %v: want a finite number", o.lambda)
	case !isFinite(o.rate):
		return fmt.Errorf("-rate %v: want a finite number", o.rate)
	case !judged:
		return nil
	}
	var err error
	if o.loss, err = loss.ByName(lossName); err != nil {
		return fmt.Errorf("-%w", err) // which begins with "loss: "
	}
	return nil
}

// parseLayer reads WEIGHTS,BIASES,ACTIVATION.
func parseLayer(s string) (weights.Layer, error) {
	parts := strings.Split(s, ",")
	if len(parts) != 3 || parts[0] == "" {
		return weights.Layer{}, fmt.Errorf("-layer %q: want WEIGHTS,BIASES,ACTIVATION, as in 0.weight,0.bias,tanh", s)
	}
	f, err := activation.ByName(parts[2])
	if err != nil {
		return weights.Layer{}, fmt.Errorf("-layer %q: %w", s, err)
	}
	return weights.Layer{Weights: parts[0], Biases: parts[1], Activation: f}, nil
}

// commandLine returns the line that was typed, for a POSIX shell to read.
func commandLine(command string, args []string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789%+,-./:=@_"
	line := "touchstone " + command
	for _, a := range args {
		if a == "" || strings.Trim(a, plain) != "" {
			a = "'" + strings.ReplaceAll(a, "'", `'\''`) + "'"
		}
		line += " " + a
	}
	return line
}
