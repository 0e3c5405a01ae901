package gradcheck

import (
	"fmt"
	"math"
	"math/bits"
	"slices"
)

// rounded looks for a gradient that was stored in fewer bits, or as multiples of a
// power of 2.
func (s *suspect) rounded() []Cause {
	most, nonzero, spare := 0, 0, 0
	lowest := math.MaxInt
	for k, a := range s.a {
		if a == 0 {
			continue
		}
		n := significantBits(a)
		_, exponent := math.Frexp(a)
		most, lowest = max(most, n), min(lowest, exponent-n)
		if !math.IsInf(s.n.err[k], 1) {
			nonzero++
			spare += 53 - n - 2 // zeros at the end are no accident if there are many; one or two are
		}
	}
	if spare < enough {
		return nil
	}
	for _, f := range formats {
		if most > f.precision {
			continue
		}
		// But neither are they in numbers that are simple anyway.
		if most <= f.precision/2 || nonzero < 2 && f.precision < 24 || !s.within(math.Ldexp(1, 4-f.precision), 0) {
			return nil
		}
		return []Cause{{Kind: CauseFloat32, Text: "all its numbers are " + f.name + ": it is computed or stored in less than float64"}}
	}
	if nonzero < 2 || !s.within(0, math.Ldexp(1, lowest)) {
		return nil
	}
	return []Cause{{Kind: CauseFloat32, Text: fmt.Sprintf("all its numbers are multiples of 2^%d: it is rounded to fixed point", lowest)}}
}

// formats are those with fewer bits than float64.
var formats = []struct {
	name      string
	precision int
}{{"bfloat16", 8}, {"float16", 11}, {"float32", 24}}

// atRounded looks for the gradient at an argument that was stored in fewer bits.
func (s *suspect) atRounded(d terms) []Cause {
	if d.at == nil {
		return nil
	}
	for _, f := range formats {
		x, ok := slices.Clone(s.p.X), true
		for i, v := range x {
			fraction, exponent := math.Frexp(v)
			x[i] = math.Ldexp(math.RoundToEven(math.Ldexp(fraction, f.precision)), exponent-f.precision)
			ok = ok && s.p.contains(i, x[i])
		}
		if !ok || slices.Equal(x, s.p.X) {
			continue
		}
		m := s.exactly(d.at(x, s.entries))
		m.price = math.Log2(float64(len(formats)))
		if s.explains(m) {
			return []Cause{{Kind: CauseFloat32, Text: "it is the gradient at x rounded to " + f.name}}
		}
	}
	return nil
}

// within reports whether all entries are right but for an error of abs, and of rel
// relative to the largest of their row: a sum loses what its terms lose.
func (s *suspect) within(rel, abs float64) bool {
	lines := s.byRow()
	if s.cols == 1 {
		lines = s.byColumn()
	}
	for _, line := range lines {
		largest := 0.0
		for _, k := range line {
			largest = math.Max(largest, math.Abs(s.a[k]))
		}
		for _, k := range line {
			if !isWithin(s.a[k], s.n.value[k], abs+float64(rel*largest)+s.n.err[k]) {
				return false
			}
		}
	}
	return true
}

// significantBits returns the length of the significand of v ≠ 0.
func significantBits(v float64) int {
	fraction, _ := math.Frexp(v)
	return 53 - bits.TrailingZeros64(uint64(math.Ldexp(math.Abs(fraction), 53)))
}

// leak looks for relative errors scattered to both sides as rounding in float32
// makes them, in numbers that are not float32 themselves, in all blocks that fail.
func (s *suspect) leak() []Cause {
	t := s.together(math.MaxInt)
	var errors []float64
	above, below := 0, 0 // what is exact is neither
	for k, a := range t.a {
		if !t.n.isKnown(k, 0x1p-27) {
			continue
		}
		n := t.n.value[k]
		rel := (a - n) / n
		if math.Abs(rel) > 0x1p-16 {
			return nil
		}
		switch {
		case rel > 0:
			above++
		case rel < 0:
			below++
		}
		errors = append(errors, math.Abs(rel))
	}
	count := len(errors)
	if count < 6 || min(above, below) < (count+4)/5 {
		return nil
	}
	if m := median(errors); m < 0x1p-28 || m > 0x1p-22 {
		return nil
	}
	return []Cause{{Kind: CauseFloat32, Text: "its errors are of the size of rounding in float32, to both sides: a step is computed in float32"}}
}
