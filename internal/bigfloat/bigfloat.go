// Package bigfloat evaluates exp, log and the functions built on them in
// arbitrary precision. It is the reference that the float64 functions of this
// module are measured against, so it is short enough to be checked by reading,
// uses nothing but math/big, and proves its error bounds in comments.
//
// # Accuracy
//
// Every function f(x, prec) computes with at least prec+64 bits and rounds once
// to prec bits, to nearest even. With v = f(x) in exact arithmetic, the unrounded
// result is r = v·(1+δ) with |δ| < 2^−(prec+32), so that
//
//	|f(x, prec) − v| ≤ 2^−prec·(1 + 2^−31)·|v|
//
// for every x and every prec from 1 to 2³⁰. The error is relative, also where v
// is tiny: near a zero of f and in its tails. The arguments are taken as exact,
// whatever their own precision. The proofs stand with exp1 and atanh.
//
// # Exponents
//
// The exponent of a big.Float has 32 bits, and e^(−1e308) would need more than a
// thousand. So e^x counts as +Inf for x > 2³⁰ and as 0 for x < −2³⁰, and a
// function that falls to 0 or rises to its limit like e^x is 0, or is at the
// limit, from there on; the bound above holds everywhere else. Nothing is lost
// for float64, whose smallest positive number is about e^(−744).
//
// ±Inf is a valid argument and gives the limit. There are no NaNs: where a
// function is undefined it panics.
package bigfloat

import "math/big"

// guard is the number of bits carried beyond those asked for. The proofs need
// about 32; the rest is a margin that costs nothing.
const guard = 64

func newFloat(w uint) *big.Float { return new(big.Float).SetPrec(w) }

func newInt(n int64) *big.Float { return new(big.Float).SetInt64(n) }

// round returns x rounded to prec bits.
func round(x *big.Float, prec uint) *big.Float { return newFloat(prec).Set(x) }

// isBelow reports whether |x| < 2^(e−1). An infinite x takes an e of at most 0.
func isBelow(x *big.Float, e int) bool { return x.Sign() == 0 || x.MantExp(nil) < e }

// Add sets z to x+y, rounded to w = z.Prec() bits, and returns z. The relative
// error is at most 2·2^−w.
//
// big.Float.Add would do, but it lines the two mantissas up bit by bit, however
// far apart they are: 1 + e^(−2³⁰) would take 200 MB. A term below 2^−(w+1) of
// the other is left out instead.
func Add(z, x, y *big.Float) *big.Float {
	if x.Sign() != 0 && y.Sign() != 0 && !x.IsInf() && !y.IsInf() {
		switch d := int64(x.MantExp(nil)) - int64(y.MantExp(nil)); {
		case d > int64(z.Prec())+1:
			return z.Set(x)
		case d < -int64(z.Prec())-1:
			return z.Set(y)
		}
	}
	return z.Add(x, y)
}
