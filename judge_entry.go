package touchstone

import "math"

// An entry is a number of a claim beside the exact one.
type entry struct {
	want       Decimal
	got, value float64 // what is claimed, and the float64 nearest what is right
	off        float64 // how far the former is from what is right
	scale      float64
	bound      float64 // what is allowed
}

// error returns how far e is off, in units of what is allowed. If it is beyond the
// largest number of its format, that is 0 and means nothing.
func (e *entry) error(largest float64) (err float64, overflow bool) {
	if math.IsInf(e.got, 0) && math.Abs(e.value)+e.bound > largest && math.Signbit(e.got) == (e.want[0] == '-') {
		return 0, true // nothing else could be said in that format
	}
	switch {
	case e.off == 0:
		return 0, false
	case e.bound == 0:
		return math.Inf(1), false
	}
	err = e.off / e.bound
	if math.IsInf(e.bound, 1) || math.IsNaN(err) {
		return 0, true // any number would pass
	}
	return err, false
}

// isIdle reports whether a zero would have passed, too.
func (e *entry) isIdle() bool { return e.bound >= math.Abs(e.value) && e.bound != 0 }

// An Entry is the verdict on a number of a claim.
type Entry struct {
	Name    string  // as in Block.Worst
	Outcome Outcome // Inconclusive as a block of this entry alone would be
	Got     float64 // the number claimed
	Want    Decimal // the exact one
	Bound   float64 // what is allowed
	Error   float64 // in units of that
}

// Entry returns entry i of the block, row by row. It panics if i is not below
// Rows × Cols.
func (b *Block) Entry(i int) Entry {
	e := &b.entries[i]
	err, overflow := e.error(b.largest)
	v := Entry{Name: b.name(i), Got: e.got, Want: e.want, Bound: e.bound, Error: err}
	switch {
	case err > 1 && !b.excused:
		v.Outcome = Fail
	case err > 1 || overflow || e.isIdle():
		v.Outcome = Inconclusive
	}
	return v
}
