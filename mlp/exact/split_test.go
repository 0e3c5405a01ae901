package exact

import (
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"

	"touchstone/activation"
	"touchstone/internal/bigfloat"
)

// A sample is a split and a truth that it holds.
type sample struct {
	split
	truth *big.Float
}

const truthBits = 30000

func wide() *big.Float { return new(big.Float).SetPrec(truthBits) }

func number(rnd *rand.Rand, exponent int) *big.Float {
	return new(big.Float).SetMantExp(big.NewFloat(rnd.NormFloat64()), exponent)
}

// newSample returns a dyadic number, or a ball, or both. The radius is anything from
// 0 to many times the centre.
func newSample(rnd *rand.Rand, ar splits) sample {
	m, c, r := zero, zero, zero
	kind := rnd.IntN(4)
	if kind != 0 {
		switch rnd.IntN(3) {
		case 0:
			m = number(rnd, rnd.IntN(5))
		case 1:
			m = big.NewFloat(float64(rnd.IntN(3) - 1))
		case 2: // some of these products and sums are too long
			m, _ = ar.dyadicSum(big.NewFloat(1), number(rnd, -rnd.IntN(ar.longest())))
		}
	}
	if kind != 1 {
		exponent := -rnd.IntN(3000)
		c = number(rnd, exponent)
		if rnd.IntN(3) > 0 {
			r = power(exponent + 5 - rnd.IntN(200))
		}
	}
	truth := wide().Add(m, c)
	truth.Add(truth, wide().Mul(r, big.NewFloat(2*rnd.Float64()-1)))
	d := ar.ball(c, true, r)
	if d.sign == 0 { // sometimes it is known all the same
		d = d.signed(rnd.IntN(2) * wide().Sub(truth, m).Sign())
	}
	return sample{ar.settled(m, d), truth}
}

// wrong returns what is untrue of a, which is to hold truth. That is given to within
// 2^(9000−truthBits), for the sake of quotients.
func wrong(ar splits, a split, truth *big.Float) string {
	return wrongBy(ar, a, truth, 9000-truthBits)
}

// wrongBy is wrong for a truth that is given to within 2^by.
func wrongBy(ar splits, a split, truth *big.Float, by int) string {
	if !a.isKnown() {
		return ""
	}
	off := wide().Sub(truth, wide().Add(a.m, a.d.m))
	noise := new(big.Float).SetMantExp(big.NewFloat(1), by)
	rest := wide().Sub(truth, a.m)
	b := a.round()
	t, _ := truth.Float64()
	e := wide().Sub(truth, big.NewFloat(b.Value))
	switch {
	case off.Abs(off).Cmp(wide().Add(a.d.r, noise)) > 0:
		return "does not hold the truth"
	case a.d.sign != 0 && a.d.sign != rest.Sign() && rest.Abs(rest).Cmp(noise) > 0:
		return "the sign of the remainder is wrong"
	case a.sign() != 0 && a.sign() != truth.Sign():
		return "the sign is wrong"
	case a.m.Sign() != 0 && !a.d.isZero() && a.d.mag().MantExp(nil) > a.m.MantExp(nil)-int(ar.prec)/2:
		return "the remainder is large"
	case int(a.m.MinPrec()) > 2*ar.longest():
		return "the dyadic part is long"
	case b.Rounded && b.Value != t:
		return "misrounded"
	case e.Abs(e).Cmp(wide().Add(big.NewFloat(b.Radius), noise)) > 0:
		return "the rounded ball does not hold the truth"
	}
	return ""
}

// Sums, products and quotients of splits hold those of their truths, and their signs
// and roundings are right.
func TestSplitArithmetic(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	ar := splits{bigs{64}}
	remainders, rounded := 0, 0
	for range 4000 {
		a, b := newSample(rnd, ar), newSample(rnd, ar)
		assert.Empty(t, wrong(ar, a.split, a.truth))
		for name, c := range map[string]sample{
			"add": {ar.add(a.split, b.split), wide().Add(a.truth, b.truth)},
			"sub": {ar.sub(a.split, b.split), wide().Sub(a.truth, b.truth)},
			"mul": {ar.mul(a.split, b.split), wide().Mul(a.truth, b.truth)},
		} {
			assert.Empty(t, wrong(ar, c.split, c.truth), "%s of %v and %v: %v", name, a, b, c)
			if c.m.Sign() != 0 && !c.d.isZero() {
				remainders++
			}
			if c.round().Rounded {
				rounded++
			}
		}
		if b.truth.Sign() != 0 {
			c := ar.div(a.split, b.split)
			assert.Empty(t, wrong(ar, c, wide().Quo(a.truth, b.truth)), "%v/%v = %v", a, b, c)
		}
	}
	assert.Greater(t, remainders, 5000)
	assert.Greater(t, rounded, 9000)
}

