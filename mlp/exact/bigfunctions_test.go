package exact

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"

	"touchstone/activation"
	"touchstone/internal/bigfloat"
)

// The functions of a split hold their values at its ends, and not much more.
func TestSplitFunctionsAtTheirEnds(t *testing.T) {
	const prec = 400
	ar := splits{bigs{64}}
	rnd := rand.New(rand.NewPCG(14, 1))
	list := functions[split](ar)
	all := map[string]func(z *big.Float, prec uint) *big.Float{"log": bigfloat.Log}
	for name, f := range truths {
		all[name] = f
	}
	for range 80 {
		m := number(rnd, rnd.IntN(12)-rnd.IntN(2)*100)
		r := [...]*big.Float{zero, power(-40), power(m.MantExp(nil) - 5), power(-4)}[rnd.IntN(4)]
		if r.Cmp(power(-4)) > 0 {
			r = power(-4)
		}
		z := ar.settled(zero, ar.ball(m, true, r))
		x := ar.merged(z)
		for name, f := range all {
			if (name == "log1p" || name == "log") && (x.m.Sign() < 0 || x.r.Cmp(size(x.m)) >= 0) {
				continue
			}
			c := ar.merged(list[name](z))
			if !c.isKnown() {
				assert.True(t, name == "log", "%s of %v", name, x)
				continue
			}
			low, high := f(x.at(-1), prec), f(x.at(1), prec)
			need := wide()
			for _, end := range []*big.Float{low, high} {
				off := wide().Sub(end, c.m)
				assert.True(t, off.Abs(off).Cmp(wide().Add(c.r, wide().SetMantExp(wide().Abs(end), 2-prec))) <= 0, "%s of %v: %v does not hold %.40g", name, x, c, end)
				if off.Cmp(need) > 0 {
					need = off
				}
			}
			most := wide().Mul(need, big.NewFloat(6))
			most.Add(most, wide().Mul(x.r, big.NewFloat(6)))
			most.Add(most, wide().SetMantExp(wide().Abs(c.m), -55))
			assert.True(t, c.r.Cmp(most) <= 0, "%s of %v: %v is too broad", name, x, c)
			if c.sign != 0 {
				assert.True(t, low.Sign()*c.sign >= 0 && high.Sign()*c.sign >= 0, "%s of %v: %v", name, x, c)
			}
		}
	}
}

// A function that moves by more than a factor e^½ over a ball is unknown, and so is any
// beyond a radius of ½. No other is.
func TestSplitFunctionsOfBroadBalls(t *testing.T) {
	ar := splits{bigs{64}}
	list := functions[split](ar)
	for _, m := range []float64{-5, 5} {
		for _, c := range []struct {
			r              float64
			sigmoid, twice bool // and what moves twice as fast
		}{{0.25, true, true}, {0.26, true, false}, {0.5, true, false}, {0.51, false, false}} {
			z := plain(bigBall{m: big.NewFloat(m), r: newRadius().SetFloat64(c.r)})
			for name, want := range map[string]bool{
				"sigmoid": c.sigmoid, "sigmoid′": c.sigmoid, "softplus": c.sigmoid, "exp": c.sigmoid, "σ(−z)": c.sigmoid, "tanh": c.twice, "tanh′": c.twice,
			} {
				assert.Equal(t, want, list[name](z).isKnown(), "%s(%v ± %v)", name, m, c.r)
			}
		}
	}
	// Below 1 they are taken around 0, where it is no factor that counts.
	for _, m := range []float64{-1 + 0x1p-53, -0.5, 0, 0.5, 1 - 0x1p-53} {
		z := plain(bigBall{m: big.NewFloat(m), r: half})
		for name, f := range truths {
			if name == "log1p" {
				continue
			}
			a := ar.merged(list[name](z))
			for _, end := range ends {
				truth := f(z.d.at(end), 400)
				assert.True(t, a.isKnown() && a.holds(truth), "%s(%v ± ½): %v does not hold %.20g", name, m, a, truth)
			}
		}
	}
	// A logarithm may move by a half.
	a := ar.merged(ar.log(plain(bigBall{m: big.NewFloat(4), r: one, sign: 1})))
	assert.True(t, a.isKnown() && a.holds(big.NewFloat(math.Log(3))) && a.holds(big.NewFloat(math.Log(5))), "log(4 ± 1): %v", a)
	assert.False(t, ar.log(plain(bigBall{m: big.NewFloat(4), r: newRadius().SetFloat64(1.0001), sign: 1})).isKnown(), "log(4 ± 1…)")
}

