package gradcheck

import (
	"iter"
	"math"
	"slices"
)

// inexact is the relative error that a right gradient may have: it sums in its own
// order, over as many terms as there are samples.
const inexact = 0x1p-40

// doubt enlarges the bounds before a no: Grad rounds like Func.
const doubt = 2

// owed estimates the rounding errors of Grad. It costs 18 calls of Grad and is
// only asked for before a no.
type owed struct {
	noise []float64 // in each element
	limit []float64 // by block: above it, noise is not rounding
}

// owedTo returns what a right gradient may owe to rounding in element i. That is a
// small part of its size, and a few units of rounding of the largest element of the
// block. Where terms cancel, as near a minimum, it may be more: the measured noise,
// if that is of the size of rounding errors in float64 against the block, or against
// the changes of the block over the size of x.
func (c *checker) owedTo(i int, ask bool) float64 {
	if c.p.Scale != nil {
		return ulp * c.p.Scale[i]
	}
	b := c.block[i]
	small := inexact*math.Abs(c.g[i]) + c.least[b]
	if !ask {
		return small
	}
	if c.owed == nil {
		o := &owed{limit: make([]float64, len(c.r.Blocks))}
		var change []float64
		o.noise, change = c.gradNoise()
		for k, b := range c.block {
			if size := math.Abs(c.g[k]) + change[k]; isFinite(size) {
				o.limit[b] = math.Max(o.limit[b], 0x1p-38*size)
			}
		}
		c.owed = o
	}
	return small + math.Min(2*noiseFactor*c.owed.noise[i], c.owed.limit[b])
}

// owe returns what a right gradient may owe along the direction of f: errors of
// the elements are independent.
func (c *checker) owe(f *finding, ask bool) float64 {
	if f.v == nil {
		return c.owedTo(f.index[0], ask)
	}
	sum, length := 0.0, 0.0
	for k, i := range f.index {
		length = math.Hypot(length, c.owedTo(i, ask)*f.v[k])
		sum += math.Abs(c.g[i] * f.v[k])
	}
	if c.p.Scale != nil {
		length *= noiseFactor // it bounds single errors, which may lean to one side
	}
	return length + 0x1p-50*sum
}

// settle finds the derivatives for the given findings, whose analytic values are
// set, and their verdicts.
func (c *checker) settle(list []*finding) {
	var failed []*finding
	for _, f := range list {
		if !isFinite(c.f0) {
			f.Verdict, f.Reason = Inconclusive, "Func is not finite at X"
			continue
		}
		f.derivative, f.owed = derive(f.line, firstStep, f.f0, f.noise), c.owe(f, false)
		switch f.decide(c.s.Resolution); {
		case f.Verdict == Fail && isFinite(f.Analytic):
			failed = append(failed, f)
		case f.Verdict == Pass && (!f.holds() || c.isFine(f)):
			f.Verdict, f.Reason = Inconclusive, "Func moves otherwise over shorter steps"
		}
	}
	for _, f := range failed[:min(len(failed), c.searches)] {
		c.jump = math.Max(c.jump, largestJump(f.line, f.side, c.noise))
		c.searches--
	}
	for _, f := range failed {
		noise := math.Max(f.noise, c.jump)
		for _, t := range [...]float64{f.step, -f.step} {
			f.line.at(t)
			noise = math.Max(noise, c.noiseLevel(slices.Clone(c.point)))
		}
		c.secondOpinion(f, noise, c.owe(f, true))
	}
}

// secondOpinion judges f again, before a no: with noise that may be larger elsewhere
// (near a minimum of value 0 there is none at x itself), with as much again for the
// gradient, which rounds like Func, with what the gradient owes to rounding, and
// with other steps, which do not share an accident of the first.
func (c *checker) secondOpinion(f *finding, noise, owed float64) {
	f.factor, f.owed = doubt, owed
	if f.value == 0 && f.slope() == 0 {
		noise = math.Max(noise, ulp*c.through(f))
	}
	f.derivative = derive(f.line, firstStep, f.f0, noise)
	first := f.derivative
	if f.decide(c.s.Resolution); f.Verdict != Fail {
		return
	}
	f.derivative = derive(f.line, otherStep, f.f0, noise)
	if f.decide(c.s.Resolution); f.Verdict != Fail {
		return
	}
	other := f.derivative
	f.derivative = first
	f.decide(c.s.Resolution)
	apart := isBeyond(first.value, other.value, max(first.bound+other.bound, math.Abs(f.Analytic-first.value)/4))
	if apart || f.contradicted(noise) || f.explained() || f.bends(noise) {
		f.Verdict, f.Reason = Inconclusive, "the differences contradict each other"
	}
}

// through returns the size of what a function that is constant along f may have gone
// through, and lost all that is small beside it: the 1 of which the log of a saturated
// probability is taken, or the elements that f moves, of which one may be subtracted
// again.
func (c *checker) through(f *finding) float64 {
	size := 1.0
	for _, i := range f.index {
		size = math.Max(size, math.Abs(c.x[i]))
	}
	return size
}

// move returns the change of the function over the step t, to the sides that the
// differences of f take, and the width of it.
func (f *finding) move(t float64) (width, change float64) {
	hi, up, lo, down := f.f0, 0.0, f.f0, 0.0
	if f.side >= 0 {
		hi, up = f.line.at(t)
	}
	if f.side <= 0 {
		lo, down = f.line.at(-t)
	}
	return up - down, hi - lo
}

// steps yields t and shorter steps, as long as they are above least.
func steps(t, least float64) iter.Seq[float64] {
	return func(yield func(float64) bool) {
		for s := t; s > least; s /= shrink {
			if !yield(s) {
				return
			}
		}
	}
}

