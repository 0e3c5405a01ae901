package round

import (
	"math"
	"math/big"
	"slices"

	"touchstone/internal/bigfloat"
)

// Slow returns the float64 nearest the number that f(prec) contains, for every
// prec, in intervals that shrink with 2^−prec. It does not return if that number is a
// float64 or a midpoint of two, unless the interval is a point.
//
// The zero of a number that underflows has its sign.
func Slow(f func(prec uint) Interval) float64 {
	for prec := uint(200); ; prec *= 2 {
		v := f(prec)
		lo, _ := v.lo.Float64() // to nearest even, also where it is subnormal or overflows
		hi, _ := v.hi.Float64()
		if math.Float64bits(lo) == math.Float64bits(hi) {
			return lo
		}
	}
}

// An Interval contains a number. The operations round its ends outwards, to the
// larger precision of the operands.
type Interval struct{ lo, hi *big.Float }

// Point returns the interval of x alone, for operations at prec bits.
func Point(x float64, prec uint) Interval { return Big(new(big.Float).SetFloat64(x), prec) }

// Big returns an interval around x, rounded to prec bits.
func Big(x *big.Float, prec uint) Interval {
	return Interval{down(prec).Set(x), up(prec).Set(x)}
}

// around returns an interval around the number that a function of package bigfloat
// has approximated by v, with a relative error of at most 2^−prec·(1+2^−31).
func around(v *big.Float, prec uint) Interval {
	if v.Sign() == 0 {
		panic("round: a zero has no relative error")
	}
	d := new(big.Float).SetMantExp(v, 1-int(prec))
	d.Abs(d)
	return Interval{down(prec).Sub(v, d), up(prec).Add(v, d)}
}

func down(prec uint) *big.Float {
	return new(big.Float).SetPrec(prec).SetMode(big.ToNegativeInf)
}

func up(prec uint) *big.Float {
	return new(big.Float).SetPrec(prec).SetMode(big.ToPositiveInf)
}

func prec(x, y Interval) uint { return max(x.lo.Prec(), y.lo.Prec()) }

// Add returns x+y.
func (x Interval) Add(y Interval) Interval {
	p := prec(x, y)
	return Interval{down(p).Add(x.lo, y.lo), up(p).Add(x.hi, y.hi)}
}

// Neg returns −x.
func (x Interval) Neg() Interval {
	p := x.lo.Prec()
	return Interval{down(p).Neg(x.hi), up(p).Neg(x.lo)}
}

// Sub returns x−y.
func (x Interval) Sub(y Interval) Interval { return x.Add(y.Neg()) }

// Mul returns x·y, which ends at products of ends.
func (x Interval) Mul(y Interval) Interval {
	p := prec(x, y)
	var lo, hi [4]*big.Float
	for i, c := range [...][2]*big.Float{{x.lo, y.lo}, {x.lo, y.hi}, {x.hi, y.lo}, {x.hi, y.hi}} {
		lo[i], hi[i] = down(p).Mul(c[0], c[1]), up(p).Mul(c[0], c[1])
	}
	return Interval{slices.MinFunc(lo[:], (*big.Float).Cmp), slices.MaxFunc(hi[:], (*big.Float).Cmp)}
}

// Quo returns x/y. It panics unless y > 0.
func (x Interval) Quo(y Interval) Interval {
	if y.lo.Sign() <= 0 {
		panic("round: Quo by an interval that is not positive")
	}
	p := prec(x, y)
	one := new(big.Float).SetInt64(1)
	return x.Mul(Interval{down(p).Quo(one, y.hi), up(p).Quo(one, y.lo)})
}

// Exp returns e^x for |x| ≤ 2³⁰.
func Exp(x float64, prec uint) Interval { return ExpBig(new(big.Float).SetFloat64(x), prec) }

// ExpBig returns e^x for |x| ≤ 2³⁰.
func ExpBig(x *big.Float, prec uint) Interval { return around(bigfloat.Exp(x, prec), prec) }

// Expm1 returns e^x − 1 for x ≠ 0, |x| ≤ 2³⁰.
func Expm1(x float64, prec uint) Interval {
	return around(bigfloat.Expm1(new(big.Float).SetFloat64(x), prec), prec)
}

// Log returns log x for x > 0, x ≠ 1.
func Log(x float64, prec uint) Interval {
	return around(bigfloat.Log(new(big.Float).SetFloat64(x), prec), prec)
}

// Log1p returns log(1+x) for x > −1, x ≠ 0.
func Log1p(x float64, prec uint) Interval { return Point(x, prec).Log1p() }

// Log1p returns log(1+x) for x > −1, x ≠ 0.
func (x Interval) Log1p() Interval {
	p := x.lo.Prec()
	return Interval{around(bigfloat.Log1p(x.lo, p), p).lo, around(bigfloat.Log1p(x.hi, p), p).hi}
}
