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

// A slowSum is what the fallbacks work with.
type slowSum struct {
	d     []*big.Float // yₖ − y_top, exactly; nil where e^d is 0
	count int          // of d = 0
	equal bool         // all d are 0 or nil
	total *big.Rat     // Σ tₖ, exactly
}

func newSlowSum(y, t []float64, top int) slowSum {
	s := slowSum{d: make([]*big.Float, len(y)), equal: true, total: new(big.Rat)}
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

// rest returns Σ e^dₖ over all k ≠ top.
func (s *slowSum) rest(top int, prec uint) round.Interval {
	sum := round.Point(0, prec)
	for k := range s.d {
		if k != top {
			sum = sum.Add(s.exp(k, prec))
		}
	}
	return sum
}

// interval returns x in an interval.
func interval(x *big.Rat, prec uint) round.Interval {
	return round.Big(new(big.Float).SetInt(x.Num()), prec).Quo(round.Big(new(big.Float).SetInt(x.Denom()), prec))
}

func nearest(x *big.Rat) float64 {
	f, _ := x.Float64()
	return f
}

// slowSoftmax returns Σ tⱼ(y_top − yⱼ) + total·log Σ e^dₖ. With total ≠ 0 and more
// than one term in the sum, the logarithm is irrational. Of one term, it is 0.
func slowSoftmax(y, t []float64, top int) float64 {
	s := newSlowSum(y, t, top)
	linear, infinite, terms := new(big.Rat), 0.0, 0
	for j, d := range s.d {
		if d != nil {
			terms++
			r, _ := d.Rat(nil)
			linear.Sub(linear, r.Mul(r, rat(t[j])))
		} else if t[j] != 0 {
			infinite += t[j] * math.Inf(1)
		}
	}
	switch {
	case infinite != 0:
		return infinite
	case terms == 1 || s.total.Sign() == 0:
		return nearest(linear)
	}
	return round.Slow(func(prec uint) round.Interval {
		return interval(linear, prec).Add(interval(s.total, prec).Mul(s.rest(top, prec).Log1p()))
	})
}

// slowSoftmaxGrad returns total·e^dⱼ/Σ e^dₖ − tⱼ. If total·e^dⱼ = c·Σ e^dₖ with a
// rational c, then total = 0, or all dₖ are equal.
func slowSoftmaxGrad(y, t []float64, top, j int) float64 {
	s := newSlowSum(y, t, top)
	switch {
	case s.d[j] == nil || s.total.Sign() == 0:
		return 0 - t[j]
	case s.equal:
		p := new(big.Rat).Quo(s.total, rat(float64(s.count)))
		return nearest(p.Sub(p, rat(t[j])))
	}
	return round.Slow(func(prec uint) round.Interval {
		sum := s.rest(top, prec).Add(round.Point(1, prec))
		return interval(s.total, prec).Mul(s.exp(j, prec)).Quo(sum).Sub(round.Point(t[j], prec))
	})
}
