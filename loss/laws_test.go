package loss_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"touchstone/loss"
)

// A law is a statement about a loss that holds for every sample. It takes the loss
// as an argument so that a wrong one can be put in.
type law struct {
	name  string
	f     loss.Func
	holds func(f loss.Func, y, t []float64) bool
	wrong wrong // breaks it
}

// The samples of the laws have one target that is 1, and all others 0, or any
// targets in [0, 1). The logits are multiples of 2^−20 below 2^11, so that a
// difference of two and a shift by a third are exact, and what is left is the
// rounding of the formulas: 2^−48 is 16 ulp.
const rounding = 0x1p-48

func gradient(f loss.Func, y, t []float64) []float64 {
	dst := make([]float64, len(y))
	f.Grad(dst, y, t)
	return dst
}

// near reports whether x and y agree relatively, or as subnormals.
func near(x, y float64) bool {
	return math.Abs(x-y) <= rounding*math.Abs(y)+16*0x1p-1074
}

func hard(t []float64) bool {
	for _, tk := range t {
		if tk != 0 && tk != 1 {
			return false
		}
	}
	return true
}

// agree reports whether two losses agree at two samples, entry by entry relatively
// for hard targets, and else by the size of the targets.
func agree(f, g loss.Func, y, t, yg, tg []float64, index func(j int) int) bool {
	if !near(f.Value(y, t), g.Value(yg, tg)) {
		return false
	}
	a, b := gradient(f, y, t), gradient(g, yg, tg)
	for j := range a {
		k := index(j)
		if hard(t) && !near(a[j], b[k]) || !(math.Abs(a[j]-b[k]) <= rounding*float64(len(t))) {
			return false
		}
	}
	return true
}

func self(j int) int { return j }

var laws = []law{
	{
		name: "the gradient of the softmax sums to 0", f: loss.SoftmaxCrossEntropy{},
		holds: func(f loss.Func, y, t []float64) bool {
			sum, total := 0.0, 0.0
			for j, g := range gradient(f, y, t) {
				sum += g
				total += t[j]
			}
			return math.Abs(sum) <= rounding*total
		},
		wrong: named(wrongSoftmaxCrossEntropy, "a gradient of p−t"),
	},
	{
		name: "the softmax does not see a shift", f: loss.SoftmaxCrossEntropy{},
		holds: func(f loss.Func, y, t []float64) bool {
			for _, c := range []float64{1, -3.5, 1024, -0x1p-20} {
				shifted := make([]float64, len(y))
				for j := range y {
					shifted[j] = y[j] + c
				}
				// The differences are the same float64s, so nothing at all may change.
				if f.Value(y, t) != f.Value(shifted, t) || !sameAll(gradient(f, y, t), gradient(f, shifted, t)) {
					return false
				}
			}
			return true
		},
		wrong: named(wrongSoftmaxCrossEntropy, "log Σ e^y − y"),
	},
	{
		name: "the softmax does not see the order", f: loss.SoftmaxCrossEntropy{},
		holds: func(f loss.Func, y, t []float64) bool {
			n := len(y)
			for _, index := range []func(j int) int{
				func(j int) int { return n - 1 - j },
				func(j int) int { return (j + 1) % n },
			} {
				yp, tp := make([]float64, n), make([]float64, n)
				for j := range y {
					yp[index(j)], tp[index(j)] = y[j], t[j]
				}
				if !agree(f, f, y, t, yp, tp, index) {
					return false
				}
			}
			return true
		},
		wrong: wrong{name: "one target for all", grad: func(dst, y, t []float64) {
			for j, p := range probability(y) {
				dst[j] = p - t[0]
			}
		}},
	},
	{
		name: "the softmax of y and 0 is the sigmoid of y", f: loss.SoftmaxCrossEntropy{},
		holds: func(f loss.Func, y, t []float64) bool {
			return agree(loss.LogitCrossEntropy{}, f, y[:1], t[:1], []float64{y[0], 0}, []float64{t[0], 1 - t[0]}, self)
		},
		wrong: named(wrongSoftmaxCrossEntropy, "a gradient of Σt·p−t"),
	},
	{
		name: "the winner's gradient is minus the sum of the others", f: loss.SoftmaxCrossEntropy{},
		holds: func(f loss.Func, y, t []float64) bool {
			if !hard(t) {
				return true // cancels
			}
			sum, winner := 0.0, 0.0
			for j, g := range gradient(f, y, t) {
				if t[j] == 1 {
					winner = g
				} else {
					sum += g
				}
			}
			return near(-winner, sum) // relatively, however small
		},
		wrong: named(wrongSoftmaxCrossEntropy, "a gradient of Σt·p−t"),
	},
	{
		name: "ℓ(−y, 1−t) = ℓ(y, t)", f: loss.LogitCrossEntropy{},
		holds: func(f loss.Func, y, t []float64) bool {
			ym, tm := make([]float64, len(y)), make([]float64, len(t))
			for j := range y {
				ym[j], tm[j] = -y[j], 1-t[j]
			}
			flipped := mistaken{f, wrong{grad: func(dst, y, t []float64) {
				f.Grad(dst, y, t)
				for j := range dst {
					dst[j] = -dst[j]
				}
			}}}
			return agree(f, flipped, y, t, ym, tm, self)
		},
		wrong: named(wrongLogitCrossEntropy, "a gradient of σ(y)−t"),
	},
	{
		name: "outputs add up", f: loss.LogitCrossEntropy{},
		holds: additive,
		wrong: wrong{name: "a mean over outputs", value: func(y, t []float64) float64 {
			return loss.LogitCrossEntropy{}.Value(y, t) / float64(len(y))
		}},
	},
	{
		name: "outputs add up", f: loss.Squared{},
		holds: additive,
		wrong: named(wrongSquared, "a gradient divided by the outputs"),
	},
	{
		name: "outputs add up", f: loss.CrossEntropy{},
		holds: func(f loss.Func, y, t []float64) bool {
			p := make([]float64, len(y))
			for j := range y {
				p[j] = σ(y[j])
			}
			return additive(f, p, t)
		},
		wrong: named(wrongCrossEntropy, "a gradient divided by the outputs"),
	},
}

