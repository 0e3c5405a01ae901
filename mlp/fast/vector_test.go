package fast

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"touchstone/activation"
)

// eachUnit runs test with every vector unit that this processor has, and with none.
func eachUnit(t *testing.T, test func(t *testing.T, u unit)) {
	for _, u := range units() {
		t.Run(u.name, func(t *testing.T) { test(t, u) })
	}
}

// Every unit is at most one number away from the nearest, at a million numbers.
// TOUCHSTONE_LONG=1 takes 10⁸.
func TestUnits(t *testing.T) {
	eachUnit(t, func(t *testing.T, u unit) {
		for f, of := range map[activation.Func]function{activation.Sigmoid{}: u.sigmoid, activation.Tanh{}: u.tanh} {
			value, first := worst(of, f, thousands(1000))
			assert.LessOrEqual(t, value, 1.0, f)
			assert.LessOrEqual(t, first, 1.0, f)
		}
	})
}

// misplaced returns what is wrong with the places where f reads and writes, or "":
// each element must be what it is in a slice of its own, whatever the length and the
// alignment, with and without b and first, and nothing else may be touched: see guarded.
func misplaced(f function) string {
	f(nil, nil, nil, nil)
	rnd := newRand(5)
	for n := 1; n <= 40; n++ {
		for variant := range 8 { // at either end of the memory, as four slices are a turn
			a, first, z, b := guarded(n), guarded(n), guarded(n), guarded(n)
			for i := range z {
				a[i], first[i], z[i], b[i] = canary, canary, 3*rnd.NormFloat64(), rnd.NormFloat64()
			}
			wantA, wantFirst, wantZ, wantB := slices.Clone(a), slices.Clone(first), slices.Clone(z), slices.Clone(b)
			d, bias := first, b
			if variant&2 != 0 {
				d = nil
			}
			if variant&4 != 0 {
				bias = nil
			}
			for i := range z {
				f(wantA[i:i+1], only(wantFirst, i, d), wantZ[i:i+1], only(wantB, i, bias))
				if sum := z[i] + b[i]; bias != nil && wantZ[i] != sum {
					return fmt.Sprintf("z+b is %v, want %v", wantZ[i], sum)
				}
			}
			f(a, d, z, bias)
			if !sameBits(a, wantA) || !sameBits(first, wantFirst) || !sameBits(z, wantZ) || !sameBits(b, wantB) {
				return fmt.Sprintf("length %d, variant %d: a, f′, z, b are %v, want %v", n, variant,
					[][]float64{a, first, z, b}, [][]float64{wantA, wantFirst, wantZ, wantB})
			}
		}
	}
	return ""
}

// only returns element i of v as a slice, or nil if unless is nil.
func only(v []float64, i int, unless []float64) []float64 {
	if unless == nil {
		return nil
	}
	return v[i : i+1]
}

func sameBits(x, y []float64) bool {
	return slices.EqualFunc(x, y, func(v, w float64) bool { return math.Float64bits(v) == math.Float64bits(w) })
}

func TestPlaces(t *testing.T) {
	eachUnit(t, func(t *testing.T, u unit) {
		assert.Empty(t, misplaced(u.sigmoid))
		assert.Empty(t, misplaced(u.tanh))
	})
	for _, f := range functions {
		assert.Empty(t, misplaced(functionOf(f)))
	}
}

// The same comparison refuses functions that treat one place unlike others.
func TestPlacesCatch(t *testing.T) {
	for what, spoil := range map[string]func(a, first, z, b []float64){
		"nothing":             func(a, first, z, b []float64) {},
		"lane 5 of a":         func(a, first, z, b []float64) { spoilAt(a, 5) },
		"lane 3 of f′":        func(a, first, z, b []float64) { spoilAt(first, 3) },
		"lane 2 of z":         func(a, first, z, b []float64) { spoilAt(z, 2) },
		"lane 1 of b":         func(a, first, z, b []float64) { spoilAt(b, 1) },
		"the last of 40":      func(a, first, z, b []float64) { spoilAt(a, 39) },
		"two lanes exchanged": func(a, first, z, b []float64) { exchange(a) },
	} {
		bad := misplaced(func(a, first, z, b []float64) {
			sigmoid(a, first, z, b)
			spoil(a, first, z, b)
		})
		assert.Equal(t, what != "nothing", bad != "", what)
	}
	withoutBias := func(a, first, z, _ []float64) { sigmoid(a, first, z, nil) }
	assert.NotEmpty(t, misplaced(withoutBias))
}

// spoilAt changes the last bit of v[i], if there is one.
func spoilAt(v []float64, i int) {
	if i < len(v) {
		v[i] = math.Float64frombits(math.Float64bits(v[i]) ^ 1)
	}
}

func exchange(v []float64) {
	if len(v) > 1 {
		v[0], v[1] = v[1], v[0]
	}
}

// notProduct returns whether times is wrong at any length.
func notProduct(times func(dst, x []float64)) bool {
	rnd := newRand(6)
	times(nil, nil)
	for n := 1; n <= 40; n++ {
		for range 2 {
			guarded(1) // for turns of four
			guarded(1)
			dst, x := guarded(n), guarded(n)
			for i := range x {
				dst[i], x[i] = rnd.NormFloat64(), rnd.NormFloat64()
			}
			want, kept := slices.Clone(dst), slices.Clone(x)
			for i := range want {
				want[i] *= x[i]
			}
			times(dst, x)
			if !sameBits(dst, want) || !sameBits(x, kept) {
				return true
			}
		}
	}
	return false
}

func TestTimes(t *testing.T) {
	eachUnit(t, func(t *testing.T, u unit) { assert.False(t, notProduct(u.times)) })
	assert.True(t, notProduct(func(dst, x []float64) { times(dst[:len(dst)/4*4], x) }))
	assert.True(t, notProduct(func(dst, x []float64) { times(dst, x); spoilAt(x, 11) }))
}
