package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"touchstone"
	"touchstone/gradcheck"
	"touchstone/mlp"
)

// errProof says that the table of verdicts, which is printed, has a FAIL.
var errProof = errors.New("the proof does not hold: see the verdicts above")

// prove shows on embedded data that the library is right, step by step, and ends
// with a table of verdicts. It returns errProof if any of them is a FAIL.
func prove(w io.Writer) error {
	p := &proof{w: w}
	p.printf("Touchstone proves itself. Every figure is computed now; \"exact\" ones come from\n")
	p.printf("golden vectors that a generator without backpropagation made in 200 digits.\n")
	p.neuron()
	p.standardised()
	p.patient()
	p.rat42()
	return p.table()
}

// A proof collects verdicts while it prints.
type proof struct {
	w        io.Writer
	err      error // of writing
	verdicts []verdict
}

type verdict struct {
	claim  string
	figure string
	holds  bool
}

func (p *proof) printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, args...)
	}
}

func (p *proof) section(title string) {
	p.printf("\n%s\n%s\n", title, strings.Repeat("─", len([]rune(title))))
}

// claim notes a verdict.
func (p *proof) claim(holds bool, claim, figure string, args ...any) {
	p.verdicts = append(p.verdicts, verdict{claim, fmt.Sprintf(figure, args...), holds})
}

func (p *proof) table() error {
	p.section("Verdicts")
	failed := 0
	for _, v := range p.verdicts {
		word := "PASS"
		if !v.holds {
			word = "FAIL"
			failed++
		}
		p.printf("%s  %-58s %s\n", word, v.claim, v.figure)
	}
	p.printf("%d passed, %d failed\n", len(p.verdicts)-failed, failed)
	if p.err != nil {
		return p.err
	}
	if failed > 0 {
		return errProof
	}
	return nil
}

// mustCase returns an embedded case, which a test sees to be there.
func mustCase(id string) touchstone.Case {
	c, ok := touchstone.CaseByID(id)
	if !ok {
		panic("touchstone: no golden vector " + id)
	}
	return c
}

// gradcheck compares the gradient of o with finite differences, prints the
// result, and shows that the check would have said no to half of the gradient.
func (p *proof) gradcheck(what string, o *mlp.Objective, theta []float64) {
	problem := gradcheck.Problem{Func: o.Func, Grad: o.Grad, X: theta, Name: o.Net().ParamName}
	right, err := gradcheck.Check(problem, nil)
	if err != nil {
		p.claim(false, "gradient of "+what, "%v", err)
		return
	}
	problem.Grad = func(grad, theta []float64) {
		o.Grad(grad, theta)
		for i := range grad {
			grad[i] /= 2
		}
	}
	wrong, err := gradcheck.Check(problem, nil)
	if err != nil {
		p.claim(false, "gradient of "+what, "%v", err)
		return
	}
	p.printf("\nFinite differences against backpropagation, %s:\n%v\n", what, right)
	p.printf("The same check of half the gradient, as it must be refused:\n%v\n", wrong)
	p.claim(right.Verdict == gradcheck.Pass, "gradcheck: "+what, "%d of %d entries agree", len(right.Entries)-right.Failed-right.Undecided, len(right.Entries))
	p.claim(wrong.Verdict == gradcheck.Fail, "gradcheck refuses half of it", "%d of %d entries refused", wrong.Failed, len(wrong.Entries))
}

// worst returns the largest error of got, relative to the largest exact value.
func worst(got []float64, want []touchstone.Decimal) float64 {
	e, size := 0.0, 0.0
	for i, v := range got {
		e = max(e, want[i].Error(v))
		size = max(size, want[i].Float64(), -want[i].Float64())
	}
	return e / size
}
