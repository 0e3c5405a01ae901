package exact

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"

	"touchstone/activation"
	"touchstone/internal/bigfloat"
	"touchstone/internal/dd"
)

// truths are the functions of the map that functions returns.
var truths = map[string]func(z *big.Float, prec uint) *big.Float{
	"σ(z)": bigfloat.Sigmoid, "exp": bigfloat.Exp, "log1p": bigfloat.Log1p,
	"σ(−z)":         func(z *big.Float, prec uint) *big.Float { return bigfloat.Sigmoid(wide().Neg(z), prec) },
	"log(1+e^−|z|)": func(z *big.Float, prec uint) *big.Float { return bigfloat.Softplus(wide().Neg(wide().Abs(z)), prec) },
	"sigmoid":       bigfloat.Sigmoid, "sigmoid′": bigfloat.SigmoidDeriv, "tanh": bigfloat.Tanh, "tanh′": bigfloat.TanhDeriv,
	"softplus": bigfloat.Softplus, "softplus′": bigfloat.Sigmoid,
	"relu": func(z *big.Float, prec uint) *big.Float {
		if z.Sign() < 0 {
			return wide()
		}
		return z
	},
}

// The functions of a ball hold their values at its ends, from 0 to where nothing but the
// size of them is known; and near enough to 0 not much more than that.
func TestBallFunctions(t *testing.T) {
	rnd := rand.New(rand.NewPCG(13, 1))
	list := functions[ball](doubles{})
	for range 150 {
		hi := []float64{0, 0x1p-400, 0x1p-60, 0.2, 0.25, 1, 3, 40, 250, 600, 999, 1000, 1001, 1e5}[rnd.IntN(14)]
		a := ball{v: dd.FastTwoSum(hi*(0.9+0.2*rnd.Float64()), 0)}
		if rnd.IntN(3) == 0 {
			a = ball{v: dd.FromFloat(hi)}
		}
		if rnd.IntN(3) > 0 {
			a.r = min(0.24, hi*[]float64{0x1p-100, 0x1p-12, 0.2}[rnd.IntN(3)])
		}
		if hi == 0 {
			a.r = 0.1
		}
		if rnd.IntN(2) == 0 {
			a = a.neg()
		}
		a = scaled(a)
		for name, truth := range truths {
			if name == "log1p" && a.v.Hi <= 0 {
				continue
			}
			c := list[name](a)
			if !c.isFinite() {
				assert.True(t, a.v.Hi > 500 && name == "exp" || 2*a.r > 0.25 && (name == "tanh" || name == "tanh′"), "%s of %v", name, a)
				continue
			}
			low, high := truth(a.at(-1), 400), truth(a.at(1), 400)
			slack := math.Ldexp(1, 1-400)
			for _, end := range []*big.Float{low, high} {
				truth := wide().Sub(end, c.at(0))
				most := wide().Add(wide().SetMantExp(big.NewFloat(c.r), -512*c.x), wide().Mul(wide().Abs(end), big.NewFloat(slack)))
				assert.True(t, truth.Abs(truth).Cmp(most) <= 0, "%s of %v: %v does not hold %.40g", name, a, c, end)
			}
			// Not much more than what it moves and the radius of z.
			moves := wide().Sub(high, low)
			most := wide().Mul(moves.Abs(moves), big.NewFloat(4))
			most.Add(most, wide().Mul(wide().SetMantExp(big.NewFloat(a.r), -512*a.x), big.NewFloat(4.5*(1+math.Abs(c.flat().v.Hi)))))
			most.Add(most, wide().Mul(wide().Abs(c.at(0)), big.NewFloat(0x1p-90)))
			most.Add(most, wide().SetMantExp(big.NewFloat(1), -298))
			radius := wide().SetMantExp(big.NewFloat(c.r), -512*c.x)
			assert.True(t, radius.Cmp(most) <= 0, "%s of %v: %v is too broad", name, a, c)
		}
	}
}

