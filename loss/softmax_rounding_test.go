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

// differences returns dₖ = yₖ − y_top and the index top of the largest logit.
func differences(y []float64) (d []*big.Float, top int) {
	for k := range y {
		if y[k] > y[top] {
			top = k
		}
	}
	for k := range y {
		d = append(d, exactSub(y[k], y[top]))
	}
	return d, top
}

// trueSoftmax returns Σ tₖ·log(1 + Σ e^dₖ) − Σ tₖ·dₖ, the inner sum being over all
// k ≠ top.
func trueSoftmax(c *calc, y, t []float64, _ int) *big.Float {
	d, top := differences(y)
	total, linear, rest := c.num(0), c.num(0), c.num(0)
	for k := range y {
		linear = c.add(linear, c.mul(c.num(-t[k]), d[k]))
		total = c.add(total, c.num(t[k]))
		if k != top {
			rest.Add(rest, bigfloat.Exp(d[k], c.prec))
		}
	}
	if rest.Sign() == 0 {
		return linear
	}
	return c.add(linear, c.mul(total, bigfloat.Log1p(rest, c.prec)))
}

// trueSoftmaxGrad returns Σ (tₖ·e^dⱼ − tⱼ·e^dₖ) / Σ e^dₖ, which is the gradient without
// a difference of p_top and 1.
func trueSoftmaxGrad(c *calc, y, t []float64, j int) *big.Float {
	d, _ := differences(y)
	sum, z := c.num(0), c.num(0)
	ej := bigfloat.Exp(d[j], c.prec)
	for k := range y {
		e := ej
		if k != j {
			e = bigfloat.Exp(d[k], c.prec)
			sum = c.add(sum, c.mul(c.num(t[k]), ej))
			sum = c.add(sum, c.mul(c.num(-t[j]), e))
		}
		z.Add(z, e)
	}
	return c.quo(sum, z)
}

// anySoftmax returns logits and targets.
func anySoftmax(rnd *rand.Rand) (y, t []float64) {
	n := 1 + rnd.IntN(6)
	y, t = make([]float64, n), make([]float64, n)
	kind, size := rnd.IntN(3), []float64{1, 10, 50, 800, 1500, 5000}[rnd.IntN(6)]
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
	if rnd.IntN(3) == 0 {
		resize(rnd, t)
	}
	return y, t
}

// resize multiplies all targets, or one, or each by a power of two from the smallest to
// the largest float64, or turns the sign of one.
func resize(rnd *rand.Rand, t []float64) {
	k, e := rnd.IntN(len(t)), rnd.IntN(2097)-1074
	switch rnd.IntN(4) {
	case 0:
		for k := range t {
			t[k] = math.Ldexp(t[k], e)
		}
	case 1:
		t[k] = math.Ldexp(t[k], e)
	case 2:
		for k := range t {
			t[k] = math.Ldexp(t[k], rnd.IntN(2097)-1074)
		}
	case 3:
		t[k] = -t[k]
	}
}

// A softmaxResult is the value, or the j-th entry of the gradient.
type softmaxResult struct {
	name  string
	f     func(y, t []float64, j int) float64
	quick func(y, t []float64, j int) (float64, bool)
	truth func(c *calc, y, t []float64, j int) *big.Float
}

var softmaxResults = []softmaxResult{
	{"SoftmaxCrossEntropy.Value", softmaxValue, loss.QuickSoftmax, trueSoftmax},
	{"SoftmaxCrossEntropy.Grad", softmaxGrad, loss.QuickSoftmaxGrad, trueSoftmaxGrad},
}

func softmaxValue(y, t []float64, _ int) float64 { return loss.SoftmaxCrossEntropy{}.Value(y, t) }

func softmaxGrad(y, t []float64, j int) float64 {
	return gradient(loss.SoftmaxCrossEntropy{}, y, t)[j]
}

// sweep compares f with the truth at n random arguments.
func (r *softmaxResult) sweep(n int, seed uint64) tally {
	return sweep(n, seed, func(rnd *rand.Rand, c *tally) {
		y, t := anySoftmax(rnd)
		j := rnd.IntN(len(y))
		_, ok := r.quick(y, t, j)
		want := roundOf(func(c *calc) *big.Float { return r.truth(c, y, t, j) })
		c.add(r.f(y, t, j), want, ok, func() string { return fmt.Sprintf("y = %b, t = %b, output %d", y, t, j) })
	})
}

// TestSoftmaxRounding is TestRounding for the softmax, and takes twice as long.
func TestSoftmaxRounding(t *testing.T) {
	for i, r := range softmaxResults {
		t.Run(r.name, func(t *testing.T) {
			n := long(1200)
			found := r.sweep(n, uint64(230+i))
			found.report(t, r.name, n)
		})
	}
}

// scaledTwice computes r for targets of ordinary size and rounds before it multiplies.
func scaledTwice(r softmaxResult) func(y, t []float64, j int) float64 {
	return func(y, t []float64, j int) float64 {
		largest, small := 0x1p-1074, make([]float64, len(t))
		for _, tk := range t {
			largest = max(largest, math.Abs(tk))
		}
		for k := range t {
			small[k] = math.Ldexp(t[k], -math.Ilogb(largest))
		}
		return math.Ldexp(r.f(y, small, j), math.Ilogb(largest))
	}
}

// TestSoftmaxSeesErrors plants a missing fallback, the plain formulas, and results that
// are rounded twice.
func TestSoftmaxSeesErrors(t *testing.T) {
	if testing.Short() {
		t.Skip("it tests tests")
	}
	for i, r := range softmaxResults {
		for what, f := range map[string]func(y, t []float64, j int) float64{
			"a missing fallback": func(y, t []float64, j int) float64 { v, _ := r.quick(y, t, j); return v },
			"rounding twice":     scaledTwice(r),
			"the plain formula": func(y, t []float64, j int) float64 {
				if i == 0 {
					return logOf(math.Log)(y, t)
				}
				total := 0.0
				for _, tk := range t {
					total += tk
				}
				return total*probability(y)[j] - t[j]
			},
		} {
			wrong := r
			wrong.f = f
			if found := wrong.sweep(1200, uint64(230+i)); found.misrounded == 0 {
				t.Errorf("%s: %s is not seen", r.name, what)
			}
		}
	}
}

// TestSoftmaxAliasing: neither phase reads what Grad has written.
func TestSoftmaxAliasing(t *testing.T) {
	rnd := rand.New(rand.NewPCG(29, 0))
	for range 300 {
		y, u := anySoftmax(rnd)
		if bad := aliasing(loss.SoftmaxCrossEntropy{}, y, u); bad != "" {
			t.Fatalf("%s: y = %v, t = %v", bad, y, u)
		}
	}
}
