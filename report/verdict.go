package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"touchstone"
)

func outcomeOf(o touchstone.Outcome) outcome {
	return [...]outcome{touchstone.Pass: pass, touchstone.Inconclusive: inconclusive, touchstone.Fail: fail}[o]
}

func verdictPage(c *touchstone.Case, p touchstone.Precision, v *touchstone.Verdict) *page {
	g := &page{Kind: "verdict on a claim", Name: "a network " + name(c.Net.String()) + " of its own", Outcome: outcomeOf(v.Outcome)}
	if c.ID != "" {
		g.Name = name(c.ID)
	}
	g.Facts = caseFacts(c, p)
	if v.Err != nil {
		g.Lead = "The claim cannot be judged."
		g.Findings = []finding{{Label: "Why", Text: shown(v.Err.Error(), maxText)}}
		return g
	}
	g.Lead = tally(v)
	if v.First != nil {
		g.Findings = append(g.Findings, first(v), cause(v))
	}
	if v.CutShort {
		g.Notes = append(g.Notes, "The search for the cause was cut short: the network is too large to compare with all known mistakes.")
	}
	if v.Outcome == touchstone.Inconclusive {
		g.Notes = append(g.Notes, "Where a block is inconclusive, agreement says nothing: what rounding may cost exceeds the values themselves, so that zeros would have passed, too; or no bound holds, as behind a rectifier whose sign is not decided.")
	}
	list, left := selected(len(v.Blocks), func(i int) outcome { return outcomeOf(v.Blocks[i].Outcome) })
	g.Left = left
	var sizes []int
	for _, i := range list {
		sizes = append(sizes, v.Blocks[i].Rows*v.Blocks[i].Cols)
	}
	cells := share(sizes)
	blocks := table{ID: "blocks", Title: "Blocks in the order of computation", Head: []column{
		{"block", false}, {"verdict", false}, {"error ÷ allowed", true}, {"worst entry", false}, {"claimed", true}, {"exact", true}}}
	bad := table{ID: "worst", Title: "Worst entries", Head: []column{
		{"entry", false}, {"error ÷ allowed", true}, {"claimed", true}, {"exact", true}, {"difference", true}, {"allowed", true}}}
	for _, i := range list {
		b := &v.Blocks[i]
		id := "block" + strconv.Itoa(i)
		o := outcomeOf(b.Outcome)
		g.Path = append(g.Path, step{b.Name, id, o, b == v.First})
		blocks.Rows = append(blocks.Rows, row{o, id, []text{
			plain(b.Name), plain(o.Mark() + " " + o.Word()), plain(times(b.Error)), plain(b.Worst),
			against(number(b.Got), decimal(b.Want)), plain(decimal(b.Want))}})
		g.Blocks = append(g.Blocks, card(b, id, cells))
		bad.addWorst(b, id)
	}
	if len(bad.Rows) > 0 {
		g.Tables = append(g.Tables, bad)
	}
	g.Tables = append(g.Tables, blocks)
	g.Reading = []string{
		"What is allowed to an entry is its fair bound: what rounding in the precision of the claim may cost, whatever the order of summation, and no more. An entry is wrong if it is off by more, that is, if error ÷ allowed is above 1.",
		"The blocks stand in the order in which they are computed. Where one is wrong that is computed from right ones, the mistake is there; if what comes before it was not claimed, it may be there, too.",
	}
	return g
}

func caseFacts(c *touchstone.Case, p touchstone.Precision) []fact {
	facts := []fact{{"network", shown(c.Net.String(), maxText)}}
	var activations []string
	for l := range c.Net.NumLayers() {
		if f := c.Net.Layer(l).Activation.String(); !slices.Contains(activations, f) {
			activations = append(activations, f)
		}
	}
	facts = append(facts, fact{"activations", shown(strings.Join(activations, ", "), maxText)})
	if c.Loss != nil {
		facts = append(facts, fact{"loss", name(c.Loss.String())})
	}
	facts = append(facts, fact{"parameters", grouped(c.Net.NumParams())}, fact{"samples", grouped(c.X.Rows)}, fact{"claimed in", p.String()})
	if len(c.Flags) > 0 {
		facts = append(facts, fact{"flags", shown(strings.Join(c.Flags, ", "), maxText)})
	}
	return facts
}

// tally counts blocks and entries.
func tally(v *touchstone.Verdict) string {
	var blocks, entries [3]int
	most := 0.0
	for i := range v.Blocks {
		b := &v.Blocks[i]
		blocks[b.Outcome]++
		for i := range b.Rows * b.Cols {
			entries[b.Entry(i).Outcome]++
		}
		most = max(most, b.Error)
	}
	all := entries[0] + entries[1] + entries[2]
	switch v.Outcome {
	case touchstone.Fail:
		return fmt.Sprintf("%s of %s and %s of %s wrong.", grouped(blocks[touchstone.Fail]), plural(len(v.Blocks), "block", "blocks"),
			grouped(entries[touchstone.Fail]), plural(all, "entry", "entries"))
	case touchstone.Inconclusive:
		return fmt.Sprintf("Nothing is wrong, but of %s of %s agreement says nothing.", grouped(blocks[touchstone.Inconclusive]), plural(len(v.Blocks), "block", "blocks"))
	}
	return fmt.Sprintf("All is right: %s, %s, and none is off by more than %s of what is allowed.",
		plural(len(v.Blocks), "block", "blocks"), plural(all, "entry", "entries"), times(most))
}