// Small values keep their digits: they are not 0 ± something down to e^−1000.
func TestBallFunctionsKeepDigits(t *testing.T) {
	list := functions[ball](doubles{})
	for _, z := range []float64{20, 200, 207, 208, 209, 300, 600, 999, 1000} {
		for name, sign := range map[string]float64{
			"exp": -1, "sigmoid": -1, "sigmoid′": 1, "softplus": -1, "σ(z)": -1, "σ(−z)": 1, "log(1+e^−|z|)": 1, "tanh′": 0.5, "softplus′": -1,
		} {
			a := list[name](exactly(sign * z))
			assert.True(t, a.r < 0x1p-90*math.Abs(a.v.Hi), "%s(%v): %v", name, sign*z, a)
			if name != "tanh′" && name != "log(1+e^−|z|)" {
				continue
			}
			a = list[name](exactly(-sign * z))
			assert.True(t, a.r < 0x1p-90*math.Abs(a.v.Hi), "%s(%v): %v", name, -sign*z, a)
		}
		for _, name := range []string{"sigmoid", "tanh"} {
			assert.True(t, list[name](exactly(z)).r < 0x1p-90, name)
		}
	}
	// So do those of small arguments, and of logarithms of sums just below a power of two.
	for _, z := range []float64{0x1p-301, 0x1p-300, 0x1p-60, 0.1, 0.2499, 0.25, 1, 1 + 0x1p-52, 3 - 0x1p-50, 3, 7, 1e9, 0x1p40} {
		for _, name := range []string{"tanh", "log1p"} {
			a := list[name](exactly(z))
			assert.True(t, a.r < 0x1p-90*math.Abs(a.v.Hi), "%s(%v): %v", name, z, a)
		}
	}
	for _, z := range []float64{0x1p-1074, 0x1p-1000, 0x1p-400} {
		assert.InEpsilon(t, z, list["log1p"](exactly(z)).round().Value, 1e-15)
	}
	assert.False(t, list["log1p"](exactly(0x1p41)).isFinite())
	assert.False(t, list["exp"](exactly(601)).isFinite())
	assert.True(t, list["exp"](exactly(600)).isFinite())
	for _, z := range []ball{{v: dd.FromFloat(1), r: 0.25}, {v: dd.FromFloat(-1), r: 0.25}} {
		assert.True(t, list["sigmoid"](z).isFinite() && list["exp"](z).isFinite() && !list["tanh"](z).isFinite())
		z.r = 0.2501
		assert.False(t, list["sigmoid"](z).isFinite() || list["exp"](z).isFinite())
		z.r = 0.125
		assert.True(t, list["tanh"](z).isFinite())
	}
}

// What a function is off by is in its ball, however small the value.
func TestMoved(t *testing.T) {
	for e := -1074; e < 1000; e++ {
		f := dd.FromFloat(math.Ldexp(1, e))
		for _, off := range ends {
			truth := wide().Mul(big.NewFloat(f.Hi), wide().Add(big.NewFloat(1), big.NewFloat(off*funcError)))
			assert.True(t, moved(f, 0, 0).holds(truth), "2^%d: %v", e, moved(f, 0, 0))
		}
	}
}

// log(1+z) of a z that is too small for the table is z, less what is in the radius: where
// z is of the largest of those, or 0 but for what nobody knows.
func TestBallLog1pOfSmall(t *testing.T) {
	for _, z := range []float64{0x1.fp-301, 0x1p-301, 0x1p-400, 0x1p-600, 0x1p-811, 0x1p-813, 0x1p-1074} {
		a := doubles{}.log1p(exactly(z))
		truth := wide().Sub(big.NewFloat(z), wide().SetMantExp(wide().Mul(big.NewFloat(z), big.NewFloat(z)), -1)) // and z³/3
		assert.True(t, a.holds(truth), "log(1+%v): %v", z, a)
		assert.True(t, a.r < 0x1p-90*a.v.Hi, "log(1+%v): %v is too broad", z, a)
	}
	a := doubles{}.log1p(small)
	assert.True(t, a.v.Hi == 0 && a.x == small.x && a.r >= small.r && a.r < small.r*(1+0x1p-40), "of e^−1000 and less: %v", a)
}

// A rectifier is open where 0 is in the ball, and a kink there, and nowhere else.
func TestBallRectifier(t *testing.T) {
	for _, c := range []struct {
		v, r  float64
		value ball
		deriv ball
		kink  bool
	}{
		{0, 0, ball{}, ball{}, true},
		{2, 1, ball{v: dd.FromFloat(2), r: 1}, exactly(1), false},
		{-2, 1, ball{}, ball{}, false},
		{1, 1, ball{v: dd.FromFloat(1), r: 2}, ball{v: dd.FromFloat(0.5), r: 0.5}, true},
		{-1, 1, ball{v: dd.FromFloat(-1), r: 2}, ball{v: dd.FromFloat(0.5), r: 0.5}, true},
		{1 + 0x1p-51, 1, ball{v: dd.FromFloat(1 + 0x1p-51), r: 2}, ball{v: dd.FromFloat(0.5), r: 0.5}, true},
		{0, 1, ball{r: 2}, ball{v: dd.FromFloat(0.5), r: 0.5}, true},
		{5, 0, exactly(5), exactly(1), false}, {-5, 0, ball{}, ball{}, false},
	} {
		value, deriv, kink := doubles{}.activate(activation.ReLU{}, ball{v: dd.FromFloat(c.v), r: c.r})
		assert.Equal(t, c.value, value, "%v", c)
		assert.Equal(t, c.deriv, deriv, "%v", c)
		assert.Equal(t, c.kink, kink, "%v", c)
	}
}
