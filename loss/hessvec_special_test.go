package loss_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"touchstone/loss"
)

func TestHessVecLengths(t *testing.T) {
	v := func(n int) []float64 { return make([]float64, n) }
	panics := func(f func()) (r any) {
		defer func() { r = recover() }()
		f()
		return nil
	}
	for _, f := range all {
		for _, n := range [][4]int{{1, 2, 2, 2}, {2, 1, 2, 2}, {2, 2, 1, 2}, {2, 2, 2, 1}, {3, 2, 2, 2}, {0, 1, 1, 1}, {1, 0, 0, 0}} {
			want := "loss: HessVec with dst, y, t and v of different lengths"
			if r := panics(func() { hessianOf(f)(v(n[0]), v(n[1]), v(n[2]), v(n[3])) }); r != want {
				t.Errorf("%v.HessVec with lengths %v: %v", f, n, r)
			}
		}
		if r := panics(func() { hessianOf(f)(nil, nil, nil, nil) }); r != nil {
			t.Errorf("%v.HessVec of nothing: %v", f, r)
		}
	}
}

// hessAliasing returns how h deviates if dst is one of its arguments, or "".
func hessAliasing(h hessian, y, t, v []float64) string {
	want := h.at(y, t, v)
	for i, name := range []string{"y", "t", "v"} {
		args := [][]float64{slices.Clone(y), slices.Clone(t), slices.Clone(v)}
		h(args[i], args[0], args[1], args[2])
		if !sameAll(args[i], want) {
			return "dst is " + name
		}
		for k, x := range [][]float64{y, t, v} {
			if k != i && !sameAll(args[k], x) {
				return "an argument is written to"
			}
		}
	}
	return ""
}

func TestHessVecAliasing(t *testing.T) {
	for _, a := range accuracy {
		for i, s := range a.samples {
			v := make([]float64, len(s.y))
			for j := range v {
				v[j] = float64(1 + (i+j)%7)
			}
			if bad := hessAliasing(hessianOf(a.f), s.y, s.t, v); bad != "" {
				t.Fatalf("%v: %s: y = %v, t = %v, v = %v", a.f, bad, s.y, s.t, v)
			}
		}
	}
	twoPasses := hessian(func(dst, y, t, v []float64) {
		for j := range dst {
			dst[j] = y[j]
		}
		for j := range dst {
			dst[j] *= v[j] + t[j]
		}
	})
	if hessAliasing(twoPasses, []float64{1, 2}, []float64{3, 4}, []float64{5, 6}) == "" {
		t.Error("two passes pass")
	}
}

// TestSoftmaxHessVecFar: a logit more than 1000 below the largest counts as −Inf, and one
// that is 1000 below does not.
func TestSoftmaxHessVecFar(t *testing.T) {
	target, v := []float64{0x1p1000, 0}, []float64{0, 0x1p1000}
	got := hessianOf(loss.SoftmaxCrossEntropy{}).at([]float64{0, -1000}, target, v)
	for j := range got {
		truth, _ := trueSoftmaxHess([]float64{0, -1000}, target, v, j)
		if want, _ := truth.Float64(); got[j] != want || want == 0 {
			t.Errorf("[%d] is %g, want %g", j, got[j], want)
		}
	}
	beyond := hessianOf(loss.SoftmaxCrossEntropy{}).at([]float64{0, math.Nextafter(-1000, -inf)}, target, v)
	if beyond[0] != 0 || beyond[1] != 0 {
		t.Errorf("beyond 1000, the product is %g, want 0", beyond)
	}
}

