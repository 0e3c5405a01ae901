package gradcheck

import (
	"fmt"
	"slices"
)

// single tells where the errors are, if they are in one entry, row or column, or
// in few entries, and the rest is right; and what is there instead, if that is
// known.
func (s *suspect) single() []Cause {
	wrong, right := s.wrong(), 0
	for _, e := range s.entries {
		if e.Verdict == Pass {
			right++
		}
	}
	if len(wrong) == 0 || right == 0 || 2*right < len(s.a)-len(wrong) {
		return nil
	}
	text := s.where(wrong)
	if text == "" {
		return nil
	}
	text = "only " + text
	if !s.whole {
		text = fmt.Sprintf("of the %d entries looked at, %s", len(s.a), text)
	}
	t := s.only(wrong)
	kind := CauseSingle
	if c := slices.Concat(t.zero(), t.added(), t.factors()); len(c) > 0 {
		text += ": " + c[0].Text
		if c[0].Kind == CauseBlock {
			kind = CauseBlock
		}
	}
	return []Cause{{Kind: kind, Text: text}}
}

// where names the wrong entries, or returns "" if there is no name for them. That they are
// at an end is a hint at a loop that does not reach them if they are zero.
func (s *suspect) where(wrong []int) string {
	first := s.position[wrong[0]]
	end := func(k, n int) string {
		if s.only(wrong).zero() == nil {
			return ""
		}
		return endOf(k, n)
	}
	switch {
	case len(wrong) == 1:
		return s.entries[wrong[0]].Name + " is wrong" + end(first, s.rows*s.cols)
	case s.rows > 1 && s.fillLine(wrong, func(at int) bool { return at/s.cols == first/s.cols }):
		return fmt.Sprintf("row %d is wrong", first/s.cols) + end(first/s.cols, s.rows)
	case s.cols > 1 && s.fillLine(wrong, func(at int) bool { return at%s.cols == first%s.cols }):
		return fmt.Sprintf("column %d is wrong", first%s.cols) + end(first%s.cols, s.cols)
	case 4*len(wrong) <= len(s.a):
		return fmt.Sprintf("%d of %d entries are wrong, the first is %s", len(wrong), len(s.a), s.entries[wrong[0]].Name)
	}
	return ""
}

// fillLine reports whether all the wrong entries are in a line, and are most of it.
func (s *suspect) fillLine(wrong []int, inLine func(position int) bool) bool {
	for _, k := range wrong {
		if !inLine(s.position[k]) {
			return false
		}
	}
	length := 0
	for _, at := range s.position {
		if inLine(at) {
			length++
		}
	}
	return 2*len(wrong) > length
}

// endOf says of the element k of n that it is the last, or the first.
func endOf(k, n int) string {
	switch k {
	case n - 1:
		return ", the last (a loop that ends too early?)"
	case 0:
		return ", the first (a loop that starts too late?)"
	}
	return ""
}