// first says which block fails first, and what that means.
func first(v *touchstone.Verdict) finding {
	i := slices.IndexFunc(v.Blocks, func(b touchstone.Block) bool { return b.Name == v.First.Name })
	f := finding{Label: "First difference", Strong: v.First.Name, Block: "block" + strconv.Itoa(i)}
	f.Text = stages[v.First.Stage] + ". The worst is " + v.First.Worst + ". "
	if i == 0 {
		f.Text += "Nothing that is computed before it was claimed: the mistake is here, or before."
	} else {
		f.Text += "Nothing that was claimed before it is wrong: " + through(v.Blocks[0].Name, v.Blocks[i-1].Name) + "."
	}
	return f
}

// stages are those of Block.Stage in words.
var stages = map[string]string{
	"z": "weighted sums", "a": "outputs of a layer", "loss": "the loss", "delta": "derivatives with respect to z",
	"gradient": "part of the gradient", "update": "the parameters after the step",
}

func through(from, to string) string {
	if from == to {
		return from
	}
	return from + " to " + to
}

func cause(v *touchstone.Verdict) finding {
	if v.Cause == nil {
		return finding{Label: "Likely cause", Text: "None that is known."}
	}
	return finding{Label: "Likely cause", Strong: name(v.Cause.Type), Text: shown(v.Cause.Text, maxText)}
}

// card returns the block with its map, of so many cells at most.
func card(b *touchstone.Block, id string, cells int) block {
	n := b.Rows * b.Cols
	l := layOut(b.Rows, b.Cols, cells)
	m, wrong := l.drawn(b.Name, func(yield func(point) bool) {
		for i := range n {
			if e := b.Entry(i); !yield(point{i, e.Name, outcomeOf(e.Outcome), e.Error}) {
				return
			}
		}
	})
	d := block{ID: id, Name: b.Name, Outcome: outcomeOf(b.Outcome)}
	rows, cols := "sample", "unit"
	switch {
	case b.Stage == "gradient" && b.Name == "dx":
		cols = "input"
	case b.Stage == "gradient":
		rows, cols = "unit", "input"
	}
	switch {
	case n == 1:
		d.Shape = "1 number"
	case b.Rows == 1 && (b.Stage == "gradient" || b.Stage == "update") && b.Name != "dx" && b.Name[0] != 'W':
		d.Shape = plural(n, "number", "numbers")
		m.Top = vectorEdge(l, n)
	case l.vector:
		d.Shape = fmt.Sprintf("%s × %s", plural(b.Rows, rows, rows+"s"), plural(b.Cols, cols, cols+"s"))
		m.Top = vectorEdge(l, n)
	default:
		d.Shape = fmt.Sprintf("%s × %s", plural(b.Rows, rows, rows+"s"), plural(b.Cols, cols, cols+"s"))
		m.Top, m.Side = edge{"0", cols, strconv.Itoa(b.Cols - 1)}, edge{"0", rows, strconv.Itoa(b.Rows - 1)}
	}
	switch {
	case wrong > 0 && b.Got-b.Got != 0:
		d.Summary = fmt.Sprintf("%s of %s wrong; %s is %s.", grouped(wrong), grouped(n), b.Worst, number(b.Got))
	case wrong > 0:
		d.Summary = fmt.Sprintf("%s of %s wrong; %s is off by %s × what is allowed.", grouped(wrong), grouped(n), b.Worst, times(b.Error))
	case b.Error == 0:
		d.Summary = "No error."
	default:
		d.Summary = fmt.Sprintf("Off by at most %s of what is allowed, at %s.", rough(max(b.Error, 0.001)), b.Worst)
	}
	d.add(m)
	return d
}

// addWorst adds the worst entries of a block that has wrong ones.
func (t *table) addWorst(b *touchstone.Block, id string) {
	if b.Outcome != touchstone.Fail {
		return
	}
	var list []touchstone.Entry
	wrong := 0
	for i := range b.Rows * b.Cols {
		e := b.Entry(i)
		if e.Outcome != touchstone.Fail {
			continue
		}
		wrong++
		list = append(list, e)
		if len(list) > 4*eachBlock {
			list = worstOf(list)
		}
	}
	for _, e := range worstOf(list) {
		want := decimal(e.Want)
		t.add(row{fail, id, []text{plain(e.Name), plain(times(e.Error)), against(number(e.Got), want), plain(want),
			plain(rough(e.Want.Error(e.Got))), plain(rough(e.Bound))}}, wrong > eachBlock)
	}
}

// worstOf returns the worst entries, in the order of the block where they are alike.
func worstOf(list []touchstone.Entry) []touchstone.Entry {
	slices.SortStableFunc(list, func(a, b touchstone.Entry) int { return -cmp.Compare(key(a.Error), key(b.Error)) })
	return list[:min(len(list), eachBlock)]
}

// key is an error to sort by.
func key(err float64) float64 {
	if math.IsNaN(err) {
		return math.Inf(1)
	}
	return err
}
