package exact

import (
	"math/big"
	"strconv"
	"strings"
)

// A converter turns balls into decimals.
type converter struct {
	ar   bigs
	last bool // there will be no more bits
	open int  // balls that leave a digit open
	err  error
}

func (c *converter) lists(to *[][]string, what string, from [][]split) {
	if *to == nil {
		*to = make([][]string, len(from))
	}
	for l := range from {
		c.list(&(*to)[l], what, from[l])
	}
}

func (c *converter) list(to *[]string, what string, from []split) {
	if *to == nil {
		*to = make([]string, len(from))
	}
	for i := range from {
		c.one(&(*to)[i], what, from[i])
	}
}

// The exponents of decimals have six digits: 2^least < 1e−999999, 1e1000000 < 2^most.
const (
	least = -3_321_925
	most  = 3_321_929
)

func (c *converter) one(to *string, what string, a split) {
	if *to != "" || c.err != nil {
		return
	}
	b := c.ar.merged(a)
	switch {
	case !b.isKnown():
		c.leaveOpen(what, "has a value that is not finite")
	case b.isZero():
		*to = "0"
	case b.sign != 0 && b.mag().MantExp(nil) <= least:
		c.err = &InputError{what, "has a value below 1e-999999"}
	case !b.hasDigits() && c.last && b.mag().MantExp(nil) <= -MaxBits/2:
		*to = "0"
	case !b.hasDigits():
		c.leaveOpen(what, "has a value whose digits cannot be told")
	case b.m.MantExp(nil) > most:
		c.err = &InputError{what, "has a value above 1e999999"}
	default:
		s, exponent, ok := b.decimal(c.ar.prec)
		switch {
		case !ok:
			c.leaveOpen(what, "has a value whose digits cannot be told")
		case exponent < -999999:
			c.err = &InputError{what, "has a value below 1e-999999"}
		case exponent > 999999:
			c.err = &InputError{what, "has a value above 1e999999"}
		default:
			*to = s
		}
	}
}

// leaveOpen counts a value that more bits may decide, and is an error without them.
func (c *converter) leaveOpen(what, reason string) {
	c.open++
	if c.last {
		c.err = &InputError{what, reason}
	}
}

// hasDigits reports whether the radius leaves more digits than are wanted.
func (a bigBall) hasDigits() bool {
	return a.m.Sign() != 0 && (a.r.Sign() == 0 || a.r.MantExp(nil) <= a.m.MantExp(nil)-4*digits)
}

// decimal returns the decimal that all of a rounds to, and its exponent, if there is
// one such. Rounding is monotone: where both ends round to one decimal, so does the
// truth.
func (a bigBall) decimal(prec uint) (s string, exponent int, ok bool) {
	near, far := a.sizes()
	near, far, shift := nearOne(near, far, prec+4*digits)
	s = near.Text('e', digits-1)
	if s != far.Text('e', digits-1) {
		return "", 0, false
	}
	s, e, _ := strings.Cut(s, "e")
	exponent, _ = strconv.Atoi(e)
	exponent -= shift
	if a.m.Signbit() {
		s = "-" + s
	}
	sign := "+"
	if exponent < 0 {
		sign = "" // Itoa has it
	}
	return s + "e" + sign + strconv.Itoa(exponent), exponent, true
}

// sizes returns bounds of the size of the truth, which are one where a is exact.
func (a bigBall) sizes() (near, far *big.Float) {
	m := new(big.Float).Abs(a.m)
	if a.r.Sign() == 0 {
		return m, m
	}
	prec := max(m.MinPrec(), 4*digits) + 64
	r := raised(a.r, m.MantExp(nil)-int(prec)) // lest math/big line up a billion bits
	near = new(big.Float).SetPrec(prec).SetMode(big.ToZero).Sub(m, r)
	far = new(big.Float).SetPrec(prec).SetMode(big.AwayFromZero).Add(m, r)
	return near, far
}

// wideExponent is the binary exponent from which on big.Float.Text takes long: its time
// grows with the square of it.
const wideExponent = 1 << 12

// nearOne returns bounds of near·10^shift and far·10^shift, where shift brings wide
// numbers near 1, and is 0 for others. All roundings of the former are down, and all
// of the latter up. (A number so wide that is dyadic has far more than 41 digits,
// unless it is a large multiple of a power of ten: so for small ones no tie is
// missed.)
func nearOne(near, far *big.Float, prec uint) (low, high *big.Float, shift int) {
	e := near.MantExp(nil)
	shift = int(int64(-e) * 30103 / 100000) // log₁₀ 2, nearly: any shift near it does
	low = new(big.Float).SetPrec(prec).SetMode(big.ToZero)
	high = new(big.Float).SetPrec(prec).SetMode(big.AwayFromZero)
	switch {
	case isTiny(near, -wideExponent):
		low.Mul(near, powerOf10(shift, prec, big.ToZero))
		high.Mul(far, powerOf10(shift, prec, big.AwayFromZero))
	case e > wideExponent:
		low.Quo(near, powerOf10(-shift, prec, big.AwayFromZero))
		high.Quo(far, powerOf10(-shift, prec, big.ToZero))
	default:
		return near, far, 0
	}
	return low, high, shift
}

// powerOf10 returns 10ⁿ for n ≥ 0, or a number on the side of it that mode says.
func powerOf10(n int, prec uint, mode big.RoundingMode) *big.Float {
	p := new(big.Float).SetPrec(prec).SetMode(mode).SetInt64(1)
	square := new(big.Float).SetPrec(prec).SetMode(mode).SetInt64(10)
	for ; n > 0; n /= 2 {
		if n%2 == 1 {
			p.Mul(p, square)
		}
		square.Mul(square, square)
	}
	return p
}
