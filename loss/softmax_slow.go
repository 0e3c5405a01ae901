package loss

import (
	"math"
	"math/big"

	"touchstone/internal/round"
)

// nearNothing is what e^d is cut off at: e^−4000 < 2^−5770, as d may be −10^308.
//
// If all d are 0 or below, the results are rational but for parts of them with a
// known sign, below 2^−4600: only the sign counts. If other d are in between, the
// results are irrational, and to be so near a midpoint would take an accident of
// probability 2^−4500.
var nearNothing = big.NewFloat(-4000)

// A slowSum is what the fallbacks work with: one for all entries of a gradient.
type slowSum struct {
	top   int
	d     []*big.Float // yₖ − y_top, exactly; nil where e^d is 0
	count int          // of d = 0
	equal bool         // all d are 0 or nil
	total *big.Rat     // Σ tₖ, exactly

	powers map[uint]*powers // what at has returned
}

// powers are exponentials and sums of them, in intervals of some precision.
type powers struct {
	e     []round.Interval // e^dₖ
	rest  round.Interval   // Σ e^dₖ over all k ≠ top
	total round.Interval   // Σ tₖ
}

func newSlowSum(y, t []float64, top int) *slowSum {
	s := &slowSum{top: top, d: make([]*big.Float, len(y)), equal: true, total: new(big.Rat), powers: map[uint]*powers{}}
	for k, yk := range y {
		s.total.Add(s.total, rat(t[k]))
		switch {
		case yk == y[top]: // also if both are infinite
			s.d[k] = new(big.Float)
			s.count++
		case !math.IsInf(yk-y[top], 0):
			s.d[k] = new(big.Float).SetPrec(2200)
			s.d[k].Sub(big.NewFloat(yk), big.NewFloat(y[top]))
			s.equal = false
		}
	}
	return s
}

// exp returns e^dₖ.
func (s *slowSum) exp(k int, prec uint) round.Interval {
	switch d := s.d[k]; {
	case d == nil:
		return round.Point(0, prec)
	case d.Sign() == 0:
		return round.Point(1, prec)
	case d.Cmp(nearNothing) < 0:
		return round.ExpBig(nearNothing, prec)
	default:
		return round.ExpBig(d, prec)
	}
}

// at returns the powers to prec bits, which are computed once.
func (s *slowSum) at(prec uint) *powers {
	if p := s.powers[prec]; p != nil {
		return p
	}
	p := &powers{e: make([]round.Interval, len(s.d)), rest: round.Point(0, prec), total: interval(s.total, prec)}
	for k := range s.d {
		p.e[k] = s.exp(k, prec)
		if k != s.top {
			p.rest = p.rest.Add(p.e[k])
		}
	}
	s.powers[prec] = p
	return p
}

// interval returns x in an interval.
func interval(x *big.Rat, prec uint) round.Interval {
	return round.Big(new(big.Float).SetInt(x.Num()), prec).Quo(round.Big(new(big.Float).SetInt(x.Denom()), prec))
}

func nearest(x *big.Rat) float64 {
	f, _ := x.Float64()
	return f
}

// value returns Σ tⱼ(y_top − yⱼ) + total·log Σ e^dₖ. The sum has more than one term, as
// the quick phase settles the value of one: 0, or infinite. So with total ≠ 0, the
// logarithm is irrational.
func (s *slowSum) value(t []float64) float64 {
	linear, infinite := new(big.Rat), 0.0
	for j, d := range s.d {
		if d != nil {
			r, _ := d.Rat(nil)
			linear.Sub(linear, r.Mul(r, rat(t[j])))
		} else if t[j] != 0 {
			infinite += float64(t[j] * math.Inf(1))
		}
	}
	switch {
	case infinite != 0:
		return infinite
	case s.total.Sign() == 0:
		return nearest(linear)
	}
	return round.Slow(func(prec uint) round.Interval {
		p := s.at(prec)
		return interval(linear, prec).Add(p.total.Mul(p.rest.Log1p()))
	})
}

// grad returns total·e^dⱼ/Σ e^dₖ − tⱼ. If total·e^dⱼ = c·Σ e^dₖ with a rational c,
// then total = 0, or all dₖ are equal.
func (s *slowSum) grad(j int, tj float64) float64 {
	switch {
	case s.d[j] == nil || s.total.Sign() == 0:
		return 0 - tj
	case s.equal:
		p := new(big.Rat).Quo(s.total, rat(float64(s.count)))
		return nearest(p.Sub(p, rat(tj)))
	}
	return round.Slow(func(prec uint) round.Interval {
		p := s.at(prec)
		sum := p.rest.Add(round.Point(1, prec))
		return p.total.Mul(p.e[j]).Quo(sum).Sub(round.Point(tj, prec))
	})
}
