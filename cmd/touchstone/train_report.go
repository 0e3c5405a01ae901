package main

import (
	"errors"
	"fmt"
	"io"

	"touchstone/activation"
	"touchstone/gradcheck"
	"touchstone/mlp"
)

// A trainingJSON is what train -json prints.
type trainingJSON struct {
	Format     string            `json:"format"`
	Data       string            `json:"data"`
	Rows       int               `json:"rows"`
	Ones       int               `json:"ones"` // rows whose target is 1
	Target     string            `json:"target"`
	Features   []featureJSON     `json:"features"`
	Layers     []layerJSON       `json:"layers"`
	Parameters int               `json:"parameters"`
	Flags      flagsJSON         `json:"flags"`
	Epochs     []epochJSON       `json:"epochs"` // about ten
	Score      scoreJSON         `json:"score"`
	Gradcheck  *gradcheck.Report `json:"gradcheck"`
	Saved      string            `json:"saved"` // "" if the model is not saved
	Plotted    string            `json:"plotted"`
}

// A flagsJSON is the flags that shape the result.
type flagsJSON struct {
	Hidden     []int   `json:"hidden"`
	Activation string  `json:"activation"`
	Epochs     int     `json:"epochs"`
	Rate       float64 `json:"rate"`
	Batch      int     `json:"batch"`
	Seed       uint64  `json:"seed"`
	Lambda     float64 `json:"lambda"`
}

type epochJSON struct {
	Epoch int    `json:"epoch"`
	Loss  number `json:"loss"`
}

func newTrainingJSON(o *trainOptions, t *table, m *model) *trainingJSON {
	j := m.json()
	return &trainingJSON{
		Format: "touchstone-train-1", Data: t.file, Rows: len(t.lines), Ones: ones(t.targets), Target: o.target,
		Features: j.Features, Layers: j.Layers, Parameters: m.net.NumParams(),
		Flags: flagsJSON{append([]int{}, o.hidden...), o.activation.String(), o.sgd.Epochs, o.sgd.Rate, o.sgd.Batch, o.sgd.Seed, o.lambda},
	}
}

// describe prints everything that is needed to run the training again.
func describe(w io.Writer, o *trainOptions, t *table, m *model) {
	fmt.Fprintf(w, "data      %s: %s, %d with %q = 1\n", t.file, count(len(t.lines), "row"), ones(t.targets), o.target)
	fmt.Fprintf(w, "features  %s, standardised\n", quoteAll(t.names))
	hidden := ""
	if len(o.hidden) > 0 {
		hidden = o.activation.String() + " in hidden layers, "
	}
	fmt.Fprintf(w, "network   %v, %s: %s%v output, %v\n",
		m.net, count(m.net.NumParams(), "parameter"), hidden, activation.Identity{}, modelLoss)
	fmt.Fprintf(w, "training  %v\n", o)
}

func ones(targets []float64) int {
	n := 0
	for _, v := range targets {
		n += int(v)
	}
	return n
}

// An epochLog prints about ten of the epochs, the last among them, and keeps them.
type epochLog struct {
	w      io.Writer
	epochs int // of the whole training
	kept   []epochJSON
}

func (l *epochLog) note(e mlp.Epoch) {
	each := 1 + (l.epochs-1)/10
	if e.Number%each != 0 && e.Number != l.epochs {
		return
	}
	fmt.Fprintf(l.w, "epoch %*d/%d  loss %#.6g\n", len(fmt.Sprint(l.epochs)), e.Number, l.epochs, e.Loss)
	l.kept = append(l.kept, epochJSON{e.Number, number(e.Loss)})
}

// errGradient says that the gradient, on which a report is printed, is wrong.
var errGradient = errors.New("the gradient of the trained network is wrong: this is a bug in touchstone, please report it with the data and the flags")

// checkGradient compares the gradient of o at theta with finite differences.
func checkGradient(p *progress, o *mlp.Objective, theta []float64) (*gradcheck.Report, error) {
	evaluations := 49 // of the directions mode, for a single block
	if len(theta) <= 2000 {
		evaluations = 20 + 12*len(theta) // about
	}
	p.begin(task{name: "the gradient check", total: evaluations})
	defer p.end()
	evaluated := 0
	f := func(theta []float64) float64 {
		evaluated++
		p.step(evaluated, 0)
		return o.Func(theta)
	}
	return gradcheck.Check(gradcheck.Problem{Func: f, Grad: o.Grad, X: theta, Name: o.Net().ParamName}, nil)
}

// printCheck prints the verdict on the gradient and returns errGradient if it is wrong.
func printCheck(w io.Writer, r *gradcheck.Report, paint func(string) string) error {
	fmt.Fprintln(w, paint(r.String()))
	switch r.Verdict {
	case gradcheck.Fail:
		return errGradient
	case gradcheck.Inconclusive:
		// Not a failure: that a neuron is saturated, that a row sits on the kink of a
		// rectifier, or that the loss is at its minimum and no gradient is left, is a
		// property of the data and of where training ended. But it is no pass either.
		fmt.Fprintln(w, "an inconclusive entry is neither confirmed nor refuted: there is too little gradient left to see, or a kink")
	}
	return nil
}
