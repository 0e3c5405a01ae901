package gradcheck

import (
	"fmt"
	"math"
	"slices"
)

const (
	rowText    = "as when the derivative of the activation is missing, taken twice or at the wrong place, or what flows back to it is wrong"
	columnText = "as when the inputs are scaled, or taken at the wrong place"
)

// lines looks for a factor of each row, then of each column.
func (s *suspect) lines() []Cause {
	for _, t := range s.units() {
		if t.rows < 2 {
			return nil
		}
		m, all := t.fitAll(t.none, []quantity{t.n, t.x})
		if m.free++; t != s && t.explains(m) { // of s itself it was asked before
			return []Cause{{Kind: CauseFactor, Factor: all[0], Text: "apart from weight decay, it is " + factorText(all[0])}}
		}
		if c, ok := t.lineFactors(t.byRow()); ok {
			return lineCause(c, "each row has a factor of its own, from %.9g to %.9g, "+rowText)
		}
	}
	if s.cols < 2 {
		return nil
	}
	if c, ok := s.lineFactors(s.byColumn()); ok {
		return lineCause(c, "each column has a factor of its own, from %.9g to %.9g, "+columnText)
	}
	return nil
}

// lineCause tells what the factors of lines mean, in the words of text if they
// differ.
func lineCause(factors []float64, text string) []Cause {
	low, high := span(factors)
	switch {
	case low > high:
		return nil
	case isOneFactor(low, high):
		return []Cause{{Kind: CauseFactor, Factor: high, Text: "it is " + factorText(high)}}
	case areNearOne(factors):
		return nil
	}
	return []Cause{{Kind: CauseDerivative, Text: fmt.Sprintf(text, low, high)}}
}

// same is how far measured factors and weights may differ that are the same.
const same = 1e-6

// isSame reports whether two factors, or two weights of parts, are the same.
func isSame(a, b float64) bool { return isWithin(a, b, same) }

// isOneFactor reports whether factors from low to high are all one: they differ by
// little against how far they are off 1.
func isOneFactor(low, high float64) bool {
	return !math.IsInf(high, 1) && isWithin(low, high, same*math.Abs(high-1))
}

// areNearOne reports whether most of the factors that are not 1 are near it. Rounding
// and approximations make such factors, too.
func areNearOne(factors []float64) bool {
	const near = 0x1p-5
	var off []float64
	for _, c := range factors {
		if isBeyond(c, 1, same) {
			off = append(off, math.Abs(c-1))
		}
	}
	return len(off) == 0 || median(off) < near
}

// span returns the smallest and the largest of the factors that are known, or +Inf
// and −Inf.
func span(factors []float64) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, c := range factors {
		if !math.IsNaN(c) {
			low, high = math.Min(low, c), math.Max(high, c)
		}
	}
	return low, high
}

// units returns s, and s with each other block that has as many rows: what is
// wrong with a unit of a network is wrong with its weights and with its bias, and
// alone the bias tells little.
func (s *suspect) units() []*suspect {
	list := []*suspect{s}
	for i, b := range s.r.Blocks {
		if i == s.block || b.Failed == 0 || b.Rows != s.rows {
			continue
		}
		other := newSuspect(s.p, s.r, i)
		if !s.whole || !other.whole {
			continue
		}
		// The columns of both, side by side.
		t := &suspect{p: s.p, r: s.r, block: s.block, rows: s.rows, cols: s.cols + other.cols}
		for j := range s.rows {
			t.entries = append(t.entries, s.entries[j*s.cols:(j+1)*s.cols]...)
			t.entries = append(t.entries, other.entries[j*other.cols:(j+1)*other.cols]...)
		}
		for k := range t.entries {
			t.position = append(t.position, k)
		}
		t.fill()
		t.undecayed()
		list = append(list, t)
	}
	return list
}

// byRow returns the entries of each row.
func (s *suspect) byRow() [][]int {
	lines := make([][]int, s.rows)
	for k, at := range s.position {
		lines[at/s.cols] = append(lines[at/s.cols], k)
	}
	return lines
}

// byColumn returns the entries of each column.
func (s *suspect) byColumn() [][]int {
	lines := make([][]int, s.cols)
	for k, at := range s.position {
		lines[at%s.cols] = append(lines[at%s.cols], k)
	}
	return lines
}

// lineFactors reports whether each line has one factor, with or without weight
// decay, and returns the factors, NaN where the line does not tell.
func (s *suspect) lineFactors(lines [][]int) (factors []float64, ok bool) {
	for _, decay := range []bool{false, true} {
		factors = factors[:0]
		if s.eachLine(lines, func(t *suspect, _ []int) model {
			v := []quantity{t.n}
			if decay {
				v = append(v, t.x)
			}
			m, c := t.fitAll(t.none, v)
			if m.free < len(v) || !t.tellsFactor() {
				c[0] = math.NaN() // also where all is decay
			}
			m.free++ // two entries are too few: the rows of a softmax of two are opposite
			factors = append(factors, c[0])
			return m
		}) {
			return factors, true
		}
	}
	return nil, false
}

// tellsFactor reports whether s has an entry of which seven digits are known.
func (s *suspect) tellsFactor() bool { return s.n.isAnyKnown(0x1p-24) }

// eachLine reports whether the models of all lines together explain s.
func (s *suspect) eachLine(lines [][]int, best func(t *suspect, line []int) model) bool {
	sum := 0.0
	for _, line := range lines {
		if len(line) == 0 {
			continue
		}
		t := s.only(line)
		copy(t.x.value, s.x.at(line).value)
		bits, fits := t.evidence(best(t, line))
		if !fits {
			return false
		}
		sum += bits
	}
	return isEnough(sum)
}

// at returns some entries of each of the quantities.
func at(q []quantity, line []int) []quantity {
	some := slices.Clone(q)
	for i := range some {
		some[i] = q[i].at(line)
	}
	return some
}
