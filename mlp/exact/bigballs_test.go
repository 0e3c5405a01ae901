package exact

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
)

// at returns m + t·r, for |t| ≤ 1 one of the truths that a may have.
func (a bigBall) at(t float64) *big.Float {
	return wide().Add(a.m, wide().Mul(a.r, big.NewFloat(t)))
}

func (a bigBall) holds(truth *big.Float) bool {
	off := wide().Sub(truth, a.m)
	return !a.isKnown() || off.Abs(off).Cmp(a.r) <= 0
}

// newBigBall returns a ball that is exact, narrow, or broad, and may hold 0.
func newBigBall(rnd *rand.Rand, ar bigs) bigBall {
	m := number(rnd, rnd.IntN(800)-400)
	return ar.ball(m, true, []*big.Float{
		zero, power(m.MantExp(nil) - 60), power(m.MantExp(nil) - 9), power(m.MantExp(nil) + 1),
	}[rnd.IntN(4)])
}

// The operations hold what they make of the ends of balls, and nothing far beyond; their
// sign is that of all of it, and known where they are far from 0.
func TestBigBallOperations(t *testing.T) {
	ar := bigs{64}
	rnd := rand.New(rand.NewPCG(12, 1))
	quotients := 0
	for range 2000 {
		a, b := newBigBall(rnd, ar), newBigBall(rnd, ar)
		if rnd.IntN(4) == 0 {
			b = ar.ball(zero, true, power(rnd.IntN(800)-400))
		}
		see := func(name string, c bigBall, f func(p, q *big.Float) *big.Float) {
			if !c.isKnown() {
				return
			}
			need := wide()
			lowest, highest := 1, -1
			for _, s := range ends {
				for _, e := range ends {
					truth := f(a.at(s), b.at(e))
					assert.True(t, c.holds(truth), "%s of %v and %v: %v does not hold %.40g", name, a, b, c, truth)
					lowest, highest = min(lowest, truth.Sign()), max(highest, truth.Sign())
					if off := wide().Sub(truth, c.m); off.Abs(off).Cmp(need) > 0 {
						need = off
					}
				}
			}
			if c.sign != 0 {
				assert.True(t, lowest == c.sign && highest == c.sign, "%s of %v and %v: %v", name, a, b, c)
			} else if c.m.Sign() != 0 {
				assert.True(t, size(c.m).Cmp(mulUp(power(1), c.r)) <= 0, "%s of %v and %v: %v has a sign", name, a, b, c)
			}
			most := wide().Mul(need, big.NewFloat(1+0x1p-50))
			most.Add(most, wide().SetMantExp(wide().Abs(c.m), -60))
			if name == "quotient" { // half of |b| is taken for all of it
				most = wide().Mul(need, big.NewFloat(4))
				most.Add(most, wide().SetMantExp(wide().Abs(c.m), -55))
			}
			assert.True(t, c.r.Cmp(most) <= 0, "%s of %v and %v: %v is too broad", name, a, b, c)
		}
		see("sum", ar.add(a, b), func(p, q *big.Float) *big.Float { return wide().Add(p, q) })
		see("difference", ar.sub(a, b), func(p, q *big.Float) *big.Float { return wide().Sub(p, q) })
		see("product", ar.mul(a, b), func(p, q *big.Float) *big.Float { return wide().Mul(p, q) })
		c := ar.div(a, b)
		see("quotient", c, func(p, q *big.Float) *big.Float { return new(big.Float).SetPrec(3000).Quo(p, q) })
		safe := size(b.m).Cmp(mulUp(power(1), b.r)) >= 0
		assert.Equal(t, safe, c.isKnown(), "%v/%v", a, b)
		if safe {
			quotients++
		}
	}
	assert.Greater(t, quotients, 700)
	// What is exact stays so, and of the length it has.
	three, half := exact(big.NewFloat(3)), exact(big.NewFloat(0.5))
	for name, c := range map[string]bigBall{"3.5": ar.add(three, half), "2.5": ar.sub(three, half), "1.5": ar.mul(three, half), "6": ar.div(three, half)} {
		assert.Equal(t, name, c.m.Text('g', 10))
		assert.True(t, c.r.Sign() == 0 && c.sign == 1, name)
	}
	assert.True(t, ar.div(nothing, three).isZero())
	assert.False(t, ar.div(nothing, nothing).isKnown(), "0/0")
	assert.False(t, ar.div(three, nothing).isKnown(), "3/0")
	// A divisor may be off by half of it, and no more.
	c := ar.div(three, bigBall{m: power(1), r: one, sign: 1})
	assert.True(t, c.isKnown() && c.sign == 1 && c.holds(big.NewFloat(1)) && c.holds(big.NewFloat(3)), "3/(2 ± 1): %v", c)
	assert.False(t, ar.div(three, bigBall{m: power(1), r: newRadius().SetFloat64(1 + 0x1p-50), sign: 1}).isKnown(), "3/(2 ± 1…)")
}

