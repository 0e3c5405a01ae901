package loss_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"os"
	"sort"
	"strconv"
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
	for prec := uint(180); ; prec *= 3 {
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

// A rounded is a function of one output that is correctly rounded.
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
		t = target(rnd, r.p(y))
		if t-t == 0 && (r.truth(&calc{prec: 64}, y, t).Sign() != 0) {
			return y, t
		}
	}
}

// long is the number of arguments of a function: short, or with TOUCHSTONE_LONG=1 as
// many as 10⁷, or another number that it is set to.
func long(short int) int {
	switch n, err := strconv.Atoi(os.Getenv("TOUCHSTONE_LONG")); {
	case err != nil:
		return short
	case n == 1:
		return 10_000_000
	default:
		return n
	}
}

// TestRounding compares with the truth at random arguments. TOUCHSTONE_LONG=1 takes
// 10⁷ a function, and half an hour.
func TestRounding(t *testing.T) {
	for i, r := range roundeds {
		t.Run(r.name, func(t *testing.T) {
			rnd := rand.New(rand.NewPCG(21, uint64(i)))
			n, misrounded, open := long(1500), 0, 0
			for range n {
				y, u := r.draw(rnd)
				if _, ok := r.quick(y, u); !ok {
					open++
				}
				want := roundOf(func(c *calc) *big.Float { return r.truth(c, y, u) })
				if v := r.f(y, u); v != want {
					if misrounded++; misrounded < 5 {
						t.Errorf("at y = %b, t = %b: %b, want %b", y, u, v, want)
					}
				}
			}
			t.Logf("%s: %d of %d misrounded; %d needed the fallback", r.name, misrounded, n, open)
		})
	}
}

// trueSoftmax returns the value, and the j-th entry of the gradient of the softmax.
func trueSoftmax(c *calc, y, t []float64, j int) (value, grad *big.Float) {
	top := 0
	for k := range y {
		if y[k] > y[top] {
			top = k
		}
	}
	total, linear, z, rest := c.num(0), c.num(0), c.num(0), c.num(0)
	var ej *big.Float
	for k := range y {
		d := exactSub(y[k], y[top])
		linear = c.add(linear, c.mul(c.num(-t[k]), d))
		total = c.add(total, c.num(t[k]))
		e := bigfloat.Exp(d, c.prec)
		z = c.add(z, e)
		if k != top {
			rest = c.add(rest, e)
		}
		if k == j {
			ej = e
		}
	}
	value = linear
	if rest.Sign() > 0 {
		value = c.add(linear, c.mul(total, bigfloat.Log1p(rest, c.prec)))
	}
	return value, c.add(c.quo(c.mul(total, ej), z), c.num(-t[j]))
}

// anySoftmax returns logits and targets.
func anySoftmax(rnd *rand.Rand) (y, t []float64) {
	n := 1 + rnd.IntN(6)
	y, t = make([]float64, n), make([]float64, n)
	kind, size := rnd.IntN(3), []float64{1, 10, 50, 800, 1500}[rnd.IntN(5)]
	for k := range y {
		y[k] = size * (rnd.Float64() - 0.5)
		if rnd.IntN(4) == 0 {
			y[k] = float64(rnd.IntN(3))
		}
		switch kind {
		case 0:
			t[k] = rnd.Float64()
		case 1:
			t[k] = math.Ldexp(float64(rnd.IntN(16)), -4)
		}
	}
	switch kind {
	case 1:
		if rnd.IntN(2) == 0 { // at the minimum
			copy(t, probability(y))
		}
	case 2:
		t[rnd.IntN(n)] = 1
	}
	return y, t
}

