package loss_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"touchstone/loss"
)

// ordinary draws what losses meet: a logit, the probability that belongs to it, a target
// that is hard or soft, and a factor.
func ordinary(rnd *rand.Rand) (y, p, t, v float64) {
	y = []float64{4, 40, 300}[rnd.IntN(3)] * (2*rnd.Float64() - 1)
	p = []float64{rnd.Float64(), math.Exp2(-100 * rnd.Float64()), 1 - math.Exp2(-40*rnd.Float64())/2}[rnd.IntN(3)]
	t = []float64{0, 1, rnd.Float64(), math.Exp2(-30 * rnd.Float64())}[rnd.IntN(4)]
	return y, p, t, math.Ldexp(rnd.Float64()+1, rnd.IntN(200)-100)
}

// ordinarySoftmax draws logits and targets: hard or soft, of any size, and with zeros.
func ordinarySoftmax(rnd *rand.Rand) (y, t []float64) {
	n := 2 + rnd.IntN(5)
	y, t = make([]float64, n), make([]float64, n)
	spread, size := []float64{1, 30, 200}[rnd.IntN(3)], []float64{1, 1, 0x1p-100, 0x1p100, 0x1p-500, 0x1p500}[rnd.IntN(6)]
	hard := rnd.IntN(2) == 0
	for k := range y {
		y[k] = spread * (2*rnd.Float64() - 1)
		if !hard && rnd.IntN(3) != 0 {
			t[k] = size * rnd.Float64()
		}
	}
	if hard {
		t[rnd.IntN(n)] = size * []float64{1, 0.7}[rnd.IntN(2)]
	}
	return y, t
}

// TestFallbackIsRare: of what is ordinary, the quick phases leave open less than 2 %: sums
// next to a midpoint, as 1−t or a difference of logits is when an exponential that nothing
// is left of is added to it. All else is settled but for an argument in a million.
func TestFallbackIsRare(t *testing.T) {
	for name, quick := range map[string]func(rnd *rand.Rand) (float64, bool){
		"Squared.Value": func(rnd *rand.Rand) (float64, bool) {
			y, _, u, _ := ordinary(rnd)
			return loss.QuickSquared(y, u)
		},
		"CrossEntropy.Value": func(rnd *rand.Rand) (float64, bool) {
			_, p, u, _ := ordinary(rnd)
			return loss.QuickCrossEntropy(p, u)
		},
		"CrossEntropy.Grad": func(rnd *rand.Rand) (float64, bool) {
			_, p, u, _ := ordinary(rnd)
			return loss.QuickCrossEntropyGrad(p, u)
		},
		"CrossEntropy.HessVec": func(rnd *rand.Rand) (float64, bool) {
			_, p, u, v := ordinary(rnd)
			return loss.QuickCrossEntropyHess(p, u, v)
		},
		"LogitCrossEntropy.Value": func(rnd *rand.Rand) (float64, bool) {
			y, _, u, _ := ordinary(rnd)
			return loss.QuickLogit(y, u)
		},
		"LogitCrossEntropy.Grad": func(rnd *rand.Rand) (float64, bool) {
			y, _, u, _ := ordinary(rnd)
			return loss.QuickLogitGrad(y, u)
		},
		"LogitCrossEntropy.HessVec": func(rnd *rand.Rand) (float64, bool) {
			y, _, u, v := ordinary(rnd)
			return loss.QuickLogitHess(y, u, v)
		},
		"SoftmaxCrossEntropy.Value": func(rnd *rand.Rand) (float64, bool) {
			y, u := ordinarySoftmax(rnd)
			return loss.QuickSoftmax(y, u, 0)
		},
		"SoftmaxCrossEntropy.Grad": func(rnd *rand.Rand) (float64, bool) {
			y, u := ordinarySoftmax(rnd)
			return loss.QuickSoftmaxGrad(y, u, rnd.IntN(len(y)))
		},
	} {
		rnd := rand.New(rand.NewPCG(51, 0))
		open := 0
		for range 20_000 {
			if _, ok := quick(rnd); !ok {
				open++
			}
		}
		t.Logf("%s: %d of 20000", name, open)
		if open > 400 {
			t.Errorf("%s: the fallback is needed %d times of 20000", name, open)
		}
	}
}
