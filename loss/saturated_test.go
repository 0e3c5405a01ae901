package loss_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"touchstone/loss"
)

// TestSaturatedSoftmax: where p of the largest logit is nearly 1, its gradient is nearly
// the sum of the other targets, often a midpoint, and the quick phase decides by the sign
// of the rest as the fallback does.
func TestSaturatedSoftmax(t *testing.T) {
	rnd := rand.New(rand.NewPCG(41, 0))
	middles, open, away := 0, 0, 0
	for range 4000 {
		n := 3 + rnd.IntN(3)
		y, target := make([]float64, n), make([]float64, n)
		for k := range y {
			y[k] = [...]float64{-50, -60, -100, -1500, -1e9, math.Inf(-1)}[rnd.IntN(6)] - 100*rnd.Float64()
			target[k] = math.Ldexp(float64(rnd.IntN(1<<20)), []int{-20, -20, -30, -70}[rnd.IntN(4)])
			if rnd.IntN(3) == 0 {
				target[k] = rnd.Float64()
			}
		}
		if rnd.IntN(3) == 0 {
			for k := range y {
				y[k] = math.Inf(-1)
			}
		}
		top := rnd.IntN(n)
		y[top] = 0
		target[top] *= float64(rnd.IntN(9) - 4)
		want := loss.SlowSoftmaxGrad(y, target, top)
		got, ok := loss.QuickSoftmaxGrad(y, target, top)
		if !ok {
			open++
			continue
		}
		if got != want {
			t.Errorf("y = %v, t = %v: %v, want %v", y, target, got, want)
		}
		others := new(big.Float).SetPrec(3000)
		for k := range target {
			if k != top {
				others.Add(others, big.NewFloat(target[k]))
			}
		}
		if others.MinPrec() == 54 {
			middles++
			if even, _ := others.Float64(); even != want {
				away++
			}
		}
	}
	t.Logf("%d midpoints, %d of them not rounded to even, %d left open", middles, away, open)
	if middles < 300 || away < 50 {
		t.Error("too few midpoints, or a rounding to even would pass")
	}
	if open > 40 {
		t.Errorf("%d are left open", open)
	}
}

// TestSoftmaxCases: what a random search does not find.
func TestSoftmaxCases(t *testing.T) {
	// The sum of the powers is a little less than a power of two, 4, and its logarithm less
	// than log 4 by far less than a bit.
	if got := (loss.SoftmaxCrossEntropy{}).Value([]float64{0, 0, 0, -1e-17}, []float64{1, 0, 0, 0}); got != 2*math.Ln2 {
		t.Errorf("the loss is %v, want %v", got, 2*math.Ln2)
	}
	// The other targets sum to a midpoint, but p of the largest logit is not so near 1 that
	// only the sign of the rest counts.
	y, target := []float64{0, -31, -31}, []float64{0.5, 0x1p-30, 0x1p-83}
	grad := make([]float64, 3)
	loss.SoftmaxCrossEntropy{}.Grad(grad, y, target)
	if want := loss.SlowSoftmaxGrad(y, target, 0); grad[0] != want || !(want < 0x1p-30) {
		t.Errorf("the gradient is %v, want %v", grad[0], want)
	}
	// The same sum, and logits that are far from each other: a difference, or a sum, of two
	// of them overflows. Only an infinite difference makes p exactly 1, and a midpoint of
	// the result, which is rounded to even.
	target = []float64{1, 1 + 0x1p-52, 0x1p-53}
	for other, want := range map[float64]float64{
		-math.MaxFloat64:                   1 + 0x1p-51,
		math.Nextafter(math.MaxFloat64, 0): 1 + 0x1p-52,
	} {
		if got := loss.SlowSoftmaxGrad([]float64{math.MaxFloat64, other, other}, target, 0); got != want {
			t.Errorf("with logits of %v, the gradient is %v, want %v", other, got, want)
		}
	}
}

// TestSoftmaxHessVecRoundsOnce: products that lie among the subnormals, next to the middle
// of two of them, which a first rounding to 53 bits would hide, or in it.
func TestSoftmaxHessVecRoundsOnce(t *testing.T) {
	for _, c := range []struct{ y, t, v []float64 }{
		{[]float64{-0.0005854822721249706, -0.0005854822721249706, 2, 0},
			[]float64{0, 6.67034916e-316, 0, 8.487983164e-314},
			[]float64{2.129024e+06, 0.7371169751932305, 2, 40.303545651563056}},
		{[]float64{0, 0}, []float64{1, 0}, []float64{6 * 0x1p-1074, 0}}, // 1½ of the smallest: a tie
		{[]float64{0, 0}, []float64{1, 0}, []float64{10 * 0x1p-1074, 0}},
	} {
		got := hessianOf(loss.SoftmaxCrossEntropy{}).at(c.y, c.t, c.v)
		for j := range got {
			truth, _ := trueSoftmaxHess(c.y, c.t, c.v, j)
			if want, _ := truth.Float64(); got[j] != want {
				t.Errorf("y = %v: [%d] is %v, want %v", c.y, j, got[j], want)
			}
		}
	}
}

// TestLogitHessVecFar: logits beyond 1000 do not need the fallback.
func TestLogitHessVecFar(t *testing.T) {
	rnd := rand.New(rand.NewPCG(42, 0))
	c := &calc{prec: 300}
	nonzero := 0
	for range 2000 {
		y := 1000 + 500*rnd.Float64()
		v := math.Ldexp(1+rnd.Float64(), 1023-rnd.IntN(1000))
		if rnd.IntN(2) == 0 {
			y, v = 1000+30*rnd.Float64(), -v
		}
		got, ok := loss.QuickLogitHess(y, 0, v)
		want, _ := trueLogitHess(c, y, 0, v).Float64()
		if !ok || got != want || math.Signbit(got) != math.Signbit(v) {
			t.Fatalf("y = %v, v = %v: %v (%v), want %v", y, v, got, ok, want)
		}
		if want != 0 {
			nonzero++
		}
	}
	if nonzero < 100 {
		t.Errorf("%d products are not 0", nonzero)
	}
}
