package exact

import (
	"math"
	"math/big"

	"gonum.org/v1/gonum/blas/blas64"
)

// A bigBall is m ± r in math/big: m with the precision of its arithmetic, r with
// 64 bits, rounded up. An infinite r says that nothing is known.
type bigBall struct {
	m, r *big.Float
}

// bigs is arithmetic in bigBalls of the given precision.
type bigs struct{ prec uint }

// Exponents of big.Float have 32 bits. Radii are kept above 2^floor, and centres
// below it are replaced by 0 ± 2^floor, so that no product of two underflows.
const floor = -1_000_000_000

func newRadius() *big.Float { return new(big.Float).SetPrec(64).SetMode(big.ToPositiveInf) }

func power(exponent int) *big.Float { return newRadius().SetMantExp(newRadius().SetInt64(1), exponent) }

// unknown is the ball of which nothing is known.
func (bigs) unknown() bigBall { return bigBall{new(big.Float), newRadius().SetInf(false)} }

func (a bigBall) isZero() bool { return a.m.Sign() == 0 && a.r.Sign() == 0 }

func (a bigBall) isKnown() bool { return !a.r.IsInf() && !a.m.IsInf() }

// mag returns |a| + r, rounded up.
func (a bigBall) mag() *big.Float {
	return addUp(size(a.m), a.r)
}

// addUp returns a number not below x+y, x and y ≥ 0. Where one is far below the
// other it is enlarged first: math/big would line them up bit by bit.
func addUp(x, y *big.Float) *big.Float {
	if x.Cmp(y) < 0 {
		x, y = y, x
	}
	if y.Sign() != 0 && !x.IsInf() {
		if least := x.MantExp(nil) - 128; y.MantExp(nil) < least {
			y = power(least)
		}
	}
	return newRadius().Add(x, y)
}

// size returns |x|, rounded up. (Abs rounds before it takes the sign away, so that
// ToPositiveInf would round a negative x to a smaller size.)
func size(x *big.Float) *big.Float {
	return new(big.Float).SetPrec(64).SetMode(big.AwayFromZero).Abs(x).SetMode(big.ToPositiveInf)
}

// sizeBelow returns |x|, rounded down.
func sizeBelow(x *big.Float) *big.Float {
	return new(big.Float).SetPrec(64).SetMode(big.ToZero).Abs(x)
}

func mulUp(x, y *big.Float) *big.Float { return newRadius().Mul(x, y) }

// ball returns m, with the error of its rounding unless it is exact, and the sum
// of the given radii.
func (ar bigs) ball(m *big.Float, exact bool, radii ...*big.Float) bigBall {
	r := newRadius()
	for _, x := range radii {
		r = addUp(r, x)
	}
	if m.Sign() != 0 && m.MantExp(nil) < floor {
		m, exact, r = new(big.Float).SetPrec(ar.prec), false, addUp(r, power(floor))
	}
	if !exact {
		r = addUp(r, mulUp(size(m), power(-int(ar.prec))))
		r = addUp(r, power(floor))
	}
	if r.Sign() != 0 && r.MantExp(nil) < floor {
		r = power(floor)
	}
	b := bigBall{m, r}
	if !b.isKnown() {
		return ar.unknown()
	}
	return b
}

func (ar bigs) new() *big.Float { return new(big.Float).SetPrec(ar.prec) }

func (ar bigs) exactly(x float64) bigBall {
	return bigBall{ar.new().SetFloat64(x), newRadius()}
}

func (ar bigs) difference(a, b float64) bigBall { return ar.sub(ar.exactly(a), ar.exactly(b)) }

func (ar bigs) add(a, b bigBall) bigBall {
	switch {
	case a.isZero():
		return b
	case b.isZero():
		return a
	case !a.isKnown() || !b.isKnown():
		return ar.unknown()
	}
	if a.m.Sign() != 0 && b.m.Sign() != 0 {
		// A centre far below the other becomes a radius, again for math/big's sake.
		gap := a.m.MantExp(nil) - b.m.MantExp(nil)
		if gap > 4*int(ar.prec)+4096 {
			return ar.ball(a.m, true, a.r, b.mag())
		}
		if -gap > 4*int(ar.prec)+4096 {
			return ar.ball(b.m, true, b.r, a.mag())
		}
	}
	m := ar.new().Add(a.m, b.m)
	return ar.ball(m, m.Acc() == big.Exact, a.r, b.r)
}

func (ar bigs) neg(a bigBall) bigBall { return bigBall{ar.new().Neg(a.m), a.r} }

func (ar bigs) sub(a, b bigBall) bigBall { return ar.add(a, ar.neg(b)) }

