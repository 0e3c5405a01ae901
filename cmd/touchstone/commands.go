package main

import (
	"fmt"
	"io"
	"strconv"
)

// A subcommand is what the first argument names.
type subcommand struct {
	name    string
	args    string // as the usage shows them
	summary string // one line, without a full stop
	run     func(args []string, out *output) error
}

// subcommands returns all of them in the order of the usage. Dispatching, help and
// the guess at what was meant read no other list.
func subcommands() []subcommand {
	return []subcommand{
		{"prove", "[flags]", "prove that the library is right, on embedded data", runProve},
		{"train", "[flags]", "train a network on a CSV file", train},
		{"predict", "[flags]", "predict with a trained network", predict},
		{"verify", "[flags] FILE", "judge the numbers of another implementation", verify},
		{"report", "[flags] FILE", "show a report of gradcheck, as text or a page", showReport},
		{"generate", "[flags]", "write golden vectors for a network", generate},
		{"import", "[flags] FILE...", "take over trained weights of other frameworks", importWeights},
		{"export", "[flags] [FILE]", "write a vector or a model as NPZ, for others to replay", export},
		{"version", "[flags]", "print which version this is", version},
		{"help", "[command]", "explain a command", help},
	}
}

// find returns the command of the given name.
func find(name string) (subcommand, error) {
	var names []string
	for _, c := range subcommands() {
		if c.name == name {
			return c, nil
		}
		names = append(names, c.name)
	}
	reason := "unknown command " + strconv.Quote(name)
	if meant, ok := nearest(name, names); ok {
		reason += ", did you mean " + meant + "?"
	}
	return subcommand{}, &usageError{Reason: reason}
}

// printUsage prints the usage of the whole, with a line for each command.
func printUsage(w io.Writer) {
	line := func(call, summary string) { fmt.Fprintf(w, "  touchstone %-23s %s\n", call, summary) }
	fmt.Fprint(w, usageHead)
	for i, c := range subcommands() {
		if i == 0 {
			line("", c.summary)
			c.summary = "the same"
		}
		line(c.name+" "+c.args, c.summary)
	}
	fmt.Fprint(w, usageTail)
}
