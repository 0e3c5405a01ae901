package gradcheck

import (
	"fmt"
	"math"
	"strings"
)

// elsewhere looks for gradients of other parts of X, in at most three pieces: what
// is written at a wrong offset.
func (s *suspect) elsewhere() []Cause {
	const most = 3
	n, ok := s.everything()
	if !ok || !s.whole {
		return nil
	}
	in := s.r.Entries
	var q quantity
	var text []string
	outside := false
	for len(q.value) < len(s.a) {
		first, length := s.run(n, len(q.value))
		if length == 0 || len(text) == most || 2*len(text) >= len(s.a) {
			return nil
		}
		for i := first; i < first+length; i++ {
			q.value, q.err = append(q.value, n.value[i]), append(q.err, n.err[i])
			outside = outside || in[i].Block != s.block && s.a[len(q.value)-1] != 0
		}
		text = append(text, describe(s.r, in[first:first+length]))
	}
	m := s.exactly(q)
	m.price = float64(len(text)) * math.Log2(float64(len(in)))
	if !outside || !s.explains(m) {
		return nil // in the block itself it is a permutation, and zeros come from nowhere
	}
	return []Cause{{Kind: CauseBlock, Text: "it holds the gradient of " + strings.Join(text, ", then of ") + ": a wrong offset?"}}
}

// run returns the longest piece of n that is the analytic gradient from entry k on.
func (s *suspect) run(n quantity, k int) (first, length int) {
	for start := range n.value {
		i := 0
		for k+i < len(s.a) && start+i < len(n.value) && s.isAt(k+i, n.value[start+i], n.err[start+i]) {
			i++
		}
		if i > length {
			first, length = start, i
		}
	}
	return first, length
}

// isAt reports whether entry k of the analytic gradient is a number that is known.
func (s *suspect) isAt(k int, value, err float64) bool {
	return !math.IsInf(err, 1) && isWithin(s.a[k], value, err+inexact*math.Abs(value))
}

// describe names a piece of X.
func describe(r *Report, piece []Entry) string {
	first, last := piece[0], piece[len(piece)-1]
	b := r.Blocks[first.Block]
	switch {
	case len(piece) == 1:
		return first.Name
	case first.Index == b.Offset && last.Block == first.Block && b.size() == len(piece):
		return b.Name
	}
	return first.Name + " to " + last.Name
}

// everything returns the numeric gradient of X, if all of it was looked at: then
// Report.Entries has X in order.
func (s *suspect) everything() (n quantity, ok bool) {
	if len(s.r.Entries) != len(s.p.X) {
		return n, false
	}
	for _, e := range s.r.Entries {
		value, err := known(e)
		n.value, n.err = append(n.value, value), append(n.err, err)
	}
	return n, true
}

// added looks for the gradient of another block, or a row or a column of one, in
// place of this gradient or added to it.
func (s *suspect) added() []Cause {
	list := s.strangers()
	for _, o := range list {
		for _, plusN := range []bool{false, true} {
			m, text := s.exactly(o.gradient), "it holds "+o.name
			if plusN {
				m = s.sum(s.n, []float64{1}, []quantity{o.gradient})
				m.free, text = 0, o.name+" is added to it"
			}
			m.price = math.Log2(2 * float64(len(list)))
			if s.explains(m) {
				return []Cause{{Kind: CauseBlock, Text: text}}
			}
		}
	}
	return nil
}

// A stranger is a part of the numeric gradient outside the block.
type stranger struct {
	name     string
	gradient quantity
}

// strangers returns those with as many elements as s has entries.
func (s *suspect) strangers() (list []stranger) {
	n, ok := s.everything()
	if !ok {
		return nil
	}
	add := func(name string, block, start, step int) {
		var q quantity
		for k := range s.a {
			i := start + k*step
			if s.r.Entries[i].Block != block || math.IsInf(n.err[i], 1) {
				return
			}
			q.value, q.err = append(q.value, n.value[i]), append(q.err, n.err[i])
		}
		list = append(list, stranger{name, q})
	}
	for i, b := range s.r.Blocks {
		if i == s.block {
			continue
		}
		if b.size() == len(s.a) {
			add("the gradient of "+b.Name, i, b.Offset, 1)
		}
		if b.Cols == len(s.a) {
			for j := range b.Rows {
				add(fmt.Sprintf("the gradient of row %d of %s", j, b.Name), i, b.Offset+j*b.Cols, 1)
			}
		}
		if b.Rows == len(s.a) {
			for k := range b.Cols {
				add(fmt.Sprintf("the gradient of column %d of %s", k, b.Name), i, b.Offset+k, b.Cols)
			}
		}
	}
	return list
}
