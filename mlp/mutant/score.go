package mutant

import "slices"

// An Answer is what a checker says of a gradient.
type Answer int

// The answers.
const (
	Accept    Answer = iota // it is the gradient
	Undecided               // the checker could not tell, and says so
	Reject                  // it is not
)

// String returns "accept", "undecided" or "reject".
func (a Answer) String() string {
	switch a {
	case Accept:
		return "accept"
	case Undecided:
		return "undecided"
	case Reject:
		return "reject"
	}
	return "Answer(?)"
}

// A Checker checks gradients. It may write to p.Theta, and may call p.Func and
// p.Grad as often as it likes; p.Grad may write to whatever it is given.
type Checker func(p Problem) Answer

// A Table holds the answers of one checker.
type Table struct {
	Right []Outcome // on the right gradients, one for each problem
	Wrong []Outcome // on every mutant in every problem where it is wrong, see Effect
}

// An Outcome is one answer.
type Outcome struct {
	Problem int     // its index
	Mutant  string  // its name, or "" for the right gradient
	Effect  float64 // 0 for the right gradient, and what function Effect returns for a wrong one
	Answer  Answer  // of the checker
}

// A Tally counts answers: Accepted, Undecided and Rejected gradients.
type Tally struct{ Accepted, Undecided, Rejected int }

// Total returns the number of answers.
func (t Tally) Total() int { return t.Accepted + t.Undecided + t.Rejected }

// KillRate returns the share of rejections, or NaN if there is no answer.
func (t Tally) KillRate() float64 { return float64(t.Rejected) / float64(t.Total()) }

func (t *Tally) add(a Answer) {
	switch a {
	case Accept:
		t.Accepted++
	case Reject:
		t.Rejected++
	default:
		t.Undecided++
	}
}

// FalseAlarms counts the answers on right gradients.
func (t Table) FalseAlarms() Tally {
	var n Tally
	for _, o := range t.Right {
		n.add(o.Answer)
	}
	return n
}

// Kills counts the answers on wrong gradients whose Effect is at least effect.
func (t Table) Kills(effect float64) Tally {
	var n Tally
	for _, o := range t.Wrong {
		if o.Effect >= effect {
			n.add(o.Answer)
		}
	}
	return n
}

// Mutant counts the answers on one mutant.
func (t Table) Mutant(name string) Tally {
	var n Tally
	for _, o := range t.Wrong {
		if o.Mutant == name {
			n.add(o.Answer)
		}
	}
	return n
}

// Score asks the checkers for the right gradient and for every mutant in every
// problem, and returns a Table for each of them. A mutant that is not wrong in a
// problem, by Effect, is left out there, and so are all where the right gradient has
// an effect itself, as none of Problems has: nobody could tell them from that. Func
// remembers its values, so that they cost little to ask for again.
//
// Of a problem, only Objective and Theta are read. The error is that of Effect.
func Score(problems []Problem, checkers ...Checker) ([]Table, error) {
	tables := make([]Table, len(checkers))
	for i, p := range problems {
		o := p.Objective
		t, err := newTruth(o, p.Theta)
		if err != nil {
			return nil, err
		}
		value := remember(o.Func)
		ask := func(c Checker, grad func(grad, theta []float64)) Answer {
			return c(Problem{value, grad, slices.Clone(p.Theta), o})
		}
		for c := range checkers {
			tables[c].Right = append(tables[c].Right, Outcome{i, "", 0, ask(checkers[c], o.Grad)})
		}
		if t.effect(o.Grad) != 0 {
			continue
		}
		for _, m := range All() {
			effect := t.effect(m.Grad(o))
			if effect == 0 {
				continue
			}
			for c := range checkers {
				tables[c].Wrong = append(tables[c].Wrong, Outcome{i, m.Name, effect, ask(checkers[c], m.Grad(o))})
			}
		}
	}
	return tables, nil
}
