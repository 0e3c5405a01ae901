package gradcheck

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
)

func TestStringOfPass(t *testing.T) {
	r := grid(1, 3,
		Entry{Index: 0, Analytic: 1, Numeric: 1, MinDetectable: 3e-11},
		Entry{Index: 1, Analytic: 1, Numeric: 1, MinDetectable: 2e-9},
		Entry{Index: 2, Analytic: 1, Numeric: 1, MinDetectable: 1e-12},
	)
	r.Mode, r.Evaluations = Entries, 214
	assert.Equal(t, "gradcheck: PASS: 3 entries (entries mode), 0 inconclusive, 214 evaluations; relative errors show from 3e-11 (median), 2e-09 (worst)", r.String())

	r.Entries, r.Mode, r.Evaluations = nil, Directions, 1
	r.Directions = []Entry{{MinDetectable: 1e-9}}
	r.Second = []Entry{{MinDetectable: 1e-8}, {MinDetectable: 1e-8}}
	assert.Equal(t, "gradcheck: PASS: 1 direction and 2 components of HessVec (directions mode), 0 inconclusive, 1 evaluation; relative errors show from 1e-08 (median), 1e-08 (worst)", r.String())
}

// A report in which there is nothing has a text, too.
func TestStringOfNothing(t *testing.T) {
	assert.Equal(t, "gradcheck: PASS: 0 entries (auto mode), 0 inconclusive, 0 evaluations; relative errors show from 0 (median), 0 (worst)", new(Report).String())
}

// The worst entry need not differ at all.
func TestStringOfEqual(t *testing.T) {
	r := grid(1, 2, Entry{Index: 0, Analytic: 1. / 3, Numeric: 1. / 3, Bound: 1, Verdict: Inconclusive, Reason: "lost"})
	assert.Contains(t, r.String(), "\n  W[0,0]  0.33333333  0.33333333 ± 1  1      inconclusive: lost")
}

func TestStringOfFail(t *testing.T) {
	r := grid(2, 2,
		Entry{Index: 0, Analytic: 1, Numeric: 2, Bound: 1e-12, Verdict: Fail},
		Entry{Index: 1, Analytic: 1.00000000002, Numeric: 1, Bound: 1e-12, Verdict: Fail, Reason: "told why"},
		Entry{Index: 2, Analytic: 0, Numeric: 0, Bound: math.Inf(1), Verdict: Inconclusive, Reason: "0 = 0"},
		Entry{Index: 3, Analytic: 1, Numeric: 1},
	)
	r.remark(Fail, "Grad modified x")
	r.Blocks[0].Causes = []Cause{{Text: "it is half of what it should be"}, {Text: "it is 1/2"}}
	r.Controls = []Control{{"zero", true}, {"permuted", false}}
	assert.Equal(t, ""+
		"gradcheck: FAIL: 2 of 4 entries wrong, 1 inconclusive\n"+
		"  Grad modified x\n"+
		"\n"+
		"W: 2 of 4 wrong\n"+
		"  likely: it is half of what it should be\n"+
		"  or: it is 1/2\n"+
		"    |09|\n"+
		"    |?·|\n"+
		"    · right  ? inconclusive  0…9 wrong, with that many digits right  X not finite\n"+
		"\n"+
		"  worst   analytic       numeric    ratio\n"+
		"  W[0,0]  1              2 ± 1e-12  0.5\n"+
		"  W[0,1]  1.00000000002  1 ± 1e-12  1.00000000002  told why\n"+
		"  W[1,0]  0              0 ± +Inf   NaN            inconclusive: 0 = 0", r.String())
}

// A block that fails in a direction only is named, with the order of the remainder.
func TestStringOfDirections(t *testing.T) {
	r := grid(1, 2, Entry{Index: 0, Analytic: 1, Numeric: 1}, Entry{Index: 1, Analytic: 1, Numeric: 1})
	e := Entry{Index: -1, Name: "W along v0", Analytic: 1, Numeric: 2, Bound: 1e-12, Order: 1.02, Verdict: Fail}
	r.count(&e)
	r.Directions = append(r.Directions, e)
	text := r.String()
	assert.Contains(t, text, "gradcheck: FAIL: 0 of 2 entries and 1 of 1 direction wrong, 0 inconclusive\n\nW: 1 of 3 wrong\n")
	assert.Contains(t, text, "W along v0  1         2 ± 1e-12  0.5    order 1.02")
	assert.NotContains(t, text, "|", "no wrong entry, no map")
}

