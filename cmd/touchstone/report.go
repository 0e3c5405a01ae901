package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"

	"touchstone/report"
)

const reportUsage = `usage: touchstone report [flags] GRADCHECK.json

Shows a report of package gradcheck: what the JSON of a gradcheck.Report says, as text
and, with -html, as a page with a heat map of the errors. Tests leave such a file with
each gradcheck.Assert when they run with go test -artifacts -outputdir DIR, as
gradcheck.json. The file may be - for standard input.

The exit code is 0 whatever the report says, 2 if it is unusable.

examples:

  go test -artifacts -outputdir out ./mynet
  touchstone report -html report.html out/_artifacts/…/gradcheck.json

flags:

`

func showReport(args []string, out *output) error {
	fs := flag.NewFlagSet("report", flag.ContinueOnError)
	page := fs.String("html", "", "`file` to write, a page that shows the report")
	// The file may stand before, between or after the flags.
	var path string
	for rest := args; ; {
		fs.SetOutput(io.Discard)
		err := fs.Parse(rest)
		if errors.Is(err, flag.ErrHelp) {
			fmt.Fprint(out, reportUsage)
			fs.SetOutput(out)
			fs.PrintDefaults()
			return nil
		}
		if err != nil {
			return &usageError{"report", err.Error()}
		}
		if fs.NArg() == 0 {
			break
		}
		if path != "" {
			return &usageError{"report", "unexpected argument " + strconv.Quote(fs.Arg(0))}
		}
		path, rest = fs.Arg(0), fs.Args()[1:]
	}
	if path == "" {
		return &usageError{"report", "the report is missing"}
	}
	if err := checkOutputs("report", []namedFile{{"the report", path}}, []namedFile{{"-html", *page}}); err != nil {
		return err
	}
	data, err := readReport(path)
	if err != nil {
		return &claimError{err}
	}
	if path == "-" {
		path = "standard input"
	}
	r, err := report.Read(data)
	if err != nil {
		return &claimError{fmt.Errorf("%s: %w", path, err)}
	}
	fmt.Fprintln(out, r)
	return savePage(*page, func(w io.Writer) error { return report.Gradcheck(w, r) })
}

func readReport(path string) ([]byte, error) {
	f := os.Stdin
	if path != "-" {
		var err error
		if f, err = os.Open(path); err != nil {
			return nil, fmt.Errorf("reading the report: %w", err)
		}
		defer f.Close()
	}
	data, err := io.ReadAll(io.LimitReader(f, report.MaxFile+1))
	if err != nil {
		return nil, fmt.Errorf("reading the report: %w", err)
	}
	return data, nil
}
