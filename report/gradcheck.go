package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"touchstone/gradcheck"
)

func outcomeIn(v gradcheck.Verdict) outcome {
	switch v {
	case gradcheck.Pass:
		return pass
	case gradcheck.Inconclusive:
		return inconclusive
	}
	return fail
}

func gradcheckPage(r *gradcheck.Report) *page {
	g := &page{Kind: "gradient check", Name: "analytic against numerical derivatives", Outcome: outcomeIn(r.Verdict)}
	kinds := kindsOf(r)
	g.Lead = sumUp(r, kinds)
	for _, text := range r.Remarks {
		g.Notes = append(g.Notes, shown(text, maxText))
	}
	for _, c := range r.Controls {
		// Of a failure, it may be the right one.
		if text := c.String(); !c.Refused && r.Verdict != gradcheck.Fail && !slices.Contains(r.Remarks, text) {
			g.Notes = append(g.Notes, shown(text, maxText))
		}
	}
	if len(g.Notes) > maxNotes {
		g.Notes = append(g.Notes[:maxNotes], fmt.Sprintf("and %d more remarks", len(g.Notes)-maxNotes))
	}
	g.Facts = checkFacts(r, kinds)

	list, left := selected(len(r.Blocks), func(i int) outcome { return outcomeIn(r.Blocks[i].Verdict) })
	g.Left = left
	var sizes []int
	for _, k := range kinds {
		for _, i := range list {
			if len(k.blocks[i]) > 0 {
				sizes = append(sizes, k.size(&r.Blocks[i], i))
			}
		}
	}
	cells := share(sizes)
	for _, i := range list {
		g.Blocks = append(g.Blocks, checkCard(r, kinds, i, cells))
	}
	g.Findings = likely(r, list)
	if t := worstEntries(r, kinds, list); len(t.Rows) > 0 {
		g.Tables = append(g.Tables, t)
	}
	g.Reading = []string{
		"Analytic is what the gradient under test says, numeric the derivative found by evaluating the function. What is allowed is the bound on the error of the numeric one, and what a right gradient may owe to rounding. An entry is wrong if the two differ by more, that is, if error ÷ allowed is above 1.",
		"Inconclusive is what this could not decide: a kink, a derivative lost in the noise of the function, 0 = 0.",
	}
	return g
}

// A kind is a sort of entries of a report.
type kind struct {
	one, many string
	list      []gradcheck.Entry
	blocks    map[int][]gradcheck.Entry
}

func kindsOf(r *gradcheck.Report) (all []kind) {
	for _, k := range []kind{
		{"entry", "entries", r.Entries, nil},
		{"direction", "directions", r.Directions, nil},
		{"component of HessVec", "components of HessVec", r.Second, nil},
	} {
		k.blocks = map[int][]gradcheck.Entry{}
		for _, e := range k.list {
			k.blocks[e.Block] = append(k.blocks[e.Block], e)
		}
		if len(k.list) > 0 {
			all = append(all, k)
		}
	}
	return all
}

// isMatrix reports whether the entries of k in a block are drawn where they are in
// it, and not one after the other.
func (k *kind) isMatrix(b *gradcheck.BlockReport, i int) bool {
	return k.one == "entry" && !slices.ContainsFunc(k.blocks[i], func(e gradcheck.Entry) bool {
		return e.Index < b.Offset || e.Index-b.Offset >= b.Rows*max(b.Cols, 1)
	})
}

// size is how many places a map has.
func (k *kind) size(b *gradcheck.BlockReport, i int) int {
	if k.isMatrix(b, i) {
		return b.Rows * max(b.Cols, 1)
	}
	return len(k.blocks[i])
}

func sumUp(r *gradcheck.Report, kinds []kind) string {
	var parts []string
	undecided := 0
	for _, k := range kinds {
		failed := 0
		for _, e := range k.list {
			switch e.Verdict {
			case gradcheck.Fail:
				failed++
			case gradcheck.Inconclusive:
				undecided++
			}
		}
		parts = append(parts, fmt.Sprintf("%s of %s", grouped(failed), plural(len(k.list), k.one, k.many)))
	}
	if len(parts) == 0 {
		return "Nothing was compared."
	}
	return fmt.Sprintf("%s wrong, %s inconclusive.", strings.Join(parts, " and "), grouped(undecided))
}

func checkFacts(r *gradcheck.Report, kinds []kind) []fact {
	facts := []fact{
		{"mode", r.Mode.String()},
		{"blocks", grouped(len(r.Blocks))},
		{"calls of the function", grouped(r.Evaluations)},
		{"calls of the gradient", grouped(r.Gradients)},
	}
	var seen []float64
	for _, k := range kinds {
		for _, e := range k.list {
			seen = append(seen, e.MinDetectable)
		}
	}
	if len(seen) > 0 {
		slices.Sort(seen)
		facts = append(facts, fact{"relative errors show from", fmt.Sprintf("%.1g (median), %.1g (worst)", seen[len(seen)/2], seen[len(seen)-1])})
	}
	if len(r.Controls) > 0 {
		refused := 0
		for _, c := range r.Controls {
			if c.Refused {
				refused++
			}
		}
		facts = append(facts, fact{"wrong gradients refused", fmt.Sprintf("%d of %d", refused, len(r.Controls))})
	}
	return facts
}

