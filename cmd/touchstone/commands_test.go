package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Every command of the table is in the usage and explains itself, with an example.
func TestSubcommands(t *testing.T) {
	_, usage, _ := command("help")
	column := strings.Index(usage[strings.Index(usage, "\n  touchstone "):], "prove that")
	for _, c := range subcommands() {
		_, line, ok := strings.Cut(usage, "\n  touchstone "+c.name+" ")
		assert.True(t, ok, c.name)
		if c.name != "prove" { // whose summary is "the same"
			assert.Equal(t, column, len("\n  touchstone "+c.name+" ")+strings.Index(line, c.summary), c.name)
		}
		if c.name == "help" {
			continue
		}
		code, help, stderr := command("help", c.name)
		assert.Zero(t, code)
		assert.Empty(t, stderr)
		assert.True(t, strings.HasPrefix(help, "usage: touchstone "+c.name), help)
		assert.Regexp(t, `(?m)^examples?:\n\n  .*touchstone `+c.name, help)
		_, again, _ := command(c.name, "-h")
		assert.Equal(t, help, again)
	}
}
