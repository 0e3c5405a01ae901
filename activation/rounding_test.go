package activation_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"os"
	"sort"
	"strconv"
	"testing"

	"touchstone/activation"
	"touchstone/internal/bigfloat"
)

// A rounded is a function that is correctly rounded.
type rounded struct {
	name   string
	f      func(z float64) float64
	quick  activation.Quick
	truth  func(z *big.Float, prec uint) *big.Float
	lo, hi float64 // beyond, f is constant or the identity
}

var roundeds = []rounded{
	{"Sigmoid.Value", σ, activation.QuickSigmoid, bigfloat.Sigmoid, -746, 38},
	{"Sigmoid.Deriv", activation.Sigmoid{}.Deriv, activation.QuickSigmoidDeriv, bigfloat.SigmoidDeriv, -746, 746},
	{"Sigmoid.Deriv2", activation.Sigmoid{}.Deriv2, activation.QuickSigmoidDeriv2, trueSigmoidDeriv2, -746, 746},
	{"Tanh.Value", activation.Tanh{}.Value, activation.QuickTanh, bigfloat.Tanh, -20, 20},
	{"Tanh.Deriv", activation.Tanh{}.Deriv, activation.QuickTanhDeriv, bigfloat.TanhDeriv, -374, 374},
	{"Tanh.Deriv2", activation.Tanh{}.Deriv2, activation.QuickTanhDeriv2, trueTanhDeriv2, -374, 374},
	{"Softplus.Value", activation.Softplus{}.Value, activation.QuickSoftplus, bigfloat.Softplus, -746, 34},
}

// nearest returns the float64 nearest f(z). It takes as many bits as it needs to
// tell, but no more than 3000: then f(z) is a float64, or a midpoint.
func nearest(f func(*big.Float, uint) *big.Float, z float64) float64 {
	for prec := uint(110); ; prec *= 3 {
		v := f(big.NewFloat(z), prec)
		d := new(big.Float).SetMantExp(v, 2-int(prec))
		lo, _ := new(big.Float).SetPrec(prec+8).Sub(v, d).Float64()
		hi, _ := new(big.Float).SetPrec(prec+8).Add(v, d).Float64()
		if lo == hi || prec > 2900 {
			y, _ := v.Float64()
			return y
		}
	}
}

// draw returns an argument between lo and hi: of any size there, or where σ moves,
// or of few bits, so that a term of a series is a midpoint.
func (r *rounded) draw(rnd *rand.Rand) float64 {
	for {
		z := 0.0
		switch rnd.IntN(8) {
		case 0, 1:
			z = r.lo + (r.hi-r.lo)*rnd.Float64()
		case 2, 3:
			z = 16*rnd.Float64() - 8
		case 4:
			z = 80*rnd.Float64() - 40
		case 5:
			z = math.Copysign(math.Exp2(-40+50*rnd.Float64()), rnd.Float64()-0.5)
		case 6:
			z = math.Ldexp(float64(rnd.IntN(1<<12)-1<<11), rnd.IntN(60)-60)
		case 7:
			z = math.Float64frombits(rnd.Uint64())
		}
		if r.lo <= z && z <= r.hi {
			return z
		}
	}
}

// long is the number of arguments of a function: short, of which -short takes a tenth,
// or with TOUCHSTONE_LONG=1 as many as 10⁷, or another number that it is set to.
func long(short int) int {
	switch n, err := strconv.Atoi(os.Getenv("TOUCHSTONE_LONG")); {
	case err != nil && testing.Short():
		return short / 10
	case err != nil:
		return short
	case n == 1:
		return 10_000_000
	default:
		return n
	}
}

// TestRounding compares with the truth at random arguments. TOUCHSTONE_LONG=1 takes
// 10⁷ a function, and some ten minutes.
func TestRounding(t *testing.T) {
	for i, r := range roundeds {
		t.Run(r.name, func(t *testing.T) {
			rnd := rand.New(rand.NewPCG(11, uint64(i)))
			n, misrounded, open := long(4000), 0, 0
			for range n {
				z := r.draw(rnd)
				if _, ok := r.quick(z); !ok {
					open++
				}
				if y, want := r.f(z), nearest(r.truth, z); !same(y, want) {
					if misrounded++; misrounded < 5 {
						t.Errorf("at %b: %b, want %b", z, y, want)
					}
				}
			}
			t.Logf("%-14s %d of %d misrounded; %d needed the fallback", r.name, misrounded, n, open)
		})
	}
}

// TestThresholds: where a formula takes over from another, both are right.
func TestThresholds(t *testing.T) {
	for _, c := range []struct {
		name string
		at   []float64
	}{
		{"Sigmoid.Value", []float64{-746, -600, 38}},
		{"Sigmoid.Deriv", []float64{746}},
		{"Sigmoid.Deriv2", []float64{0x1p-30, 80, 746}},
		{"Tanh.Value", []float64{0x1p-27, 20}},
		{"Tanh.Deriv", []float64{374}},
		{"Tanh.Deriv2", []float64{0x1p-30, 40, 374}},
		{"Softplus.Value", []float64{-746, 0, 34}},
	} {
		for _, r := range roundeds {
			if r.name != c.name {
				continue
			}
			for _, at := range c.at {
				for _, z := range []float64{math.Nextafter(at, -inf), at, math.Nextafter(at, inf)} {
					for _, z := range []float64{z, -z} {
						if y, want := r.f(z), nearest(r.truth, z); y != want {
							t.Errorf("%s(%v) = %v, want %v", r.name, z, y, want)
						}
					}
				}
			}
		}
	}
}

// distance returns how far f(z) is from the nearest midpoint of two float64s, in ulp.
func (r *rounded) distance(z float64) float64 {
	v := r.truth(big.NewFloat(z), 300)
	y, _ := v.Float64()
	d := new(big.Float).SetPrec(300).Sub(v, big.NewFloat(y))
	e := max(math.Ilogb(y), -1022)
	if d.Sign()*v.Sign() < 0 && y == math.Ldexp(1, e) && e > -1022 {
		e--
	}
	u, _ := d.SetMantExp(d, 52-e).Float64()
	return math.Abs(math.Abs(u) - 0.5)
}

// TestSearch looks for the hardest arguments among 10⁹ for each function and prints
// the table hard. It takes some minutes, and TOUCHSTONE_SEARCH=1.
func TestSearch(t *testing.T) {
	if os.Getenv("TOUCHSTONE_SEARCH") == "" {
		t.Skip("without TOUCHSTONE_SEARCH")
	}
	for i, r := range roundeds {
		rnd := rand.New(rand.NewPCG(13, uint64(i)))
		type found struct{ z, distance float64 }
		var list []found
		for range 1_000_000_000 {
			z := math.Float64frombits(rnd.Uint64()>>12 | uint64(1023-12+rnd.IntN(22))<<52)
			if rnd.Uint64()&1 == 0 {
				z = -z
			}
			if r.lo <= z && z <= r.hi {
				if _, ok := r.quick(z); !ok {
					list = append(list, found{z, r.distance(z)})
				}
			}
		}
		sort.Slice(list, func(i, j int) bool { return list[i].distance < list[j].distance })
		t.Logf("%s: %d of 1e9 needed the fallback", r.name, len(list))
		for _, c := range list[:20] {
			t.Logf("\t{%q, %x, %x}, // 2^%.1f", r.name, c.z, nearest(r.truth, c.z), math.Log2(c.distance))
		}
	}
}
