package exact

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/internal/dd"
)

// Sums of n products of balls are compensated dot products, of Ogita, Rump and Oishi
// ("Accurate sum and dot product", SIAM J. Sci. Comput. 26 (2005), algorithm Dot2),
// with factors in double-double.
//
// For each term x·y, x = x.hi + x.lo and y = y.hi + y.lo:
//
//	p + e = x.hi·y.hi             exactly, but for underflow    (TwoProd)
//	s′ + q = s + p                exactly                       (TwoSum)
//	t = RN(x.hi·y.lo + RN(x.lo·y.hi + e))
//	c′ = RN(c + RN(q + t))
//
// and x.lo·y.lo is left out. The result is s + c.
//
// Proof of the radius. Let P = Σ|p|. Let |x.lo| ≤ u|x.hi|, likewise y, |e| ≤ u|p|.
// To first order in u, a term leaves out u²|p|; the two roundings of t are at most
// u·2u|p| and u·3u|p|; |q| ≤ u·P and |t| ≤ 3u|p|, so rounding their sum costs
// u²(P+3|p|); and after i terms |c| ≤ u(i·P + 3P), so that rounding c costs u times
// that. Over n terms: (1 + 2 + 3)u²P + (n+3)u²P + (n(n+1)/2 + 3n)u²P
// = (n²/2 + 4.5n + 9)u²P. The bound used is (n+5)²·u²·P, nearly twice that. For n <
// 2⁴⁰ this covers what first order left out, factors (1+u)^(4n), and the rounding
// of P itself, a factor (1+u)^n.
//
// To it comes what the balls' radii give, Σ |x|·y.r + x.r·(|y| + y.r); and for
// underflow in e, in the products of low parts and in those of the bound, at most
// 5·2⁻¹⁰⁷⁴ a term.
//
// n counts every term; a sum of nothing but exact zeros is an exact zero.

// gamma returns (n+5)²·u², the bound for n terms, relative to P.
func gamma(n int) float64 {
	m := float64(n + 5)
	return m * m * (u * u)
}

// result returns the sum s + c of n terms, r being the bound of its error but for
// underflow and for the rounding of r itself. zero tells whether one factor of each
// term is an exact zero; it is asked only if no term left a trace.
func result(s, c, r float64, n int, zero func() bool) ball {
	if r == 0 && zero() {
		return ball{}
	}
	m := float64(n)
	return scaled(ball{v: dd.TwoSum(s, c), r: up(float64(r*(1+float64(4*m*u))) + float64(5*m*eta))})
}

func (doubles) dot(b float64, w []float64, a []ball) ball {
	s, c, p, r := b, 0.0, math.Abs(b), 0.0
	a = a[:len(w)]
	for k, wk := range w {
		x := &a[k]
		q := float64(wk * x.v.Hi)
		e := math.FMA(wk, x.v.Hi, -q)
		s1 := s + q
		v := s1 - s
		c += ((s - (s1 - v)) + (q - v)) + math.FMA(wk, x.v.Lo, e)
		s = s1
		p += math.Abs(q)
		r += float64(math.Abs(wk) * x.r)
	}
	n := len(w) + 1
	return result(s, c, float64(gamma(n)*p)+r, n, func() bool {
		for k, wk := range w {
			if wk != 0 && !a[k].isZero() {
				return false
			}
		}
		return b == 0
	})
}

// A block holds several sums side by side, few enough that they stay at hand: their
// s, c, and the bound of the error, term by term.
type block struct {
	s, c, r [blockSize]float64
}

const blockSize = 64

// addFloats adds w[k]·d to sum k, and |w[k]| times the bound gamma·|d.hi| + d.r. eta
// is for underflow in that bound, which a large w[k] would make visible.
func (t *block) addFloats(w []float64, d *ball, gamma float64) {
	hi, lo := d.v.Hi, d.v.Lo
	bound := float64(gamma*math.Abs(hi)) + d.r + eta
	ss, cs, rs := t.s[:len(w)], t.c[:len(w)], t.r[:len(w)]
	for k, wk := range w {
		p := float64(wk * hi)
		e := math.FMA(wk, hi, -p)
		s := ss[k]
		s1 := s + p
		v := s1 - s
		cs[k] += ((s - (s1 - v)) + (p - v)) + math.FMA(wk, lo, e)
		ss[k] = s1
		rs[k] += float64(math.Abs(wk) * bound)
	}
}

