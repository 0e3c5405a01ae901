package loss_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"touchstone/loss"
)

var (
	inf     = math.Inf(1)
	nan     = math.NaN()
	negZero = math.Copysign(0, -1)
)

// A special is a sample with its exact value and gradient.
type special struct {
	f     loss.Func
	y, t  []float64
	value float64
	grad  []float64
}

// one is a special of one output.
func one(f loss.Func, y, t, value, grad float64) special {
	return special{f, []float64{y}, []float64{t}, value, []float64{grad}}
}

// specials is what the documentation lists under "Special cases are:", line by
// line.
func specials() []special {
	var cases []special

	// NaN and Inf propagate by the ordinary rules.
	var sq loss.Squared
	cases = append(cases,
		one(sq, inf, 1, inf, inf), one(sq, -inf, 1, inf, -inf), one(sq, 1, inf, inf, -inf), one(sq, inf, -inf, inf, inf),
		one(sq, inf, inf, nan, nan), one(sq, nan, 1, nan, nan), one(sq, 1, nan, nan, nan),
		special{sq, []float64{nan, 3}, []float64{0, 1}, nan, []float64{nan, 2}},
	)

	var ce loss.CrossEntropy
	// y = 0 or 1, equal to t
	cases = append(cases, one(ce, 0, 0, 0, 1), one(ce, negZero, 0, 0, 1), one(ce, 0, negZero, 0, 1), one(ce, 1, 1, 0, -1))
	// y = 0, t > 0
	for _, t := range []float64{0x1p-1074, 0.3, 1 - 0x1p-53, 1, 2} {
		cases = append(cases, one(ce, 0, t, inf, -inf), one(ce, negZero, t, inf, -inf))
	}
	// y = 1, t < 1
	for _, t := range []float64{-1, 0, 0x1p-1074, 0.3, 1 - 0x1p-53} {
		cases = append(cases, one(ce, 1, t, inf, inf))
	}
	// y < 0, y > 1, or either is NaN
	for _, t := range []float64{0, 0.3, 1, nan} {
		for _, y := range []float64{-0x1p-1074, -1, -inf, 1 + 0x1p-52, 2, inf, nan} {
			cases = append(cases, one(ce, y, t, nan, nan))
		}
	}
	for _, y := range []float64{0, 0.3, 1} {
		cases = append(cases, one(ce, y, nan, nan, nan))
	}
	// for each output
	cases = append(cases, special{ce, []float64{0, 0.5, 1, 2}, []float64{1, 0.5, 1, 1}, nan, []float64{-inf, 0, -1, nan}})

	var lg loss.LogitCrossEntropy
	// y = +Inf
	cases = append(cases, one(lg, inf, 1, 0, 0), one(lg, inf, 0, inf, 1), one(lg, inf, 0.25, inf, 0.75), one(lg, inf, 0.75, inf, 0.25))
	// y = −Inf
	cases = append(cases, one(lg, -inf, 0, 0, 0), one(lg, -inf, 1, inf, -1), one(lg, -inf, 0.25, inf, -0.25), one(lg, -inf, 0.75, inf, -0.75))
	// targets outside [0, 1]: the formulas hold as they are
	cases = append(cases, one(lg, inf, 2, -inf, -1), one(lg, -inf, -1, -inf, 1))
	// y or t NaN
	for _, x := range []float64{-inf, -1, 0, 0.5, 1, inf, nan} {
		cases = append(cases, one(lg, nan, x, nan, nan), one(lg, x, nan, nan, nan))
	}
	cases = append(cases, special{lg, []float64{inf, nan, -inf}, []float64{0, 1, 1}, nan, []float64{1, nan, -1}})

	var sm loss.SoftmaxCrossEntropy
	vector := func(y, t []float64, value float64, grad ...float64) {
		cases = append(cases, special{sm, y, t, value, grad})
	}
	// one yⱼ = +Inf, no NaN
	vector([]float64{3, inf, -inf}, []float64{0, 1, 0}, 0, 0, 0, 0)
	vector([]float64{3, inf, -inf}, []float64{1, 0, 0}, inf, -1, 1, 0)
	vector([]float64{inf, 3, 5}, []float64{0.25, 0.5, 0.25}, inf, 0.75, -0.5, -0.25)
	vector([]float64{inf, 3}, []float64{2, 0}, 0, 0, 0)
	// yⱼ = −Inf, another finite
	vector([]float64{-inf, 3}, []float64{0, 1}, 0, 0, 0)
	vector([]float64{-inf, 3}, []float64{1, 0}, inf, -1, 1)
	vector([]float64{3, -inf, -inf}, []float64{0.5, 0.5, 0}, inf, 0.5, -0.5, 0)
	vector([]float64{0, 0, -inf}, []float64{0.25, 0.25, 0.5}, inf, 0.25, 0.25, -0.5)                // beside terms that are finite
	vector([]float64{1.5e308, -1.5e308, -1.5e308}, []float64{-5, 1, 0x1p-53}, inf, 1, -1, -0x1p-53) // a midpoint, as nothing is beside it
	vector([]float64{3, -inf}, []float64{1e308, 0x1p-1074}, inf, 0x1p-1074, -0x1p-1074)
	vector([]float64{3, -inf, -2000}, []float64{1e308, 0x1p-1074, 0}, inf, 0x1p-1074, -0x1p-1074, 0)
	// two or more +Inf, or two or more −Inf and nothing else
	for _, t := range [][]float64{{1, 0, 0}, {0, 0, 1}, {0, 0, 0}, {0.5, 0.25, 0.25}} {
		vector([]float64{inf, 0, inf}, t, nan, nan, nan, nan)
		vector([]float64{inf, inf, -inf}, t, nan, nan, nan, nan)
		vector([]float64{-inf, -inf, -inf}, t, nan, nan, nan, nan)
		// any y or t NaN
		vector([]float64{nan, 1, 2}, t, nan, nan, nan, nan)
		vector([]float64{1, nan, 2}, t, nan, nan, nan, nan)
		vector([]float64{1, inf, nan}, t, nan, nan, nan, nan)
		vector([]float64{nan, -inf, -inf}, t, nan, nan, nan, nan)
	}
	for _, y := range [][]float64{{1, 2, 3}, {3, 2, 1}, {inf, 0, 0}, {0, -inf, 1}} {
		vector(y, []float64{nan, 0, 1}, nan, nan, nan, nan)
		vector(y, []float64{0, nan, 0}, nan, nan, nan, nan)
		vector(y, []float64{1, 0, nan}, nan, nan, nan, nan)
	}
	// one output
	for _, y := range []float64{-inf, -1000, 0, 5, inf} {
		for _, t := range []float64{0, 0.3, 1, 2} {
			vector([]float64{y}, []float64{t}, 0, 0)
		}
	}
	vector([]float64{nan}, []float64{1}, nan, nan)
	vector([]float64{nan}, []float64{0}, nan, nan)
	// no output
	vector(nil, nil, 0)
	return cases
}

