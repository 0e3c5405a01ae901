package gradcheck

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// alone looks for what is wrong with the gradient of each part alone, which is then
// what is wrong with all: in each part, each row has a factor of its own.
func (s *suspect) alone(d terms) []Cause {
	for _, t := range s.units() {
		parts, weight := t.parts(d)
		apart := t.apart(parts, d.analytic(t.entries))
		if !t.isSum(apart, weight) {
			return nil
		}
		if c, ok := apart.outerFactors(len(parts)); ok {
			return aloneCause(c, len(parts), weight)
		}
	}
	return nil
}

// outerFactors reports whether each row of each part is a multiple of what it should
// be, and returns the factors, NaN where they are not known. The gradient of one
// sample is an outer product, all rows are multiples of one: that is what a row is
// compared with that should be 0 or is lost in noise.
func (s *suspect) outerFactors(parts int) (factors []float64, ok bool) {
	lines := s.byRow()
	rows := len(lines) / parts
	ok = s.eachLine(lines, func(t *suspect, _ []int) model {
		i := len(factors) / rows * rows
		should, none := t.n, !t.tellsFactor()
		if none {
			should = s.n.at(s.largest(lines[i : i+rows]))
		}
		if !should.isSeen() { // nothing of the part is: it says nothing
			factors = append(factors, math.NaN())
			return model{value: t.a, slack: slices.Repeat([]float64{math.Inf(1)}, len(t.a))}
		}
		m, c := t.fitAll(t.none, []quantity{should})
		if none {
			c[0] = t.leastFactor()
		}
		factors = append(factors, c[0])
		return m
	})
	return factors, ok
}

// leastFactor returns +Inf for entries that should be 0 and are not, and NaN for those
// that may be what they should be.
func (s *suspect) leastFactor() float64 {
	for k, a := range s.a {
		if math.Abs(a) > 2*(math.Abs(s.n.value[k])+s.n.err[k]) {
			return math.Inf(1)
		}
	}
	return math.NaN()
}

// largest returns the line with the largest element of the numeric gradient.
func (s *suspect) largest(lines [][]int) []int {
	return slices.MaxFunc(lines, func(a, b []int) int {
		return cmp.Compare(maxAbs(s.n.at(a).value), maxAbs(s.n.at(b).value))
	})
}

// apart returns s with the entries of each part, part below part, and what is known
// of the part in place of what is known of the whole.
func (s *suspect) apart(numeric []quantity, analytic [][]float64) *suspect {
	t := &suspect{p: s.p, r: s.r, block: s.block, rows: s.rows * len(numeric), cols: s.cols}
	for i, part := range numeric {
		for k, e := range s.entries {
			t.entries = append(t.entries, Entry{Index: e.Index, Block: e.Block,
				Analytic: analytic[i][k], Numeric: part.value[k], Bound: part.err[k]})
			t.position = append(t.position, i*s.rows*s.cols+s.position[k])
		}
	}
	t.fill()
	return t
}

// isSum reports whether the errors of the parts add up to those of s. If not, they
// are made where the parts are put together, and the parts do not explain them.
func (s *suspect) isSum(apart *suspect, weight float64) bool {
	m := s.exactly(s.n)
	for i, a := range apart.a {
		k := i % len(s.a)
		m.value[k] += weight * (a - apart.n.value[i])
		m.slack[k] += weight * (apart.n.err[i] + inexact*math.Abs(a))
	}
	return s.explains(m)
}

// aloneCause tells what the factors of the rows of all parts mean. If all rows of a
// part have the same, it is the part that has a wrong weight.
func aloneCause(factors []float64, parts int, weight float64) []Cause {
	rows := len(factors) / parts
	excess := make([]float64, parts)
	for i := range excess {
		low, high := span(factors[i*rows : (i+1)*rows])
		if low > high {
			continue // nothing is known of it
		}
		if !isOneFactor(low, high) {
			text := fmt.Sprintf("each of %d parts, taken alone, has a factor of its own in each row, ", parts)
			return lineCause(factors, text+"from %.9g to %.9g, "+rowText)
		}
		excess[i] = weight * (high - 1)
	}
	if lineCause(factors, "") == nil {
		return nil
	}
	return weightsCause(excess, weight)
}