// holds reports, before a yes, whether the derivative of f also describes a much
// shorter step: a function with structure far finer than the steps could have any
// slope at x.
func (f *finding) holds() bool {
	t := math.Min(math.Sqrt(f.step*0x1p-20*f.line.unit), f.step/16)
	width, change := f.move(t)
	rest := f.rest * t / f.step // falls as the step or its square
	if f.side == 0 {
		rest *= t / f.step
	}
	noise := noiseIn(math.Max(math.Abs(f.f0), math.Abs(change)), f.noise)
	return isWithin(change, width*f.value, noise+width*(f.bound+2*rest))
}

// contradicted reports whether the function, over steps shorter than those of f,
// moves otherwise than by its derivative, by more than noise and by an amount that
// matters to the verdict: then it is made of pieces that the longer steps have
// blurred, by a small kink or by the steps of a rounded probability.
//
// What is left of the change of a smooth function without its derivative falls by 13
// at least from one step to the next; over another piece it falls by 3.7.
func (f *finding) contradicted(noise float64) bool {
	off := math.Abs(f.Analytic - f.value)
	last := math.Inf(1)
	for t := range steps(f.step, 0x1p-40*f.line.unit) {
		width, change := f.move(t)
		rest := math.Abs(change - width*f.value)
		if rest > max(last/8, width*off/4, noiseIn(f.f0, noise)+2*width*f.bound) {
			return true
		}
		last = rest
	}
	return false
}

// bends reports whether the quotients to the two sides stay apart as the step
// shrinks, with the analytic value between them. Central differences are blind to
// such a kink, and converge all the same, where a second derivative hides it from
// longer steps.
func (f *finding) bends(noise float64) bool {
	if f.side != 0 {
		return false
	}
	last, run := math.Inf(1), 0
	for t := range steps(f.step, 0x1p-40*f.line.unit) {
		hi, up := f.line.at(t)
		lo, down := f.line.at(-t)
		right, left := (hi-f.f0)/up, (lo-f.f0)/down
		gap := right - left
		switch {
		case !isClear(gap, noiseIn(f.f0, noise)/t):
			return false
		case stays(gap, last):
			if run++; run >= 2 {
				return isWithin(f.Analytic, (right+left)/2, math.Abs(gap)*5/8)
			}
		default:
			run = 0
		}
		last = gap
	}
	return false
}

// decide sets the verdict of f from its derivative.
func (f *finding) decide(resolution float64) {
	e, d := f.Entry, &f.derivative
	e.Numeric, e.Bound, e.Reason = d.value, f.factor*d.bound, ""
	e.Allowed = e.Bound + f.owed
	size := math.Max(math.Abs(e.Analytic), math.Abs(e.Numeric))
	if e.Analytic == 0 {
		// A zero has no size to compare with. But where the function moves and
		// comes back, as at a minimum, a zero derivative is a statement.
		size = max(math.Abs(e.Numeric), d.slope(), f.size)
	}
	e.MinDetectable = (doubt*d.bound + f.owed) / size
	if math.IsNaN(e.MinDetectable) {
		e.MinDetectable = math.Inf(1)
	}
	margin := d.noise + d.move + math.Abs(d.right-d.left)/8 + f.owed // the quotients are not yet the slopes
	low, high := math.Min(d.left, d.right)-margin, math.Max(d.left, d.right)+margin
	switch {
	case math.IsNaN(e.Analytic):
		e.Verdict, e.Reason = Fail, "not a number, or not written by Grad"
	case math.IsInf(e.Analytic, 0) && !d.kinked && math.IsInf(e.Bound, 1):
		e.Verdict, e.Reason = Inconclusive, "infinite, and the differences do not converge"
	case math.IsInf(e.Analytic, 0):
		e.Verdict, e.Reason = Fail, "infinite, and "+f.of+" has a finite slope"
	case d.kinked && low <= e.Analytic && e.Analytic <= high:
		e.Verdict, e.Reason = Inconclusive, f.of+" seems to have a kink here"
	case d.kinked:
		e.Verdict, e.Reason = Fail, f.of+" seems to have a kink here, and this is outside its slopes"
		e.Numeric, e.Allowed = (low+high)/2, (high-low)/2
		e.Bound = e.Allowed - f.owed
	case math.IsInf(e.Bound, 1) && f.line.crossed:
		e.Verdict, e.Reason = Inconclusive, "a kink, by Branch, is too near"
	case math.IsInf(e.Bound, 1) && !d.above && !d.below:
		e.Verdict, e.Reason = Inconclusive, f.of+" has no value to difference: it is not finite, or there is no room in its domain"
	case math.IsInf(e.Bound, 1):
		e.Verdict, e.Reason = Inconclusive, "the differences do not converge"
	case isBeyond(e.Analytic, e.Numeric, e.Bound+f.owed):
		e.Verdict = Fail
	case e.MinDetectable <= resolution:
		e.Verdict = Pass
	case e.Analytic == 0 && e.Numeric == 0:
		e.Verdict, e.Reason = Inconclusive, "0 = 0: nothing moves here"
	case doubt*d.bound <= resolution*size:
		e.Verdict, e.Reason = Inconclusive, "the derivative is lost in the rounding of Grad"
	case d.bound <= 2*d.noise:
		e.Verdict, e.Reason = Inconclusive, "the derivative is lost in the noise of "+f.of
	default:
		e.Verdict, e.Reason = Inconclusive, "the derivatives of "+f.of+" over several steps agree too little"
	}
}
