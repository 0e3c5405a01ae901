package gradcheck

import (
	"math"
	"math/big"
	"slices"
)

// certified checks by differences of Big in each element.
//
// With p bits, the step is 2^−p/4 of the element, or of 1 if that is more: truncation
// is then of the order of 2^−p/2, and the noise 2^−3p/4. The precision grows until the
// derivative is known to more than a float64 has, or to be 0 in float64.
func (c *checker) certified() {
	points := []*bigPoint{c.bigPoint(256), c.bigPoint(1024), c.bigPoint(4096)}
	c.compareBig(points[0])
	for _, i := range c.chosen() {
		f := c.entry(i)
		f.owed = c.owedTo(i, false)
		for _, p := range points {
			if p.judge(f, i) {
				break
			}
		}
		if f.Numeric == 0 && f.Bound < 0x1p-1000 && f.Verdict != Inconclusive && c.moves(f.line) {
			f.Verdict, f.Reason = Inconclusive, "Func moves here, and Big does not"
		}
		f.Allowed = f.Bound + f.owed
		c.take(f)
	}
	if slices.ContainsFunc(points, func(p *bigPoint) bool { return p.short }) {
		c.r.remark(Inconclusive, "Big returned numbers of fewer bits than it was asked for")
	}
}

// moves reports whether Func moves along l, by more than rounding and over a step
// that is not long. Where it is not finite at X it does not.
func (c *checker) moves(l *line) bool {
	noise := noiseIn(c.f0, minNoise)
	for _, t := range [...]float64{0x1p-10, -0x1p-10} {
		if v, _ := l.at(t * l.unit); isClear(v-c.f0, noise) {
			return true
		}
	}
	return false
}

// A bigPoint is x in math/big, and Big there.
type bigPoint struct {
	c    *checker
	prec uint
	x    []*big.Float
	f0   *big.Float // nil if it was not called yet, or is no number
	// short says that Big returned a number of fewer bits than it was asked for.
	short bool
}

func (c *checker) bigPoint(prec uint) *bigPoint {
	p := &bigPoint{c: c, prec: prec, x: make([]*big.Float, len(c.x))}
	for i, v := range c.x {
		p.x[i] = p.number().SetFloat64(v)
	}
	return p
}

func (p *bigPoint) number() *big.Float { return new(big.Float).SetPrec(p.prec) }

// power returns x·2^n.
func (p *bigPoint) power(x *big.Float, n int) *big.Float { return p.number().SetMantExp(x, n) }

// eval returns Big with x[i] moved by h, or nil if that is no number.
func (p *bigPoint) eval(i int, h *big.Float) *big.Float {
	arg := make([]*big.Float, len(p.x))
	for k := range arg {
		arg[k] = p.number().Set(p.x[k])
	}
	arg[i].Add(p.x[i], h)
	moved := p.number().Set(arg[i])
	v := p.c.p.Big(arg, p.prec)
	p.c.r.Evaluations++
	for k := range arg {
		want := p.x[k]
		if k == i {
			want = moved
		}
		p.c.watch("Big", arg[k] != nil && arg[k].Cmp(want) == 0)
	}
	if v == nil || v.IsInf() {
		return nil
	}
	p.short = p.short || v.Prec() < p.prec && v.Sign() != 0
	return new(big.Float).SetPrec(max(v.Prec(), p.prec)).Set(v) // for Big may use its own again
}

// compareBig remarks on a Big that is another function than Func.
func (c *checker) compareBig(p *bigPoint) {
	p.f0 = p.eval(0, p.number())
	if p.f0 == nil || !isFinite(c.f0) {
		return // the entries will tell, or Big is there for this very case
	}
	b, _ := p.f0.Float64()
	allowed := 1e-6 * math.Max(math.Abs(b), math.Abs(c.f0))
	if !isWithin(b, c.f0, allowed) && !isWithin(b, c.f0, allowed+100*c.noiseLevel(c.x)) {
		c.r.remark(Inconclusive, "Big is not the same function as Func")
	}
}

// slopes are difference quotients of Big at the steps h and h/4.
type slopes struct {
	right, left [2]*big.Float // nil to the side of an edge
	noise       *big.Float    // in each
}

// slopes returns the quotients in element i, to the given side or, for 0, to both.
// It is false if Big is not finite there.
func (p *bigPoint) slopes(i, side int, h *big.Float) (s slopes, ok bool) {
	if p.f0 == nil {
		p.f0 = p.eval(i, p.number())
	}
	if p.f0 == nil {
		return s, false
	}
	top := p.number().Abs(p.f0)
	for k := range 2 {
		for _, sign := range [...]int{1, -1} {
			if sign == -side {
				continue
			}
			step, to := h, &s.right
			if sign == -1 {
				step, to = p.number().Neg(h), &s.left
			}
			v := p.eval(i, step)
			if v == nil {
				return s, false
			}
			top.Add(top, p.number().Abs(v))
			to[k] = p.number().Quo(p.number().Sub(v, p.f0), step)
		}
		h = p.power(h, -2)
	}
	s.noise = p.number().Quo(p.power(top, 12-int(p.prec)), h)
	return s, true
}

// isKinked reports whether the quotients to the right and to the left differ in
// the limit: of a smooth function their difference falls with the step, to a
// quarter.
func (p *bigPoint) isKinked(s slopes) bool {
	gap := func(k int) *big.Float { return p.number().Abs(p.number().Sub(s.right[k], s.left[k])) }
	return less(gap(0), p.power(gap(1), 1)) && less(p.power(s.noise, 4), gap(1))
}

