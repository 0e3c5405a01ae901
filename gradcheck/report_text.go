package gradcheck

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"text/tabwriter"
)

const (
	maxLines  = 10 // the entries that String lists
	maxBlocks = 4  // the blocks that it explains
)

// String returns one line if all is well. Otherwise it says what is wrong, block by
// block with its likeliest cause and a map of the errors, and lists the ten worst
// entries. However large the problem, it is a page or two.
func (r *Report) String() string {
	var b strings.Builder
	if r.Verdict == Pass {
		r.writePass(&b)
		return b.String()
	}
	fmt.Fprintf(&b, "gradcheck: %v: %s", r.Verdict, r.tally())
	for _, text := range r.Remarks {
		fmt.Fprintf(&b, "\n  %s", text)
	}
	for _, c := range r.Controls {
		if !c.Refused && r.Verdict != Fail && !slices.Contains(r.Remarks, c.String()) {
			fmt.Fprintf(&b, "\n  %v", c) // of a failure, it may be the right one
		}
	}
	r.writeBlocks(&b)
	r.writeWorst(&b)
	return b.String()
}

func (r *Report) writePass(b *strings.Builder) {
	var parts []string
	for _, g := range r.groups() {
		parts = append(parts, plural(len(g.list), g.one, g.many))
	}
	middle, largest := r.detectable()
	fmt.Fprintf(b, "gradcheck: PASS: %s (%v mode), 0 inconclusive, %s; relative errors show from %.1g (median), %.1g (worst)",
		strings.Join(parts, " and "), r.Mode, plural(r.Evaluations, "evaluation", "evaluations"), middle, largest)
}

// tally says how many of what is wrong.
func (r *Report) tally() string {
	var parts []string
	undecided := 0
	for _, g := range r.groups() {
		failed := 0
		for _, e := range g.list {
			switch e.Verdict {
			case Fail:
				failed++
			case Inconclusive:
				undecided++
			}
		}
		parts = append(parts, fmt.Sprintf("%d of %s", failed, plural(len(g.list), g.one, g.many)))
	}
	return fmt.Sprintf("%s wrong, %d inconclusive", strings.Join(parts, " and "), undecided)
}

// A group is what a Report holds of one sort.
type group struct {
	one, many string
	list      []Entry
}

// groups returns those that are not empty, or that of no entries.
func (r *Report) groups() []group {
	all := []group{
		{"entry", "entries", r.Entries},
		{"direction", "directions", r.Directions},
		{"component of HessVec", "components of HessVec", r.Second},
	}
	some := slices.DeleteFunc(slices.Clone(all), func(g group) bool { return len(g.list) == 0 })
	if len(some) == 0 {
		return all[:1]
	}
	return some
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// detectable returns the median of MinDetectable and the largest, or 0 of nothing.
func (r *Report) detectable() (middle, largest float64) {
	var all []float64
	for _, g := range r.groups() {
		for _, e := range g.list {
			all = append(all, e.MinDetectable)
			largest = math.Max(largest, e.MinDetectable)
		}
	}
	return median(all), largest
}

// median returns that of v, or 0 if it is empty.
func median(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	v = slices.Sorted(slices.Values(v))
	return v[len(v)/2]
}

// writeBlocks explains the blocks that fail.
func (r *Report) writeBlocks(b *strings.Builder) {
	var failed []int
	for i, block := range r.Blocks {
		if block.Verdict == Fail {
			failed = append(failed, i)
		}
	}
	legend := "\n    " + mapLegend // once is enough
	for _, i := range failed[:min(len(failed), maxBlocks)] {
		block := r.Blocks[i]
		fmt.Fprintf(b, "\n\n%s: %d of %d wrong", block.Name, block.Failed, block.Checked)
		for k, c := range block.Causes {
			text := "likely"
			if k > 0 {
				text = "or"
			}
			fmt.Fprintf(b, "\n  %s: %s", text, c.Text)
		}
		if m := r.heatMap(i); m != "" {
			b.WriteString("\n" + m + legend)
			legend = ""
		}
	}
	if more := failed[min(len(failed), maxBlocks):]; len(more) > 0 {
		fmt.Fprintf(b, "\n\nand %s, from %s to %s, with errors", plural(len(more), "more block", "more blocks"),
			r.Blocks[more[0]].Name, r.Blocks[more[len(more)-1]].Name)
	}
}

// writeWorst lists the worst entries that did not pass.
func (r *Report) writeWorst(b *strings.Builder) {
	bad := 0
	for _, g := range r.groups() {
		for _, e := range g.list {
			if e.Verdict != Pass {
				bad++
			}
		}
	}
	if bad == 0 {
		return
	}
	var table strings.Builder
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	fmt.Fprint(w, "  worst\tanalytic\tnumeric\tratio\t\n")
	for _, e := range r.worst(min(bad, maxLines)) {
		digits := e.digits()
		fmt.Fprintf(w, "  %s\t%.*g\t%.*g ± %.2g\t%.*g\t%s\n",
			e.Name, digits, e.Analytic, digits, e.Numeric, e.Bound, digits-2, e.Ratio(), e.note())
	}
	w.Flush() // a strings.Builder takes everything
	b.WriteString("\n")
	for line := range strings.Lines(table.String()) {
		b.WriteString("\n" + strings.TrimRight(line, " \n"))
	}
	if bad > maxLines {
		fmt.Fprintf(b, "\n  and %d more", bad-maxLines)
	}
}

// digits returns how many show the difference, and at least 8.
func (e Entry) digits() int {
	rel := e.relative()
	if rel == 0 {
		return 8
	}
	return int(min(max(3-math.Floor(math.Log10(rel)), 8), 17))
}

// note returns what there is to say about e.
func (e Entry) note() string {
	var notes []string
	if e.Verdict == Inconclusive {
		notes = append(notes, "inconclusive")
	}
	if e.Order != 0 {
		notes = append(notes, fmt.Sprintf("order %.2f", e.Order))
	}
	if e.Reason != "" {
		notes = append(notes, e.Reason)
	}
	return strings.Join(notes, ": ")
}

// worst returns the n entries to look at first: those with the worst verdict, and
// of these the ones that differ most. Where they differ alike, to float32, it is
// not the noise that decides but the order of the report.
func (r *Report) worst(n int) []Entry {
	all := slices.Concat(r.Entries, r.Directions, r.Second)
	slices.SortStableFunc(all, func(a, b Entry) int {
		return cmp.Or(-cmp.Compare(a.Verdict, b.Verdict), -cmp.Compare(float32(a.relative()), float32(b.relative())))
	})
	return all[:min(n, len(all))]
}
