package loss_test

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"touchstone/loss"
)

// A hessian is the second derivative of a loss times v, as HessVec has it.
type hessian func(dst, y, t, v []float64)

func (h hessian) at(y, t, v []float64) []float64 {
	dst := make([]float64, len(y))
	h(dst, y, t, v)
	return dst
}

func hessianOf(f loss.Func) hessian { return f.(loss.Func2).HessVec }

// elementwise makes a hessian of one that is diagonal.
func elementwise(h func(y, t float64) float64) hessian {
	return func(dst, y, t, v []float64) {
		for j := range y {
			dst[j] = h(y[j], t[j]) * v[j]
		}
	}
}

// wrongHessians are mistakes in second derivatives.
var wrongHessians = map[loss.Func][]struct {
	name string
	h    hessian
}{
	loss.Squared{}: {
		{"2v", elementwise(func(_, _ float64) float64 { return 2 })},
		{"(y−t)v", elementwise(func(y, t float64) float64 { return y - t })},
	},
	loss.CrossEntropy{}: {
		{"1/(y(1−y))", elementwise(func(y, _ float64) float64 { return 1 / (y * (1 - y)) })},
		{"t/y² − (1−t)/(1−y)²", elementwise(func(y, t float64) float64 { return t/y/y - (1-t)/(1-y)/(1-y) })},
		{"clamped probabilities", elementwise(func(y, t float64) float64 { y = clamp(y); return t/y/y + (1-t)/(1-y)/(1-y) })},
	},
	loss.LogitCrossEntropy{}: {
		{"p(1−p)", elementwise(func(y, _ float64) float64 { return σ(y) * (1 - σ(y)) })},
		{"with t", elementwise(func(y, t float64) float64 { return σ(y) * σ(-y) * t })},
	},
	loss.SoftmaxCrossEntropy{}: {
		{"the diagonal only", func(dst, y, t, v []float64) {
			for j, p := range probability(y) {
				dst[j] = total(t) * p * (1 - p) * v[j]
			}
		}},
		{"without Σt", func(dst, y, t, v []float64) {
			one := make([]float64, len(t))
			one[0] = 1
			loss.SoftmaxCrossEntropy{}.HessVec(dst, y, one, v)
		}},
		{"p∘v − p·(p·v) in float64", func(dst, y, t, v []float64) {
			p, pv := probability(y), 0.0
			for k := range p {
				pv += p[k] * v[k]
			}
			for j := range p {
				dst[j] = total(t) * (p[j]*v[j] - p[j]*pv)
			}
		}},
		{"p∘v", func(dst, y, t, v []float64) {
			for j, p := range probability(y) {
				dst[j] = total(t) * p * v[j]
			}
		}},
	},
}

func total(t []float64) float64 {
	sum := 0.0
	for _, tk := range t {
		sum += tk
	}
	return sum
}

// secondDifference returns the Hessian of the definition times v, by differences of
// differences: it knows no derivation. With h = 2^−200·scale it is off by some 2^−390 of
// the curvature, and by what 1300 bits lose.
func secondDifference(a accuracyOf, s sample, v []float64) []*big.Float {
	n := len(s.y)
	t := make([]*big.Float, n)
	h := number(1)
	for j := range t {
		t[j] = number(s.t[j])
		if scale := number(a.scale(s.y[j])); scale.Cmp(h) < 0 {
			h = scale
		}
	}
	h.SetMantExp(h, -200)
	at := func(j, unit, step int) *big.Float { // ℓ(y + unit·h·eⱼ + step·h·v)
		y := make([]*big.Float, n)
		for k := range y {
			y[k] = add(number(s.y[k]), mul(h, mul(number(float64(step)), number(v[k]))))
		}
		y[j] = add(y[j], mul(h, number(float64(unit))))
		return a.define(y, t)
	}
	out := make([]*big.Float, n)
	for j := range out {
		d := sub(add(at(j, 1, 1), at(j, -1, -1)), add(at(j, 1, -1), at(j, -1, 1)))
		out[j] = d.Quo(d, mul(number(4), mul(h, h)))
	}
	return out
}

