package exact

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"

	"touchstone/internal/dd"
)

// at returns (v + t·r)·2^−512x: for |t| ≤ 1 one of the truths that a may have.
func (a ball) at(t float64) *big.Float {
	sum := wide().Add(big.NewFloat(a.v.Hi), big.NewFloat(a.v.Lo))
	sum.Add(sum, wide().Mul(big.NewFloat(a.r), big.NewFloat(t)))
	return sum.SetMantExp(sum, -512*a.x)
}

// newBall returns a ball that is exact, narrow or broad, of a size from 2^−1000 to 2^200.
func newBall(rnd *rand.Rand) ball {
	hi := math.Ldexp(1+rnd.Float64(), 200-rnd.IntN(3)*rnd.IntN(600))
	if rnd.IntN(2) == 0 {
		hi = -hi
	}
	a := ball{v: dd.FromFloat(hi)}
	if kind := rnd.IntN(4); kind > 0 {
		a.v = dd.FastTwoSum(hi, hi*u*(rnd.Float64()-0.5))
		a.r = math.Abs(hi) * []float64{0, 0x1p-100, 0x1p-20, 0.7}[kind] * rnd.Float64()
	}
	return scaled(a)
}

// seeSharp asserts that a holds all truths, and is hardly larger than they ask: room is
// what it may be off by at its centre.
func seeSharp(t *testing.T, what string, a ball, room *big.Float, truths ...*big.Float) {
	t.Helper()
	need := wide()
	for _, truth := range truths {
		assert.True(t, a.holds(truth), "%s: %v does not hold %.40g", what, a, truth)
		if off := wide().Sub(truth, a.at(0)); off.Abs(off).Cmp(need) > 0 {
			need = off
		}
	}
	most := wide().Add(room, wide().Mul(need, big.NewFloat(1+0x1p-40)))
	radius := wide().SetMantExp(big.NewFloat(a.r), -512*a.x)
	assert.True(t, radius.Cmp(most) <= 0, "%s: %v is too broad, by %.5g of %.5g", what, a, wide().Sub(radius, most), most)
}

// roomOf returns 50u² of a's size, and 500 times what is lost to underflow at x.
func roomOf(a ball, x int) *big.Float {
	room := wide().Mul(wide().Abs(a.at(0)), big.NewFloat(50*u*u))
	return room.Add(room, wide().SetMantExp(big.NewFloat(500*eta), -512*x))
}

var ends = []float64{-1, 1}

// The operations hold what they make of the ends of balls, and nothing far beyond.
func TestBallOperations(t *testing.T) {
	rnd := rand.New(rand.NewPCG(11, 1))
	known := 0
	for range 1500 {
		a, b := newBall(rnd), newBall(rnd)
		x := min(a.x, b.x)
		var sums, differences, products, quotients []*big.Float
		for _, s := range ends {
			for _, e := range ends {
				p, q := a.at(s), b.at(e)
				sums = append(sums, wide().Add(p, q))
				differences = append(differences, wide().Sub(p, q))
				products = append(products, wide().Mul(p, q))
				quotients = append(quotients, new(big.Float).SetPrec(3000).Quo(p, q))
			}
		}
		// What a sum cancels counts with its terms.
		largest := roomOf(a, x)
		if other := roomOf(b, x); other.Cmp(largest) > 0 {
			largest = other
		}
		seeSharp(t, "sum", a.add(b), largest, sums...)
		seeSharp(t, "difference", a.sub(b), largest, differences...)
		c := a.mul(b)
		seeSharp(t, "product", c, roomOf(c, a.x+b.x), products...)
		if c = a.div(b); c.isFinite() {
			// Its radius is that of a b in one piece, which may underflow.
			seeSharp(t, "quotient", c, roomOf(c, a.x), quotients...)
		}
		if b.x == 0 && math.Abs(b.v.Hi) > 0x1p-290 {
			assert.True(t, c.isFinite(), "%v/%v", a, b)
			known++
		}
	}
	assert.Greater(t, known, 500)
}

