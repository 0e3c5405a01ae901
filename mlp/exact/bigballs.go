package exact

import "math/big"

// A bigBall is m ± r in math/big: m with the precision of its arithmetic, or longer
// where it is exact, and r with 64 bits, rounded up. An infinite r says that nothing
// is known.
//
// sign is that of the truth, +1 or −1, or 0 where it is not known or the truth is 0.
// It may be known although r exceeds |m|: of e^(−10¹⁰) no more is told than that it
// is positive and very small.
type bigBall struct {
	m, r *big.Float
	sign int
}

// bigs is arithmetic in bigBalls of the given precision.
type bigs struct{ prec uint }

// Exponents of big.Float have 32 bits. Radii are kept above 2^floor, and centres
// below it are replaced by 0 ± 2^floor, so that no product of two underflows.
const floor = -1_000_000_000

// zero is the number, the radius, and in nothing the ball. None is ever written to.
var (
	zero    = new(big.Float)
	nothing = bigBall{m: zero, r: zero}
)

func newRadius() *big.Float { return new(big.Float).SetPrec(64).SetMode(big.ToPositiveInf) }

func power(exponent int) *big.Float { return newRadius().SetMantExp(newRadius().SetInt64(1), exponent) }

// unknown is the ball of which nothing is known.
func (bigs) unknown() bigBall { return bigBall{m: zero, r: newRadius().SetInf(false)} }

// exact returns the ball that holds m alone.
func exact(m *big.Float) bigBall { return bigBall{m, zero, m.Sign()} }

func (a bigBall) isZero() bool { return a.m.Sign() == 0 && a.r.Sign() == 0 }

func (a bigBall) isKnown() bool { return !a.r.IsInf() && !a.m.IsInf() }

// mag returns |m| + r, rounded up.
func (a bigBall) mag() *big.Float {
	return addUp(size(a.m), a.r)
}

// isTiny reports whether x is not 0, and |x| < 2^(e−1). An infinite x takes an e of at
// most 0.
func isTiny(x *big.Float, e int) bool { return x.Sign() != 0 && x.MantExp(nil) < e }

// raised returns r, or 2^e if 0 < r < 2^(e−1).
func raised(r *big.Float, e int) *big.Float {
	if isTiny(r, e) {
		return power(e)
	}
	return r
}

// addUp returns a number not below x+y, x and y ≥ 0. Where one is far below the
// other it is enlarged first: math/big would line them up bit by bit.
func addUp(x, y *big.Float) *big.Float {
	switch {
	case x.Sign() == 0 || y.IsInf():
		return y
	case y.Sign() == 0 || x.IsInf():
		return x
	}
	least := max(x.MantExp(nil), y.MantExp(nil)) - 128
	return newRadius().Add(raised(x, least), raised(y, least))
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

func mulUp(x, y *big.Float) *big.Float {
	if x.Sign() == 0 || y.Sign() == 0 {
		return zero
	}
	return newRadius().Mul(x, y)
}

// ball returns m, with the error of its rounding unless it is exact, and the sum
// of the given radii. Its sign is known if the exponent of m exceeds theirs.
func (ar bigs) ball(m *big.Float, isExact bool, radii ...*big.Float) bigBall {
	r := zero
	for _, x := range radii {
		r = addUp(r, x)
	}
	if isTiny(m, floor) {
		m, isExact, r = zero, false, addUp(r, power(floor))
	}
	if !isExact {
		r = addUp(r, mulUp(size(m), power(-int(ar.prec))))
		r = addUp(r, power(floor))
	}
	r = raised(r, floor)
	b := bigBall{m: m, r: r}
	if !b.isKnown() {
		return ar.unknown()
	}
	if r.Sign() == 0 || m.Sign() != 0 && m.MantExp(nil) > r.MantExp(nil) {
		b.sign = m.Sign()
	}
	return b
}

// signed returns a, whose truth is known to have the sign s, or any if s is 0.
func (a bigBall) signed(s int) bigBall {
	if s != 0 && a.isKnown() {
		a.sign = s
	}
	return a
}

func (ar bigs) new() *big.Float { return new(big.Float).SetPrec(ar.prec) }

func (ar bigs) add(a, b bigBall) bigBall {
	switch {
	case a.isZero():
		return b
	case b.isZero():
		return a
	case !a.isKnown() || !b.isKnown():
		return ar.unknown()
	}
	common := 0
	if a.sign == b.sign {
		common = a.sign
	}
	if a.m.Sign() != 0 && b.m.Sign() != 0 {
		// A centre far below the other becomes a radius, again for math/big's sake.
		gap := a.m.MantExp(nil) - b.m.MantExp(nil)
		if gap < 0 {
			return ar.add(b, a)
		}
		if gap > 4*int(ar.prec)+4096 {
			return ar.ball(a.m, true, a.r, b.mag()).signed(common)
		}
	}
	m := ar.new().Add(a.m, b.m)
	return ar.ball(m, m.Acc() == big.Exact, a.r, b.r).signed(common)
}

// signOfProduct returns the sign of a·b, which is that of a/b, or 0 if it is not known.
func signOfProduct(a, b bigBall) int { return a.sign * b.sign }

func (a bigBall) neg() bigBall { return bigBall{new(big.Float).Neg(a.m), a.r, -a.sign} }

func (ar bigs) sub(a, b bigBall) bigBall { return ar.add(a, b.neg()) }

func (ar bigs) mul(a, b bigBall) bigBall {
	switch {
	case a.isZero() || b.isZero():
		return nothing
	case !a.isKnown() || !b.isKnown():
		return ar.unknown()
	}
	m := ar.new().Mul(a.m, b.m)
	var radii []*big.Float
	if a.r.Sign() != 0 {
		radii = append(radii, mulUp(a.r, b.mag()))
	}
	if b.r.Sign() != 0 {
		radii = append(radii, mulUp(size(a.m), b.r))
	}
	return ar.ball(m, m.Acc() == big.Exact, radii...).signed(signOfProduct(a, b))
}

// div returns a/b. It is unknown if b may be 0, or nearly.
func (ar bigs) div(a, b bigBall) bigBall {
	if a.isZero() && !b.isZero() {
		return a
	}
	// A half of |b| is plenty: where b.r is larger, nothing is known.
	least := sizeBelow(b.m)
	if b.r.Sign() != 0 {
		least.Quo(least, newRadius().SetInt64(2))
	}
	if !a.isKnown() || !b.isKnown() || least.Sign() == 0 || b.r.Cmp(least) > 0 {
		return ar.unknown()
	}
	m := ar.new().Quo(a.m, b.m)
	if m.IsInf() {
		return ar.unknown()
	}
	r := addUp(a.r, mulUp(mulUp(size(m), newRadius().SetFloat64(1.0000001)), b.r))
	return ar.ball(m, m.Acc() == big.Exact, newRadius().Quo(r, least)).signed(signOfProduct(a, b))
}
