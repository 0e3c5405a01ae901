package bigfloat

import (
	"math/big"
	"sync"
)

// Log returns the natural logarithm of x. It panics for x < 0.
//
// Special cases are:
//
//	Log(±0) = −Inf
//	Log(1) = 0
//	Log(+Inf) = +Inf
func Log(x *big.Float, prec uint) *big.Float {
	return round(log(x, prec+guard), prec)
}

// Log1p returns log(1+x). It panics for x < −1.
//
// Special cases are:
//
//	Log1p(±0) = ±0
//	Log1p(−1) = −Inf
//	Log1p(+Inf) = +Inf
func Log1p(x *big.Float, prec uint) *big.Float {
	return round(log1p(x, prec+guard), prec)
}

// log returns the logarithm of x to nearly w bits. It writes x = m·2^e with m
// between √½ and √2, so that
//
//	log x = e·ln 2 + log m,  log m = 2·atanh((m−1)/(m+1))
//
// With u = 2^−w, the quotient has a relative error of 3u, to which atanh, at
// arguments below 0.172, adds less than 5u: see there. The first term is off by
// 3u. Where it is not 0 the sum is at least half of it and the second term at most
// half of it, so the sum errs by less than 20u.
func log(x *big.Float, w uint) *big.Float {
	switch {
	case x.Sign() < 0:
		panic("bigfloat: logarithm of a negative number")
	case x.Sign() == 0:
		return newFloat(w).SetInf(true)
	case x.IsInf():
		return newFloat(w).Set(x)
	}
	m := new(big.Float)
	e := x.MantExp(m) // ½ ≤ m < 1
	if m.Cmp(sqrtHalf) < 0 {
		m.SetMantExp(m, 1)
		e--
	}
	one := newInt(1)
	z := newFloat(w).Sub(m, one)
	l := atanh(z.Quo(z, newFloat(w).Add(m, one)), w)
	l.SetMantExp(l, 1)
	if e == 0 {
		return l
	}
	return Add(l, l, newFloat(w).Mul(newInt(int64(e)), ln2(w)))
}

var sqrtHalf = big.NewFloat(0.7071067811865476) // nearly: it only picks e

// log1p returns log(1+x) to nearly w bits, near 0 as 2·atanh(x/(2+x)). Elsewhere
// 1+x, rounded to w bits, shifts the logarithm by 2·2^−w, and the logarithm is
// not below 0.28: the relative error is 8·2^−w and that of log.
func log1p(x *big.Float, w uint) *big.Float {
	if isBelow(x, -1) { // |x| < ¼
		z := Add(newFloat(w), newInt(2), x)
		l := atanh(z.Quo(x, z), w)
		return l.SetMantExp(l, 1)
	}
	return log(Add(newFloat(w), newInt(1), x), w)
}

// atanh returns z + z³/3 + z⁵/5 + … for |z| < ½ to nearly w bits.
//
// Proof. With v = z² < 2^(2E), E < 0, the sum 1 + v/3 + v²/5 + … stops at v^n/(2n+1)
// with −2E·(n+1) > w, so the terms left out are below v^(n+1)/(2n+3)/(1−v) < u/2, where
// u = 2^−w. In the nested sum, t ← t·v + 1/m, all t are below 1.1. One step adds
// 1.1u for its sum, 0.3u each for v and the product, u/3 for the quotient (1/1 is
// exact), and a quarter of what t had before: altogether less than 3u, of a sum
// that is at least 1. The last product adds u.
//
// If z itself has a relative error ρ, that of atanh z is at most ρ/(1−z²).
func atanh(z *big.Float, w uint) *big.Float {
	if isBelow(z, -int(w)) {
		return newFloat(w).Set(z) // v/3 < u
	}
	n := int(w) / (-2 * z.MantExp(nil))
	v := newFloat(w).Mul(z, z)
	one := newInt(1)
	t := newFloat(w)
	for m := 2*n + 1; m >= 1; m -= 2 {
		t.Mul(t, v)
		t.Add(t, newFloat(w).Quo(one, newInt(int64(m))))
	}
	return t.Mul(t, z)
}

// ln2 returns log 2 = 2·atanh(1/3) with a relative error below 2·2^−w. The
// result is shared, and must not be written to.
func ln2(w uint) *big.Float {
	if l, ok := ln2s.Load(w); ok {
		return l.(*big.Float)
	}
	l := atanh(newFloat(w+guard).Quo(newInt(1), newInt(3)), w+guard)
	l.SetMantExp(l, 1)
	l.SetPrec(w)
	ln2s.Store(w, l)
	return l
}

var ln2s sync.Map // by precision