func TestSoftmaxRounding(t *testing.T) {
	rnd := rand.New(rand.NewPCG(23, 0))
	n, misrounded, open := long(1200), [2]int{}, [2]int{}
	for range n {
		y, u := anySoftmax(rnd)
		j := rnd.IntN(len(y))
		_, vok, _, gok := loss.QuickSoftmax(y, u, j)
		for i, got := range []float64{loss.SoftmaxCrossEntropy{}.Value(y, u), gradient(loss.SoftmaxCrossEntropy{}, y, u)[j]} {
			if !(&[2]bool{vok, gok})[i] {
				open[i]++
			}
			want := roundOf(func(c *calc) *big.Float {
				v, g := trueSoftmax(c, y, u, j)
				if i == 0 {
					return v
				}
				return g
			})
			if got != want {
				if misrounded[i]++; misrounded[i] < 5 {
					t.Errorf("%s at y = %v, t = %v, %d: %b, want %b", []string{"value", "gradient"}[i], y, u, j, got, want)
				}
			}
		}
	}
	t.Logf("SoftmaxCrossEntropy: value and gradient: %d of %d misrounded; %d needed the fallback", misrounded, n, open)
}

// TestSearch looks for the hardest arguments among 4·10⁸ for each value and prints
// the table hardest. It takes a minute, and TOUCHSTONE_SEARCH=1.
func TestSearch(t *testing.T) {
	if os.Getenv("TOUCHSTONE_SEARCH") == "" {
		t.Skip("without TOUCHSTONE_SEARCH")
	}
	for i, r := range roundeds {
		rnd := rand.New(rand.NewPCG(25, uint64(i)))
		type found struct{ y, t, distance float64 }
		var list []found
		n := 400_000_000
		if i == 2 || i == 0 {
			continue
		}
		for range n {
			y, u := rnd.Float64(), rnd.Float64()
			if i > 2 {
				y = 20*y - 10
			}
			if rnd.IntN(2) == 0 {
				u = float64(rnd.IntN(2))
			}
			if _, ok := r.quick(y, u); !ok {
				v := r.truth(&calc{prec: 300}, y, u)
				near, _ := v.Float64()
				d := new(big.Float).Sub(v, big.NewFloat(near))
				x, _ := d.SetMantExp(d, 52-math.Ilogb(near)).Float64()
				list = append(list, found{y, u, math.Abs(math.Abs(x) - 0.5)})
			}
		}
		sort.Slice(list, func(i, j int) bool { return list[i].distance < list[j].distance })
		t.Logf("%s: %d of %d needed the fallback", r.name, len(list), n)
		for _, c := range list[:min(20, len(list))] {
			want := roundOf(func(calc *calc) *big.Float { return r.truth(calc, c.y, c.t) })
			t.Logf("\t{%q, %x, %x, %x}, // 2^%.1f", r.name, c.y, c.t, want, math.Log2(c.distance))
		}
	}
}

// TestSoftmaxSeesErrors plants a missing fallback and the plain formulas, and sees
// that the fallback does not read what Grad has written.
func TestSoftmaxSeesErrors(t *testing.T) {
	rnd := rand.New(rand.NewPCG(29, 0))
	var quick, plain [2]int
	for range 300 {
		y, u := anySoftmax(rnd)
		j := rnd.IntN(len(y))
		if bad := aliasing(loss.SoftmaxCrossEntropy{}, y, u); bad != "" {
			t.Fatalf("%s: y = %v, t = %v", bad, y, u)
		}
		v, _, g, _ := loss.QuickSoftmax(y, u, j)
		value, grad := loss.SoftmaxCrossEntropy{}.Value(y, u), gradient(loss.SoftmaxCrossEntropy{}, y, u)[j]
		total, p := 0.0, probability(y)
		for _, uk := range u {
			total += uk
		}
		for i, wrong := range []bool{v != value, g != grad} {
			if wrong {
				quick[i]++
			}
		}
		for i, wrong := range []bool{logOf(math.Log)(y, u) != value, total*p[j]-u[j] != grad} {
			if wrong {
				plain[i]++
			}
		}
	}
	if quick[1] == 0 || plain[0] == 0 || plain[1] == 0 {
		t.Errorf("wrong without the fallback: %d, by the plain formulas: %d, of 300", quick, plain)
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