// addBalls adds x[k]·d to sum k, and gamma·|x.hi·d.hi| + |d|·x.r + d.r·(|x| + x.r),
// where (1+4u)|hi| ≥ |hi| + |lo|.
func (t *block) addBalls(x []ball, d *ball, gamma float64) {
	hi, lo := d.v.Hi, d.v.Lo
	bound := float64(gamma*math.Abs(hi)) + float64(d.r*(1+4*u)) + eta
	size := float64(math.Abs(hi)*(1+4*u)) + d.r + eta
	ss, cs, rs := t.s[:len(x)], t.c[:len(x)], t.r[:len(x)]
	for k := range x {
		y := &x[k]
		p := float64(y.v.Hi * hi)
		e := math.FMA(y.v.Hi, hi, -p)
		s := ss[k]
		s1 := s + p
		v := s1 - s
		cs[k] += ((s - (s1 - v)) + (p - v)) + math.FMA(y.v.Hi, lo, math.FMA(y.v.Lo, hi, e))
		ss[k] = s1
		rs[k] += float64(math.Abs(y.v.Hi)*bound) + float64(size*y.r)
	}
}

// level returns d with one x for all, that of the largest numbers.
func level(d []ball) ([]ball, int) {
	x := math.MaxInt
	for _, b := range d {
		if !b.isZero() {
			x = min(x, b.x)
		}
	}
	out := make([]ball, len(d))
	for i, b := range d {
		if !b.isZero() {
			out[i] = b.shifted(x)
		}
	}
	return out, x
}

// lifted returns a sum of balls that level gave the x.
func lifted(a ball, x int) ball {
	if !a.isZero() {
		a.x += x
	}
	return a
}

func (doubles) columns(w blas64.General, d []ball) []ball {
	d, x := level(d)
	g := gamma(len(d))
	out := make([]ball, w.Cols)
	from := 0
	for part := range slices.Chunk(out, blockSize) {
		var t block
		for j := range d {
			if !d[j].isZero() { // as of every dead rectifier
				t.addFloats(row(w, j)[from:][:len(part)], &d[j], g)
			}
		}
		for k := range part {
			part[k] = lifted(result(t.s[k], t.c[k], t.r[k], len(d), func() bool {
				for j := range d {
					if row(w, j)[from:][k] != 0 && !d[j].isZero() {
						return false
					}
				}
				return true
			}), x)
		}
		from += len(part)
	}
	return out
}

func (doubles) weighted(a [][]ball, d []ball) []ball {
	d, x := level(d)
	g := gamma(len(d))
	out := make([]ball, len(a[0]))
	from := 0
	for part := range slices.Chunk(out, blockSize) {
		var t block
		for s := range d {
			if !d[s].isZero() {
				t.addBalls(a[s][from:][:len(part)], &d[s], g)
			}
		}
		for k := range part {
			part[k] = lifted(result(t.s[k], t.c[k], t.r[k], len(d), func() bool {
				for s := range d {
					if !d[s].isZero() && !a[s][from:][k].isZero() {
						return false
					}
				}
				return true
			}), x)
		}
		from += len(part)
	}
	return out
}

func (doubles) total(d []ball) ball {
	d, x := level(d)
	var t block
	g := gamma(len(d))
	for s := range d {
		if !d[s].isZero() {
			t.addFloats([]float64{1}, &d[s], g)
		}
	}
	return lifted(result(t.s[0], t.c[0], t.r[0], len(d), func() bool { return true }), x)
}

func (doubles) flat(a []ball) []ball {
	out := make([]ball, len(a))
	for i := range a {
		out[i] = a[i].flat()
	}
	return out
}
