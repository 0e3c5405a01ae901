package touchstone

import "fmt"

// An Outcome is what a judge can say. Worse ones are larger.
type Outcome int

const (
	Pass         Outcome = iota // no entry is off by more than its bound
	Inconclusive                // as it should be, but anything would have been: the bound exceeds the values
	Fail                        // an entry is off by more than its bound
)

// String returns "pass", "inconclusive" or "fail".
func (o Outcome) String() string {
	if o < Pass || o > Fail {
		return fmt.Sprintf("Outcome(%d)", int(o))
	}
	return [...]string{"pass", "inconclusive", "fail"}[o]
}

// A Verdict is the result of Judge.
type Verdict struct {
	Outcome Outcome // the worst of Blocks
	// Blocks are those that were claimed, in the order in which they are computed:
	// z0, a0, z1, a1, …, loss, delta and then W and b from the last layer to the
	// first, dx, after.
	Blocks []Block
	First  *Block // the first that fails: the bug is there, or was before if that is not claimed
	Cause  *Cause // the likely one of a Fail, nil if none is known
	Err    error  // a *ClaimError if the claim could not be judged, and is a Fail

	// CutShort reports that the search for the cause was given up: the network is so
	// large that comparing the claim with all known mistakes would take too long. The
	// cause may be one of those then, whatever Cause says.
	CutShort bool
}

// A Block is the verdict on a part of a claim.
type Block struct {
	Name    string  // "z0", "a0", "loss", "delta0", "W0", "b0", "dx", "after"
	Stage   string  // "z", "a", "loss", "delta", "gradient", "update"
	Outcome Outcome // of its worst entry

	// Rows and Cols are its shape: units × inputs of W, samples × units of z, a, delta
	// and dx, and one row of all else.
	Rows, Cols int

	// The worst entry, its error in units of what is allowed, and what is allowed.
	Worst string // "W2[3,1]", "z0[2,1]" with sample and unit, "after b0[1]"
	Error float64
	Got   float64
	Want  Decimal
	Bound float64

	entries []entry
	worst   int
	excused bool    // the bound says nothing here
	largest float64 // number of the claim's precision
	layer   int     // 0 if it is of none
	offset  int     // of b in the gradient of its layer
	name    func(i int) string
}

// Judge compares a claim with the truth. An entry may err by u·Scale, u being the
// unit roundoff of the claim's precision, and by what underflow may cost: by the
// smallest normal number unless it is exactly zero, and by what later weights make
// of an earlier underflow. The bound is enlarged by what is of higher order in these
// errors. A block fails if an entry errs more. It is inconclusive if no
// entry exceeds its bound: then a zero would have passed too. It is also
// inconclusive, instead of failing, where no such bound holds: behind a ReLU whose
// sign is not decided, for a probability that may round to 1, behind what may
// overflow, and in networks so steep that u·Scale of the z of a curved function is not
// small. The claim fails if a block fails, and passes if all pass.
//
// A claim that does not have the shape of c fails with Err; see Check.
func Judge(c Case, claim Claim) *Verdict { return judge(&c, &claim, maxSearch) }

// maxSearch bounds the search for a cause, in multiply-adds and not in seconds, so
// that the verdict is the same everywhere. It takes some seconds.
const maxSearch = 1 << 32

func judge(c *Case, claim *Claim, search int64) *Verdict {
	if err := claim.Check(c); err != nil {
		return &Verdict{Outcome: Fail, Err: err}
	}
	right := rightPass(c)
	m := newLimits(c, right, claim.Precision)
	v := &Verdict{Blocks: blocks(c, claim)}
	for i := range v.Blocks {
		b := &v.Blocks[i]
		m.allow(b)
		b.judge(formats[claim.Precision].largest)
		v.Outcome = max(v.Outcome, b.Outcome)
		if b.Outcome == Fail && v.First == nil {
			v.First = b
		}
	}
	if v.Outcome == Fail {
		d := newDetective(c, claim, v.Blocks, right, m)
		d.work = search
		v.Cause = d.diagnose()
		v.CutShort = d.work < 0
	}
	return v
}

func (b *Block) judge(largest float64) {
	idle, beyond := true, false
	b.Error, b.largest = -1, largest
	for i := range b.entries {
		e := &b.entries[i]
		err, overflow := e.error(largest)
		idle, beyond = idle && e.isIdle(), beyond || overflow
		if err > b.Error {
			b.Error, b.worst = err, i
		}
	}
	worst := b.entries[b.worst]
	b.Worst, b.Got, b.Want, b.Bound = b.name(b.worst), worst.got, worst.want, worst.bound
	switch {
	case b.Error > 1 && !b.excused:
		b.Outcome = Fail
	case b.Error > 1 || idle || beyond:
		b.Outcome = Inconclusive
	}
}

// String returns the block in one line.
func (b *Block) String() string {
	return fmt.Sprintf("%-8s %-12v worst %s = %v, want %v, off by %.3g of the bound %.3g",
		b.Name, b.Outcome, b.Worst, b.Got, b.Want.Float64(), b.Error, b.Bound)
}
