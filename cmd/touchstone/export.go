package main

import (
	"flag"
	"fmt"
	"strconv"

	"touchstone"
	"touchstone/weights"
)

const exportUsage = `usage: touchstone export -out FILE.npz [flags] [FILE.json]

Writes a golden vector or a model as arrays, which numpy.load reads and any framework can
replay. FILE.json, or - for standard input, is of "touchstone generate", "import -vector"
or "train -save"; without it, -case is one of the embedded vectors.

Of a vector these are, for each layer l, the parameters Wl (a row for each neuron) and
bl; x and t; loss, zl, al, deltal, grad_Wl, grad_bl, dx, after_Wl and after_bl as the
float64s nearest the exact results, each with its scale_…: what is computed in precision u
may be off by u·scale; and activations, loss_function, reduction, l2 and rate. Of a model,
which is a logit of standardised inputs, they are Wl, bl, activations, mean and deviation.

-json prints an object with format ("touchstone-export-1"), file, case (the id of the
vector, "" for a model), parameters (how many) and arrays (the names of those written).

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
	asJSON := fs.Bool("json", false, "print one JSON document about the file")
	files, helped, err := parseArgs(fs, args, exportUsage, out)
	switch {
	case helped || err != nil:
		return err
	case len(files) > 1:
		return unexpected(fs, files[1])
	case *path == "":
		return &usageError{"export", "-out is missing"}
	case len(files) == 0 && *id == "":
		return &usageError{"export", "there is neither a file nor -case"}
	case *asJSON && *path == "-":
		return &usageError{"export", "-json and -out - both want standard output: write to a file"}
	}
	if err := checkMade("export", files, namedFile{"-out", *path}); err != nil {
		return err
	}
	out.willWrite(*path)
	j := exportedJSON{Format: "touchstone-export-1", File: *path}
	data, err := j.exported(files, *id)
	if err != nil {
		return err
	}
	if err := writeMade(*path, data, out); err != nil || !*asJSON {
		return err
	}
	var written weights.Set
	if err := written.Decode(*path, data); err != nil {
		return err
	}
	j.Arrays = written.Names()
	return printDocument(out, j)
}

// An exportedJSON is what export -json prints.
type exportedJSON struct {
	Format     string   `json:"format"`
	File       string   `json:"file"`
	Case       string   `json:"case"` // "" for a model
	Parameters int      `json:"parameters"`
	Arrays     []string `json:"arrays"`
}

// encode returns the NPZ file of a case, and notes which one that is.
func (j *exportedJSON) encode(c touchstone.Case) []byte {
	j.Case, j.Parameters = c.ID, c.Net.NumParams()
	return weights.EncodeCase(c)
}

// exported returns the NPZ file of the only file, or of the embedded case.
func (j *exportedJSON) exported(files []string, id string) ([]byte, error) {
	if len(files) == 0 {
		c, ok := touchstone.CaseByID(id)
		if !ok {
			return nil, &usageError{"export", "-case: there is no case " + strconv.Quote(id) + meantCase(id, touchstone.Cases())}
		}
		return j.encode(c), nil
	}
	data, name, err := readInput(files[0], maxModelBytes)
	if err != nil {
		return nil, err
	}
	if stringField(data, "format", "schema") == modelFormat {
		if id != "" {
			return nil, &usageError{"export", "-case is for vectors, and " + name + " is a model"}
		}
		m, err := decodeModel(name, data)
		if err != nil {
			return nil, err
		}
		j.Parameters = m.net.NumParams()
		return encodeModel(m), nil
	}
	cases, _, err := touchstone.DecodeVectors(name, data)
	if err != nil {
		return nil, fmt.Errorf("%w%s", err, whatElse(data, "touchstone-golden-"))
	}
	if id == "" && len(cases) == 1 {
		return j.encode(cases[0]), nil
	}
	for _, c := range cases {
		if c.ID == id {
			return j.encode(c), nil
		}
	}
	if id == "" {
		return nil, fmt.Errorf("%s has %s; -case says which one", name, count(len(cases), "network"))
	}
	return nil, fmt.Errorf("%s has no case %q%s", name, id, meantCase(id, cases))
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
