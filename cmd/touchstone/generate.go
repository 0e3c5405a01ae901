package main

import (
	"flag"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"strconv"
	"strings"

	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp"
	"touchstone/mlp/exact"
)

const generateUsage = `usage: touchstone generate -net WIDTHS -out FILE.json [flags]

Writes a golden vector for a network with random parameters, samples and targets:
the exact results of a forward and a backward pass and a step of gradient descent,
in the format of testdata/golden. The same flags give the same file. Its provenance
says that this program made it: unlike the vectors there, it is not independent of
the library. Its source is the command line that makes it again.

-json prints an object with format ("touchstone-generate-1"), file, id (of the vector,
for claims), source, parameters and samples (how many).

examples:

  touchstone generate -net 3-4-1 -activation tanh,sigmoid -batch 5 -out vector.json
  touchstone generate -net 3-4-1 -seed 2 -out - | my_test

flags:

`

// maxExact limits samples × parameters, each of which is computed to 40 digits.
const maxExact = 1 << 22

func generate(args []string, out *output) error {
	fs := flag.NewFlagSet("generate", flag.ContinueOnError)
	shape := fs.String("net", "", "`widths` from the inputs to the outputs, as in 3-4-1 (required)")
	names := fs.String("activation", "", "of each layer, as in tanh,sigmoid, or one name for all of them; a loss of logits has identity last, and one name is then of the layers before (default sigmoid)")
	lossName := fs.String("loss", "squared", "squared, cross-entropy, logit-cross-entropy or softmax-cross-entropy")
	batch := fs.Int("batch", 1, "samples")
	sum := fs.Bool("sum", false, "sum over the samples, instead of the mean")
	lambda := fs.Float64("lambda", 0, "λ of the regulariser ½λ‖W‖²")
	rate := fs.Float64("rate", 0.5, "of the step")
	sigma := fs.Float64("sigma", 1, "standard deviation of the parameters")
	seed := fs.Uint64("seed", 1, "of all that is random")
	path := fs.String("out", "", "`file` to write, or - for standard output (required)")
	asJSON := fs.Bool("json", false, "print one JSON document about the file")
	helped, err := parseFlags(fs, args, generateUsage, out)
	if helped || err != nil {
		return err
	}
	wrong := func(format string, args ...any) error {
		return &usageError{"generate", fmt.Sprintf(format, args...)}
	}
	if *shape == "" {
		return wrong("-net is missing")
	}
	if *path == "" {
		return wrong("-out is missing")
	}
	if *asJSON && *path == "-" {
		return wrong("-json and -out - both want standard output, and the vector is JSON already")
	}
	l, err := loss.ByName(*lossName)
	if err != nil {
		return wrong("-%v", err) // which begins with "loss: "
	}
	net, err := parseShape(*shape, *names, l)
	if err != nil {
		return wrong("%v", err)
	}
	if *batch < 1 || *batch > maxExact/net.NumParams() {
		return wrong("-batch %d: want from 1 to %d with these widths", *batch, maxExact/net.NumParams())
	}
	for _, f := range []struct {
		name  string
		value float64
	}{{"lambda", *lambda}, {"rate", *rate}, {"sigma", *sigma}} {
		if !(f.value >= 0 && f.value <= 1e100) {
			return wrong("-%s %v: want a number from 0 to 1e100", f.name, f.value)
		}
	}

	if err := checkMade("generate", nil, namedFile{"-out", *path}); err != nil {
		return err
	}

	rnd := rand.New(rand.NewPCG(*seed, 0))
	p := exact.Problem{Net: net, Loss: l, Theta: normal(rnd, net.NumParams(), *sigma), Sum: *sum, Lambda: *lambda, Rate: *rate}
	p.X = blas64.General{Rows: *batch, Cols: net.Inputs(), Stride: net.Inputs(), Data: normal(rnd, *batch*net.Inputs(), 1)}
	p.T = blas64.General{Rows: *batch, Cols: net.Outputs(), Stride: net.Outputs(), Data: targets(rnd, *batch, net.Outputs(), l)}
	source := sourceOf(&p, *sigma, *seed)
	id := fmt.Sprintf("generated-%v-%v-seed-%d-%08x", net, l, *seed, hash(source))
	out.willWrite(*path)
	data, err := exactVector(source, id, p, &out.progress)
	switch {
	case err == errVectorSize:
		return wrong("%v", err)
	case err != nil:
		return fmt.Errorf("%w; a smaller -sigma may help", err)
	}
	if err := writeMade(*path, data, out); err != nil || !*asJSON {
		return err
	}
	return printDocument(out, generatedJSON{"touchstone-generate-1", *path, id, source, net.NumParams(), *batch})
}