// The sign of a ball is known where its exponent exceeds that of the radius: never where
// the ball holds 0.
func TestBigBallSign(t *testing.T) {
	for _, c := range []struct {
		m, r float64
		want int
	}{
		{1, 0, 1}, {1, 0.5, 1}, {1, 1 - 0x1p-50, 1}, {0.5, 0x1p-40, 1},
		{1, 1, 0}, {1, 1.5, 0}, {1.25, 1.5, 0}, // of one exponent
		{1, 2, 0}, {0, 1, 0}, {0, 0, 0},
	} {
		for _, s := range ends {
			b := bigs{64}.ball(big.NewFloat(s*c.m), true, newRadius().SetFloat64(c.r))
			assert.Equal(t, int(s)*c.want, b.sign, "%v ± %v", s*c.m, c.r)
		}
	}
}

// What is not known makes nothing known, but for a product with 0.
func TestBigBallUnknown(t *testing.T) {
	ar := bigs{64}
	one := exact(power(0))
	for _, c := range []bigBall{
		ar.add(ar.unknown(), one), ar.add(one, ar.unknown()), ar.mul(ar.unknown(), one), ar.mul(one, ar.unknown()),
		ar.div(ar.unknown(), one), ar.div(one, ar.unknown()), ar.unknown().signed(1), ar.ball(power(0), true, ar.unknown().r),
	} {
		assert.True(t, !c.isKnown() && c.sign == 0, "%v", c)
	}
	assert.True(t, ar.mul(ar.unknown(), nothing).isZero())
	assert.True(t, ar.mul(nothing, ar.unknown()).isZero())
}