// Arguments may have digits before the point: values keep those they are to have.
func TestSplitFunctionsKeepDigits(t *testing.T) {
	ar := splits{bigs{64}}
	list := functions[split](ar)
	third := new(big.Float).SetPrec(300).Quo(big.NewFloat(1), big.NewFloat(3))
	for _, v := range []float64{0x1p-900, 0x1p-70, 0x1p-17, 0x1p-16, 0x1p-15, 0.5, 1, 40, 1e6, 0x1p27} {
		for _, sign := range []float64{-1, 1} {
			m := new(big.Float).SetPrec(400).Mul(big.NewFloat(v*sign), new(big.Float).SetPrec(300).Add(big.NewFloat(0.6), third))
			top := new(big.Float).SetPrec(53).Set(m)
			parts := ar.settled(top, exact(new(big.Float).SetPrec(400).Sub(m, top)))
			for name := range truths {
				if name == "log1p" && (sign < 0 || v > 100) || name == "exp" && v*sign > 1e8 {
					continue
				}
				whole, a := ar.merged(list[name](dyadic(m))), list[name](parts)
				off := wide().Sub(whole.m, ar.merged(a).m)
				assert.True(t, off.Abs(off).Cmp(addUp(whole.r, ar.merged(a).r)) <= 0, "%s(%v) in two parts", name, v*sign)
				c := ar.merged(a)
				if !assert.True(t, c.isKnown(), "%s(%v)", name, v*sign) || c.isZero() {
					continue
				}
				assert.True(t, c.r.Cmp(wide().SetMantExp(wide().Abs(c.m), -48)) < 0, "%s(%v)", name, v*sign)
				// What follows a dyadic number has its own digits. (Of tanh z = z − z³/3 + … near
				// 0 it has as many as z² is small.)
				if a.m.Sign() != 0 && !a.d.isZero() && (name != "tanh" || v > 0.1) {
					assert.True(t, a.d.r.Cmp(wide().SetMantExp(wide().Abs(a.d.m), -48)) < 0, "%s(%v)", name, v*sign)
				}
			}
		}
	}
}

// Beyond 2^29 values are ½, 1 or the argument, and a tail of known sign follows, or they
// are that tail.
func TestSplitFunctionsBeyond(t *testing.T) {
	ar := splits{bigs{64}}
	list := functions[split](ar)
	for _, v := range []float64{0x1p29 + 1, 1e10, 1e300} {
		for name, want := range map[string]struct {
			m, d  float64 // at v: the dyadic part, and the sign of the remainder
			m2    float64 // at −v
			d2    int
			below bool
		}{
			"sigmoid":       {m: 1, d: -1, d2: 1},
			"σ(z)":          {m: 1, d: -1, d2: 1},
			"σ(−z)":         {d: 1, m2: 1, d2: -1},
			"sigmoid′":      {d: 1, d2: 1},
			"tanh":          {m: 1, d: -1, m2: -1, d2: 1},
			"tanh′":         {d: 1, d2: 1},
			"softplus":      {m: v, d: 1, d2: 1},
			"softplus′":     {m: 1, d: -1, d2: 1},
			"log(1+e^−|z|)": {d: 1, d2: 1},
		} {
			a, b := list[name](ar.exactly(v)), list[name](ar.exactly(-v))
			assert.True(t, a.m.Cmp(big.NewFloat(want.m)) == 0 && a.d.m.Sign() == 0 && a.d.sign == int(want.d) && a.d.r.Cmp(power(-370_000_000)) < 0, "%s(%v)", name, v)
			assert.True(t, b.m.Cmp(big.NewFloat(want.m2)) == 0 && b.d.m.Sign() == 0 && b.d.sign == want.d2 && b.d.r.Cmp(power(-370_000_000)) < 0, "%s(%v)", name, -v)
		}
		assert.False(t, list["exp"](ar.exactly(v)).isKnown())
		assert.Equal(t, 1, list["exp"](ar.exactly(-v)).d.sign)
	}
}