// likely lists the likeliest cause of each block that fails.
func likely(r *gradcheck.Report, list []int) (all []finding) {
	more := 0
	for _, i := range list {
		b := &r.Blocks[i]
		if b.Verdict != gradcheck.Fail {
			continue
		}
		if len(all) == eachBlock {
			more++
			continue
		}
		f := finding{Label: "Likely cause", Strong: name(b.Name), Block: "block" + strconv.Itoa(i), Text: "none that is known"}
		if len(b.Causes) > 0 {
			f.Text = shown(b.Causes[0].Text, maxText)
		}
		all = append(all, f)
	}
	if more > 0 {
		all = append(all, finding{Label: "And", Text: plural(more, "more block", "more blocks") + " with errors, below."})
	}
	return all
}

// errorOf returns the error of e in units of what is allowed.
func errorOf(e *gradcheck.Entry) float64 {
	off := math.Abs(e.Analytic - e.Numeric)
	switch {
	case e.Analytic == e.Numeric: // also where both are infinite
		return 0
	case math.IsNaN(off) || e.Verdict == gradcheck.Fail && math.IsInf(e.Allowed, 0):
		return math.Inf(1)
	case math.IsInf(e.Allowed, 0):
		return 0
	}
	return off / e.Allowed
}

func checkCard(r *gradcheck.Report, kinds []kind, i, cells int) block {
	b := &r.Blocks[i]
	d := block{ID: "block" + strconv.Itoa(i), Name: name(b.Name), Outcome: outcomeIn(b.Verdict)}
	d.Shape = plural(b.Rows, "number", "numbers")
	if b.Cols > 0 {
		d.Shape = fmt.Sprintf("%s × %s", plural(b.Rows, "row", "rows"), plural(b.Cols, "column", "columns"))
	}
	d.Summary = fmt.Sprintf("%s of %s wrong, %s inconclusive.", grouped(b.Failed), grouped(b.Checked), grouped(b.Undecided))
	if b.Fraction > 0 {
		d.Summary += fmt.Sprintf(" A sample: an error in %.2g %% of the entries is missed once in 1000 times at most.", 100*b.Fraction)
	}
	for n, c := range b.Causes[:min(len(b.Causes), maxCauses)] {
		label := "likely"
		if n > 0 {
			label = "or"
		}
		d.Causes = append(d.Causes, finding{Label: label, Text: shown(c.Text, maxText)})
	}
	for _, k := range kinds {
		if len(k.blocks[i]) == 0 {
			continue
		}
		m := k.drawn(b, i, cells)
		if k.one != "entry" {
			m.Title = k.many
		}
		d.add(m)
	}
	return d
}

// drawn returns the map of the entries of k in block i.
func (k *kind) drawn(b *gradcheck.BlockReport, i, cells int) heatMap {
	matrix, list := k.isMatrix(b, i), k.blocks[i]
	rows, cols := 1, k.size(b, i)
	if matrix && b.Cols > 0 {
		rows, cols = b.Rows, b.Cols
	}
	at := func(n int) int {
		if matrix {
			return list[n].Index - b.Offset
		}
		return n
	}
	l := layOut(rows, cols, cells)
	m, _ := l.drawn(b.Name, func(yield func(point) bool) {
		for n := range list {
			e := &list[n]
			if !yield(point{at(n), e.Name, outcomeIn(e.Verdict), errorOf(e)}) {
				return
			}
		}
	})
	if l.vector {
		m.Top = vectorEdge(l, cols)
	} else {
		m.Top, m.Side = edge{"0", "column", strconv.Itoa(cols - 1)}, edge{"0", "row", strconv.Itoa(rows - 1)}
	}
	return m
}

// worstEntries lists the worst of each block and kind, wrong ones first.
func worstEntries(r *gradcheck.Report, kinds []kind, list []int) table {
	t := table{ID: "worst", Title: "Worst entries", Head: []column{
		{"entry", false}, {"error ÷ allowed", true}, {"analytic", true}, {"numeric", true}, {"±", true}, {"ratio", true}, {"remark", false}}}
	for _, i := range list {
		for _, k := range kinds {
			var bad []gradcheck.Entry
			for _, e := range k.blocks[i] {
				if e.Verdict != gradcheck.Pass {
					bad = append(bad, e)
				}
			}
			slices.SortStableFunc(bad, func(a, b gradcheck.Entry) int {
				return cmp.Or(-cmp.Compare(a.Verdict, b.Verdict), -cmp.Compare(errorOf(&a), errorOf(&b)))
			})
			for _, e := range bad[:min(len(bad), eachBlock)] {
				t.add(entryRow(&e, i), len(bad) > eachBlock)
			}
		}
	}
	return t
}

func entryRow(e *gradcheck.Entry, block int) row {
	err := times(errorOf(e))
	if e.Verdict == gradcheck.Inconclusive {
		err = "?"
	}
	numeric := number(e.Numeric)
	return row{outcomeIn(e.Verdict), "block" + strconv.Itoa(block), []text{
		plain(name(e.Name)), plain(err), against(number(e.Analytic), numeric), plain(numeric),
		plain(rough(e.Bound)), plain(rough(e.Ratio())), plain(shown(e.Reason, maxText))}}
}
