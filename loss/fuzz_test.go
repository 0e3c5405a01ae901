package loss

import (
	"fmt"
	"math"
	"testing"
)

// FuzzFunctions: for every bit pattern of three outputs, targets and directions no
// function panics or modifies what it reads, all say the same when asked again and
// when dst is y, t or v, and NaN comes out of NaN. For targets that are labels, losses
// are not negative, gradients of the cross-entropies have the side of the label, and
// the curvature of an output, where it is one of its own, is not negative.
func FuzzFunctions(f *testing.F) {
	inf, nan := math.Inf(1), math.NaN()
	f.Add(0.5, 0.25, 0.125, 1.0, 0.0, 0.5, 1.0, -1.0, 0.0)
	f.Add(0.0, 1.0, 5e-324, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0)
	f.Add(inf, -inf, 0.0, 1.0, 0.0, 0.0, inf, -inf, 0.0)
	f.Add(nan, 1.0, 2.0, 1.0, 0.0, 0.0, 1.0, 1.0, nan)
	f.Add(745.0, -745.0, 1e300, 1.0, 1.0, 0.0, 1e-300, 5e-324, 1.0)
	f.Add(1-0x1p-53, 0x1p-1022, 0.9, 1.0, 0.0, 1e308, math.MaxFloat64, 1.0, 1.0)
	f.Add(-1001.0, 0.0, -1300.0, 0.0, 0x1p201, 1.0, 0.5, 0.5, -0.5)
	f.Fuzz(func(t *testing.T, y0, y1, y2, t0, t1, t2, v0, v1, v2 float64) {
		for n := range 4 {
			y, target, v := []float64{y0, y1, y2}[:n], []float64{t0, t1, t2}[:n], []float64{v0, v1, v2}[:n]
			for _, f := range all {
				if wrong := wrongAt(f.(Func2), y, target, v); wrong != "" {
					t.Errorf("%v at y = %v, t = %v, v = %v: %s", f, y, target, v, wrong)
				}
			}
		}
	})
}

// wrongAt says which of these promises f breaks, or "".
func wrongAt(f Func2, y, t, v []float64) string {
	clone := func(v []float64) []float64 { return append([]float64{}, v...) }
	y0, t0, v0 := clone(y), clone(t), clone(v)
	value := f.Value(y, t)
	grad, hess := clone(v), clone(v)
	f.Grad(grad, y, t)
	f.HessVec(hess, y, t, v)
	if !same(y, y0) || !same(t, t0) || !same(v, v0) {
		return "modifies its arguments"
	}
	if !same([]float64{value}, []float64{f.Value(y, t)}) {
		return "another value when asked again"
	}
	for i := range 5 {
		a, b, c := clone(y), clone(t), clone(v)
		dst := [...][]float64{a, b, a, b, c}[i]
		want := grad
		if i < 2 {
			f.Grad(dst, a, b)
		} else {
			f.HessVec(dst, a, b, c)
			want = hess
		}
		if !same(dst, want) {
			return fmt.Sprintf("another result where dst is an argument: %v, want %v", dst, want)
		}
	}
	labels, nan := len(t) > 0, false
	for j := range t {
		labels = labels && (t[j] == 0 || t[j] == 1)
		nan = nan || y[j] != y[j] || t[j] != t[j]
		if (y[j] != y[j] || t[j] != t[j]) && (value == value || grad[j] == grad[j]) {
			return "NaN is lost"
		}
	}
	if labels && !nan {
		if value < 0 {
			return fmt.Sprintf("the value %v is negative", value)
		}
		_, softmax := f.(SoftmaxCrossEntropy)
		for j, g := range grad {
			if !softmax && f != (Squared{}) && (t[j] == 1 && g > 0 || t[j] == 0 && g < 0) {
				return fmt.Sprintf("the gradient %v is to the wrong side", grad)
			}
			if !softmax && (v[j] > 0 && hess[j] < 0 || v[j] < 0 && hess[j] > 0) {
				return fmt.Sprintf("the curvature is negative: %v of %v", hess, v)
			}
		}
	}
	return ""
}

// same reports whether a and b have the same bits, all NaN counting as one.
func same(a, b []float64) bool {
	for i := range a {
		if math.Float64bits(a[i]) != math.Float64bits(b[i]) && !(a[i] != a[i] && b[i] != b[i]) {
			return false
		}
	}
	return len(a) == len(b)
}

// A planted breaks one of the promises.
type planted struct {
	CrossEntropy
	how string
}

func (p planted) Value(y, t []float64) float64 {
	switch v := p.CrossEntropy.Value(y, t); p.how {
	case "negative":
		return -v
	case "modifies":
		y[0]++
	case "masks":
		if v != v {
			return 0
		}
	}
	return p.CrossEntropy.Value(y, t)
}

func (p planted) Grad(dst, y, t []float64) {
	p.CrossEntropy.Grad(dst, y, t)
	switch p.how {
	case "ascends":
		dst[0] = -dst[0]
	case "alias":
		dst[len(dst)-1] += y[0] - y[0] + dst[0] - dst[0] + y[0]
	}
}

func TestWrongAtSeesErrors(t *testing.T) {
	for _, how := range []string{"negative", "modifies", "masks", "ascends", "alias", "bends down"} {
		seen := false
		for _, y := range []float64{0.25, math.NaN()} {
			seen = seen || wrongAt(planted{how: how}, []float64{y, 0.5}, []float64{1, 0}, []float64{1, 1}) != ""
		}
		if !seen {
			t.Errorf("%s was not seen", how)
		}
	}
	if wrong := wrongAt(planted{}, []float64{0.25, 0.5}, []float64{1, 0}, []float64{1, 1}); wrong != "" {
		t.Error(wrong)
	}
}

func (p planted) HessVec(dst, y, t, v []float64) {
	p.CrossEntropy.HessVec(dst, y, t, v)
	if p.how == "bends down" {
		dst[0] = -dst[0]
	}
}
