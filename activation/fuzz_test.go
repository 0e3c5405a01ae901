package activation

import (
	"math"
	"testing"
)

// FuzzFunctions: for every bit pattern, values and derivatives are in their ranges, as
// documented at NaN and ±Inf, the same when asked again, and of the symmetries of the
// functions, which round alike on both sides of 0.
func FuzzFunctions(f *testing.F) {
	for _, z := range []float64{0, math.Copysign(0, -1), 1, -37.5, 38, -600, -745.2, -746, 1e300, 5e-324, 0x1p-1022, math.Inf(1), math.Inf(-1), math.NaN()} {
		f.Add(math.Float64bits(z))
	}
	f.Add(uint64(0x7ff0000000000001)) // a signalling NaN
	f.Fuzz(func(t *testing.T, bits uint64) {
		z := math.Float64frombits(bits)
		for _, f := range all {
			f := f.(Func2)
			got := [3]float64{f.Value(z), f.Deriv(z), f.Deriv2(z)}
			if again := [3]float64{f.Value(z), f.Deriv(z), f.Deriv2(z)}; again != got && z == z {
				t.Errorf("%v at %v: %v, then %v", f, z, got, again)
			}
			if wrong := outside(f, z, got[0], got[1], got[2]); wrong != "" {
				t.Errorf("%v at %v = %#x: %v: %s", f, z, bits, got, wrong)
			}
		}
	})
}

// outside says which range a value or derivative leaves, or "".
func outside(f Func, z, value, deriv, deriv2 float64) string {
	if z != z {
		if value == value || deriv == deriv || deriv2 == deriv2 {
			return "is not NaN at NaN"
		}
		return ""
	}
	low, high, steepest, bent := math.Inf(-1), math.Inf(1), 1.0, 0.0
	odd := false
	switch f.(type) {
	case Identity:
		odd = true
		if value != z || deriv != 1 {
			return "is not the identity"
		}
	case Sigmoid:
		low, high, steepest, bent = 0, 1, 0.25, 0.0963
		// σ(−z) = 1 − σ(z), rounded once each.
		if math.Abs(value+Sigmoid{}.Value(-z)-1) > 0x1p-52 || deriv != (Sigmoid{}).Deriv(-z) {
			return "is not symmetrical"
		}
	case Tanh:
		low, high, bent, odd = -1, 1, 0.77, true
	case ReLU:
		low = 0
		if value != math.Max(z, 0) || deriv != 0 && deriv != 1 {
			return "is not max(z, 0)"
		}
	case Softplus:
		low, bent = 0, 0.25
		if value < z || z < math.Inf(1) && value > math.Max(z, 0)+math.Ln2 {
			return "is too far from max(z, 0)"
		}
	}
	switch {
	case !(low <= value && value <= high):
		return "value out of range"
	case !(0 <= deriv && deriv <= steepest):
		return "derivative out of range"
	case !(math.Abs(deriv2) <= bent):
		return "second derivative out of range"
	case odd && math.Float64bits(f.Value(-z)) != math.Float64bits(-value):
		return "is not odd"
	}
	return ""
}

// TestOutsideSeesErrors plants what a clamp, a derivative at a and a lost sign return.
func TestOutsideSeesErrors(t *testing.T) {
	for _, w := range []struct {
		f                Func
		z, value, d1, d2 float64
	}{
		{Sigmoid{}, math.NaN(), 0.5, math.NaN(), math.NaN()},
		{Sigmoid{}, 0, 0.5, 0.2500001, 0},
		{Sigmoid{}, 40, 0.99, 4.24e-18, 0},
		{Sigmoid{}, 38, 1, 0, 0},
		{Sigmoid{}, math.Inf(1), 1.0000000000000002, 0, 0},
		{Tanh{}, math.Copysign(0, -1), 0, 1, 0},
		{Tanh{}, 1, math.Tanh(1), 0.42, math.NaN()},
		{Softplus{}, -1, 0.7, 0.2689414213699951, 0.19},
		{ReLU{}, -1, math.Copysign(0, -1) - 1, 0, 0},
		{Identity{}, 5e-324, 0, 1, 0},
	} {
		if outside(w.f, w.z, w.value, w.d1, w.d2) == "" {
			t.Errorf("%v at %v: accepts %v, %v, %v", w.f, w.z, w.value, w.d1, w.d2)
		}
	}
}