// A sum of dyadic numbers is one number if they are near each other, whatever their size,
// and two if it would be far too long.
func TestDyadicSum(t *testing.T) {
	ar := splits{bigs{64}}
	for _, e := range []int{-20_000, -3000, 0, 3000, 20_000} {
		for _, c := range []struct {
			gap   int
			apart bool
		}{{0, false}, {100, false}, {1000, false}, {2000, false}, {2100, true}, {1_000_000_000, true}} {
			x, y := power(e), power(e-c.gap)
			for _, terms := range [][2]*big.Float{{x, y}, {y, x}} {
				sum, rest := ar.dyadicSum(terms[0], terms[1])
				if c.apart {
					assert.True(t, sum.Cmp(x) == 0 && rest.Cmp(y) == 0, "2^%d + 2^%d", e, e-c.gap)
				} else {
					assert.True(t, sum.Cmp(wide().Add(x, y)) == 0 && rest.Sign() == 0, "2^%d + 2^%d", e, e-c.gap)
				}
			}
		}
	}
}

// A dyadic number that is too long becomes what is nearest it, of the bits that are kept,
// and a remainder, however often it is squared.
func TestSplitKeepsDyadicsShort(t *testing.T) {
	ar := splits{bigs{64}}
	for sign, e := range map[int]int{1: -2000, -1: -9999} {
		m := new(big.Float).SetPrec(10_000).Add(one, new(big.Float).SetMantExp(big.NewFloat(float64(sign)), e))
		a := ar.settled(m, nothing)
		assert.True(t, a.m.Cmp(one) == 0 && a.d.sign == sign && a.d.r.Sign() == 0, "1 %+d·2^%d: %v", sign, e, a)
		assert.Empty(t, wrong(ar, a, m))
	}
	a := ar.settled(new(big.Float).SetPrec(1000).Add(one, power(-900)), nothing)
	assert.Equal(t, uint(901), a.m.MinPrec(), "not too long")
	truth := wide().Set(a.m)
	for range 4 {
		a, truth = ar.mul(a, a), wide().Mul(truth, truth)
		assert.LessOrEqual(t, int(a.m.MinPrec()), ar.longest())
		assert.Empty(t, wrong(ar, a, truth))
	}
}

// The functions hold the values at their truths, and so on.
func TestSplitFunctions(t *testing.T) {
	const bits = 2500
	rnd := rand.New(rand.NewPCG(5, 6))
	ar := splits{bigs{64}}
	known, remainders := 0, 0
	see := func(name string, a split, z *big.Float, f func(x *big.Float, prec uint) *big.Float) {
		truth := f(z, bits)
		assert.Empty(t, wrongBy(ar, a, truth, truth.MantExp(nil)-bits+1), "%s at %.30g: %v, not %.30g", name, z, a, truth)
		if a.isKnown() {
			known++
		}
		if a.m.Sign() != 0 && !a.d.isZero() {
			remainders++
		}
	}
	for range 200 {
		// Any size up to 1500, and perhaps an exact number with it.
		c := number(rnd, rnd.IntN(10)-rnd.IntN(2)*rnd.IntN(600))
		d := bigBall{m: c, r: power(c.MantExp(nil) - 10 - rnd.IntN(100))}
		truth := wide().Add(c, wide().Mul(d.r, big.NewFloat(2*rnd.Float64()-1)))
		if rnd.IntN(2) == 0 {
			d, truth = exact(c), c
		}
		z := ar.settled(zero, d.signed(c.Sign()))
		sigmoid, slope, _ := ar.activate(activation.Sigmoid{}, z)
		see("sigmoid", sigmoid, truth, bigfloat.Sigmoid)
		see("sigmoid′", slope, truth, bigfloat.SigmoidDeriv)
		tanh, slope, _ := ar.activate(activation.Tanh{}, z)
		see("tanh", tanh, truth, bigfloat.Tanh)
		see("tanh′", slope, truth, bigfloat.TanhDeriv)
		softplus, slope, _ := ar.activate(activation.Softplus{}, z)
		see("softplus", softplus, truth, bigfloat.Softplus)
		see("softplus′", slope, truth, bigfloat.Sigmoid)
		see("exp", ar.exp(z), truth, bigfloat.Exp)
		if c.Sign() > 0 {
			see("log1p", ar.log1p(z), truth, bigfloat.Log1p)
			see("log", ar.log(z), truth, bigfloat.Log)
		}
		if truth := wide().Add(big.NewFloat(1), truth); truth.Sign() > 0 {
			see("log(1+z)", ar.log(ar.add(ar.exactly(1), z)), truth, bigfloat.Log)
		}
	}
	assert.Greater(t, known, 1400)
	assert.Greater(t, remainders, 200)
}

// What is wrong is seen.
func TestSplitArithmeticCatches(t *testing.T) {
	ar := splits{bigs{64}}
	middle := new(big.Float).SetPrec(54).Add(big.NewFloat(1), power(-53))
	above := wide().Add(middle, power(-1000))
	e := exact(power(-1000))
	assert.Empty(t, wrong(ar, ar.settled(middle, e), above))
	assert.Equal(t, "does not hold the truth", wrong(ar, dyadic(middle), above))
	assert.Equal(t, "does not hold the truth", wrong(ar, ar.settled(middle, e.neg()), above))
	both := bigBall{m: zero, r: power(-1000)}
	assert.Equal(t, "the sign of the remainder is wrong", wrong(ar, split{middle, both.signed(-1)}, above))
	assert.Empty(t, wrong(ar, split{middle, both}, above))
	assert.False(t, split{middle, both}.round().Rounded)
	assert.Equal(t, "the remainder is large", wrong(ar, split{big.NewFloat(1), exact(big.NewFloat(0.5))}, big.NewFloat(1.5)))
}
