package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Every command of the table is in the usage and explains itself, with an example.
func TestSubcommands(t *testing.T) {
	_, usage, _ := command("help")
	for _, c := range subcommands() {
		assert.Contains(t, usage, "\n  touchstone "+c.name+" ")
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
