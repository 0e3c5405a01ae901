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

The exit code is 0 whatever the report says, 2 if it is unusable.

examples:

  touchstone report -html report.html out/_artifacts/…/gradcheck.json
  go test -artifacts -outputdir out ./mynet    # leaves the file

flags:

`

func showReport(args []string, out *output) error {
	fs := flag.NewFlagSet("report", flag.ContinueOnError)
	page := fs.String("html", "", "`file` to write, a page that shows the report")
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
	data, name, err := readReport(rest[0])
	if err != nil {
		return &claimError{err}
	}
	r, err := report.Read(data)
	if err != nil {
		return &claimError{fmt.Errorf("%s: %w", name, err)}
	}
	fmt.Fprintln(out, r)
	return savePage(*page, func(w io.Writer) error { return report.Gradcheck(w, r) })
}

// readReport returns a report and the name that errors give it.
func readReport(path string) (data []byte, name string, err error) {
	in, name, err := openInput(path)
	if err != nil {
		return nil, name, fmt.Errorf("reading the report: %w", err)
	}
	defer in.Close()
	if data, err = io.ReadAll(io.LimitReader(in, report.MaxFile+1)); err != nil {
		return nil, name, fmt.Errorf("reading the report: %w", err)
	}
	return data, name, nil
}