// deviation returns how f differs from c, or "". The sign of a zero is not
// documented and does not count.
func (c special) deviation(f loss.Func) string {
	equal := func(x, y float64) bool { return x == y || x != x && y != y }
	grad := make([]float64, len(c.y))
	f.Grad(grad, c.y, c.t)
	if v := f.Value(c.y, c.t); !equal(v, c.value) || !slices.EqualFunc(grad, c.grad, equal) {
		return fmt.Sprintf("%v at y = %v, t = %v: %v and %v, want %v and %v", f, c.y, c.t, v, grad, c.value, c.grad)
	}
	return ""
}

func TestSpecial(t *testing.T) {
	for _, c := range specials() {
		if bad := c.deviation(c.f); bad != "" {
			t.Error(bad)
		}
	}
}

// TestSpecialSeesErrors: the formulas without care for the special cases fail, and
// so does every way to mask them.
func TestSpecialSeesErrors(t *testing.T) {
	masked := func(x float64) float64 {
		if x != x {
			return 0
		}
		return max(-math.MaxFloat64, min(x, math.MaxFloat64))
	}
	for _, f := range all {
		for _, w := range []wrong{
			{name: "nan_to_num of the value", value: func(y, t []float64) float64 { return masked(f.Value(y, t)) }},
			{name: "nan_to_num of the gradient", grad: func(dst, y, t []float64) {
				f.Grad(dst, y, t)
				for j := range dst {
					dst[j] = masked(dst[j])
				}
			}},
			{name: "0·log 0 = NaN", value: map[loss.Func]func(y, t []float64) float64{
				loss.Squared{}: sum(func(y, t float64) float64 { return (y*y - 2*y*t + t*t) / 2 }),
				loss.CrossEntropy{}: sum(func(y, t float64) float64 {
					return -t*math.Log(y) - (1-t)*math.Log1p(-y)
				}),
				loss.LogitCrossEntropy{}:   sum(func(y, t float64) float64 { return math.Log1p(math.Exp(y)) - t*y }),
				loss.SoftmaxCrossEntropy{}: logOf(math.Log),
			}[f]},
		} {
			seen := false
			for _, c := range specials() {
				seen = seen || c.f == f && c.deviation(w.with(f)) != ""
			}
			if !seen {
				t.Errorf("%v: %s passes", f, w.name)
			}
		}
	}
}

// TestZero: at its minimum the gradient of a loss is exactly 0, not only small.
func TestZero(t *testing.T) {
	zero := func(f loss.Func, y, target float64) {
		dst := []float64{nan}
		if f.Grad(dst, []float64{y}, []float64{target}); dst[0] != 0 {
			t.Errorf("%v: the gradient at y = %v, t = %v is %v", f, y, target, dst[0])
		}
	}
	for _, y := range logits() {
		zero(loss.Squared{}, y, y)
	}
	for _, y := range probabilities() {
		zero(loss.CrossEntropy{}, y, y)
	}
	zero(loss.LogitCrossEntropy{}, 0, 0.5)
}

// TestDocumented holds the comments of the package to what they say.
func TestDocumented(t *testing.T) {
	grad := []float64{0}
	loss.LogitCrossEntropy{}.Grad(grad, []float64{1000}, []float64{0})
	if grad[0] != 1 {
		t.Errorf("the gradient of LogitCrossEntropy at y = 1000, label 0 is %v, not 1", grad[0])
	}

	// CrossEntropy of a rounded sigmoid, of 1−e^−36 and 1−e^−37.5.
	var ce loss.CrossEntropy
	about := func(what string, got, want float64) {
		if !(math.Abs(got-want) < 0.005) {
			t.Errorf("at z = 36, %s is %v of the true one, want %v", what, got, want)
		}
	}
	y := []float64{σ(36)}
	about("the loss of the right label", ce.Value(y, []float64{1})/math.Exp(-36), 0.957)
	about("the loss of the wrong label", ce.Value(y, []float64{0})/36, 1.001)
	ce.Grad(grad, y, []float64{0})
	about("the gradient of the wrong label", grad[0]/math.Exp(36), 1.045)
	if v := ce.Value([]float64{σ(37.5)}, []float64{0}); v != inf {
		t.Errorf("at z = 37.5, the loss of the wrong label is %v, not +Inf", v)
	}
}
