package main

import (
	"bytes"
	"fmt"
	"strings"
	"text/tabwriter"
)

// columns is a table that is as wide as its cells, and no wider.
type columns struct {
	b bytes.Buffer
	w *tabwriter.Writer
}

func newColumns(head ...any) *columns {
	c := new(columns)
	c.w = tabwriter.NewWriter(&c.b, 0, 0, 2, ' ', 0)
	c.row(head...)
	return c
}

func (c *columns) row(cells ...any) {
	for i, cell := range cells {
		if i > 0 {
			fmt.Fprint(c.w, "\t")
		}
		fmt.Fprint(c.w, cell)
	}
	fmt.Fprintln(c.w)
}

func (c *columns) lines() []string {
	c.w.Flush() // into memory, which has no errors
	return strings.Split(strings.TrimSuffix(c.b.String(), "\n"), "\n")
}
