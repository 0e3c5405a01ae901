package bigfloat

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// functions lists all of the package, with the arguments they are defined for.
var functions = []struct {
	name string
	f    function
	arg  func(x float64) float64 // any x to an argument of f
}{
	{"Exp", Exp, all},
	{"Expm1", Expm1, all},
	{"Log", Log, math.Abs},
	{"Log1p", Log1p, fromMinusOne},
	{"Sigmoid", Sigmoid, all},
	{"SigmoidDeriv", SigmoidDeriv, all},
	{"Tanh", Tanh, all},
	{"TanhDeriv", TanhDeriv, all},
	{"Softplus", Softplus, all},
}

func all(x float64) float64 { return x }

func fromMinusOne(x float64) float64 { return max(x, -1+0x1p-53) }

// worst returns the largest error of f at prec bits, in units of 2^−prec of its
// value, with f at twice the precision and more for the truth.
func worst(f, truth function, arg func(float64) float64, prec uint) float64 {
	rnd := rand.New(rand.NewPCG(1, uint64(prec)))
	largest := 0.0
	for range 100 {
		x := math.Ldexp(2*rnd.Float64()-1, 60-rnd.IntN(120))
		want := truth(big.NewFloat(arg(x)), 2*prec+100)
		if want.Sign() == 0 || want.IsInf() {
			continue
		}
		d := newFloat(64).Sub(f(big.NewFloat(arg(x)), prec), want)
		e, _ := d.SetMantExp(d.Quo(d, want), int(prec)).Float64()
		largest = max(largest, math.Abs(e))
	}
	return largest
}

// TestBound holds every function to the error that the package promises. Few bits
// make the guard bits visible: with 1 bit, an error in the 33rd is one of 2^−32.
func TestBound(t *testing.T) {
	for _, fn := range functions {
		for _, prec := range []uint{1, 2, 24, 53, 113, 400, 1000} {
			if e := worst(fn.f, fn.f, fn.arg, prec); e > 1+0x1p-31 {
				t.Errorf("%s to %d bits: error 2^−%d·(1 + %g)", fn.name, prec, prec, e-1)
			}
		}
	}
}

// TestProofs holds the unrounded results to the bounds that are proved beside the
// code, in units of 2^−w.
func TestProofs(t *testing.T) {
	for _, w := range []uint{65, 117, 464, 1064} {
		s := math.Floor(math.Sqrt(float64(w)))
		for _, p := range []struct {
			name     string
			f, truth function
			arg      func(float64) float64
			bound    float64
		}{
			{"exp", exp, Exp, all, 4 * (s + 3)},
			{"exp1", exp1, Expm1, func(x float64) float64 { return math.Remainder(x, 0.999) }, 4 * (s + 3)},
			{"log", log, Log, math.Abs, 20},
			{"log1p", log1p, Log1p, fromMinusOne, 28},
			{"ln2", func(_ *big.Float, w uint) *big.Float { return ln2(w) }, func(_ *big.Float, w uint) *big.Float { return Log(newInt(2), w) }, all, 2},
		} {
			if e := worst(p.f, p.truth, p.arg, w); e > p.bound {
				t.Errorf("%s with %d bits: %g units, proved %g", p.name, w, e, p.bound)
			}
		}
	}
}

// TestBoundSeesErrors: one bit less is seen.
func TestBoundSeesErrors(t *testing.T) {
	for _, fn := range functions {
		for _, prec := range []uint{2, 53, 400} {
			f := func(x *big.Float, prec uint) *big.Float { return fn.f(x, prec-1) }
			if e := worst(f, fn.f, fn.arg, prec); e <= 1+0x1p-31 {
				t.Errorf("%s to %d bits counts as one of %d", fn.name, prec-1, prec)
			}
		}
	}
}