// A generatedJSON is what generate -json prints.
type generatedJSON struct {
	Format     string `json:"format"`
	File       string `json:"file"`
	ID         string `json:"id"`
	Source     string `json:"source"`
	Parameters int    `json:"parameters"`
	Samples    int    `json:"samples"`
}

// sourceOf returns the command line that makes the same vector again, with every
// flag that its numbers depend on.
func sourceOf(p *exact.Problem, sigma float64, seed uint64) string {
	names := make([]string, p.Net.NumLayers())
	for l := range names {
		names[l] = p.Net.Layer(l).Activation.String()
	}
	return fmt.Sprintf("touchstone generate -net %v -activation %s -loss %v -batch %d -sum=%v -lambda %v -rate %v -sigma %v -seed %d",
		p.Net, strings.Join(names, ","), p.Loss, p.X.Rows, p.Sum, p.Lambda, p.Rate, sigma, seed)
}

// hash tells apart the vectors of command lines that differ in any flag.
func hash(source string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(source)) // which has no errors
	return h.Sum32()
}

func normal(rnd *rand.Rand, n int, sigma float64) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = float64(sigma * rnd.NormFloat64())
	}
	return v
}

// targets are numbers from 0 to 1, labels, or one label of several, as l takes them.
func targets(rnd *rand.Rand, samples, outputs int, l loss.Func) []float64 {
	t := make([]float64, samples*outputs)
	for s := range samples {
		row := t[s*outputs:][:outputs]
		switch l.(type) {
		case loss.SoftmaxCrossEntropy:
			row[rnd.IntN(outputs)] = 1
		case loss.Squared:
			for j := range row {
				row[j] = rnd.Float64()
			}
		default:
			for j := range row {
				row[j] = float64(rnd.IntN(2))
			}
		}
	}
	return t
}

// parseShape returns the network of widths such as "3-4-1" and activations such
// as "tanh,sigmoid".
func parseShape(shape, names string, l loss.Func) (*mlp.Net, error) {
	var widths []int
	for _, w := range strings.Split(shape, "-") {
		n, err := strconv.ParseUint(w, 10, 31) // which takes no sign
		if err != nil || n < 1 || n > maxExact {
			return nil, fmt.Errorf("-net %q: want whole numbers from 1 on, as in 3-4-1", shape)
		}
		widths = append(widths, int(n))
	}
	if len(widths) < 2 {
		return nil, fmt.Errorf("-net %q: want the widths of the inputs and at least one layer", shape)
	}
	last := len(widths) - 2
	layers, params := make([]mlp.Layer, last+1), 0
	list := strings.Split(names, ",")
	if len(list) != 1 && len(list) != len(layers) {
		return nil, fmt.Errorf("-activation %q: want one name, or one for each of %d layers", names, len(layers))
	}
	for i := range layers {
		if widths[i+1] > (maxExact-params)/(widths[i]+1) {
			return nil, fmt.Errorf("-net %q: more than %d parameters", shape, maxExact)
		}
		params += widths[i+1] * (widths[i] + 1)
		layers[i] = mlp.Layer{Width: widths[i+1], Activation: activation.Sigmoid{}}
		if names == "" {
			continue
		}
		f, err := activation.ByName(list[min(i, len(list)-1)])
		if err != nil {
			return nil, fmt.Errorf("-%w", err) // which begins with "activation: "
		}
		layers[i].Activation = f
	}
	switch l.(type) {
	case loss.LogitCrossEntropy, loss.SoftmaxCrossEntropy:
		if names == "" || len(list) == 1 && last > 0 {
			layers[last].Activation = activation.Identity{}
		}
		if layers[last].Activation != (activation.Identity{}) {
			return nil, fmt.Errorf("-activation %q: the loss %v is of logits, which identity gives", names, l)
		}
	case loss.CrossEntropy:
		if layers[last].Activation != (activation.Sigmoid{}) {
			return nil, fmt.Errorf("-activation %q: the cross-entropy is of a probability, which a sigmoid gives", names)
		}
	}
	return mlp.New(widths[0], layers...), nil
}
