package bigfloat

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// Identities that tie the functions to each other, at arguments of all sizes. Each
// law is a function of what it tests, so that a wrong function can be put in.

type function = func(x *big.Float, prec uint) *big.Float

const lawPrec = 400

// arguments returns 0 and numbers of either sign from 2^lo to 2^hi.
func arguments(lo, hi float64) []*big.Float {
	rnd := rand.New(rand.NewPCG(3, 4))
	xs := []*big.Float{new(big.Float)}
	for range 300 {
		x := math.Exp2(lo + (hi-lo)*rnd.Float64())
		if rnd.Uint64()&1 == 0 {
			x = -x
		}
		xs = append(xs, big.NewFloat(x))
	}
	return xs
}

// expLaw counts where e^(x+y) = e^x·e^y does not hold.
func expLaw(exp function) (wrong int) {
	xs := arguments(-30, 20)
	for i, y := range xs {
		x := xs[len(xs)-1-i]
		sum := exp(newFloat(200).Add(x, y), lawPrec)
		if product := newFloat(lawPrec+9).Mul(exp(x, lawPrec), exp(y, lawPrec)); !within(product, sum, sum, lawPrec-2) {
			wrong++
		}
	}
	return wrong
}

// logLaw counts where log(e^x) = x does not hold. A relative error of e^x is an
// absolute one of the logarithm, so e^x needs more bits, as x may be small.
func logLaw(exp, log function) (wrong int) {
	for _, x := range arguments(-30, 29.9) {
		if !within(log(exp(x, lawPrec+100), lawPrec), x, x, lawPrec-2) {
			wrong++
		}
	}
	return wrong
}

// expm1Law counts where log1p(e^x − 1) = x does not hold, down to the denormals.
func expm1Law(expm1, log1p function) (wrong int) {
	for _, x := range arguments(-1074, 6) {
		if !within(log1p(expm1(x, lawPrec+200), lawPrec), x, x, lawPrec-2) {
			wrong++
		}
	}
	return wrong
}

// sigmoidLaw counts where σ(z) + σ(−z) = 1 or σ′(z) = σ(z)·σ(−z) does not hold.
func sigmoidLaw(sigmoid, deriv function) (wrong int) {
	for _, z := range arguments(-30, 20) {
		a, b := sigmoid(z, lawPrec), sigmoid(new(big.Float).Neg(z), lawPrec)
		sum := Add(newFloat(lawPrec+9), a, b)
		product := newFloat(lawPrec+9).Mul(a, b)
		if !within(sum, newInt(1), newInt(1), lawPrec-2) || !within(product, deriv(z, lawPrec), product, lawPrec-2) {
			wrong++
		}
	}
	return wrong
}

// tanhLaw counts where tanh z = 2σ(2z) − 1 or tanh′ z = 1 − tanh² z does not hold.
// The right sides lose 3 bits for every unit of |z|, and −lo for small z.
func tanhLaw(tanh, deriv function) (wrong int) {
	for _, z := range arguments(-60, 5) {
		s := Sigmoid(double(z), lawPrec+100)
		s.Sub(s.SetMantExp(s, 1), newInt(1))
		t := tanh(z, lawPrec+100)
		d := newFloat(lawPrec+100).Mul(t, t)
		d.Sub(newInt(1), d)
		if !within(tanh(z, lawPrec), s, s, lawPrec-2) || !within(deriv(z, lawPrec), d, d, lawPrec-2) {
			wrong++
		}
	}
	return wrong
}

// softplusLaw counts where softplus(z) = log(1 + e^z) does not hold.
func softplusLaw(softplus function) (wrong int) {
	for _, z := range arguments(-30, 8) {
		l := Exp(z, lawPrec+500)
		l = Log(l.Add(l, newInt(1)), lawPrec+500)
		if !within(softplus(z, lawPrec), l, l, lawPrec-2) {
			wrong++
		}
	}
	return wrong
}

func TestLaws(t *testing.T) {
	for law, wrong := range map[string]int{
		"exp":      expLaw(Exp),
		"log":      logLaw(Exp, Log),
		"expm1":    expm1Law(Expm1, Log1p),
		"sigmoid":  sigmoidLaw(Sigmoid, SigmoidDeriv),
		"tanh":     tanhLaw(Tanh, TanhDeriv),
		"softplus": softplusLaw(Softplus),
	} {
		if wrong != 0 {
			t.Errorf("%s: the law fails at %d points", law, wrong)
		}
	}
}

// TestLawsSeeErrors puts functions in that are wrong by 2^−390 or less.
func TestLawsSeeErrors(t *testing.T) {
	// off returns f with a relative error of 2^−390/(1+x²), which has no symmetry
	// that a law could divide out.
	off := func(f function) function {
		return func(x *big.Float, prec uint) *big.Float {
			v := f(x, prec)
			e := newFloat(64).Mul(x, x)
			e.Quo(v, Add(newFloat(64), e, newInt(1)))
			return Add(newFloat(prec), v, e.SetMantExp(e, -390))
		}
	}
	for law, wrong := range map[string]int{
		"exp":              expLaw(off(Exp)),
		"log":              logLaw(Exp, off(Log)),
		"log, by exp":      logLaw(off(Exp), Log),
		"expm1":            expm1Law(Expm1, off(Log1p)),
		"expm1, by expm1":  expm1Law(off(Expm1), Log1p),
		"sigmoid":          sigmoidLaw(off(Sigmoid), SigmoidDeriv),
		"sigmoid, σ′":      sigmoidLaw(Sigmoid, off(SigmoidDeriv)),
		"tanh":             tanhLaw(off(Tanh), TanhDeriv),
		"tanh, tanh′":      tanhLaw(Tanh, off(TanhDeriv)),
		"softplus":         softplusLaw(off(Softplus)),
		"exp, float64 ln2": expLaw(expWithPoorLn2),
	} {
		if wrong == 0 {
			t.Errorf("%s: the law accepts a wrong function", law)
		}
	}
}

// expWithPoorLn2 reduces its argument by the float64 nearest ln 2.
func expWithPoorLn2(x *big.Float, prec uint) *big.Float {
	f, _ := x.Float64()
	k := math.RoundToEven(f / math.Ln2)
	r := newFloat(prec).Mul(big.NewFloat(k), big.NewFloat(math.Ln2))
	y := Exp(r.Sub(x, r), prec)
	return y.SetMantExp(y, int(k))
}
