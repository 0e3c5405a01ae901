package loss_test

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"touchstone/internal/bigfloat"
	"touchstone/loss"
)

// A calc computes with prec bits and keeps the size of the largest number that it
// has added: rounding is of that.
type calc struct {
	prec uint
	size *big.Float
}

func (c *calc) num(x float64) *big.Float { return new(big.Float).SetPrec(c.prec).SetFloat64(x) }

func (c *calc) add(x, y *big.Float) *big.Float {
	for _, v := range []*big.Float{x, y} {
		if a := new(big.Float).Abs(v); c.size == nil || a.Cmp(c.size) > 0 {
			c.size = a
		}
	}
	return new(big.Float).SetPrec(c.prec).Add(x, y)
}

func (c *calc) mul(x, y *big.Float) *big.Float { return new(big.Float).SetPrec(c.prec).Mul(x, y) }
func (c *calc) quo(x, y *big.Float) *big.Float { return new(big.Float).SetPrec(c.prec).Quo(x, y) }

// roundOf returns the float64 nearest f. It takes as many bits as it needs to tell,
// but not more than 20000: then f is a float64 or a midpoint.
func roundOf(f func(c *calc) *big.Float) float64 {
	for prec := uint(120); ; prec *= 3 {
		c := &calc{prec: prec}
		v := f(c)
		d := new(big.Float).SetMantExp(v, 10-int(prec))
		if c.size != nil && c.size.Cmp(new(big.Float).Abs(v)) > 0 {
			d.SetMantExp(c.size, 10-int(prec))
		}
		lo, _ := new(big.Float).SetPrec(prec+20).Sub(v, d).Float64()
		hi, _ := new(big.Float).SetPrec(prec+20).Add(v, d).Float64()
		if lo == hi || prec > 20000 {
			y, _ := v.Float64()
			return y
		}
	}
}

func trueSquared(c *calc, y, t float64) *big.Float {
	d := new(big.Float).SetPrec(2200).Sub(big.NewFloat(y), big.NewFloat(t))
	return new(big.Float).SetPrec(4500).Mul(d, new(big.Float).Mul(d, big.NewFloat(0.5)))
}

func trueCrossEntropy(c *calc, y, t float64) *big.Float {
	a := c.mul(c.num(-t), bigfloat.Log(c.num(y), c.prec))
	b := c.mul(exactSub(t, 1), bigfloat.Log1p(c.num(-y), c.prec))
	return c.add(a, b)
}

func exactSub(x, y float64) *big.Float {
	return new(big.Float).SetPrec(2200).Sub(big.NewFloat(x), big.NewFloat(y))
}

func trueCrossEntropyGrad(c *calc, y, t float64) *big.Float {
	c.prec = 6000 // either exact or far enough from a midpoint
	return c.quo(exactSub(y, t), c.mul(c.num(y), exactSub(1, y)))
}

// vanishing returns f(−|y|), or where that is below 2^−2000 another number that is
// positive and too small to count in a sum, but for its sign.
func vanishing(c *calc, f func(*big.Float, uint) *big.Float, y float64) *big.Float {
	if math.Abs(y) > 2000 {
		return new(big.Float).SetMantExp(c.num(1), -4000)
	}
	return f(c.num(-math.Abs(y)), c.prec)
}

func trueLogit(c *calc, y, t float64) *big.Float {
	slope := big.NewFloat(-t)
	if y >= 0 {
		slope = exactSub(1, t)
	}
	return c.add(vanishing(c, bigfloat.Softplus, y), new(big.Float).SetPrec(4500).Mul(slope, big.NewFloat(y)))
}

func trueLogitGrad(c *calc, y, t float64) *big.Float {
	s := vanishing(c, bigfloat.Sigmoid, y)
	if y > 0 {
		return c.add(exactSub(1, t), s.Neg(s))
	}
	return c.add(s, c.num(-t))
}

// A rounded is a function of one output that is to be correctly rounded.
type rounded struct {
	name  string
	f     func(y, t float64) float64
	quick func(y, t float64) (float64, bool)
	truth func(c *calc, y, t float64) *big.Float
	y     func(rnd *rand.Rand) float64
	p     func(y float64) float64 // the target at which the gradient is 0
}

func valueOf(f loss.Func) func(y, t float64) float64 {
	return func(y, t float64) float64 { return f.Value([]float64{y}, []float64{t}) }
}

func gradOf(f loss.Func) func(y, t float64) float64 {
	return func(y, t float64) float64 { return gradient(f, []float64{y}, []float64{t})[0] }
}

var roundeds = []rounded{
	{"Squared.Value", valueOf(loss.Squared{}), loss.QuickSquared, trueSquared, anyReal, itself},
	{"CrossEntropy.Value", valueOf(loss.CrossEntropy{}), loss.QuickCrossEntropy, trueCrossEntropy, anyProbability, itself},
	{"CrossEntropy.Grad", gradOf(loss.CrossEntropy{}), loss.QuickCrossEntropyGrad, trueCrossEntropyGrad, anyProbability, itself},
	{"LogitCrossEntropy.Value", valueOf(loss.LogitCrossEntropy{}), loss.QuickLogit, trueLogit, anyLogit, σ},
	{"LogitCrossEntropy.Grad", gradOf(loss.LogitCrossEntropy{}), loss.QuickLogitGrad, trueLogitGrad, anyLogit, σ},
}

