// Touchstone proves itself, judges the numbers of other implementations and shows
// reports of gradcheck, writes golden vectors, takes over trained weights and exports
// them, and trains small networks on CSV files and predicts with them. "touchstone
// help" prints its usage.
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

const usageHead = `Touchstone is gradient-checked backpropagation for dense networks.

usage:

`

const usageTail = `
"touchstone help COMMAND" explains a command, and so does "touchstone COMMAND -h".
A file to read may be -, for standard input. With -json a command prints one JSON
document instead of text; numbers that JSON lacks are "NaN", "+Inf" and "-Inf" there.

On a terminal verdicts have colours, unless NO_COLOR is set, and what takes more than
two seconds shows how far it is on standard error. Ctrl-C says how far it came: a file
is then written whole or not at all, and a second Ctrl-C ends the program at once.

exit codes:

  0    all is well
  1    the data, a file or a check failed
  2    the command line is wrong, or a claim to verify is unusable
  3    the output or a file could not be written, whatever it says
  129  ended by SIGHUP, 130 by SIGINT (Ctrl-C), 143 by SIGTERM, as a shell shows it

An error is one line on standard error.
`

func main() {
	os.Exit(runUntil(notify(), os.Args[1:], os.Stdout, os.Stderr))
}

// run executes a command line and returns the exit code.
func run(args []string, stdout, stderr io.Writer) int {
	return runUntil(nil, args, stdout, stderr)
}

// runUntil is run, until a signal ends the program.
func runUntil(stop <-chan os.Signal, args []string, stdout, stderr io.Writer) int {
	out := newOutput(stdout, stderr)
	done := make(chan error, 1)
	go func() { done <- dispatch(args, out) }() // which the end of the program abandons
	select {
	case err := <-done:
		return out.exitCode(err)
	case s := <-stop:
		return interrupted(s, out)
	}
}

// exitCode prints the error of a command, if there is one.
func (o *output) exitCode(err error) int {
	o.progress.end()
	if o.err != nil {
		err = fmt.Errorf("writing the output: %w", o.err)
	}
	if err == nil {
		return 0
	}
	line := printable(strings.ReplaceAll(err.Error(), "\n", "; ")) // one line, whatever the error says
	fmt.Fprintln(o.stderr, "touchstone: "+line)
	wrong, claim, unsaved := (*usageError)(nil), (*claimError)(nil), (*saveError)(nil)
	switch {
	case o.err != nil || errors.As(err, &unsaved):
		return 3
	case errors.As(err, &wrong) || errors.As(err, &claim):
		return 2
	}
	return 1
}

func dispatch(args []string, out *output) error {
	name := "prove"
	if len(args) > 0 {
		name, args = args[0], args[1:]
	}
	switch name {
	case "-h", "-help", "--help":
		name = "help"
	case "-version", "--version":
		name = "version"
	}
	c, err := find(name)
	if err != nil {
		return err
	}
	return c.run(args, out)
}

func help(args []string, out *output) error {
	if len(args) > 1 {
		return &usageError{Command: "help", Reason: "unexpected argument " + strconv.Quote(args[1])}
	}
	if len(args) == 0 || slices.Contains([]string{"help", "-h", "-help", "--help"}, args[0]) {
		printUsage(out)
		return nil
	}
	c, err := find(args[0])
	if err != nil {
		return err
	}
	return c.run([]string{"-h"}, out)
}

// parseFlags parses the arguments of a command, which takes flags only. If they
// ask for help, it prints the usage, followed by the flags, and reports true.
func parseFlags(fs *flag.FlagSet, args []string, usage string, out io.Writer) (helped bool, err error) {
	rest, helped, err := parseArgs(fs, args, usage, out)
	if err == nil && len(rest) > 0 {
		err = unexpected(fs, rest[0])
	}
	return helped, err
}

// parseArgs is parseFlags for a command that takes other arguments, too: before,
// between or after the flags. It returns them.
func parseArgs(fs *flag.FlagSet, args []string, usage string, out io.Writer) (rest []string, helped bool, err error) {
	fs.SetOutput(io.Discard) // run prints the error, on one line
	for {
		err := fs.Parse(args)
		switch {
		case errors.Is(err, flag.ErrHelp):
			fmt.Fprint(out, usage)
			fs.SetOutput(out)
			fs.PrintDefaults()
			return nil, true, nil
		case err != nil:
			return nil, false, &usageError{fs.Name(), err.Error() + meantFlag(fs, err)}
		case fs.NArg() == 0:
			return rest, false, nil
		}
		if n := len(args) - fs.NArg(); n > 0 && args[n-1] == "--" { // no flags from here on
			return append(rest, fs.Args()...), false, nil
		}
		rest, args = append(rest, fs.Arg(0)), fs.Args()[1:]
	}
}

// meantFlag returns a guess at the flag in whose stead another is not defined, or "".
func meantFlag(fs *flag.FlagSet, err error) string {
	_, typed, ok := strings.Cut(err.Error(), "not defined: -")
	if !ok {
		return ""
	}
	var names []string
	fs.VisitAll(func(f *flag.Flag) { names = append(names, f.Name) })
	meant, ok := nearest(typed, names)
	if !ok {
		return ""
	}
	return ", did you mean -" + meant + "?"
}

// unexpected refuses an argument. Where the data are missing, they are likely that.
func unexpected(fs *flag.FlagSet, arg string) error {
	reason := "unexpected argument " + strconv.Quote(arg)
	if f := fs.Lookup("data"); f != nil && f.Value.String() == "" {
		reason += ", did you mean -data " + arg + "?"
	}
	return &usageError{fs.Name(), reason}
}

// A usageError reports a command line that is wrong whatever the data are.
type usageError struct {
	Command string // "" if that is what is wrong
	Reason  string
}

func (e *usageError) Error() string {
	line, command := e.Reason, "touchstone help"
	if e.Command != "" {
		line, command = e.Command+": "+line, command+" "+e.Command
	}
	if strings.HasSuffix(line, "?") {
		return line + " See " + command
	}
	return line + "; see " + command
}
