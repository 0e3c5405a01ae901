package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"

	"touchstone"
	"touchstone/weights"
)

const exportUsage = `usage: touchstone export [-case ID] -out FILE.npz [FILE.json]

Writes a golden vector or a model as arrays, which numpy.load reads and any framework can
replay. FILE.json, or - for standard input, is of "touchstone generate", "import -vector"
or "train -save"; without it, -case is one of the embedded vectors.

Of a vector these are, for each layer l, the parameters Wl (a row for each neuron) and
bl; x and t; loss, zl, al, deltal, grad_Wl, grad_bl, dx, after_Wl and after_bl as the
float64s nearest the exact results, each with its scale_…: what is computed in precision u
may be off by u·scale; and activations, loss_function, reduction, l2 and rate. Of a model,
which is a logit of standardised inputs, they are Wl, bl, activations, mean and deviation.

examples:

  touchstone export -case mazur -out mazur.npz
  touchstone generate -net 3-4-1 -batch 5 -out - | touchstone export -out vector.npz -
  touchstone export -out model.npz model.json

flags:

`

func export(args []string, out *output) error {
	fs := flag.NewFlagSet("export", flag.ContinueOnError)
	id := fs.String("case", "", "`ID` of the vector (required without a file, and where the file has several)")
	path := fs.String("out", "", "NPZ `file` to write, or - for standard output (required)")
	files, helped, err := parseArgs(fs, args, exportUsage, out)
	switch {
	case helped || err != nil:
		return err
	case len(files) > 1:
		return &usageError{"export", "unexpected argument " + strconv.Quote(files[1])}
	case *path == "":
		return &usageError{"export", "-out is missing"}
	case len(files) == 0 && *id == "":
		return &usageError{"export", "there is neither a file nor -case"}
	}
	data, err := exported(files, *id)
	if err != nil {
		return err
	}
	f := madeFile{*path, data}
	if err := f.check("export", files); err != nil {
		return err
	}
	return f.write(out)
}

// exported returns the NPZ file of the only file, or of the embedded case.
func exported(files []string, id string) ([]byte, error) {
	if len(files) == 0 {
		c, ok := touchstone.CaseByID(id)
		if !ok {
			return nil, &usageError{"export", "-case: there is no case " + strconv.Quote(id)}
		}
		return weights.EncodeCase(c), nil
	}
	name, data, err := readJSON(files[0])
	if err != nil {
		return nil, err
	}
	var head struct{ Format, Schema string }
	if json.Unmarshal(data, &head) == nil && head.Format == modelFormat {
		m, err := decodeModel(name, data)
		if err != nil {
			return nil, err
		}
		return encodeModel(m), nil
	}
	cases, _, err := touchstone.DecodeVectors(name, data)
	if err != nil {
		return nil, err
	}
	if id == "" && len(cases) == 1 {
		return weights.EncodeCase(cases[0]), nil
	}
	for _, c := range cases {
		if c.ID == id {
			return weights.EncodeCase(c), nil
		}
	}
	if id == "" {
		return nil, fmt.Errorf("%s has %s; -case says which one", name, count(len(cases), "network"))
	}
	return nil, fmt.Errorf("%s has no case %q", name, id)
}

// readJSON reads a model or vectors, and no more than these may have. The name is that
// for errors.
func readJSON(path string) (name string, data []byte, err error) {
	f, name := os.Stdin, "standard input"
	if path != "-" {
		if f, err = os.Open(path); err != nil {
			return path, nil, err
		}
		defer f.Close()
		name = path
	}
	data, err = io.ReadAll(io.LimitReader(f, maxModelBytes+1))
	return name, data, err
}

// encodeModel returns the network of a model, and what standardises its inputs.
func encodeModel(m *model) []byte {
	mean := weights.Tensor{Name: "mean", Shape: []int{len(m.features)}}
	deviation := weights.Tensor{Name: "deviation", Shape: mean.Shape}
	for _, f := range m.features {
		mean.Data, deviation.Data = append(mean.Data, f.mean), append(deviation.Data, f.deviation)
	}
	return weights.EncodeNetwork(m.net, m.theta, mean, deviation)
}