// However much is wrong, the text is short, and no line is long.
func TestStringIsBounded(t *testing.T) {
	r := &Report{}
	for b := range 30 {
		r.Blocks = append(r.Blocks, BlockReport{Block: Block{Name: fmt.Sprint("W", b), Offset: 3000 * b, Rows: 30, Cols: 100}})
		for k := range 3000 {
			e := Entry{Index: 3000*b + k, Block: b, Name: r.Blocks[b].name(k), Analytic: 1, Numeric: 2 + float64(k), Verdict: Fail}
			r.count(&e)
			r.Entries = append(r.Entries, e)
		}
	}
	lines := strings.Split(r.String(), "\n")
	assert.Less(t, len(lines), 100)
	for _, line := range lines {
		assert.LessOrEqual(t, utf8.RuneCountInString(line), 100, line)
	}
	text := strings.Join(lines, "\n")
	assert.Contains(t, text, "and 26 more blocks, from W4 to W29, with errors")
	assert.Contains(t, text, "and 89990 more")
	assert.Contains(t, text, "W0[29,99]  1         3001 ± 0")
}

// What is left out is counted, and where nothing is, nothing is said.
func TestStringLeavesOut(t *testing.T) {
	for n, want := range map[int]string{10: "", 11: "  and 1 more", 12: "  and 2 more"} {
		var entries []Entry
		for i := range n {
			entries = append(entries, Entry{Index: i, Analytic: 1, Numeric: 2, Verdict: Fail})
		}
		_, after, _ := strings.Cut(grid(1, n, entries...).String(), "\n  and")
		assert.Equal(t, strings.TrimPrefix(want, "  and"), after, n)
	}
	for n, want := range map[int]string{4: "", 5: " 1 more block, from W4 to W4, with errors", 6: " 2 more blocks, from W4 to W5, with errors"} {
		r := &Report{}
		for b := range n {
			r.Blocks = append(r.Blocks, BlockReport{Block: Block{Name: fmt.Sprint("W", b), Offset: b, Rows: 1}})
			e := Entry{Index: b, Block: b, Analytic: 1, Numeric: 2, Verdict: Fail}
			r.count(&e)
			r.Entries = append(r.Entries, e)
		}
		_, after, _ := strings.Cut(r.String(), "\n\nand")
		after, _, _ = strings.Cut(after, "\n")
		assert.Equal(t, want, after, n)
	}
}

// As many digits are shown as tell the two values apart, from 8 to 17.
func TestDigits(t *testing.T) {
	for rel, want := range map[float64]int{0: 8, 0.5: 8, 1.5e-5: 8, 1.5e-6: 9, 1.5e-8: 11, 1.5e-12: 15, 2.5e-14: 17, 0x1p-52: 17} {
		assert.Equal(t, want, Entry{Analytic: 1, Numeric: 1 - rel}.digits(), "%v", rel)
	}
	assert.Equal(t, 8, Entry{Analytic: 1, Numeric: math.NaN()}.digits())
}

// The worst verdict comes first, then the largest relative difference, then the
// order of the report.
func TestWorst(t *testing.T) {
	r := grid(1, 6,
		Entry{Index: 0, Analytic: 1, Numeric: 5, Verdict: Inconclusive},
		Entry{Index: 1, Analytic: 1, Numeric: 2, Verdict: Fail},
		Entry{Index: 2, Analytic: 1, Numeric: 1},
		Entry{Index: 3, Analytic: math.NaN(), Numeric: 2, Verdict: Fail},
		Entry{Index: 4, Analytic: 2, Numeric: 4 + 1e-10, Verdict: Fail},
		Entry{Index: 5, Analytic: 1, Numeric: 3, Verdict: Fail},
	)
	var order []int
	for _, e := range r.worst(100) {
		order = append(order, e.Index)
	}
	assert.Equal(t, []int{3, 5, 1, 4, 0, 2}, order)
	assert.Len(t, r.worst(2), 2)
	assert.Equal(t, 3, r.Worst().Index)
	for i, e := range r.Entries {
		assert.Equal(t, i, e.Index, "the report is as before")
	}
}

// A ratio has two digits less than what it is of.
func TestStringOfRatio(t *testing.T) {
	r := grid(1, 1, Entry{Analytic: 1, Numeric: 3, Verdict: Fail})
	assert.Contains(t, r.String(), "\n  W[0,0]  1         3 ± 0    0.333333")
	assert.NotContains(t, r.String(), "0.3333333")
}

// A report counts what failed and what is undecided, in all and by block.
func TestCounts(t *testing.T) {
	r := grid(2, 2, Entry{Index: 0, Verdict: Fail}, Entry{Index: 1, Verdict: Inconclusive}, Entry{Index: 2}, Entry{Index: 3, Verdict: Inconclusive})
	assert.Equal(t, []int{1, 2}, []int{r.Failed, r.Undecided})
	assert.Equal(t, []int{4, 1, 2}, []int{r.Blocks[0].Checked, r.Blocks[0].Failed, r.Blocks[0].Undecided})
}
