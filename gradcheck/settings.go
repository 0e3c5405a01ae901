package gradcheck

import "fmt"

// A Mode is a way to find the numerical derivatives.
type Mode int

// The modes.
const (
	// Auto is Certified where Problem.Big is given, else ComplexStep where
	// Problem.Complex is, else Entries; and Directions where X has more than 2000
	// elements and MaxEntries does not limit them.
	Auto Mode = iota
	// Entries differences Func in each element of X, or in a sample of them.
	Entries
	// Directions differences Func along random directions, a few for each block. The
	// cost does not depend on the number of elements.
	Directions
	// Certified differences Problem.Big in each element of X, or in a sample.
	Certified
	// ComplexStep takes the derivatives from the imaginary part of Problem.Complex,
	// in each element of X, or in a sample.
	ComplexStep
)

// String returns "auto", "entries", "directions", "certified" or "complex-step".
func (m Mode) String() string {
	switch m {
	case Auto:
		return "auto"
	case Entries:
		return "entries"
	case Directions:
		return "directions"
	case Certified:
		return "certified"
	case ComplexStep:
		return "complex-step"
	}
	return "Mode(?)"
}

// Settings are the choices of a check. The zero value, like nil, holds the
// defaults.
type Settings struct {
	// Mode says how the numerical derivatives are found.
	Mode Mode
	// MaxEntries, if above 0, is how many elements of X are checked at most, in the
	// modes that go through them: a random sample, spread evenly over each block, of
	// which one at least is taken. See BlockReport.Fraction for what a sample is worth.
	MaxEntries int
	// PerBlock is the number of directions for each block, and for HessVec. 0 stands
	// for 2. A single one can miss an error that happens to be orthogonal to it.
	PerBlock int
	// Seed chooses the samples and the directions. With one seed, one report.
	Seed uint64
	// Resolution is the relative error that must have been visible in an entry for
	// it to pass. 0 stands for DefaultResolution. It does not decide what fails: an
	// entry fails when it is off by more than the error bound of its numerical
	// derivative and what a right gradient may owe to rounding, usually far less. In the
	// mode Certified, without a Scale, an entry that agrees with the derivative to 2⁻⁴⁰
	// passes whatever it might have owed.
	Resolution float64
	// AllowInconclusive makes Assert accept a report that is Inconclusive.
	AllowInconclusive bool
}

// DefaultResolution is used where Settings.Resolution is 0.
const DefaultResolution = 1e-3

// withDefaults returns s with the defaults filled in, or an error.
func (s *Settings) withDefaults(p *Problem) (Settings, error) {
	var c Settings
	if s != nil {
		c = *s
	}
	switch {
	case !(c.Resolution >= 0 && c.Resolution < 1):
		return c, &ProblemError{"Resolution", fmt.Sprintf("is %v, want a number between 0 and 1, or 0 for the default", c.Resolution)}
	case c.PerBlock < 0:
		return c, &ProblemError{"PerBlock", fmt.Sprintf("is %d, want at least 1, or 0 for the default", c.PerBlock)}
	case c.MaxEntries < 0:
		return c, &ProblemError{"MaxEntries", fmt.Sprintf("is %d, want at least 1, or 0 for all", c.MaxEntries)}
	case c.Mode < Auto || c.Mode > ComplexStep:
		return c, &ProblemError{"Mode", fmt.Sprintf("is %d, want one of the modes Auto to ComplexStep", int(c.Mode))}
	case c.Mode == Certified && p.Big == nil:
		return c, &ProblemError{"Big", "is nil in the mode Certified: give it, or take the mode Entries"}
	case c.Mode == ComplexStep && p.Complex == nil:
		return c, &ProblemError{"Complex", "is nil in the mode ComplexStep: give it, or take the mode Entries"}
	}
	if c.Resolution == 0 {
		c.Resolution = DefaultResolution
	}
	if c.PerBlock == 0 {
		c.PerBlock = 2
	}
	if c.Mode == Auto {
		switch {
		case len(p.X) > 2000 && c.MaxEntries == 0:
			c.Mode = Directions
		case p.Big != nil:
			c.Mode = Certified
		case p.Complex != nil:
			c.Mode = ComplexStep
		default:
			c.Mode = Entries
		}
	}
	return c, nil
}