// named returns the wrong of that name.
func named(list []wrong, name string) wrong {
	for _, w := range list {
		if w.name == name {
			return w
		}
	}
	panic(name)
}

// additive: the value is the sum of those of the single outputs, in their order,
// and the gradient consists of theirs, to the bit.
func additive(f loss.Func, y, t []float64) bool {
	sum, grad := 0.0, []float64{}
	for j := range y {
		sum += f.Value(y[j:j+1], t[j:j+1])
		grad = append(grad, gradient(f, y[j:j+1], t[j:j+1])...)
	}
	return same(f.Value(y, t), sum) && sameAll(gradient(f, y, t), grad)
}

func TestLaws(t *testing.T) {
	logit := rapid.Custom(func(t *rapid.T) float64 {
		limit := rapid.SampledFrom([]int{1, 50, 1000}).Draw(t, "limit") << 20
		return math.Ldexp(float64(rapid.IntRange(-limit, limit).Draw(t, "numerator")), -20)
	})
	for _, l := range laws {
		t.Run(l.f.String()+"/"+l.name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				y := rapid.SliceOfN(logit, 1, 5).Draw(t, "y")
				target := make([]float64, len(y))
				if rapid.Bool().Draw(t, "hard") {
					target[rapid.IntRange(0, len(y)-1).Draw(t, "label")] = 1
				} else {
					for j := range target {
						target[j] = math.Ldexp(float64(rapid.IntRange(0, 1<<30-1).Draw(t, "t")), -30)
					}
				}
				if !l.holds(l.f, y, target) {
					t.Fatalf("it fails at y = %v, t = %v", y, target)
				}
			})
		})
	}
}

// TestLawsSeeErrors puts wrong losses in and looks for a sample that convicts them.
func TestLawsSeeErrors(t *testing.T) {
	for _, l := range laws {
		broken := func(f loss.Func) bool {
			for _, s := range vectors() {
				exact := true
				for j := range s.y {
					exact = exact && math.Abs(s.y[j]) <= 1000 && s.y[j] == math.Ldexp(math.Trunc(math.Ldexp(s.y[j], 20)), -20) && s.t[j] <= 1
				}
				if exact && !l.holds(f, s.y, s.t) {
					return true
				}
			}
			return false
		}
		if broken(l.f) {
			t.Errorf("%v: the law %q refuses the right loss", l.f, l.name)
		}
		if !broken(l.wrong.with(l.f)) {
			t.Errorf("%v: the law %q accepts %s", l.f, l.name, l.wrong.name)
		}
	}
}
