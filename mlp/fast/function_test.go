package fast

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"touchstone/activation"
)

// scalar returns a function of value and of first, which sees a = f(z) as well as z.
func scalar(value func(z float64) float64, first func(a, z float64) float64) function {
	return func(a, d, z, b []float64) {
		for i, v := range z {
			a[i] = value(v)
			if d != nil {
				d[i] = first(a[i], v)
			}
		}
	}
}

// worst returns how far f and its derivative are from package activation at most, in
// units in the last place, over all magnitudes and in both tails.
func worst(f function, want activation.Func) (value, first float64) {
	const n = 1000
	z, a, d, alone := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	rnd := newRand(4)
	see := func() {
		f(a, d, z, nil)
		f(alone, nil, z, nil)
		for i, v := range z {
			value = max(value, ulps(a[i], want.Value(v)), ulps(alone[i], a[i]))
			first = max(first, ulps(d[i], want.Deriv(v)))
		}
	}
	for range 100 {
		for i := range z {
			z[i] = rnd.NormFloat64() * math.Exp2(rnd.Float64()*30-20)
		}
		see()
	}
	for at := -760.0; at < 760; at += 0.37 * n { // the tails, step by step
		for i := range z {
			z[i] = at + 0.37*float64(i)
		}
		see()
	}
	special := []float64{0, math.Copysign(0, -1), math.Inf(1), math.Inf(-1), math.NaN(), 5e-324, -5e-324,
		1e-310, math.MaxFloat64, -math.MaxFloat64, lowest, -lowest, lowest / 2, math.Nextafter(lowest, -1e9)}
	clear(z[copy(z, special):])
	see()
	return value, first
}

// ulps returns the distance of got and want in units in the last place of want, and
// +Inf for numbers of different signs or of different kinds.
func ulps(got, want float64) float64 {
	switch {
	case math.IsNaN(got) && math.IsNaN(want):
		return 0
	case math.IsNaN(got) || math.IsNaN(want) || math.Signbit(got) != math.Signbit(want):
		return math.Inf(1)
	}
	return math.Abs(float64(int64(math.Float64bits(got) - math.Float64bits(want))))
}

var functions = []activation.Func{
	activation.Identity{}, activation.Sigmoid{}, activation.Tanh{}, activation.ReLU{}, activation.Softplus{},
}

// Values and derivatives are within 1 ulp of the correctly rounded ones of package
// activation.
func TestFunctions(t *testing.T) {
	for _, f := range functions {
		value, first := worst(functionOf(f), f)
		assert.LessOrEqual(t, value, 1.0, f)
		assert.LessOrEqual(t, first, 1.0, f)
	}
}

// The same comparison refuses what is usually written.
func TestFunctionsCatch(t *testing.T) {
	s, th := activation.Sigmoid{}, activation.Tanh{}
	for _, c := range []struct {
		what         string
		f            function
		of           activation.Func
		value, first bool // which of them is wrong
	}{
		{"right", scalar(s.Value, func(_, z float64) float64 { return s.Deriv(z) }), s, false, false},
		{"a(1−a)", scalar(s.Value, func(a, _ float64) float64 { return a * (1 - a) }), s, false, true},
		{"1/(1+exp(-z))", scalar(func(z float64) float64 { return 1 / (1 + math.Exp(-z)) },
			func(_, z float64) float64 { return s.Deriv(z) }), s, true, false},
		{"1−a²", scalar(th.Value, func(a, _ float64) float64 { return 1 - a*a }), th, false, true},
		{"2σ(2z)−1", scalar(func(z float64) float64 { return 2*s.Value(2*z) - 1 },
			func(_, z float64) float64 { return th.Deriv(z) }), th, true, false},
		{"clamped", scalar(func(z float64) float64 { return s.Value(max(z, -500)) },
			func(_, z float64) float64 { return s.Deriv(z) }), s, true, false},
	} {
		value, first := worst(c.f, c.of)
		assert.Equal(t, c.value, value > 1, c.what)
		assert.Equal(t, c.first, first > 1, c.what)
	}
}
