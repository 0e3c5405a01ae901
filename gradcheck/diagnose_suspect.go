package gradcheck

import (
	"cmp"
	"math"
	"slices"
)

// A suspect is a block that fails, as the explanations see it.
type suspect struct {
	p          *Problem
	r          *Report
	block      int
	rows, cols int // a vector is a column
	entries    []Entry
	position   []int     // of each entry in the block
	whole      bool      // all of the block is there
	a          []float64 // the analytic gradient
	n          quantity  // the numeric one
	x, none    quantity  // its argument, and zeros
	copies     []bool    // of an entry that has the number of another, or its negative
}

// A quantity is a number for each entry, and how far that may be off.
type quantity struct{ value, err []float64 }

func newSuspect(p *Problem, r *Report, block int) *suspect {
	s := &suspect{p: p, r: r, block: block}
	s.entries, s.position = r.inBlock(block)
	b := r.Blocks[block].Block
	s.rows, s.cols = b.Rows, max(b.Cols, 1)
	s.whole = len(s.entries) == b.size()
	s.fill()
	return s
}

// only returns s reduced to some of its entries.
func (s *suspect) only(some []int) *suspect {
	t := &suspect{p: s.p, r: s.r, block: s.block, rows: s.rows, cols: s.cols}
	for _, k := range some {
		t.entries = append(t.entries, s.entries[k])
		t.position = append(t.position, s.position[k])
	}
	t.fill()
	return t
}

// together returns s with the entries of the other blocks that fail, but no more
// than so many. What explains them all explains s, even if that is small.
func (s *suspect) together(most int) *suspect {
	t := &suspect{p: s.p, r: s.r, block: s.block, entries: slices.Clone(s.entries)}
	for _, e := range s.r.Entries {
		if e.Block != s.block && s.r.Blocks[e.Block].Failed > 0 && len(t.entries) < most {
			t.entries = append(t.entries, e)
		}
	}
	t.fill()
	return t
}

// undecayed takes vectors to be free of weight decay, as biases mostly are.
func (s *suspect) undecayed() {
	for k, e := range s.entries {
		if s.r.Blocks[e.Block].Cols == 0 {
			s.x.value[k] = 0
		}
	}
}

func (s *suspect) fill() {
	for _, e := range s.entries {
		n, err := known(e)
		s.a = append(s.a, e.Analytic)
		s.n.value, s.n.err = append(s.n.value, n), append(s.n.err, err)
		s.x.value = append(s.x.value, s.p.X[e.Index])
	}
	s.x.err = make([]float64, len(s.a))
	s.none = quantity{make([]float64, len(s.a)), make([]float64, len(s.a))}
	s.copies = s.n.copies()
}

// copies tells which numbers are those of other entries, but for the sign. The two
// outputs of a softmax have such gradients, right or wrong: what fits one fits the
// other.
func (q quantity) copies() []bool {
	rank := make([]int, len(q.value))
	for k := range rank {
		rank[k] = k
	}
	slices.SortFunc(rank, func(i, j int) int { return cmp.Compare(math.Abs(q.value[i]), math.Abs(q.value[j])) })
	is := make([]bool, len(rank))
	for n := 1; n < len(rank); n++ {
		i, j := rank[n-1], rank[n]
		size := math.Abs(q.value[j])
		is[j] = size > q.err[j] && isWithin(size, math.Abs(q.value[i]), q.err[i]+q.err[j]+inexact*size)
	}
	return is
}

// known returns the derivative of an entry, and how far a right gradient may be off
// it, which is +Inf where nothing is known.
func known(e Entry) (value, err float64) {
	if !isFinite(e.Numeric) || !isFinite(e.Bound) ||
		e.Verdict == Inconclusive && isBeyond(e.Analytic, e.Numeric, e.Bound) {
		return 0, math.Inf(1)
	}
	err = e.Bound
	if least := e.MinDetectable * math.Max(math.Abs(e.Analytic), math.Abs(e.Numeric)); isFinite(least) {
		err = math.Max(err, least)
	}
	return e.Numeric, err
}

// isKnown reports whether the error of element k is below rel of its size. Of a 0
// nothing is known.
func (q quantity) isKnown(k int, rel float64) bool { return q.err[k] < rel*math.Abs(q.value[k]) }

// isAnyKnown reports whether isKnown is true of some element.
func (q quantity) isAnyKnown(rel float64) bool {
	for k := range q.value {
		if q.isKnown(k, rel) {
			return true
		}
	}
	return false
}

// scaled returns r·q.
func (q quantity) scaled(r float64) quantity {
	p := quantity{slices.Clone(q.value), slices.Clone(q.err)}
	for k := range p.value {
		p.value[k] *= r
		p.err[k] *= math.Abs(r)
	}
	return p
}

// at returns q in another order, or some of it.
func (q quantity) at(from []int) (p quantity) {
	for _, k := range from {
		p.value, p.err = append(p.value, q.value[k]), append(p.err, q.err[k])
	}
	return p
}
