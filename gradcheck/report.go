package gradcheck

import (
	"fmt"
	"math"
	"strings"
)

// A Report is the result of a check.
type Report struct {
	Verdict     Verdict  // the worst of the remarks and the entries
	Remarks     []string // what is wrong with the problem as a whole, if anything
	Entries     []Entry  // one for each element of X
	Failed      int      // entries that failed
	Undecided   int      // entries that are inconclusive
	Evaluations int      // calls of Func
}

// An Entry is the verdict on one element of the gradient.
type Entry struct {
	Index    int    // in X
	Name     string // by Problem.Name or Problem.Blocks, else "x[Index]"
	Analytic float64
	Numeric  float64
	Bound    float64 // on the error of Numeric; +Inf if there is none
	Verdict  Verdict
	Reason   string // of an Inconclusive and of some a Fail, else ""
}

// Ratio returns Analytic/Numeric: 2 for a gradient that is twice too large.
func (e Entry) Ratio() float64 { return e.Analytic / e.Numeric }

// relative returns the difference in units of the larger value, or +Inf if there
// is no saying.
func (e Entry) relative() float64 {
	rel := math.Abs(e.Analytic-e.Numeric) / math.Max(math.Abs(e.Analytic), math.Abs(e.Numeric))
	if math.IsNaN(rel) {
		return math.Inf(1)
	}
	return rel
}

func (r *Report) remark(v Verdict, text string) {
	r.Verdict = max(r.Verdict, v)
	r.Remarks = append(r.Remarks, text)
}

func (r *Report) add(e Entry) {
	r.Verdict = max(r.Verdict, e.Verdict)
	r.Entries = append(r.Entries, e)
	switch e.Verdict {
	case Fail:
		r.Failed++
	case Inconclusive:
		r.Undecided++
	}
}

// Worst returns the entry to look at first: of those with the worst verdict, the
// one where the two values differ most, relative to the larger.
func (r *Report) Worst() Entry {
	worst := r.Entries[0]
	for _, e := range r.Entries[1:] {
		if e.Verdict > worst.Verdict || e.Verdict == worst.Verdict && e.relative() > worst.relative() {
			worst = e
		}
	}
	return worst
}

// String returns the verdict, the remarks and the worst entry, in a few lines.
func (r *Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "gradcheck: %v", r.Verdict)
	fmt.Fprintf(&b, ": %d of %d entries wrong, %d inconclusive", r.Failed, len(r.Entries), r.Undecided)
	for _, text := range r.Remarks {
		fmt.Fprintf(&b, "\n  %s", text)
	}
	if r.Failed+r.Undecided > 0 {
		e := r.Worst()
		fmt.Fprintf(&b, "\n  worst: %s: analytic %.10g, numeric %.10g ± %.2g, ratio %.6g",
			e.Name, e.Analytic, e.Numeric, e.Bound, e.Ratio())
		if e.Reason != "" {
			fmt.Fprintf(&b, " (%s)", e.Reason)
		}
	}
	return b.String()
}