func (ar bigs) mul(a, b bigBall) bigBall {
	switch {
	case a.isZero() || b.isZero():
		return ar.exactly(0)
	case !a.isKnown() || !b.isKnown():
		return ar.unknown()
	}
	m := ar.new().Mul(a.m, b.m)
	return ar.ball(m, m.Acc() == big.Exact, mulUp(a.r, b.mag()), mulUp(size(a.m), b.r))
}

func (ar bigs) div(a, b bigBall) bigBall {
	if a.isZero() && !b.isZero() {
		return a
	}
	least := sizeBelow(b.m)
	if b.r.Sign() != 0 && !b.r.IsInf() {
		if b.r.Cmp(least) >= 0 {
			return ar.unknown()
		}
		least.Quo(least, newRadius().SetInt64(2)) // a half is plenty: if r is larger, nothing is known
		if b.r.Cmp(least) > 0 {
			return ar.unknown()
		}
	}
	if !a.isKnown() || !b.isKnown() || least.Sign() == 0 {
		return ar.unknown()
	}
	m := ar.new().Quo(a.m, b.m)
	if m.IsInf() {
		return ar.unknown()
	}
	r := addUp(a.r, mulUp(mulUp(size(m), newRadius().SetFloat64(1.0000001)), b.r))
	return ar.ball(m, m.Acc() == big.Exact, newRadius().Quo(r, least))
}

func (bigs) positive(a bigBall) bool { return a.m.Sign() > 0 }

func (bigs) atLeast0(a bigBall) bool {
	return a.isZero() || a.m.Sign() > 0 && sizeBelow(a.m).Cmp(a.r) > 0
}

func (ar bigs) dot(b float64, w []float64, a []bigBall) bigBall {
	sum := ar.exactly(b)
	for k, wk := range w {
		sum = ar.add(sum, ar.mul(ar.exactly(wk), a[k]))
	}
	return sum
}

func (ar bigs) columns(w blas64.General, d []bigBall) []bigBall {
	out := make([]bigBall, w.Cols)
	for k := range out {
		out[k] = ar.exactly(0)
		for j := range d {
			out[k] = ar.add(out[k], ar.mul(ar.exactly(row(w, j)[k]), d[j]))
		}
	}
	return out
}

func (ar bigs) weighted(a [][]bigBall, d []bigBall) []bigBall {
	out := make([]bigBall, len(a[0]))
	for k := range out {
		out[k] = ar.exactly(0)
		for s := range d {
			out[k] = ar.add(out[k], ar.mul(a[s][k], d[s]))
		}
	}
	return out
}

func (ar bigs) total(d []bigBall) bigBall {
	sum := ar.exactly(0)
	for s := range d {
		sum = ar.add(sum, d[s])
	}
	return sum
}

func (bigs) flat(a []bigBall) []bigBall { return a }

// round returns the ball of the float64 nearest a, as ball.round does.
func (ar bigs) round(a bigBall) Ball {
	if !a.isKnown() {
		return Ball{Value: math.NaN(), Radius: math.Inf(1)}
	}
	r := a.r
	if r.Sign() != 0 && a.m.Sign() != 0 {
		if least := a.m.MantExp(nil) - int(ar.prec) - 128; r.MantExp(nil) < least {
			r = power(least)
		}
	}
	if r.Sign() != 0 && r.MantExp(nil) < -3000 {
		r = power(-3000)
	}
	wide := new(big.Float).SetPrec(2*ar.prec + 4096)
	m := wide
	if a.m.Sign() == 0 || a.m.MantExp(nil) > -5000 {
		m = wide.Set(a.m)
	} else {
		r = addUp(r, power(-4900)) // far below the smallest float64
	}
	above, _ := new(big.Float).SetPrec(m.Prec()).SetMode(big.ToPositiveInf).Add(m, r).Float64()
	below, _ := new(big.Float).SetPrec(m.Prec()).SetMode(big.ToNegativeInf).Sub(m, r).Float64()
	value, _ := m.Float64()
	rounded := above == below
	if math.IsInf(value, 0) {
		return Ball{Value: value, Radius: math.Inf(1), Rounded: rounded}
	}
	if rounded && above == 0 {
		value = 0 // and not −0
	}
	off := new(big.Float).SetPrec(m.Prec()+1100).Sub(m, new(big.Float).SetFloat64(value))
	radius, acc := addUp(size(off), r).Float64()
	if acc == big.Below {
		radius = math.Nextafter(radius, math.Inf(1))
	}
	return Ball{Value: value, Radius: radius, Rounded: rounded}
}
