package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"touchstone"
	"touchstone/gradcheck"
	"touchstone/mlp"
)

const proveUsage = `usage: touchstone prove [flags]

Computes published examples, golden vectors and gradient checks anew, prints them
next to the exact figures, and ends with a table of verdicts. A FAIL among them
makes the exit code 1.

-json prints an object with format ("touchstone-prove-1"), outcome ("pass" or
"fail"), passed and failed (counts), and verdicts: a list of claim, outcome, figure
(in words) and values, the numbers that decided, by name.

examples:

  touchstone prove
  touchstone prove -json | jq .outcome

flags:

`

// errProof says that the table of verdicts, which is printed, has a FAIL.
var errProof = errors.New("the proof does not hold: see the verdicts above")

func runProve(args []string, out *output) error {
	fs := flag.NewFlagSet("prove", flag.ContinueOnError)
	asJSON := fs.Bool("json", false, "print the verdicts as one JSON document instead of text")
	helped, err := parseFlags(fs, args, proveUsage, out)
	if helped || err != nil {
		return err
	}
	if !*asJSON {
		return prove(out)
	}
	p := &proof{out: &output{w: io.Discard, stderr: out.stderr}}
	p.run(&out.progress)
	return cmp.Or(printDocument(out, p.json()), p.verdict())
}

// prove shows on embedded data that the library is right, step by step, and ends
// with a table of verdicts. It returns errProof if any of them is a FAIL.
func prove(out *output) error {
	p := &proof{out: out}
	p.run(&out.progress)
	return p.table()
}

// run does everything but the table.
func (p *proof) run(progress *progress) {
	p.printf("Touchstone proves itself. Every figure is computed now; \"exact\" ones come from\n")
	p.printf("golden vectors that a generator without backpropagation made in 200 digits.\n")
	parts := []func(){p.neuron, p.standardised, p.patient, p.rat42}
	progress.begin(task{name: "proving", unit: "part", total: len(parts)})
	defer progress.end()
	for i, part := range parts {
		part()
		progress.step(i+1, 0)
	}
}

// A proof collects verdicts while it prints.
type proof struct {
	out      *output
	err      error // of writing
	verdicts []verdictOfProof
}

// A verdictOfProof is also the JSON of one.
type verdictOfProof struct {
	Claim   string `json:"claim"`
	Outcome string `json:"outcome"`
	Figure  string `json:"figure"`
	Values  values `json:"values"`
}

// values are the numbers that decide a claim.
type values map[string]number

func (p *proof) printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.out, format, args...)
	}
}

func (p *proof) section(title string) {
	p.printf("\n%s\n%s\n", p.out.bold(title), strings.Repeat("─", len([]rune(title))))
}

// claim notes a verdict.
func (p *proof) claim(holds bool, claim string, v values, figure string, args ...any) {
	outcome := "pass"
	if !holds {
		outcome = "fail"
	}
	if v == nil {
		v = values{} // and not null
	}
	p.verdicts = append(p.verdicts, verdictOfProof{claim, outcome, fmt.Sprintf(figure, args...), v})
}

// failed counts the claims that do not hold.
func (p *proof) failed() int {
	n := 0
	for _, v := range p.verdicts {
		if v.Outcome != "pass" {
			n++
		}
	}
	return n
}

func (p *proof) verdict() error {
	if p.failed() > 0 {
		return errProof
	}
	return nil
}

func (p *proof) table() error {
	p.section("Verdicts")
	for _, v := range p.verdicts {
		word := p.out.verdict(strings.ToUpper(v.Outcome))
		p.printf("%s  %-58s %s\n", word, v.Claim, v.Figure)
	}
	p.printf("%d passed, %d failed\n", len(p.verdicts)-p.failed(), p.failed())
	return cmp.Or(p.err, p.verdict())
}

// A proofJSON is what prove -json prints.
type proofJSON struct {
	Format   string           `json:"format"`
	Outcome  string           `json:"outcome"`
	Passed   int              `json:"passed"`
	Failed   int              `json:"failed"`
	Verdicts []verdictOfProof `json:"verdicts"`
}

func (p *proof) json() proofJSON {
	j := proofJSON{"touchstone-prove-1", "pass", len(p.verdicts) - p.failed(), p.failed(), p.verdicts}
	if j.Failed > 0 {
		j.Outcome = "fail"
	}
	return j
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
		p.claim(false, "gradient of "+what, nil, "%v", err)
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
		p.claim(false, "gradient of "+what, nil, "%v", err)
		return
	}
	p.printf("\nFinite differences against backpropagation, %s:\n%s\n", what, p.out.verdict(right.String()))
	p.printf("The same check of half the gradient, as it must be refused:\n%v\n", wrong)
	agree := len(right.Entries) - right.Failed - right.Undecided
	p.claim(right.Verdict == gradcheck.Pass, "gradcheck: "+what, values{"agree": number(agree), "entries": number(len(right.Entries))}, "%d of %d entries agree", agree, len(right.Entries))
	p.claim(wrong.Verdict == gradcheck.Fail, "gradcheck refuses half of it", values{"refused": number(wrong.Failed), "entries": number(len(wrong.Entries))}, "%d of %d entries refused", wrong.Failed, len(wrong.Entries))
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
