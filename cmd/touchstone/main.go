// Touchstone proves itself, trains small networks on CSV files, and predicts with
// them. "touchstone help" prints its usage.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
)

const usage = `Touchstone is gradient-checked backpropagation for dense networks.

usage:

  touchstone                   prove that the library is right, on embedded data
  touchstone prove             the same
  touchstone train [flags]     train a network on a CSV file
  touchstone predict [flags]   predict with a trained network
  touchstone verify FILE       judge the numbers of another implementation
  touchstone report FILE       show a report of gradcheck, as text or a page
  touchstone generate [flags]  write golden vectors for a network
  touchstone help [command]    explain a command

exit codes:

  0  all is well
  1  the data, a file or a check failed
  2  the command line is wrong, or a claim to verify is unusable
  3  the output could not be written, whatever it says

An error is one line on standard error.
`

const proveUsage = `usage: touchstone prove

Computes published examples, golden vectors and gradient checks anew, prints them
next to the exact figures, and ends with a table of verdicts. A FAIL among them
makes the exit code 1.

example:

  touchstone prove
`

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run executes a command line and returns the exit code.
func run(args []string, stdout, stderr io.Writer) int {
	out := &output{w: stdout}
	err := dispatch(args, out, stderr)
	if out.err != nil {
		err = fmt.Errorf("writing the output: %w", out.err)
	}
	if err == nil {
		return 0
	}
	line := strings.ReplaceAll(err.Error(), "\n", "; ") // one line, whatever the error says
	fmt.Fprintln(stderr, "touchstone: "+line)
	wrong, claim := (*usageError)(nil), (*claimError)(nil)
	switch {
	case out.err != nil:
		return 3
	case errors.As(err, &wrong) || errors.As(err, &claim):
		return 2
	}
	return 1
}

func dispatch(args []string, out *output, stderr io.Writer) error {
	command := "prove"
	if len(args) > 0 {
		command, args = args[0], args[1:]
	}
	switch command {
	case "prove":
		return runProve(args, out)
	case "train":
		return train(args, out)
	case "predict":
		return predict(args, out, stderr)
	case "verify":
		return verify(args, out)
	case "report":
		return showReport(args, out)
	case "generate":
		return generate(args, out)
	case "help", "-h", "-help", "--help":
		return help(args, out, stderr)
	}
	return &usageError{Reason: "unknown command " + strconv.Quote(command)}
}

func help(args []string, out *output, stderr io.Writer) error {
	switch {
	case len(args) == 0:
		fmt.Fprint(out, usage)
		return nil
	case len(args) > 1:
		return &usageError{Command: "help", Reason: "unexpected argument " + strconv.Quote(args[1])}
	case slices.Contains([]string{"prove", "train", "predict", "verify", "report", "generate"}, args[0]):
		return dispatch([]string{args[0], "-h"}, out, stderr)
	}
	return &usageError{Command: "help", Reason: "unknown command " + strconv.Quote(args[0])}
}

func runProve(args []string, out *output) error {
	helped, err := parseFlags(flag.NewFlagSet("prove", flag.ContinueOnError), args, proveUsage, out)
	if helped || err != nil {
		return err
	}
	return prove(out)
}

// parseFlags parses the arguments of a command, which takes flags only. If they
// ask for help, it prints the usage, followed by the flags, and reports true.
func parseFlags(fs *flag.FlagSet, args []string, usage string, out io.Writer) (helped bool, err error) {
	fs.SetOutput(io.Discard) // run prints the error, on one line
	err = fs.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(out, usage)
		fs.SetOutput(out)
		fs.PrintDefaults()
		return true, nil
	case err != nil:
		return false, &usageError{fs.Name(), err.Error()}
	case fs.NArg() > 0:
		return false, &usageError{fs.Name(), "unexpected argument " + strconv.Quote(fs.Arg(0))}
	}
	return false, nil
}

// A usageError reports a command line that is wrong whatever the data are.
type usageError struct {
	Command string // "" if that is what is wrong
	Reason  string
}

func (e *usageError) Error() string {
	if e.Command == "" {
		return e.Reason + "; see touchstone help"
	}
	return e.Command + ": " + e.Reason + "; see touchstone help " + e.Command
}

// An output is standard output that remembers the first error of writing, so that
// a full disk is not taken for success.
type output struct {
	w   io.Writer
	err error
}

func (o *output) Write(p []byte) (int, error) {
	if o.err != nil {
		return 0, o.err
	}
	n, err := o.w.Write(p)
	o.err = err
	return n, err
}
