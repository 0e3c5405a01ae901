package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
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
(inconclusive), 2 if it is unusable, 3 if the verdict could not be written.
A number in the claim that is too small for a float64 is 0.

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
	machine := fs.Bool("json", false, "print the verdict as JSON")
	page := fs.String("html", "", "`file` to write, a page that shows the verdict")
	allow := fs.Bool("allow-inconclusive", false, "exit with 0 for an inconclusive claim, too")
	// The file may stand before, between or after the flags.
	var path string
	for rest := args; ; {
		fs.SetOutput(io.Discard)
		err := fs.Parse(rest)
		if errors.Is(err, flag.ErrHelp) {
			fmt.Fprint(out, verifyUsage)
			fs.SetOutput(out)
			fs.PrintDefaults()
			return nil
		}
		if err != nil {
			return &usageError{"verify", err.Error()}
		}
		if fs.NArg() == 0 {
			break
		}
		if path != "" {
			return &usageError{"verify", "unexpected argument " + strconv.Quote(fs.Arg(0))}
		}
		path, rest = fs.Arg(0), fs.Args()[1:]
	}
	if path == "" {
		return &usageError{"verify", "the claim is missing"}
	}

	if err := checkOutputs("verify", []namedFile{{"the claim", path}}, []namedFile{{"-html", *page}}); err != nil {
		return err
	}
	data, err := readClaim(path)
	if err != nil {
		return &claimError{err}
	}
	if path == "-" {
		path = "standard input"
	}
	c, claim, err := touchstone.DecodeClaim(path, data)
	if err != nil {
		return &claimError{err}
	}
	v := touchstone.Judge(c, claim)
	if *machine {
		err = printJSON(out, &c, claim.Precision, v)
	} else {
		printVerdict(out, &c, claim.Precision, v)
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
func readClaim(path string) ([]byte, error) {
	f := os.Stdin
	if path != "-" {
		var err error
		if f, err = os.Open(path); err != nil {
			return nil, fmt.Errorf("reading the claim: %w", err)
		}
		defer f.Close()
	}
	data, err := io.ReadAll(io.LimitReader(f, touchstone.MaxClaimFile+1))
	if err != nil {
		return nil, fmt.Errorf("reading the claim: %w", err)
	}
	return data, nil
}

func printVerdict(w io.Writer, c *touchstone.Case, p touchstone.Precision, v *touchstone.Verdict) {
	fmt.Fprintf(w, "%s: %s, claimed in %v\n\n", strings.ToUpper(v.Outcome.String()), caseName(c), p)
	fmt.Fprintf(w, "%-8s %-13s %-14s %-24s %-24s %s\n", "block", "verdict", "worst entry", "claimed", "exact", "error, in units of what is allowed")
	for i := range v.Blocks {
		b := &v.Blocks[i]
		fmt.Fprintf(w, "%-8s %-13v %-14s %-24v %-24v %.2g\n", b.Name, b.Outcome, b.Worst, b.Got, b.Want.Float64(), b.Error)
	}
	if v.First != nil {
		fmt.Fprintf(w, "\nfirst difference: %s (%s), at %s\n", v.First.Name, v.First.Stage, v.First.Worst)
		if v.Cause != nil {
			fmt.Fprintf(w, "likely cause: %v\n", v.Cause)
		} else {
			fmt.Fprintln(w, "likely cause: none that is known")
		}
	}
	if v.CutShort {
		fmt.Fprintln(w, "the search for the cause was cut short: the network is too large to compare with all known mistakes")
	}
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
	j := verdictJSON{Case: c.ID, Precision: p.String(), Outcome: v.Outcome.String(), CutShort: v.CutShort}
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
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(j)
}
