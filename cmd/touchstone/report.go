package main

import (
	"flag"
	"fmt"
	"io"

	"touchstone/report"
)

const reportUsage = `usage: touchstone report [flags] GRADCHECK.json

Shows a report of package gradcheck: what the JSON of a gradcheck.Report says, as text
and, with -html, as a page with a heat map of the errors. Tests leave such a file with
each gradcheck.Assert when they run with go test -artifacts -outputdir DIR, as
gradcheck.json. The file may be - for standard input.

The exit code is 0 whatever the report says, 2 if it is unusable, 3 if the text or
the page could not be written.

-json prints the report itself, if it is sound: an object with
format ("touchstone-gradcheck-1"), verdict, mode, remarks, failed, undecided,
evaluations, gradients, blocks, entries, directions, second and controls. The
documentation of gradcheck.Report.MarshalJSON has their meanings.

examples:

  touchstone report gradcheck.json
  touchstone report -html report.html gradcheck.json
  go test -artifacts -outputdir out ./mynet    # leaves it in out/_artifacts

flags:

`

func showReport(args []string, out *output) error {
	fs := flag.NewFlagSet("report", flag.ContinueOnError)
	page := fs.String("html", "", "`file` to write, a page that shows the report")
	asJSON := fs.Bool("json", false, "print one JSON document instead of text")
	rest, helped, err := parseArgs(fs, args, reportUsage, out)
	switch {
	case helped || err != nil:
		return err
	case len(rest) == 0:
		return &usageError{"report", "the report is missing"}
	case len(rest) > 1:
		return unexpected(fs, rest[1])
	}
	if err := checkOutputs("report", []namedFile{{"the report", rest[0]}}, []namedFile{{"-html", *page}}); err != nil {
		return err
	}
	out.willWrite(*page)
	data, name, err := readInput(rest[0], report.MaxFile)
	if err != nil {
		return &claimError{fmt.Errorf("reading the report: %w", err)}
	}
	r, err := report.Read(data)
	if err != nil {
		return &claimError{fmt.Errorf("%s: %w%s", name, err, whatElse(data, "touchstone-gradcheck-"))}
	}
	if !*asJSON {
		fmt.Fprintln(out, out.verdict(printable(r.String())))
	} else if err := printDocument(out, r); err != nil {
		return err
	}
	return savePage(*page, func(w io.Writer) error { return report.Gradcheck(w, r) })
}