// A division by what may be 0, or by what is out of reach, is unknown; 0 by anything else
// is 0.
func TestBallDivision(t *testing.T) {
	one, open := exactly(1), ball{v: dd.FromFloat(1), r: 1}
	for _, b := range []ball{{}, open, open.neg(), {v: dd.FromFloat(1), r: 2}, {r: 1}, exactly(0x1p-700), exactly(0x1p301), unknown} {
		assert.False(t, one.div(b).isFinite(), "1/%v", b)
	}
	assert.False(t, ball{}.div(ball{}).isFinite(), "0/0")
	assert.Equal(t, ball{}, ball{}.div(one))
	assert.False(t, open.div(unknown).isFinite())
	assert.False(t, unknown.div(one).isFinite())
	// By what all but holds 0, where the bound is steep.
	a, b := ball{v: dd.FromFloat(3), r: 1}, ball{v: dd.DD{Hi: 1, Lo: -0x1p-54}, r: 1 - 0x1p-40}
	for _, s := range ends {
		truth := new(big.Float).SetPrec(3000).Quo(a.at(s), b.at(-1))
		assert.True(t, a.div(b).holds(truth) && a.div(b).isFinite(), "%v", a.div(b))
		assert.True(t, a.neg().div(b).holds(truth.Neg(truth)))
	}
	for _, x := range []float64{0x1p-299, -0x1p-299, 0x1p299, -0x1p299} {
		assert.True(t, one.div(exactly(x)).isFinite(), x)
	}
}

// Half of it, and a radius of it more.
func TestBallDividedAndWidened(t *testing.T) {
	rnd := rand.New(rand.NewPCG(11, 2))
	for range 500 {
		a := newBall(rnd)
		n := float64(1 + rnd.Int64N(1<<(1+rnd.IntN(50))))
		var quotients, wide3 []*big.Float
		r := math.Abs(a.flat().v.Hi) * rnd.Float64()
		for _, s := range ends {
			quotients = append(quotients, new(big.Float).SetPrec(3000).Quo(a.at(s), big.NewFloat(n)))
			wide3 = append(wide3, wide().Add(a.at(s), big.NewFloat(s*r)))
		}
		seeSharp(t, "quotient", a.divided(n), roomOf(a, a.x), quotients...)
		seeSharp(t, "widened", a.widened(r), roomOf(a, 0), wide3...)
	}
	// What divides without a rest is exact.
	assert.Equal(t, exactly(3), exactly(21).divided(7))
	assert.Equal(t, exactly(0x1p-900), exactly(0x1p-899).divided(2))
}

// Of a number of samples a quotient may be exact. By 1 nothing changes.
func TestBallDivisionByCounts(t *testing.T) {
	var ar doubles
	for _, n := range []float64{1, 2, 3, 7, 0x1p53} {
		assert.Equal(t, exactly(3), ar.div(exactly(3*n), exactly(n)), n)
		assert.True(t, ar.div(exactly(1), exactly(n+0.5)).holds(new(big.Float).SetPrec(3000).Quo(big.NewFloat(1), big.NewFloat(n+0.5))), n)
	}
	third := ar.div(exactly(1), exactly(3))
	assert.True(t, third.r > 0 && third.r < 20*u*u && third.holds(new(big.Float).SetPrec(3000).Quo(big.NewFloat(1), big.NewFloat(3))), "%v", third)
	for _, b := range []ball{exactly(0.3), exactly(-3), exactly(0x1p60), {v: dd.FromFloat(3), r: 0.5}, {v: dd.DD{Hi: 3, Lo: 0x1p-60}}} {
		for _, s := range ends {
			assert.True(t, ar.div(exactly(7), b).holds(new(big.Float).SetPrec(3000).Quo(big.NewFloat(7), b.at(s))), "7/%v", b)
		}
	}
	assert.Equal(t, third, ar.mul(third, exactly(1)))
	assert.Equal(t, ball{v: dd.FromFloat(2), r: 1}, ar.mul(ball{v: dd.FromFloat(2), r: 1}, exactly(1)))
}

// The parts of radii are not too small: of numbers with and without a low part, also where
// they underflow. But for roundings: up adds what those take away.
func TestBallBounds(t *testing.T) {
	rnd := rand.New(rand.NewPCG(11, 4))
	for range 500 {
		hi := math.Ldexp(1+float64(rnd.IntN(4))/4, 500-rnd.IntN(1500))
		v := dd.FastTwoSum(hi, hi*u*[]float64{-0.5, 0, 1}[rnd.IntN(3)])
		if rnd.IntN(2) == 0 {
			v = v.Neg()
		}
		size := wide().Abs(ball{v: v}.at(0))
		assert.True(t, big.NewFloat(atMost(v)).Cmp(size) >= 0, "%v", v)
		for _, n := range []float64{addError, mulError, divError} {
			bound := wide().Mul(wide().Abs(big.NewFloat(v.Hi)), big.NewFloat(n*u*u))
			assert.True(t, wide().Mul(big.NewFloat(relative(n, v)), big.NewFloat(1+4*u)).Cmp(bound) >= 0, "%g of %v", n, v)
		}
	}
	for n := range 100 {
		for _, r := range []float64{math.Ldexp(float64(n), -1074), math.Ldexp(float64(n), -1076+512), float64(n)} {
			assert.True(t, big.NewFloat(lowered(r)).Cmp(wide().SetMantExp(big.NewFloat(r), -512)) >= 0, r)
			assert.Equal(t, r == 0, lowered(r) == 0, r)
		}
	}
}