// Beyond the exponents that are used, a centre becomes a radius and keeps its sign, and
// an overflow is unknown. Nothing is lined up bit by bit. (Nor printed: that takes hours.)
func TestBigBallOfExtremeSize(t *testing.T) {
	ar := bigs{64}
	tiny, huge, one := exact(power(-900_000_000)), exact(power(2_000_000_000)), exact(power(0))
	is := func(what string, b bigBall, m, r *big.Float, sign int) {
		t.Helper()
		assert.True(t, b.m.Cmp(m) == 0, "%s: the centre is 2^%d", what, b.m.MantExp(nil))
		assert.True(t, b.r.Cmp(r) >= 0 && b.r.Cmp(newRadius().SetMantExp(r, 1)) <= 0, "%s: the radius is 2^%d", what, b.r.MantExp(nil))
		assert.Equal(t, sign, b.sign, what)
	}
	least := power(floor)
	is("tiny²", ar.mul(tiny, tiny), zero, least, 1)
	is("−tiny²", ar.mul(tiny, tiny.neg()), zero, least, -1)
	is("1 + tiny²", ar.add(one, ar.mul(tiny, tiny)), one.m, least, 1)
	is("below", ar.ball(power(floor-2), true), zero, least, 0)
	is("above", ar.ball(power(floor-1), true), power(floor-1), zero, 1)
	is("a radius below", ar.ball(one.m, true, power(floor-2)), one.m, least, 1)
	is("a radius above", ar.ball(one.m, true, power(floor-1)), one.m, power(floor-1), 1)
	is("no radius", ar.ball(one.m, true), one.m, zero, 1)
	is("a product with a radius below", ar.mul(bigBall{m: one.m, r: least, sign: 1}, tiny), tiny.m, least, 1)
	for i, a := range []bigBall{ar.mul(huge, huge), ar.div(huge, tiny), ar.ball(wide().SetInf(true), true)} {
		assert.True(t, !a.isKnown() && a.sign == 0, "%d is known", i)
	}
	for i, s := range []bigBall{ar.add(huge, tiny), ar.add(tiny, huge), ar.sub(huge, tiny)} {
		assert.True(t, s.m.Cmp(huge.m) == 0 && s.r.Cmp(tiny.m) >= 0 && s.sign == s.m.Sign(), "%d", i)
		assert.Less(t, s.r.MantExp(nil), huge.m.MantExp(nil)-100, "%d", i)
	}
}

// A number is below an exponent if it is below all that have it; then a radius becomes what
// is above those.
func TestRaised(t *testing.T) {
	for _, e := range []int{-10, 0, 10} {
		least := power(e - 1)
		less := wide().Sub(least, power(e-300))
		assert.False(t, isTiny(zero, e) || isTiny(least, e) || isTiny(wide().Neg(least), e), e)
		assert.True(t, isTiny(less, e) && isTiny(wide().Neg(less), e), e)
		assert.True(t, raised(zero, e).Sign() == 0 && raised(least, e) == least && raised(less, e).Cmp(power(e)) == 0, e)
	}
}

// addUp, mulUp and size are not below the sum, the product and the size, and sizeBelow is
// not above: by less than 2^−60 of them, also where one is far below the other.
func TestRoundedUp(t *testing.T) {
	rnd := rand.New(rand.NewPCG(12, 2))
	for range 500 {
		x, y := wide().Abs(number(rnd, 0)), wide().Abs(number(rnd, -rnd.IntN(400)))
		if rnd.IntN(2) == 0 {
			x.Add(x, power(-90)) // more than 64 bits
		}
		for _, c := range []struct {
			name      string
			got, want *big.Float
		}{
			{"sum", addUp(x, y), wide().Add(x, y)}, {"sum", addUp(y, x), wide().Add(x, y)},
			{"product", mulUp(x, y), wide().Mul(x, y)}, {"size", size(wide().Neg(x)), x}, {"size", size(x), x},
		} {
			above := wide().Sub(c.got, c.want)
			assert.True(t, above.Sign() >= 0 && above.Cmp(wide().SetMantExp(c.want, -60)) <= 0, fmt.Sprintf("%s of %.40g and %.40g", c.name, x, y))
		}
		below := wide().Sub(x, sizeBelow(wide().Neg(x)))
		assert.True(t, below.Sign() >= 0 && below.Cmp(wide().SetMantExp(x, -60)) <= 0, "%.40g", x)
	}
	far := addUp(power(0), power(-1_000_000_000))
	assert.True(t, far.Cmp(power(0)) > 0 && far.Cmp(newRadius().SetFloat64(1+0x1p-50)) < 0)
	inf := newRadius().SetInf(false)
	assert.True(t, addUp(inf, power(0)).IsInf() && addUp(power(0), inf).IsInf() && addUp(inf, inf).IsInf())
	assert.True(t, addUp(zero, power(3)).Cmp(power(3)) == 0 && addUp(power(3), zero).Cmp(power(3)) == 0)
	assert.True(t, mulUp(zero, inf).Sign() == 0 && mulUp(inf, zero).Sign() == 0)
}