func anyReal(rnd *rand.Rand) float64 {
	switch rnd.IntN(4) {
	case 0:
		return 2*rnd.Float64() - 1
	case 1:
		return math.Ldexp(rnd.Float64()-0.5, rnd.IntN(100)-50)
	case 2:
		return math.Ldexp(float64(rnd.IntN(1<<28)-1<<27), -rnd.IntN(40))
	}
	return math.Ldexp(rnd.Float64()-0.5, rnd.IntN(2090)-1070)
}

func anyLogit(rnd *rand.Rand) float64 {
	switch rnd.IntN(6) {
	case 0:
		return 1600*rnd.Float64() - 800
	case 1:
		return 80*rnd.Float64() - 40
	case 2:
		return math.Ldexp(float64(rnd.IntN(1<<12)-1<<11), -rnd.IntN(60)) // σ(y) is nearly a midpoint
	case 3:
		return math.Copysign(math.Exp2(1000*rnd.Float64()-900), rnd.Float64()-0.5)
	}
	return 16*rnd.Float64() - 8
}

func anyProbability(rnd *rand.Rand) float64 {
	switch rnd.IntN(5) {
	case 0:
		return math.Exp2(-1074 * rnd.Float64())
	case 1:
		return 1 - math.Exp2(-53*rnd.Float64())/2
	case 2:
		return math.Ldexp(float64(1+2*rnd.IntN(1<<7)), -8)
	case 3:
		return max(0x1p-1074, math.Exp2(-60*rnd.Float64()))
	}
	return max(rnd.Float64(), 0x1p-60)
}

// target returns a target: 0 or 1, any in [0, 1], one beyond it, one of few bits, or
// one near p.
func target(rnd *rand.Rand, p float64) float64 {
	switch rnd.IntN(9) {
	case 0:
		return 0
	case 1:
		return 1
	case 2:
		return math.Ldexp(float64(rnd.IntN(1<<10)), -10)
	case 3:
		return anyReal(rnd)
	case 4:
		return math.Exp2(-1074 * rnd.Float64())
	case 5:
		return 1 - math.Exp2(-54*rnd.Float64())
	case 6:
		return p * (1 + math.Ldexp(rnd.Float64()-0.5, -rnd.IntN(52)))
	case 7:
		return math.Float64frombits(math.Float64bits(p) + rnd.Uint64N(5) - 2)
	}
	return rnd.Float64()
}

func (r *rounded) draw(rnd *rand.Rand) (y, t float64) {
	for {
		y = r.y(rnd)
		if t = target(rnd, r.p(y)); t-t == 0 {
			return y, t
		}
	}
}

// sweep compares f with the truth at n random arguments.
func (r *rounded) sweep(n int, seed uint64) tally {
	return sweep(n, seed, func(rnd *rand.Rand, c *tally) {
		y, t := r.draw(rnd)
		_, ok := r.quick(y, t)
		want := roundOf(func(c *calc) *big.Float { return r.truth(c, y, t) })
		c.add(r.f(y, t), want, ok, func() string { return fmt.Sprintf("y = %b, t = %b", y, t) })
	})
}

// TestRounding compares with the truth at random arguments. TOUCHSTONE_LONG=1 takes
// 10⁷ a function and ten minutes, and so needs a longer -timeout.
func TestRounding(t *testing.T) {
	for i, r := range roundeds {
		t.Run(r.name, func(t *testing.T) {
			n := long(1500)
			found := r.sweep(n, uint64(210+i))
			found.report(t, r.name, n)
		})
	}
}

// TestRoundingSeesErrors plants a missing fallback.
func TestRoundingSeesErrors(t *testing.T) {
	if testing.Short() {
		t.Skip("it tests tests")
	}
	for i, r := range roundeds {
		r.f = func(y, t float64) float64 { v, _ := r.quick(y, t); return v }
		if found := r.sweep(1500, uint64(210+i)); found.misrounded == 0 {
			t.Errorf("%s: a missing fallback is not seen", r.name)
		}
	}
}

// TestFiner counts what the second quick phase of the gradient settles, for targets
// that agree with σ(y) in 20 to 40 bits.
func TestFiner(t *testing.T) {
	rnd := rand.New(rand.NewPCG(31, 0))
	first, second := 0, 0
	for range 2000 {
		y := 16*rnd.Float64() - 8
		u := σ(y) * (1 + math.Ldexp(rnd.Float64()-0.5, -20-rnd.IntN(20)))
		g, ok := loss.QuickLogitGrad(y, u)
		if ok {
			first++
		} else if g, ok = loss.FinerLogitGrad(y, u); ok {
			second++
		} else {
			continue
		}
		if want := roundOf(func(c *calc) *big.Float { return trueLogitGrad(c, y, u) }); g != want {
			t.Errorf("at y = %b, t = %b: %b, want %b", y, u, g, want)
		}
	}
	t.Logf("of 2000, %d settled at first, %d by the finer exponential", first, second)
	if second < 1000 {
		t.Error("the finer exponential is of little use")
	}
}