// A ball is at least 0 if all of it is, and positive if its centre is.
func TestBallSigns(t *testing.T) {
	for _, c := range []struct {
		a                  ball
		positive, atLeast0 bool
	}{
		{ball{}, false, true}, {exactly(1), true, true}, {exactly(-1), false, false}, {ball{r: 1}, false, false},
		{ball{v: dd.FromFloat(1), r: 0.5}, true, true}, {ball{v: dd.FromFloat(-1), r: 0.5}, false, false},
		{ball{v: dd.DD{Hi: 1, Lo: -0x1p-54}, r: 1}, true, false}, {ball{v: dd.FromFloat(1), r: 1.5}, true, false}, {unknown, false, false},
	} {
		assert.Equal(t, c.positive, doubles{}.positive(c.a), "%v", c.a)
		assert.Equal(t, c.atLeast0, doubles{}.atLeast0(c.a), "%v", c.a)
	}
	ar := splits{bigs{64}}
	for _, c := range []struct {
		name               string
		a                  split
		positive, atLeast0 bool
	}{
		{"0", dyadic(zero), false, true}, {"1", ar.exactly(1), true, true}, {"−1", ar.exactly(-1), false, false},
		{"1 − …", split{one, tail.neg()}, true, true}, {"tail", plain(tail), true, true}, {"−tail", plain(tail.neg()), false, false},
		{"1 ± 2", plain(bigBall{m: one, r: power(1)}), true, false}, {"−1 ± 2", plain(bigBall{m: one, r: power(1)}.neg()), false, false},
		{"0 ± 1", plain(bigBall{m: zero, r: one}), false, false}, {"unknown", ar.unknown(), false, false},
	} {
		assert.Equal(t, c.positive, ar.positive(c.a), c.name)
		assert.Equal(t, c.atLeast0, ar.atLeast0(c.a), c.name)
	}
}

// A small number has an x that leaves its low part room, and a number of x has no less
// than it needs. Sums of exact numbers are exact, over its bounds too.
func TestBallScaled(t *testing.T) {
	for e := -1074; e < 1000; e += 1 + (e+1074)/20%7 {
		for _, v := range []float64{math.Ldexp(1, e), -math.Ldexp(1, e)} {
			a := exactly(v)
			assert.Zero(t, a.at(0).Cmp(big.NewFloat(v)), "2^%d", e)
			assert.Zero(t, a.r, "2^%d", e)
			h := math.Abs(a.v.Hi)
			assert.True(t, h >= 0x1p-300 && (a.x == 0 || h < 0x1p212), "2^%d: %v", e, a)
			assert.Equal(t, v, a.round().Value)
			flat := a.flat()
			assert.True(t, flat.v.Hi == v && flat.x == 0 && flat.r <= 100*eta && flat.holds(a.at(0)), "2^%d: %v", e, flat)
			assert.Equal(t, exactly(2*v), a.add(a), "2^%d", e)
		}
	}
	assert.Equal(t, exactly(0x1p-300), exactly(0x1p-301).add(exactly(0x1p-301)), "down by one x")
	for _, v := range []float64{math.Inf(1), math.NaN(), 0} {
		assert.Zero(t, exactly(v).x, v)
	}
}

// What is shifted holds its ends, also where the radius becomes the smallest float64s: it
// is not taken for exact.
func TestBallShifted(t *testing.T) {
	for n := range 6 {
		for _, v := range []float64{0, 1, 0x1p-300, 0x1p-299 + 0x1p-351} {
			a := ball{v: dd.FromFloat(v), r: math.Ldexp(float64(n), -1074+512), x: 1}
			for _, s := range ends {
				assert.True(t, a.shifted(0).holds(a.at(s)), "%v with a radius of %d of the smallest: %v", v, n, a.shifted(0))
			}
		}
	}
}

