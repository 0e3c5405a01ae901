package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"touchstone/activation"
	"touchstone/gradcheck"
	"touchstone/mlp"
)

// describe prints everything that is needed to run the training again.
func describe(out *output, o *trainOptions, t *table, m *model) {
	ones := 0
	for _, v := range t.targets {
		ones += int(v)
	}
	fmt.Fprintf(out, "data      %s: %s, %d with %q = 1\n", o.data, count(len(t.lines), "row"), ones, o.target)
	fmt.Fprintf(out, "features  %s, standardised\n", quoteAll(t.names))
	hidden := ""
	if len(o.hidden) > 0 {
		hidden = o.activation.String() + " in hidden layers, "
	}
	fmt.Fprintf(out, "network   %v, %s: %s%v output, %v\n",
		m.net, count(m.net.NumParams(), "parameter"), hidden, activation.Identity{}, modelLoss)
	fmt.Fprintf(out, "training  %v\n", o)
}

// checkGradient compares the gradient of o at theta with finite differences and
// prints the verdict. A wrong gradient is an error.
func checkGradient(out *output, o *mlp.Objective, theta []float64) error {
	r, err := gradcheck.Check(gradcheck.Problem{Func: o.Func, Grad: o.Grad, X: theta, Name: o.Net().ParamName}, nil)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, r)
	switch r.Verdict {
	case gradcheck.Fail:
		return errors.New("the gradient of the trained network is wrong")
	case gradcheck.Inconclusive:
		// Not a failure: that a neuron is saturated, that a row sits on the kink of a
		// rectifier, or that the loss is at its minimum and no gradient is left, is a
		// property of the data and of where training ended. But it is no pass either.
		fmt.Fprintln(out, "an inconclusive entry is neither confirmed nor refuted: there is too little gradient left to see, or a kink")
	}
	return nil
}

// A progress shows how training goes: on a terminal in one line that is
// rewritten in place, elsewhere in about ten lines, so that a log stays a log.
type progress struct {
	w        io.Writer
	terminal bool
	epochs   int
	open     bool // the line on the terminal is not ended
}

func (p *progress) show(e mlp.Epoch) {
	groups := 10
	if p.terminal {
		groups = 1000 // more often than this is faster than the eye
	}
	each := 1 + (p.epochs-1)/groups
	if e.Number%each != 0 && e.Number != p.epochs {
		return
	}
	digits := len(strconv.Itoa(p.epochs))
	line := fmt.Sprintf("epoch %*d/%d  loss %#-12.6g", digits, e.Number, p.epochs, e.Loss)
	if p.terminal {
		fmt.Fprint(p.w, "\r"+line) // of one length, so that it covers the last
		p.open = true
		return
	}
	fmt.Fprintln(p.w, strings.TrimRight(line, " "))
}

// end ends the line that show has left open.
func (p *progress) end() {
	if p.open {
		fmt.Fprintln(p.w)
	}
	p.open = false
}

// isTerminal reports whether w is a terminal, or another character device, which
// does not mind.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
