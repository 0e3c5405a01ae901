package fast

import (
	"math"
	"os"
	"strconv"
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

// worst returns how many numbers f and its derivative are away from package activation,
// which is correctly rounded, at most: at so many thousands of random numbers of all
// magnitudes, in both tails, step by step, and where the calculation of an exponential
// changes.
func worst(f function, want activation.Func, thousands int) (value, first float64) {
	const n = 1000
	z, a, d, alone := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	rnd := newRand(4)
	see := func(fill func(i int) float64) {
		for i := range z {
			z[i] = fill(i)
		}
		f(a, d, z, nil)
		f(alone, nil, z, nil)
		for i, v := range z {
			value = max(value, ulps(a[i], want.Value(v)))
			first = max(first, ulps(d[i], want.Deriv(v)))
			if math.Float64bits(a[i]) != math.Float64bits(alone[i]) && !math.IsNaN(a[i]) {
				value = math.Inf(1)
			}
		}
	}
	for k := range thousands {
		switch k % 4 {
		case 0:
			see(func(int) float64 { return rnd.NormFloat64() * math.Exp2(rnd.Float64()*30-20) })
		case 1:
			see(func(int) float64 { return 4 * rnd.NormFloat64() })
		case 2:
			see(func(int) float64 { return 1520*rnd.Float64() - 760 })
		case 3: // a few numbers beside multiples of ¼·ln 2: z or 2z is half way between two n
			see(func(int) float64 {
				at := float64(rnd.IntN(8800)-4400) * (math.Ln2 / 4)
				return math.Float64frombits(math.Float64bits(at) + rnd.Uint64N(64) - 32)
			})
		}
	}
	for at := -760.0; at < 760; at += 0.37 * n {
		see(func(i int) float64 { return at + 0.37*float64(i) })
	}
	for e := -1074; e < 1024; e += n {
		see(func(i int) float64 { return math.Ldexp(1+rnd.Float64(), e+i) })
		see(func(i int) float64 { return -math.Ldexp(1+rnd.Float64(), e+i) })
	}
	special := []float64{0, math.Copysign(0, -1), math.Inf(1), math.Inf(-1), math.NaN(), 5e-324, -5e-324,
		1e-310, math.MaxFloat64, -math.MaxFloat64}
	for _, v := range []float64{lowest, lowest / 2, -200, -745.13, -372.6, -760, -380} {
		special = append(special, v, -v, math.Nextafter(v, -1e9), math.Nextafter(v, 0))
	}
	see(func(i int) float64 { return special[i%len(special)] })
	return value, first
}

// ulps returns how many numbers got is away from want, and +Inf for numbers of different
// signs or of different kinds.
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

// thousands is how many thousands of numbers a function is tried at: few, or a hundred
// times as many with TOUCHSTONE_LONG=1, or as many as TOUCHSTONE_LONG says.
func thousands(few int) int {
	switch n, err := strconv.Atoi(os.Getenv("TOUCHSTONE_LONG")); {
	case err != nil || n < 1:
		return few
	case n == 1:
		return 100 * few
	default:
		return n
	}
}

// Values and derivatives are at most one number away from the correctly rounded ones of
// package activation.
func TestFunctions(t *testing.T) {
	for _, f := range functions {
		value, first := worst(functionOf(f), f, 100)
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
		value, first := worst(c.f, c.of, 100)
		assert.Equal(t, c.value, value > 1, c.what)
		assert.Equal(t, c.first, first > 1, c.what)
	}
}