// A ball rounds if both of its ends round to one float64, and not if they do not, at the
// middle of two float64s too, where the radius itself is rounded.
func TestBallRound(t *testing.T) {
	rnd := rand.New(rand.NewPCG(11, 3))
	rounded, open := 0, 0
	for range 6000 {
		hi := math.Ldexp(1+float64(rnd.IntN(4))*0x1p-52, rnd.IntN(3)-1)
		if rnd.IntN(8) == 0 {
			hi = 1 // below it are more float64s
		}
		a := ball{v: dd.FastTwoSum(hi, hi*(float64(rnd.IntN(3)-1)*0x1p-53*(1-float64(rnd.IntN(8))*0x1p-53))), r: float64(rnd.IntN(64)) * 0x1p-110}
		if rnd.IntN(4) == 0 { // so small that float64 has fewer bits
			a.x = 2
			a.v, a.r = dd.DD{Hi: a.v.Hi * 0x1p-25, Lo: a.v.Lo * 0x1p-25}, math.Ldexp(a.r, rnd.IntN(60))
		}
		if rnd.IntN(2) == 0 {
			a = a.neg()
		}
		b := a.round()
		low, _ := a.at(-1).Float64()
		high, _ := a.at(1).Float64()
		for _, s := range ends {
			off := wide().Sub(a.at(s), big.NewFloat(b.Value))
			assert.True(t, off.Abs(off).Cmp(big.NewFloat(b.Radius)) <= 0, "%v: %v", a, b)
		}
		if low != high {
			assert.False(t, b.Rounded, "%v: %v", a, b)
			open++
			continue
		}
		if b.Rounded {
			assert.Equal(t, low, b.Value, "%v", a)
			rounded++
		}
		// A little more than the radius would round too.
		wider := a
		wider.r = a.r*(1+0x1p-40) + 0x1p-103*math.Abs(a.v.Hi)
		low, _ = wider.at(-1).Float64()
		high, _ = wider.at(1).Float64()
		assert.True(t, b.Rounded || low != high, "%v is open", a)
	}
	assert.Greater(t, rounded, 500)
	assert.Greater(t, open, 500)
}

// The middle of a power of two and the next float64 is nearer to it below than above.
func TestBallRoundAtPowerOfTwo(t *testing.T) {
	for _, c := range []struct {
		lo, r   float64
		rounded bool
	}{
		{-0x1p-54 * (1 - 0x1p-20), 0x1p-80, true}, {-0x1p-54 * (1 - 0x1p-20), 0x1p-70, false},
		{0x1p-54 * (1 + 0x1p-20), 0x1p-80, true},
		{0x1p-53 * (1 - 0x1p-20), 0x1p-80, true}, {0x1p-53 * (1 - 0x1p-20), 0x1p-70, false},
	} {
		a := ball{v: dd.DD{Hi: 1, Lo: c.lo}, r: c.r}
		assert.Equal(t, c.rounded, a.round().Rounded, "%v", a)
		assert.Equal(t, c.rounded, a.neg().round().Rounded, "%v", a.neg())
	}
}

// The limits of what a ball can say.
func TestBallRoundSpecial(t *testing.T) {
	for _, c := range []struct {
		a    ball
		want Ball
	}{
		{ball{}, Ball{Rounded: true}},
		{exactly(math.Copysign(0, -1)), Ball{Rounded: true}},
		{ball{v: dd.DD{Hi: 1, Lo: 0x1p-60}}, Ball{Value: 1, Radius: 0x1p-60, Rounded: true}},
		{ball{v: dd.FromFloat(1), x: 5}, Ball{Radius: eta, Rounded: true}},              // 2^−2560
		{ball{v: dd.FromFloat(1), r: 0x1p-100, x: 9}, Ball{Radius: eta, Rounded: true}}, // below all float64s
		{ball{v: dd.FromFloat(1), x: 1 << 23}, Ball{Radius: eta, Rounded: true}},        // below all of math/big, but not 0
	} {
		assert.Equal(t, c.want, c.a.round(), "%v", c.a)
	}
	for _, b := range []Ball{exactly(math.Copysign(0, -1)).round(), dyadic(new(big.Float).Neg(zero)).round(), exactly(0x1p-800).neg().mul(exactly(0x1p-800)).round()} {
		assert.False(t, math.Signbit(b.Value), "−0 is 0: %v", b)
	}
	for _, a := range []ball{unknown, {r: math.NaN()}, {v: dd.FromFloat(math.Inf(1))}, {v: dd.DD{Hi: 1, Lo: math.NaN()}}} {
		b := a.round()
		assert.True(t, math.IsNaN(b.Value) && math.IsInf(b.Radius, 1) && !b.Rounded, "%v", a)
	}
	// Beyond the largest float64: nothing is rounded.
	most := ball{v: dd.FromFloat(math.MaxFloat64), r: 0x1p1000}
	assert.False(t, most.round().Rounded)
}
