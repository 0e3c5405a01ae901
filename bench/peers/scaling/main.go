// Command scaling measures what a multiply-add of a training step costs in mlp and in
// mlp/fast as networks become wider, deeper, and batches larger: it writes a table as
// CSV, a plot as SVG, and to standard output where overhead ends. From bench/peers:
//
//	go run ./scaling -csv ../scaling.csv -svg ../scaling.svg
//
// With -plot it measures nothing and plots the CSV that is there.
package main

import (
	"flag"
	"fmt"
	"log"
)

func main() {
	log.SetFlags(0)
	table := flag.String("csv", "scaling.csv", "the `file` of the table")
	svg := flag.String("svg", "scaling.svg", "the `file` of the plot")
	only := flag.Bool("plot", false, "measure nothing, plot the table")
	flag.Parse()
	if err := run(*table, *svg, *only); err != nil {
		log.Fatal(err)
	}
}

func run(table, svg string, only bool) error {
	if !only {
		if err := write(table, measure()); err != nil {
			return err
		}
	}
	points, err := read(table)
	if err != nil {
		return err
	}
	fmt.Print(summary(points))
	return picture(svg, points)
}
