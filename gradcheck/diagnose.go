package gradcheck

import (
	"fmt"
	"slices"
)

// diagnose returns the explanations of a block with a Fail that fit all of its
// entries, the likeliest first, or none: it does not guess. The entries and the
// remarks of r are complete. The parts are called only where all else leaves the
// cause open.
//
// Explanations are tried from the most special to the most general, because the
// general ones include the special: a block that is twice too large also has a
// factor for each row.
func diagnose(p *Problem, r *Report, block int, parts terms) []Cause {
	s := newSuspect(p, r, block)
	causes := s.state()
	if len(s.wrong()) == 0 {
		return causes // it is a direction that fails, or HessVec
	}
	if c := append(s.notFinite(), s.zero()...); len(c) > 0 {
		return append(causes, c[0])
	}
	for _, try := range []func() []Cause{s.exact, s.otherFactor, s.permuted} {
		if c := try(); len(c) > 0 {
			return append(causes, c...)
		}
	}
	where := s.single() // tells where, but not why
	if len(where) > 0 && where[0].Kind == CauseBlock {
		return append(causes, where...)
	}
	if len(where) == 0 {
		for _, try := range []func() []Cause{s.added, func() []Cause { return s.atRounded(parts) }, s.leak, s.lines} {
			if c := try(); len(c) > 0 {
				return append(causes, c...)
			}
		}
	}
	if parts.numeric != nil {
		causes = append(causes, s.partial(parts, len(where) == 0)...)
	}
	return append(causes, where...)
}

// exact returns the explanations with at most one number that is not known
// beforehand.
func (s *suspect) exact() []Cause {
	return slices.Concat(s.factors(), s.rounded(), s.displaced(), s.elsewhere(), s.decay(), s.offset())
}

func (s *suspect) state() []Cause {
	if !s.r.hasState {
		return nil
	}
	return []Cause{{Kind: CauseState, Text: "it depends on earlier calls: see the remark above"}}
}

func (s *suspect) notFinite() []Cause {
	count, first := 0, ""
	for _, e := range s.entries {
		if !isFinite(e.Analytic) {
			if count == 0 {
				first = fmt.Sprintf("%s is %v", e.Name, e.Analytic)
			}
			count++
		}
	}
	if count == 0 {
		return nil
	}
	if count > 1 {
		first += fmt.Sprintf(", and so on in %d entries", count)
	}
	return []Cause{{Kind: CauseNotFinite, Text: first + ": an overflow, 0/0 or ∞−∞, or Grad does not write there, or adds to what is there"}}
}

func (s *suspect) zero() []Cause {
	for _, a := range s.a {
		if a != 0 {
			return nil
		}
	}
	return []Cause{{Kind: CauseZero, Text: "it is zero: not computed, or computed and not added"}}
}
