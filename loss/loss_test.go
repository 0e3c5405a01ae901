package loss_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"touchstone/loss"
)

var all = []loss.Func{loss.Squared{}, loss.CrossEntropy{}, loss.LogitCrossEntropy{}, loss.SoftmaxCrossEntropy{}}

func TestByName(t *testing.T) {
	for i, name := range []string{"squared", "cross-entropy", "logit-cross-entropy", "softmax-cross-entropy"} {
		f, err := loss.ByName(name)
		if err != nil || f != all[i] || f.String() != name {
			t.Errorf("ByName(%q) = %v, %v; want %T", name, f, err, all[i])
		}
	}
}

func TestByNameUnknown(t *testing.T) {
	for _, name := range []string{"", "Squared", "squared ", "mse", "a\nb"} {
		f, err := loss.ByName(name)
		var unknown *loss.UnknownError
		if f != nil || !errors.As(err, &unknown) || unknown.Name != name {
			t.Errorf("ByName(%q) = %v, %v; want an UnknownError of that name", name, f, err)
		}
	}
	_, err := loss.ByName("a\nb")
	const want = `loss: unknown function "a\nb", want one of: squared cross-entropy logit-cross-entropy softmax-cross-entropy`
	if err.Error() != want {
		t.Errorf("%q, want %q", err, want)
	}
}

func TestLengths(t *testing.T) {
	v := func(n int) []float64 { return make([]float64, n) }
	panics := func(f func()) (r any) {
		defer func() { r = recover() }()
		f()
		return nil
	}
	for _, f := range all {
		for _, n := range [][2]int{{0, 1}, {1, 0}, {2, 3}, {3, 2}} {
			if r := panics(func() { f.Value(v(n[0]), v(n[1])) }); r != "loss: Value with y and t of different lengths" {
				t.Errorf("%v.Value with lengths %v: %v", f, n, r)
			}
		}
		for _, n := range [][3]int{{0, 1, 1}, {1, 0, 0}, {1, 1, 0}, {1, 0, 1}, {2, 3, 3}, {3, 2, 3}, {3, 3, 2}, {3, 2, 2}, {1, 2, 3}} {
			if r := panics(func() { f.Grad(v(n[0]), v(n[1]), v(n[2])) }); r != "loss: Grad with dst, y and t of different lengths" {
				t.Errorf("%v.Grad with lengths %v: %v", f, n, r)
			}
		}
		if r := panics(func() {
			f.Grad(nil, nil, nil)
			if v := f.Value(nil, nil); !same(v, 0) {
				t.Errorf("%v.Value of nothing is %v", f, v)
			}
		}); r != nil {
			t.Errorf("%v of nothing: %v", f, r)
		}
	}
}

// aliasing returns how Grad deviates if dst is y or t or both, or from the rule
// that it writes to nothing but dst.
func aliasing(f loss.Func, y, t []float64) string {
	want, y1, t1 := make([]float64, len(y)), slices.Clone(y), slices.Clone(t)
	f.Grad(want, y1, t1)
	if f.Value(y1, t1); !sameAll(y1, y) || !sameAll(t1, t) {
		return "y or t is written to"
	}
	if f.Grad(y1, y1, t1); !sameAll(y1, want) || !sameAll(t1, t) {
		return "dst is y"
	}
	y1 = slices.Clone(y)
	if f.Grad(t1, y1, t1); !sameAll(t1, want) || !sameAll(y1, y) {
		return "dst is t"
	}
	f.Grad(want, y, y)
	if f.Grad(y1, y1, y1); !sameAll(y1, want) {
		return "dst is y and t"
	}
	return ""
}

func TestAliasing(t *testing.T) {
	for _, a := range accuracy {
		for _, s := range a.samples {
			if bad := aliasing(a.f, s.y, s.t); bad != "" {
				t.Errorf("%v: %s: y = %v, t = %v", a.f, bad, s.y, s.t)
			}
		}
	}
}

// TestAliasingSeesErrors: a gradient in two passes, and a value that normalizes.
func TestAliasingSeesErrors(t *testing.T) {
	twoPasses := wrong{grad: func(dst, y, t []float64) {
		for j := range dst {
			dst[j] = -t[j]
		}
		for j := range dst {
			dst[j] += y[j]
		}
	}}
	firstTwice := wrong{grad: func(dst, y, t []float64) { // reads what it has written
		dst[0] = y[0] - t[0]
		for j := range dst {
			dst[j] = y[j] - t[j] + 0*y[0]
		}
		dst[0] = y[0] - t[0]
	}}
	writes := wrong{value: func(y, t []float64) float64 { y[0]++; return 0 }}
	y, u := []float64{1, 2, 5}, []float64{0.5, 1, 7}
	for _, w := range []wrong{twoPasses, firstTwice, writes} {
		if aliasing(w.with(loss.Squared{}), y, u) == "" {
			t.Errorf("a wrong Grad or Value passes")
		}
	}
}

// same reports whether x and y are the same float64, zeros of different sign not
// being the same and all NaNs being so.
func same(x, y float64) bool {
	return math.Float64bits(x) == math.Float64bits(y) || x != x && y != y
}

func sameAll(x, y []float64) bool { return slices.EqualFunc(x, y, same) }
