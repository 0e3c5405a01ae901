package exact

import (
	"math/big"

	"gonum.org/v1/gonum/blas/blas64"
)

// A split is m + d: a dyadic number, exact however long, and a ball.
//
// A saturated neuron needs it. Its σ(z) is 1 − e^−z + …, and where z is 10⁵ no
// affordable precision tells that from 1; yet if a sum of such values is the middle
// of two float64s but for what follows the 1, then the sign of that remainder
// decides the rounding. Here the 1 is m, and d is a ball of its own precision.
//
// If neither part is 0, then |d| < 2^(1−prec/2)·|m|: see settled.
type split struct {
	m *big.Float
	d bigBall
}

// splits is arithmetic in splits whose balls have the given precision.
type splits struct{ bigs }

// longest is the number of bits of a dyadic part, beyond which what follows becomes
// part of the ball.
func (ar splits) longest() int { return 16 * int(ar.prec) }

func plain(d bigBall) split { return split{zero, d} }

func dyadic(m *big.Float) split { return split{m, nothing} }

func (splits) exactly(x float64) split { return dyadic(new(big.Float).SetFloat64(x)) }

func (ar splits) unknown() split { return plain(ar.bigs.unknown()) }

func (a split) isZero() bool { return a.m.Sign() == 0 && a.d.isZero() }

func (a split) isKnown() bool { return a.d.isKnown() }

// sign returns the sign of the truth, or 0 if that is not known, or the truth is 0.
func (a split) sign() int {
	if a.m.Sign() != 0 {
		return a.m.Sign() // d is smaller
	}
	return a.d.sign
}

func (a split) isPositive() bool { return a.isKnown() && a.sign() > 0 }

func (splits) positive(a split) bool {
	s := a.sign()
	return s > 0 || s == 0 && a.d.m.Sign() > 0
}

func (splits) atLeast0(a split) bool { return a.isZero() || a.isPositive() }

// settled returns m + d in the form that split promises. A remainder of which half
// the digits overlap with m is not worth keeping apart.
func (ar splits) settled(m *big.Float, d bigBall) split {
	if !d.isKnown() {
		return ar.unknown()
	}
	if int(m.MinPrec()) > ar.longest() {
		// To nearest: 1 − 2^−9999 is to be 1 and what follows.
		top := new(big.Float).SetPrec(uint(ar.longest())).Set(m)
		rest := new(big.Float).SetPrec(m.MinPrec()).Sub(m, top) // exactly
		m, d = top, ar.bigs.add(d, exact(rest))
	}
	if m.Sign() == 0 || d.isZero() {
		return split{m, d}
	}
	if d.mag().MantExp(nil) > m.MantExp(nil)-int(ar.prec)/2 {
		return plain(ar.bigs.add(exact(m), d))
	}
	return split{m, d}
}

// merged returns the ball of a.
func (ar bigs) merged(a split) bigBall { return ar.add(exact(a.m), a.d) }

// dyadicSum returns x + y in two parts, the second of which is 0 if the sum is not
// too long.
func (ar splits) dyadicSum(x, y *big.Float) (sum, rest *big.Float) {
	if x.Sign() == 0 {
		return y, zero
	}
	if y.Sign() == 0 {
		return x, zero
	}
	if x.MantExp(nil) < y.MantExp(nil) {
		return ar.dyadicSum(y, x)
	}
	if sum, ok := exactSum(x, y, 2*ar.longest()); ok {
		return sum, zero
	}
	return x, y
}

// exactSum returns x + y, neither of which is 0, if its bits are not too many. They lie
// between one above those of the larger and the last of either.
func exactSum(x, y *big.Float, most int) (sum *big.Float, ok bool) {
	top := max(x.MantExp(nil), y.MantExp(nil)) + 1
	last := min(x.MantExp(nil)-int(x.MinPrec()), y.MantExp(nil)-int(y.MinPrec()))
	if top-last > most {
		return nil, false
	}
	return new(big.Float).SetPrec(uint(top-last)).Add(x, y), true
}

// dyadicProduct returns x·y.
func dyadicProduct(x, y *big.Float) *big.Float {
	if x.Sign() == 0 || y.Sign() == 0 {
		return zero
	}
	return new(big.Float).SetPrec(x.MinPrec()+y.MinPrec()).Mul(x, y)
}

func (ar splits) add(a, b split) split {
	sum, rest := ar.dyadicSum(a.m, b.m)
	return ar.settled(sum, ar.bigs.add(ar.bigs.add(a.d, b.d), exact(rest)))
}

func (a split) neg() split { return split{new(big.Float).Neg(a.m), a.d.neg()} }

func (ar splits) sub(a, b split) split { return ar.add(a, b.neg()) }

func (ar splits) difference(a, b float64) split { return ar.sub(ar.exactly(a), ar.exactly(b)) }

// mul returns a·b = a.m·b.m + (a·b.d + a.d·b.m). Where neither m is 0, a has the sign
// of a.m, so that of the product's remainder is known whenever those of its terms
// agree: the product of the two remainders does not stand alone.
func (ar splits) mul(a, b split) split {
	if a.isZero() || b.isZero() {
		return dyadic(zero)
	}
	d := ar.bigs.add(ar.bigs.mul(ar.merged(a), b.d), ar.bigs.mul(a.d, exact(b.m)))
	return ar.settled(dyadicProduct(a.m, b.m), d)
}

// div returns a/b. Where q = a.m/b.m is a dyadic number, that is
// q + (a.d − q·b.d)/b.
func (ar splits) div(a, b split) split {
	if a.isZero() && !b.isZero() {
		return a
	}
	if b.m.Sign() != 0 {
		if q, ok := dyadicQuotient(a.m, b.m); ok {
			over := ar.bigs.sub(a.d, ar.bigs.mul(exact(q), b.d))
			return ar.settled(q, ar.bigs.div(over, ar.merged(b)))
		}
	}
	return plain(ar.bigs.div(ar.merged(a), ar.merged(b)))
}

// dyadicQuotient returns x/y, if that is a dyadic number: then it has no more bits
// than x.
func dyadicQuotient(x, y *big.Float) (q *big.Float, ok bool) {
	if x.Sign() == 0 {
		return zero, true
	}
	q = new(big.Float).SetPrec(x.MinPrec()).Quo(x, y)
	return q, dyadicProduct(q, y).Cmp(x) == 0
}

func (ar splits) dot(b float64, w []float64, a []split) split {
	sum := ar.exactly(b)
	for k, wk := range w {
		sum = ar.add(sum, ar.mul(ar.exactly(wk), a[k]))
	}
	return sum
}

func (ar splits) columns(w blas64.General, d []split) []split {
	out := make([]split, w.Cols)
	for k := range out {
		out[k] = ar.exactly(0)
		for j := range d {
			out[k] = ar.add(out[k], ar.mul(ar.exactly(row(w, j)[k]), d[j]))
		}
	}
	return out
}

func (ar splits) weighted(a [][]split, d []split) []split {
	out := make([]split, len(a[0]))
	for k := range out {
		out[k] = ar.exactly(0)
		for s := range d {
			out[k] = ar.add(out[k], ar.mul(a[s][k], d[s]))
		}
	}
	return out
}

func (ar splits) total(d []split) split {
	sum := ar.exactly(0)
	for s := range d {
		sum = ar.add(sum, d[s])
	}
	return sum
}

func (splits) flat(a []split) []split { return a }