// TestHessVecSpecial holds HessVec to its "Special cases are:".
func TestHessVecSpecial(t *testing.T) {
	var sq loss.Squared
	var ce loss.CrossEntropy
	var lg loss.LogitCrossEntropy
	var sm loss.SoftmaxCrossEntropy
	type vec = []float64
	failures := func(of func(f loss.Func) hessian) (list []string) {
		for _, c := range []struct {
			f             loss.Func
			y, t, v, want vec
		}{
			{sq, vec{1, nan, 2, inf, inf}, vec{0, 0, nan, inf, 1}, vec{3, 3, 3, 3, 3}, vec{3, nan, nan, nan, 3}},
			{sq, vec{1, 1, 1}, vec{0, 0, 0}, vec{inf, nan, negZero}, vec{inf, nan, 0}},
			{ce, vec{0, negZero, 1}, vec{0, 0, 1}, vec{3, 4, -5}, vec{3, 4, -5}},
			{ce, vec{0, 0, negZero, 0}, vec{1, 0.5, 0x1p-1074, 1}, vec{3, -3, 1, 0}, vec{inf, -inf, inf, nan}},
			{ce, vec{1, 1, 1}, vec{0, 0.5, 0}, vec{3, -3, 0}, vec{inf, -inf, nan}},
			{ce, vec{-0x1p-1074, 1 + 0x1p-52, nan, 0.5}, vec{0, 1, 0, nan}, vec{1, 1, 1, 1}, vec{nan, nan, nan, nan}},
			{ce, vec{0, 1}, vec{-1, 2}, vec{3, 3}, vec{-inf, -inf}}, // targets outside [0, 1]
			{ce, vec{0.5, 0.5, 0x1p-1000}, vec{1, 0, 1}, vec{0, inf, 0}, vec{0, inf, 0}},
			{ce, vec{0x1p-600, 1 - 0x1p-53}, vec{1, 0}, vec{inf, -inf}, vec{inf, -inf}}, // h overflows, or is large
			{ce, vec{0.5, 0.5, 0.5}, vec{1, 0, 0.5}, vec{1, 1, 1}, vec{4, 4, 4}},
			{lg, vec{inf, -inf, inf, nan, 0, 0}, vec{0, 1, 1, 0, nan, 0}, vec{3, 3, inf, 3, 3, nan}, vec{0, 0, nan, nan, nan, nan}},
			{lg, vec{5, 800, 0, 1e9}, vec{0, 1, 1, 0}, vec{inf, -inf, 4, 1e300}, vec{inf, -inf, 1, 0}},
			{sm, vec{0, nan}, vec{1, 0}, vec{1, 2}, vec{nan, nan}},
			{sm, vec{0, 1}, vec{nan, 0}, vec{1, 2}, vec{nan, nan}},
			{sm, vec{inf, inf}, vec{1, 0}, vec{1, 2}, vec{nan, nan}},
			{sm, vec{0, 1}, vec{1, 0}, vec{1, inf}, vec{nan, nan}},
			{sm, vec{0, 1}, vec{1, 0}, vec{nan, 1}, vec{nan, nan}},
			{sm, vec{0, 1}, vec{math.MaxFloat64, math.MaxFloat64}, vec{0, 1}, vec{math.Ldexp(-0.7864477329659273, 1023), math.Ldexp(0.7864477329659273, 1023)}},
			{sm, vec{0, inf, -inf}, vec{1, 0, 0}, vec{1, 2, 3}, vec{0, 0, 0}},
			{sm, vec{0, 0}, vec{1, 0}, vec{4, 8}, vec{-1, 1}},
			{sm, vec{0, 0}, vec{1, 0}, vec{-0x1p1023, 0x1p1023}, vec{-0x1p1022, 0x1p1022}},
			{sm, vec{3, 5, 9}, vec{1, 0, 0}, vec{0.3, 0.3, 0.3}, vec{0, 0, 0}},
			{sm, vec{7}, vec{1}, vec{3}, vec{0}},
		} {
			equal := func(x, y float64) bool { return x == y || x != x && y != y }
			if got := of(c.f).at(c.y, c.t, c.v); !slices.EqualFunc(got, c.want, equal) {
				list = append(list, fmt.Sprintf("%v at y = %v, t = %v, v = %v: %v, want %v", c.f, c.y, c.t, c.v, got, c.want))
			}
		}
		return list
	}
	for _, bad := range failures(hessianOf) {
		t.Error(bad)
	}
	masked := func(f loss.Func) hessian {
		return func(dst, y, t, v []float64) {
			hessianOf(f)(dst, y, t, v)
			for j := range dst {
				dst[j] = max(-math.MaxFloat64, min(dst[j], math.MaxFloat64))
			}
		}
	}
	if len(failures(masked)) == 0 {
		t.Error("masked infinities pass")
	}
}
