package main

import (
	"io"
	"os"
	"strings"
	"unicode"
)

// An output is where a command prints: standard output, which remembers the first
// error of writing, so that a full disk is not taken for success; and standard error,
// for what is not the result.
type output struct {
	w, stderr io.Writer
	err       error // of w
	shared    bool  // w is a terminal, and progress may be on it too
	color     bool
	progress  progress
	files     []string // that the command is to write
}

func newOutput(stdout, stderr io.Writer) *output {
	o := &output{w: stdout, stderr: stderr, shared: isTerminal(stdout)}
	o.color = obeysEscapes(stdout) && os.Getenv("NO_COLOR") == ""
	if obeysEscapes(stderr) {
		o.progress.w = stderr
	}
	return o
}

// willWrite notes files that the command is to write, of which those without a path are
// not wanted, and "-" is standard output.
func (o *output) willWrite(paths ...string) {
	saving.Lock() // as who interrupts the program reads them
	defer saving.Unlock()
	for _, path := range paths {
		if path != "" && path != "-" {
			o.files = append(o.files, path)
		}
	}
}

func (o *output) Write(p []byte) (int, error) {
	if o.err != nil {
		return 0, o.err
	}
	if o.shared { // otherwise a pipe that nobody reads would block progress, too
		o.progress.mu.Lock()
		defer o.progress.mu.Unlock()
		o.progress.erase()
	}
	n, err := o.w.Write(p)
	o.err = err
	return n, err
}

// An aside is the standard error of an output, for text that comes while progress is
// on the same terminal.
type aside struct{ *output }

func (a aside) Write(p []byte) (int, error) {
	a.progress.mu.Lock()
	defer a.progress.mu.Unlock()
	a.progress.erase()
	return a.stderr.Write(p)
}

// bold returns s for a title, in bold face where there are colours.
func (o *output) bold(s string) string { return o.paint("1", s) }

// paint returns s between the escape sequences of ECMA-48 for an attribute and its end.
func (o *output) paint(attribute, s string) string {
	if !o.color || s == "" {
		return s
	}
	return "\x1b[" + attribute + "m" + s + "\x1b[0m"
}

// printable returns text from a file as a terminal may have it: what would command it,
// or is not seen, is U+FFFD. Lines stay lines.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || unicode.IsPrint(r) {
			return r
		}
		return unicode.ReplacementChar
	}, text)
}

// verdictColors are green, yellow and red.
var verdictColors = []struct{ word, attribute string }{{"pass", "32"}, {"inconclusive", "33"}, {"fail", "31"}}

// verdict returns text with the first verdict in it, of either case, in its colour.
func (o *output) verdict(text string) string {
	if !o.color {
		return text
	}
	at, word, attribute := len(text), "", ""
	for _, c := range verdictColors {
		for _, w := range []string{c.word, strings.ToUpper(c.word)} {
			if i := strings.Index(text, w); i >= 0 && i < at {
				at, word, attribute = i, w, c.attribute
			}
		}
	}
	return text[:at] + o.paint(attribute, word) + text[at+len(word):]
}
