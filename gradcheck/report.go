package gradcheck

import (
	"math"
	"slices"
)

// A Report is the result of a check. Its String is for people, its JSON for
// programs.
type Report struct {
	Verdict Verdict  // the worst of the remarks, the entries, the directions and those of HessVec
	Mode    Mode     // how it was checked; never Auto
	Remarks []string // what is wrong with the problem as a whole, if anything

	Blocks     []BlockReport // those of the Problem that are not empty, and "x" for the rest of X
	Entries    []Entry       // by index: one for each element of X that was looked at
	Directions []Entry       // derivatives along directions, by block
	Second     []Entry       // components of HessVec, by direction and index
	Controls   []Control     // the negative controls

	Failed    int // entries, directions and components of HessVec that failed
	Undecided int // those that are Inconclusive

	Evaluations int // calls of Func, Big and Complex
	Gradients   int // calls of Grad

	hasState bool // Grad depends on earlier calls, which is among the remarks
}

// A BlockReport sums up what was found in a block.
type BlockReport struct {
	Block
	Verdict   Verdict // the worst of its entries, directions and components of HessVec
	Checked   int     // how many of these there are
	Failed    int     // those with the verdict Fail
	Undecided int     // those with the verdict Inconclusive
	// Fraction tells what a sample is worth. An error in at least this fraction of the
	// block's entries, each large enough to be seen, is missed with a probability
	// of about 1/1000 at most. It is 0 if all entries were checked, or a direction was.
	Fraction float64
	Causes   []Cause // of a failure, the likeliest first
}

// A Cause is an explanation of a failure that fits all entries of a block.
type Cause struct {
	Kind   CauseKind // of mistake
	Text   string    // a sentence
	Factor float64   // of the kinds that have one, else 0
}

// A CauseKind is a kind of mistake.
type CauseKind string

// The kinds. Each says how the analytic gradient a of a block comes from the
// numeric one, n.
const (
	CauseFactor      CauseKind = "factor"       // a = Factor·n
	CauseZero        CauseKind = "zero"         // a = 0
	CauseTranspose   CauseKind = "transpose"    // a is nᵀ, or n read column by column
	CausePermutation CauseKind = "permutation"  // a holds the numbers of n in another order
	CauseDecay       CauseKind = "weight-decay" // a = n + Factor·x
	CausePart        CauseKind = "part"         // a = n + Factor·(gradient of one of Parts)
	CauseBlock       CauseKind = "block"        // a is, or contains, the gradient of another block
	CauseDerivative  CauseKind = "derivative"   // each row, or each row of each of Parts, has a factor of its own
	CauseFloat32     CauseKind = "float32"      // a is n, or x in it, rounded to fewer bits
	CauseState       CauseKind = "state"        // a depends on earlier calls
	CauseOffset      CauseKind = "offset"       // a = n + Factor
	CauseSingle      CauseKind = "single"       // few entries are wrong, the others right
	CauseNotFinite   CauseKind = "not-finite"   // a is NaN or Inf
)

// A Control is a gradient that is known to be wrong, judged by the same numerical
// derivatives. If it is not refused, the check could not have failed.
type Control struct {
	Name    string // "zero", "negated", "doubled", "permuted"
	Refused bool   // as it must be
}

// String says that the gradient was refused, or that it would not have failed either.
func (c Control) String() string {
	if c.Refused {
		return "the " + c.Name + " gradient is refused"
	}
	return "the " + c.Name + " gradient would not have failed either"
}

// An Entry compares one number with its numerical counterpart: an element of the
// gradient, its product with a direction, or an element of HessVec.
type Entry struct {
	Index    int     // in X; −1 for a direction
	Block    int     // in Report.Blocks
	Name     string  // by Problem.Name or Problem.Blocks, else "x[Index]"
	Analytic float64 // as Grad or HessVec has it
	Numeric  float64 // as the differences have it, or Big or Complex
	Bound    float64 // on the error of Numeric; +Inf if there is none
	Allowed  float64 // Bound, and what a right gradient may owe to rounding: beyond is a Fail
	// MinDetectable is about the smallest relative error of Analytic that would have
	// failed, with the doubts of a second opinion; +Inf if none would.
	MinDetectable float64
	// Order, of a direction, is the power of h by which f(x+hv) − f(x) − h·g·v falls:
	// 2 for a right gradient, 1 for a wrong one, 0 if it could not be seen.
	Order   float64
	Verdict Verdict
	Reason  string // of an Inconclusive and of some a Fail, else ""
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

// remark adds a remark, once: what is seen again, as in another direction, is the same.
func (r *Report) remark(v Verdict, text string) {
	r.Verdict = max(r.Verdict, v)
	if !slices.Contains(r.Remarks, text) {
		r.Remarks = append(r.Remarks, text)
	}
}

// count takes note of the verdict of an entry or a direction.
func (r *Report) count(e *Entry) {
	b := &r.Blocks[e.Block]
	r.Verdict, b.Verdict = max(r.Verdict, e.Verdict), max(b.Verdict, e.Verdict)
	b.Checked++
	switch e.Verdict {
	case Fail:
		r.Failed++
		b.Failed++
	case Inconclusive:
		r.Undecided++
		b.Undecided++
	}
}

// Worst returns the entry or direction to look at first, if there is any: of those with the worst
// verdict, the one where the two values differ most, relative to the larger.
func (r *Report) Worst() Entry {
	if list := r.worst(1); len(list) > 0 {
		return list[0]
	}
	return Entry{}
}
