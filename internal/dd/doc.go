// Package dd is double-double arithmetic on math.FMA, and on top of it exp, expm1
// and log1p. Every bound is proven, here or in the paper named with it.
//
// With u = 2^−53, so that u² = 2^−106, the relative errors are at most
//
//	AddFloat    2u²         DWPlusFP                      Joldes et al.
//	Add, Sub    3u² + 13u³  AccurateDWPlusDW              Joldes et al.
//	MulFloat    2u²         DWTimesFP3                    Joldes et al.
//	Mul         4u²         DWTimesDW3                    Muller and Rideau
//	Inv         4.8u²       one Newton step               div.go
//	Div         8.9u²       Mul by Inv                    div.go
//	OnePlus     4u²         two roundings                 oneplus.go
//	Exp         9.1u²       2^−102.8                      exp.go
//	Expm1       34u²        2^−100.9                      expm1.go
//	Log1p       12.6u²      2^−102.3                      log1p.go
//	ExpFast                 2^−76                         expfast.go
//	Expm1Fast               2^−74                         expm1fast.go
//	Log1pFast               2^−80                         log1pfast.go
//
// of the result, however small that is, and TwoSum, FastTwoSum, TwoProd, Neg, Abs and Scale
// are exact. The conditions, mostly that nothing overflows or underflows, stand with each
// function.
//
// The Fast functions are the first step of Ziv's strategy: their error is far
// below half an ulp of a float64, so that a rounding test on the result settles
// all but one argument in some 2^20, and the slower function is for those.
//
// The papers are
//
//	M. Joldes, J.-M. Muller, V. Popescu, "Tight and rigorous error bounds for basic
//	building blocks of double-word arithmetic", ACM TOMS 44(2), 2017,
//	J.-M. Muller, L. Rideau, "Formalization of double-word arithmetic, and comments
//	on 'Tight and rigorous error bounds …'", ACM TOMS 48(1), 2022,
//
// the second of which checked the theorems of the first in Coq and mended two of
// the proofs. Both take rounding to nearest, ties to even, without limits to the
// exponent.
//
// # How to read the proofs
//
// They are sums of error terms, each with its number, so that a reader can add
// them up. RN is rounding to nearest; ½ulp(x) is the largest error of rounding a
// number up to x in absolute value. A rounding of something of size s costs at
// most u·s, or ½ulp(s) where that is stated. Terms of the next order, here some
// 2^−50 of those counted, are not written out; every stated bound leaves room for
// them.
//
// # FMA
//
// Go may fuse x*y + z on some architectures, which would break an error-free
// transformation. So every product here that meets a sum is either in math.FMA or
// in a float64 conversion, which rules fusion out.
package dd

//go:generate go test -run TestTables -generate
