package bigfloat

import "math/big"

// The functions below are rational in e = e^−|z| or in e − 1, and log1p of it.
// None of them subtracts, so each adds a few units of 2^−w to the relative errors
// of exp and log1p, whose own condition numbers here are at most 2.

// Sigmoid returns σ(z) = 1/(1+e^−z). It is 0 for z < −2³⁰.
func Sigmoid(z *big.Float, prec uint) *big.Float {
	w := prec + guard
	e := exp(negAbs(z), w)
	d := Add(newFloat(w), e, newInt(1))
	if z.Signbit() {
		return round(e.Quo(e, d), prec)
	}
	return round(d.Quo(newInt(1), d), prec)
}

// SigmoidDeriv returns σ′(z) = e/(1+e)², e = e^−|z|. It is 0 for |z| > 2³⁰.
func SigmoidDeriv(z *big.Float, prec uint) *big.Float {
	return round(logisticDeriv(z, prec+guard), prec)
}

// Tanh returns tanh z = ±m/(2−m), m = 1 − e^−2|z|. It is ±1 for |z| > 2²⁹.
//
// Special cases are:
//
//	Tanh(±0) = ±0
func Tanh(z *big.Float, prec uint) *big.Float {
	if z.Sign() == 0 {
		return round(z, prec)
	}
	w := prec + guard
	m := expm1(negAbs(double(z)), w) // −1 ≤ m < 0
	t := m.Quo(m, Add(newFloat(w), m, newInt(2)))
	if !z.Signbit() {
		t.Neg(t)
	}
	return round(t, prec)
}

// TanhDeriv returns tanh′(z) = 4·σ′(2z). It is 0 for |z| > 2²⁹.
func TanhDeriv(z *big.Float, prec uint) *big.Float {
	d := logisticDeriv(double(z), prec+guard)
	return round(d.SetMantExp(d, 2), prec)
}

// Softplus returns log(1+e^z) = max(z, 0) + log1p(e^−|z|). It is 0 for z < −2³⁰
// and z for z > 2³⁰.
func Softplus(z *big.Float, prec uint) *big.Float {
	w := prec + guard
	l := log1p(exp(negAbs(z), w), w)
	if !z.Signbit() {
		l = Add(l, z, l)
	}
	return round(l, prec)
}

func logisticDeriv(z *big.Float, w uint) *big.Float {
	e := exp(negAbs(z), w)
	d := Add(newFloat(w), e, newInt(1))
	return e.Quo(e, d.Mul(d, d))
}

// negAbs returns −|z|.
func negAbs(z *big.Float) *big.Float {
	z = new(big.Float).Abs(z)
	return z.Neg(z)
}

// double returns 2z.
func double(z *big.Float) *big.Float { return new(big.Float).SetMantExp(z, 1) }
