package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"strings"

	"touchstone"
	"touchstone/report"
)

const verifyUsage = `usage: touchstone verify [flags] CLAIM.json

Compares what another implementation of backpropagation computes, in any language,
with the exact results, and says what differs first, by how much, and why it likely
does. CLAIM.json, or - for standard input, names a golden vector or brings a network
of its own; testdata/golden/README.md describes it.

The exit code is 0 if the claim passes, 1 if it fails or if agreement says nothing
(inconclusive), 2 if it is unusable, 3 if the verdict or its page could not be
written. A number in the claim that is too small for a float64 is 0.

-json prints an object with format ("touchstone-verdict-1"), case, precision, outcome
("pass", "inconclusive" or "fail"), first, stage and cause (type, text) of a failure,
cut_short, and blocks: of each name, stage, outcome, worst, claimed, exact, allowed
and error. testdata/golden/README.md has their meanings.

examples:

  touchstone verify claim.json
  python3 my_network.py | touchstone verify -json -
  touchstone verify -html report.html claim.json

flags:

`

// A claimError reports a claim that cannot be judged.
type claimError struct{ err error }

func (e *claimError) Error() string { return e.err.Error() }

var (
	errRefuted      = errors.New("the claim fails")
	errInconclusive = errors.New("the claim is inconclusive; see touchstone help verify")
)

func verify(args []string, out *output) error {
	fs := flag.NewFlagSet("verify", flag.ContinueOnError)
	machine := fs.Bool("json", false, "print one JSON document instead of text")
	page := fs.String("html", "", "`file` to write, a page that shows the verdict")
	allow := fs.Bool("allow-inconclusive", false, "exit with 0 for an inconclusive claim, too")
	rest, helped, err := parseArgs(fs, args, verifyUsage, out)
	switch {
	case helped || err != nil:
		return err
	case len(rest) == 0:
		return &usageError{"verify", "the claim is missing"}
	case len(rest) > 1:
		return unexpected(fs, rest[1])
	}

	if err := checkOutputs("verify", []namedFile{{"the claim", rest[0]}}, []namedFile{{"-html", *page}}); err != nil {
		return err
	}
	out.willWrite(*page)
	data, name, err := readClaim(rest[0])
	if err != nil {
		return &claimError{err}
	}
	exactly := task{name: "the exact results"}
	if out.progress.w != nil { // it takes about as long as to decode the claim
		exactly.expected = expectedOfClaim(data)
	}
	out.progress.begin(exactly)
	c, claim, err := touchstone.DecodeClaim(name, data)
	if err != nil {
		return &claimError{fmt.Errorf("%w%s", err, hintAtClaim(data))}
	}
	out.progress.begin(task{name: "judging the claim"})
	v := touchstone.Judge(c, claim)
	out.progress.end()
	if *machine {
		err = printJSON(out, &c, claim.Precision, v)
	} else {
		err = printVerdict(out, &c, claim.Precision, v)
	}
	if err == nil {
		err = savePage(*page, func(w io.Writer) error { return report.Verdict(w, c, claim.Precision, v) })
	}
	switch {
	case err != nil:
		return err
	case v.Outcome == touchstone.Fail:
		return errRefuted
	case v.Outcome == touchstone.Inconclusive && !*allow:
		return errInconclusive
	}
	return nil
}

// readClaim reads no more than a claim may have, and a byte to tell.
func readClaim(path string) (data []byte, name string, err error) {
	data, name, err = readInput(path, touchstone.MaxClaimFile)
	if err != nil {
		return nil, name, fmt.Errorf("reading the claim: %w", err)
	}
	return data, name, nil
}

func printVerdict(out *output, c *touchstone.Case, p touchstone.Precision, v *touchstone.Verdict) error {
	head := fmt.Sprintf("%s: %s, claimed in %v", strings.ToUpper(v.Outcome.String()), caseName(c), p)
	fmt.Fprintf(out, "%s\n\n", out.verdict(head))
	table := newColumns("block", "verdict", "worst entry", "claimed", "exact", "error, in units of what is allowed")
	for i := range v.Blocks {
		b := &v.Blocks[i]
		table.row(b.Name, b.Outcome, b.Worst, b.Got, b.Want.Float64(), fmt.Sprintf("%.2g", b.Error))
	}
	for _, line := range table.lines() {
		fmt.Fprintln(out, out.verdict(line))
	}
	if v.First != nil {
		fmt.Fprintf(out, "\n%s %s (%s), at %s\n", out.bold("first difference:"), v.First.Name, v.First.Stage, v.First.Worst)
		if v.Cause != nil {
			fmt.Fprintf(out, "%s %v\n", out.bold("likely cause:"), v.Cause)
		} else {
			fmt.Fprintf(out, "%s none that is known\n", out.bold("likely cause:"))
		}
	}
	if v.CutShort {
		fmt.Fprintln(out, "the search for the cause was cut short: the network is too large to compare with all known mistakes")
	}
	return out.err
}

func caseName(c *touchstone.Case) string {
	if c.ID == "" {
		return "a network " + c.Net.String() + " of its own"
	}
	return c.ID
}

// A verdictJSON is the output of -json, which testdata/golden/README.md describes:
// fields may be added, and none changes its name or meaning. Infinities are written
// as the largest float64, for JSON has none.
type verdictJSON struct {
	Format    string      `json:"format"`
	Case      string      `json:"case"` // "" for a network of the claim's own
	Precision string      `json:"precision"`
	Outcome   string      `json:"outcome"` // "pass", "inconclusive", "fail"
	First     string      `json:"first,omitempty"`
	Stage     string      `json:"stage,omitempty"`
	Cause     *causeJSON  `json:"cause,omitempty"`
	CutShort  bool        `json:"cut_short,omitempty"` // the search for the cause
	Blocks    []blockJSON `json:"blocks"`
}

type causeJSON struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

type blockJSON struct {
	Name    string  `json:"name"`
	Stage   string  `json:"stage"`
	Outcome string  `json:"outcome"`
	Worst   string  `json:"worst"`
	Claimed float64 `json:"claimed"`
	Exact   string  `json:"exact"`
	Allowed float64 `json:"allowed"`
	Error   float64 `json:"error"` // in units of what is allowed
}

func printJSON(w io.Writer, c *touchstone.Case, p touchstone.Precision, v *touchstone.Verdict) error {
	j := verdictJSON{Format: "touchstone-verdict-1", Case: c.ID, Precision: p.String(), Outcome: v.Outcome.String(), CutShort: v.CutShort}
	if v.First != nil {
		j.First, j.Stage = v.First.Name, v.First.Stage
	}
	if v.Cause != nil {
		j.Cause = &causeJSON{v.Cause.Type, v.Cause.Text}
	}
	for _, b := range v.Blocks {
		j.Blocks = append(j.Blocks, blockJSON{b.Name, b.Stage, b.Outcome.String(), b.Worst,
			b.Got, string(b.Want), math.Min(b.Bound, math.MaxFloat64), math.Min(b.Error, math.MaxFloat64)})
	}
	return printDocument(w, j)
}