// extrapolated returns the derivative and a bound on its error. One more power of
// the step is removed: h² from central differences, h from others. The last move
// is far more than what remains.
func (p *bigPoint) extrapolated(s slopes) (value, bound *big.Float) {
	d, weight := s.right, 3.0
	switch {
	case s.right[0] == nil:
		d = s.left
	case s.left[0] != nil:
		weight = 15
		for k := range d {
			d[k] = p.power(p.number().Add(s.right[k], s.left[k]), -1)
		}
	}
	move := p.number().Sub(d[1], d[0])
	value = p.number().Add(d[1], p.number().Quo(move, p.number().SetFloat64(weight)))
	return value, p.number().Add(move.Abs(move), s.noise)
}

// judge judges f, element i, and reports whether the precision is enough.
func (p *bigPoint) judge(f *finding, i int) (done bool) {
	side, ok := f.line.side()
	if !ok {
		f.Verdict, f.Reason = Inconclusive, "there is no room for differences"
		return true
	}
	exponent := -int(p.prec) / 4
	if side != 0 {
		exponent = -int(p.prec) / 3 // one-sided differences converge more slowly
	}
	s, ok := p.slopes(i, side, p.power(p.number().SetFloat64(f.line.unit), exponent))
	switch {
	case !ok:
		f.Verdict, f.Reason = Inconclusive, "Big is not finite here"
		return false // it may be with shorter steps
	case side == 0 && p.isKinked(s):
		f.judgeKink(s.left[1], s.right[1])
		return false // it may be near, and beyond shorter steps
	}
	value, bound := p.extrapolated(s)
	return p.judgeValue(f, i, value, bound)
}

// judgeKink judges f where Big has the given slopes to either side.
func (f *finding) judgeKink(left, right *big.Float) {
	l, _ := left.Float64()
	r, _ := right.Float64()
	f.Numeric, f.Bound = (l+r)/2, math.Abs(l-r)/2
	f.Verdict, f.Reason = Inconclusive, "Big has a kink here"
	if !isWithin(f.Analytic, f.Numeric, f.Bound+f.owed) {
		f.Verdict, f.Reason = Fail, "Big has a kink here, and this is outside its slopes"
	}
}

// judgeValue judges f, element i, by a derivative within bound of value, and reports
// whether that is known well enough. It asks what more a right gradient may owe to
// rounding before a no.
func (p *bigPoint) judgeValue(f *finding, i int, value, bound *big.Float) (done bool) {
	size := new(big.Float).Abs(value)
	known := !less(new(big.Float).SetMantExp(size, -64), bound) ||
		!less(new(big.Float).SetMantExp(big.NewFloat(1), -1080), bound)

	f.Numeric, _ = value.Float64()
	f.derivative.value = f.Numeric
	off := new(big.Float).SetPrec(value.Prec()+1100).Sub(value, big.NewFloat(f.Numeric))
	off.Abs(off)
	f.Bound = above(off.Add(off, bound))
	f.setDetectable()
	switch {
	case math.IsNaN(f.Analytic):
		f.Verdict, f.Reason = Fail, "not a number, or not written by Grad"
		return known
	case math.IsInf(f.Numeric, 0) && f.Analytic == f.Numeric:
		f.Bound, f.MinDetectable, f.Verdict, f.Reason = 0, 0, Pass, "" // an overflow, rightly
		return known
	case math.IsInf(f.Numeric, 0) || math.IsInf(f.Analytic, 0):
		f.MinDetectable, f.Verdict, f.Reason = 0, Fail, "finite where the truth overflows, or the reverse"
		return known
	}
	wrong := func() bool {
		// A right gradient may underflow.
		return isBeyond(f.Analytic, f.Numeric, f.Bound+f.owed+0x1p-1074)
	}
	switch {
	case !known:
		f.Verdict, f.Reason = Inconclusive, "the differences do not converge"
	case wrong():
		f.owed = p.c.owedTo(i, true)
		if f.setDetectable(); wrong() {
			f.Verdict, f.Reason = Fail, ""
			return true
		}
		fallthrough
	default:
		f.Verdict, f.Reason = Pass, ""
		// Without a Scale, what it may owe is a guess. If it owes nothing, no matter.
		agrees := p.c.p.Scale == nil && isWithin(f.Analytic, f.Numeric, f.Bound+inexact*math.Abs(f.Numeric))
		if !agrees && f.owed > max(p.c.s.Resolution*math.Abs(f.Numeric), 0x1p-1000) {
			f.Verdict, f.Reason = Inconclusive, "the derivative is lost in the rounding of Grad"
		}
	}
	return known
}

// setDetectable sets the relative error that would be seen: of a derivative that is 0 in
// float64, any other value.
func (f *finding) setDetectable() {
	f.MinDetectable = 0
	if s := math.Max(math.Abs(f.Numeric), math.Abs(f.Analytic)); s > 0 {
		f.MinDetectable = (f.Bound + f.owed) / s
	}
}

// less reports whether a is below b.
func less(a, b *big.Float) bool { return a.Cmp(b) < 0 }

// above returns a float64 that is not below x ≥ 0.
func above(x *big.Float) float64 {
	v, accuracy := x.Float64()
	if accuracy == big.Below {
		v = math.Nextafter(v, math.Inf(1))
	}
	return v
}
