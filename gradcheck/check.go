// Package gradcheck tells whether a gradient is the derivative of a function. It
// knows nothing of networks and imports only the standard library.
//
// The usual checker compares central differences at one step with one tolerance.
// It lets wrong gradients pass where both sides are near zero, and rejects right
// ones where the difference is poor. Here each numerical derivative comes with a
// bound on its own error, found by extrapolation over several steps and by
// measuring the noise of the function, and each entry gets one of three
// verdicts:
//
//   - Fail: the gradient differs from the numerical derivative by more than the bound;
//   - Pass: it does not, and the bound is small against the derivative, so that a
//     wrong value would have been seen;
//   - Inconclusive: it does not, but the bound is too wide to tell. A saturated
//     0 = 0 is the typical case. It is not a pass.
//
// # Modes
//
// By default each element of X is differenced: about twelve evaluations of the
// function for each, and thirty in all; a hundred and fifty more for each that is to
// fail, and another seven hundred for each of the first eight of those, and once where
// the function is noisy.
// Where X is large, random directions are: two for each block of X, at ten
// evaluations each, whatever its size. A direction that fails is followed down to
// an element, and a few others of its block are looked at. With the function in math/big
// the derivatives are right to the last bit (Certified), and with one that takes complex numbers nearly so
// (ComplexStep). A Hessian-vector product is compared with differences of the
// gradient.
//
// # To see more
//
// A Problem needs a function, its gradient and a point. What else it can have does not
// change what is right, but what is seen of it. Blocks are judged each by itself: of two
// directions over all of X a small block is a small part, and a mistake in it may be
// lost beside a large one; and the report names matrix, row and column. With Sizes it
// names the number that a gradient is off by; with Parts, the sample that is missing or
// counted twice; with PartGrad, what is wrong in the gradient of each sample, which
// their sum hides. Big or Complex see where differences are lost in noise.
//
// # Guards
//
// A check that cannot fail is worth nothing, so each judges four gradients that
// are known to be wrong by the same data: zero, negated, doubled and permuted. The
// functions are called twice and watched: they must give the same again, and not
// write to x. Kinks, edges of the domain, NaN and Inf are said to be what they are.
//
// A function that computes in steps, such as a table, or the cross-entropy of a
// sigmoid that has rounded to nearly 1, has differences that are those of the
// steps. Where this shows, the entry is Inconclusive.
//
// A component of the function whose waves are shorter than about a millionth of x, or of 1,
// looks like such steps, or like noise. It is told from them where it can be, and then the
// entry is Inconclusive. But it is a limit: of components that are finer, or slighter, a
// wrong derivative may pass and a right one fail. Certified has no such limit.
package gradcheck

// A Verdict is the outcome of a check.
type Verdict int

// The verdicts, from best to worst.
const (
	Pass Verdict = iota
	Inconclusive
	Fail
)

// String returns "PASS", "INCONCLUSIVE" or "FAIL".
func (v Verdict) String() string {
	switch v {
	case Pass:
		return "PASS"
	case Inconclusive:
		return "INCONCLUSIVE"
	case Fail:
		return "FAIL"
	}
	return "Verdict(?)"
}

// Check compares p.Grad with numerical derivatives of p.Func at p.X, and p.HessVec,
// if there is one, with those of p.Grad. A nil s stands for the defaults.
//
// It also fails a gradient that depends on what was in its argument or on earlier
// calls, and functions that modify x. A Func with two values at one x makes the
// report Inconclusive, as does one that is not finite at X.
//
// The error is a *ProblemError for a problem that cannot be checked at all: a
// nil function, an empty or non-finite X or one outside its domain, a Block
// outside X, slices of other lengths, Settings out of range. Then the report is
// nil.
//
// The same problem and Settings give the same report.
func Check(p Problem, s *Settings) (*Report, error) {
	if err := p.validate(); err != nil {
		return nil, err
	}
	settings, err := s.withDefaults(&p)
	if err != nil {
		return nil, err
	}
	c := newChecker(p, settings)
	c.begin()
	switch c.s.Mode {
	case Directions:
		c.directions()
	case Certified:
		c.certified()
	case ComplexStep:
		c.complexStep()
	default:
		c.entries()
	}
	c.controls()
	if p.HessVec != nil {
		c.second()
	}
	for b := range c.r.Blocks {
		if c.r.Blocks[b].Failed > 0 {
			c.r.Blocks[b].Causes = diagnose(&c.p, c.r, b, c.terms())
		}
	}
	return c.r, nil
}