// A rectifier of splits is open where the sign is, and a kink there and at 0.
func TestSplitRectifier(t *testing.T) {
	ar := splits{bigs{64}}
	two, open := exact(power(1)), bigBall{m: power(0), r: power(0)}
	for _, c := range []struct {
		name     string
		z        split
		v, r     float64
		slope, s float64 // its derivative, and the radius of that
		kink     bool
	}{
		{"0", dyadic(zero), 0, 0, 0, 0, true},
		{"2", plain(two), 2, 0, 1, 0, false},
		{"−2", plain(two.neg()), 0, 0, 0, 0, false},
		{"1 ± 1", plain(open), 1, 2, 0.5, 0.5, true},
		{"−1 ± 1", plain(open.neg()), -1, 2, 0.5, 0.5, true},
		{"0 ± 1, positive", plain(bigBall{m: zero, r: power(0), sign: 1}), 0, 1, 1, 0, false},
		{"0 ± 1, negative", plain(bigBall{m: zero, r: power(0), sign: -1}), 0, 0, 0, 0, false},
	} {
		value, slope, kink := ar.activate(activation.ReLU{}, c.z)
		v, s := ar.merged(value), ar.merged(slope)
		got := [4]float64{}
		for i, x := range []*big.Float{v.m, v.r, s.m, s.r} {
			got[i], _ = x.Float64()
		}
		assert.Equal(t, [4]float64{c.v, c.r, c.slope, c.s}, got, c.name)
		assert.Equal(t, c.kink, kink, c.name)
	}
}

// The sum of a middle of two float64s and a remainder whose sign is not known is decided
// by the digits of both, up to a length, and by the sign at any length.
func TestSplitRoundsBySum(t *testing.T) {
	middle := new(big.Float).SetPrec(54).Add(big.NewFloat(1), power(-53))
	for _, e := range []int{-100, -5000, -59_000, -59_990, -60_010, -70_000, -1_000_000} {
		for sign, want := range map[int]float64{1: 1 + 0x1p-52, -1: 1} {
			d := bigBall{m: new(big.Float).SetMantExp(big.NewFloat(float64(sign)), e), r: power(e - 10)}
			b := split{middle, d}.round()
			assert.Equal(t, e > -60_000, b.Rounded, "2^%d", e)
			d.sign = sign
			b = split{middle, d}.round()
			assert.True(t, b.Rounded && b.Value == want, "±2^%d: %v", e, b)
			// Its mirror image, and what is the middle with the even number above.
			b = split{middle, d}.neg().round()
			assert.True(t, b.Rounded && b.Value == -want, "±2^%d: %v", e, b)
		}
	}
	for _, c := range []struct {
		name string
		a    split
		want Ball
	}{
		{"2^−1075, the middle of 0 and the smallest", plain(exact(power(-1075))), Ball{Radius: eta, Rounded: true}},
		{"a little more", split{power(-1075), bigBall{m: zero, r: power(-2000), sign: 1}}, Ball{Value: eta, Radius: eta, Rounded: true}},
		{"a little less", split{power(-1075), bigBall{m: zero, r: power(-2000), sign: -1}}, Ball{Radius: eta, Rounded: true}},
		{"or either", split{power(-1075), bigBall{m: zero, r: power(-2000)}}, Ball{Radius: eta}},
		{"0 ± 2^−1076", plain(bigBall{m: zero, r: power(-1076)}), Ball{Radius: eta, Rounded: true}},
		{"0 ± 2^−1074", plain(bigBall{m: zero, r: power(-1074)}), Ball{Radius: eta}},
		{"2^−4990 ± 2^−5010", plain(bigBall{m: power(-4990), r: power(-5010)}), Ball{Radius: eta, Rounded: true}},
		{"2^−10⁹", plain(exact(power(floor))), Ball{Radius: eta, Rounded: true}},
		{"1 ± 2^−10⁹", split{one, bigBall{m: zero, r: power(floor)}}, Ball{Value: 1, Radius: eta, Rounded: true}},
		{"a middle − 2^−500 + 2^−900, and 2^−500", split{wide().Add(middle, wide().Sub(power(-900), power(-500))), exact(power(-500))}, Ball{Value: 1 + 0x1p-52, Radius: 0x1.0000000000001p-53, Rounded: true}},
		{"2^1024", dyadic(power(1024)), Ball{Value: math.Inf(1), Radius: math.Inf(1), Rounded: true}},
		{"−2^2000", dyadic(power(2000)).neg(), Ball{Value: math.Inf(-1), Radius: math.Inf(1), Rounded: true}},
	} {
		assert.Equal(t, c.want, c.a.round(), c.name)
	}
	b := splits{}.unknown().round()
	assert.True(t, math.IsNaN(b.Value) && math.IsInf(b.Radius, 1) && !b.Rounded)
}
