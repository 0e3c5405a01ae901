package main

import (
	"io"
	"os"

	"golang.org/x/term"
)

// isTerminal reports whether w is one. Not by os.ModeCharDevice: /dev/null has it too.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// obeysEscapes reports whether w is a terminal that moves the cursor and changes
// colours when it is told to. Windows does not set TERM, and its old consoles do not.
func obeysEscapes(w io.Writer) bool {
	name := os.Getenv("TERM")
	return name != "" && name != "dumb" && isTerminal(w)
}

// columnsOf returns how wide the terminal w is now.
func columnsOf(w io.Writer) int {
	if f, ok := w.(*os.File); ok {
		if columns, _, err := term.GetSize(int(f.Fd())); err == nil && columns > 0 {
			return columns
		}
	}
	return 80
}