// farFrom counts how often h is off the second differences by more than 2^−40 of the
// largest element.
func farFrom(h hessian, samples []sample, vs [][]float64, truths [][]*big.Float) (count int, first string) {
	for i, s := range samples {
		got := h.at(s.y, s.t, vs[i])
		size := 0.0
		for _, w := range truths[i] {
			x, _ := w.Float64()
			size = max(size, math.Abs(x))
		}
		for j, w := range truths[i] {
			e, _ := sub(number(got[j]), w).Float64()
			if !(math.Abs(e) <= 0x1p-40*size+0x1p-1060) {
				if count++; count == 1 {
					first = fmt.Sprintf("y = %v, t = %v, v = %v: %v, want %.17g", s.y, s.t, vs[i], got[j], w)
				}
			}
		}
	}
	return count, first
}

// TestHessVec holds the second derivatives to differences of the definitions, and
// tries wrong ones on them.
func TestHessVec(t *testing.T) {
	every := 3 // samples
	if testing.Short() {
		every = 12
	}
	for _, a := range accuracy {
		rnd := rand.New(rand.NewPCG(21, 0))
		var samples []sample
		var vs [][]float64
		var truths [][]*big.Float
		for _, s := range a.samples {
			ordinary := true // where 1300 bits tell a second difference
			for _, y := range s.y {
				ordinary = ordinary && math.Abs(y) < 100 && (a.scale(y) > 1e-20)
			}
			if !ordinary || rnd.IntN(every) > 0 {
				continue
			}
			v := make([]float64, len(s.y))
			for j := range v {
				v[j] = rnd.NormFloat64()
			}
			samples, vs, truths = append(samples, s), append(vs, v), append(truths, secondDifference(a, s, v))
		}
		if n, first := farFrom(hessianOf(a.f), samples, vs, truths); n > 0 {
			t.Errorf("%v: %d of %d samples are off, the first at %s", a.f, n, len(samples), first)
		}
		for _, w := range wrongHessians[a.f] {
			if n, _ := farFrom(w.h, samples, vs, truths); n == 0 {
				t.Errorf("%v: %s passes", a.f, w.name)
			}
		}
	}
}

// TestHessVecSymmetry: u·Hv = v·Hu, and for the softmax also that Hv sums to 0 and
// does not see a shift of v.
func TestHessVecSymmetry(t *testing.T) {
	broken := func(f loss.Func, h hessian) (count int) {
		rnd := rand.New(rand.NewPCG(22, 0))
		for range 300 {
			y, target := anySoftmax(rnd)
			if f != (loss.SoftmaxCrossEntropy{}) {
				for j := range y {
					y[j], target[j] = rnd.Float64(), rnd.Float64()
				}
			}
			u, v, shifted := make([]float64, len(y)), make([]float64, len(y)), make([]float64, len(y))
			for j := range y {
				u[j], v[j] = math.Ldexp(float64(rnd.IntN(1<<20)), -20), math.Ldexp(float64(rnd.IntN(1<<20)), -20)
				shifted[j] = v[j] + 4
			}
			hu, hv := h.at(y, target, u), h.at(y, target, v)
			a, b, size, sum, terms := 0.0, 0.0, 0.0, 0.0, 0.0
			for j := range y {
				a += u[j] * hv[j]
				b += v[j] * hu[j]
				size += math.Abs(u[j]*hv[j]) + math.Abs(v[j]*hu[j])
				sum += hv[j]
				terms += math.Abs(hv[j])
			}
			bad := !(math.Abs(a-b) <= rounding*size+0x1p-1000)
			if f == (loss.SoftmaxCrossEntropy{}) {
				bad = bad || !(math.Abs(sum) <= rounding*terms+0x1p-1000) || !slices.Equal(h.at(y, target, shifted), hv)
			}
			if bad {
				count++
			}
		}
		return count
	}
	for _, f := range all {
		if n := broken(f, hessianOf(f)); n > 0 {
			t.Errorf("%v: %d of 300 break the law", f, n)
		}
	}
	next := hessian(func(dst, y, t, v []float64) { // not symmetric
		loss.Squared{}.HessVec(dst, y, t, v)
		dst[0] += v[len(v)-1]
	})
	if broken(loss.Squared{}, next) == 0 {
		t.Error("an asymmetric Hessian passes")
	}
	for _, w := range wrongHessians[loss.SoftmaxCrossEntropy{}] {
		if w.name != "without Σt" && broken(loss.SoftmaxCrossEntropy{}, w.h) == 0 {
			t.Errorf("softmax: %s passes", w.name)
		}
	}
}
