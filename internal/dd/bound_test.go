package dd

import (
	"math"
	"math/big"
	"math/rand/v2"
	"os"
	"testing"

	"touchstone/internal/bigfloat"
)

const u = 0x1p-53

// A claim is one operation, its exact value and the relative error it promises.
type claim struct {
	name  string
	bound float64
	args  func(*rand.Rand) (x, y DD)
	f     func(x, y DD) (DD, int) // the value is DD·2^int
	exact func(x, y *big.Float) *big.Float
	slow  bool // its exact value takes long
}

func plain(f func(x, y DD) DD) func(x, y DD) (DD, int) {
	return func(x, y DD) (DD, int) { return f(x, y), 0 }
}

// prec holds every sum and product of the operands below, exactly.
const prec = 2300

func wide() *big.Float { return new(big.Float).SetPrec(prec) }

func (x DD) big() *big.Float {
	return wide().Add(wide().SetFloat64(x.Hi), wide().SetFloat64(x.Lo))
}

func sum(x, y *big.Float) *big.Float  { return wide().Add(x, y) }
func diff(x, y *big.Float) *big.Float { return wide().Sub(x, y) }
func prod(x, y *big.Float) *big.Float { return wide().Mul(x, y) }
func quot(x, y *big.Float) *big.Float { return wide().Quo(x, y) }
func inv(x, _ *big.Float) *big.Float  { return wide().Quo(wide().SetInt64(1), x) }

func of(f func(x *big.Float, prec uint) *big.Float) func(x, y *big.Float) *big.Float {
	return func(x, _ *big.Float) *big.Float { return f(x, 200) }
}

var claims = []claim{
	{"TwoSum", 0, floats, plain(func(x, y DD) DD { return TwoSum(x.Hi, y.Hi) }), sum, false},
	{"FastTwoSum", 0, ordered, plain(func(x, y DD) DD { return FastTwoSum(x.Hi, y.Hi) }), sum, false},
	{"TwoProd", 0, floats, plain(func(x, y DD) DD { return TwoProd(x.Hi, y.Hi) }), prod, false},
	{"AddFloat", 2 * u * u, noLo(pair), plain(func(x, y DD) DD { return x.AddFloat(y.Hi) }), sum, false},
	{"Add", (3 + 13*u) * u * u, pair, plain(DD.Add), sum, false},
	{"Sub", (3 + 13*u) * u * u, pair, plain(DD.Sub), diff, false},
	{"addSmall", 3.04 * u * u, small, plain(addSmall), sum, false},
	{"MulFloat", 2 * u * u, noLo(pair), plain(func(x, y DD) DD { return x.MulFloat(y.Hi) }), prod, false},
	{"Mul", 4 * u * u, pair, plain(DD.Mul), prod, false},
	{"Inv", 4.8 * u * u, pair, plain(func(x, _ DD) DD { return x.Inv() }), inv, false},
	{"Div", 8.9 * u * u, pair, plain(DD.Div), quot, false},
	{"TwoSum, any exponents", 0, anywhere, plain(func(x, y DD) DD { return TwoSum(x.Hi, y.Hi) }), sum, false},
	{"TwoSum, largest", 0, noLos(largest), plain(func(x, y DD) DD { return TwoSum(x.Hi, y.Hi) }), sum, false},
	{"AddFloat, largest", 2 * u * u, noLo(largest), plain(func(x, y DD) DD { return x.AddFloat(y.Hi) }), sum, false},
	{"Add, largest", (3 + 13*u) * u * u, largest, plain(DD.Add), sum, false},
	{"Sub, largest", (3 + 13*u) * u * u, largest, plain(func(x, y DD) DD { return x.Sub(y.Neg()) }), sum, false},
	{"TwoProd, from 2^-968", 0, noLos(low(-968)), plain(func(x, y DD) DD { return TwoProd(x.Hi, y.Hi) }), prod, false},
	{"MulFloat, from 2^-900", 2 * u * u, noLo(low(-900)), plain(func(x, y DD) DD { return x.MulFloat(y.Hi) }), prod, false},
	{"Mul, from 2^-900", 6.01 * u * u, low(-900), plain(DD.Mul), prod, false},
	{"Inv, to 2^900", 4.8 * u * u, far, plain(func(_, y DD) DD { return y.Inv() }), func(_, y *big.Float) *big.Float { return inv(y, nil) }, false},
	{"Div, from 2^-900", 10.9 * u * u, far, plain(DD.Div), quot, false},
	{"OnePlus", 6 * u * u, aboveOne, func(x, _ DD) (DD, int) { f, k := OnePlus(x); return f.AddFloat(1), k }, // 2u² for the sum here
		func(x, _ *big.Float) *big.Float { return sum(x, wide().SetInt64(1)) }, false},
	{"Exp", 9.1 * u * u, expArg, func(x, _ DD) (DD, int) { return Exp(x) }, of(bigfloat.Exp), true},
	{"ExpFast", 0x1p-76, noLos(expArg), func(x, _ DD) (DD, int) { return ExpFast(x.Hi) }, of(bigfloat.Exp), true},
	{"Expm1", 34 * u * u, expm1Arg, plain(func(x, _ DD) DD { return Expm1(x) }), of(bigfloat.Expm1), true},
	{"Expm1Fast", 0x1p-74, noLos(expm1Arg), plain(func(x, _ DD) DD { return Expm1Fast(x.Hi) }), of(bigfloat.Expm1), true},
	{"Log1pFast", 0x1p-80, log1pArg, plain(func(x, _ DD) DD { return Log1pFast(x) }), of(bigfloat.Log1p), true},
	{"Log1p", 12.6 * u * u, log1pArg, plain(func(x, _ DD) DD { return Log1p(x) }), of(bigfloat.Log1p), true},
}

// worst returns the largest error among n random operands, as a multiple of the
// bound; for a bound of 0, the largest relative error. A result that is not of
// the form Hi = RN(Hi+Lo), as of NaN, counts as +Inf.
func (c claim) worst(n int, seed uint64) (ratio float64, x, y DD) {
	rnd := rand.New(rand.NewPCG(1, seed))
	for range n {
		a, b := c.args(rnd)
		want := c.exact(a.big(), b.big())
		z, k := c.f(a, b)
		if z.Hi+z.Lo != z.Hi {
			return math.Inf(1), a, b
		}
		got := z.big()
		e := wide().Sub(got.SetMantExp(got, k), want)
		r := 0.0
		if e.Sign() != 0 {
			r, _ = e.Quo(e, want).Float64()
			r = math.Abs(r)
			if c.bound != 0 {
				r /= c.bound
			}
		}
		if r > ratio {
			ratio, x, y = r, a, b
		}
	}
	return ratio, x, y
}

// TestBounds holds every operation to its bound, on random operands that lean to
// the difficult ones. With TOUCHSTONE_LONG set it takes a million of each.
func TestBounds(t *testing.T) {
	for i, c := range claims {
		n := 10_000
		if c.slow {
			n = 1_000
		}
		if os.Getenv("TOUCHSTONE_LONG") != "" {
			n = 1_000_000
		}
		ratio, x, y := c.worst(n, uint64(i))
		limit := 1.0
		if c.bound == 0 {
			limit = 0
		}
		if ratio > limit {
			t.Errorf("%s(%v, %v): %.3g of the bound", c.name, x, y, ratio)
		}
		t.Logf("%-21s %d operands, bound %.4g u², worst %.4f of it", c.name, n, c.bound/(u*u), ratio)
	}
}
