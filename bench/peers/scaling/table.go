package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
)

var header = []string{"axis", "value", "program", "threads", "seconds", "ns_per_multiply_add"}

func write(path string, points []point) error {
	records := [][]string{header}
	for _, p := range points {
		records = append(records, []string{
			p.axis, strconv.Itoa(p.value), p.program, strconv.Itoa(p.threads),
			strconv.FormatFloat(p.seconds, 'e', 3, 64), strconv.FormatFloat(p.each, 'g', 4, 64),
		})
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := csv.NewWriter(f).WriteAll(records); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

func read(path string) ([]point, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, err
	}
	if len(records) < 2 || !slices.Equal(records[0], header) {
		return nil, fmt.Errorf("%s: not a table of this command", path)
	}
	var points []point
	for i, r := range records[1:] {
		p := point{axis: r[0], program: r[2]}
		_, err := fmt.Sscan(strings.Join([]string{r[1], r[3], r[4], r[5]}, " "), &p.value, &p.threads, &p.seconds, &p.each)
		if err != nil {
			return nil, fmt.Errorf("%s: record %d: %w", path, i+1, err)
		}
		points = append(points, p)
	}
	return points, nil
}

// A curve is the points of one program along one axis, by value.
type curve struct {
	program string
	threads int
	points  []point
}

func curves(points []point, axis string) []curve {
	var list []curve
	for _, p := range points {
		if p.axis != axis {
			continue
		}
		i := slices.IndexFunc(list, func(c curve) bool { return c.program == p.program && c.threads == p.threads })
		if i < 0 {
			i = len(list)
			list = append(list, curve{program: p.program, threads: p.threads})
		}
		list[i].points = append(list[i].points, p)
	}
	return list
}

// least returns the least cost of a multiply-add.
func (c curve) least() float64 {
	least := c.points[0].each
	for _, p := range c.points {
		least = min(least, p.each)
	}
	return least
}

// knee returns the first value at which a multiply-add costs at most twice the least:
// there overhead ends and arithmetic begins.
func (c curve) knee() int {
	return c.points[slices.IndexFunc(c.points, func(p point) bool { return p.each <= 2*c.least() })].value
}

// summary is a table in Markdown.
func summary(points []point) string {
	var b strings.Builder
	b.WriteString("| | program | threads | at 1, ns | at the largest, ns | least, ns | within twice the least from |\n")
	b.WriteString("| --- | --- | --- | --- | --- | --- | --- |\n")
	for _, axis := range axes {
		for _, c := range curves(points, axis.name) {
			first, last := c.points[0], c.points[len(c.points)-1]
			fmt.Fprintf(&b, "| %s | %s | %d | %.3g | %.3g | %.3g | %d |\n",
				axis.name, c.program, c.threads, first.each, last.each, c.least(), c.knee())
		}
	}
	return b.String()
}
