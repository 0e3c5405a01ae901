package exact

import (
	"math"

	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/internal/dd"
)

// A sum adds up n products of balls. It is the compensated dot product of Ogita,
// Rump and Oishi ("Accurate sum and dot product", SIAM J. Sci. Comput. 26 (2005),
// algorithm Dot2), with factors in double-double.
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
// underflow in e and in the products of low parts, at most 4·2⁻¹⁰⁷⁴ a term.
//
// n counts every term; a sum of nothing but exact zeros is an exact zero.
type sum struct {
	s, c float64
	p    float64 // Σ|x.hi·y.hi|
	r    float64 // Σ of the terms' radii
}

// result returns the sum of n terms. zero tells whether one factor of each term is
// an exact zero; it is asked only if no term left a trace.
func (a sum) result(n int, zero func() bool) ball {
	if a.p == 0 && a.r == 0 && zero() {
		return ball{}
	}
	m := float64(n)
	r := (m+5)*(m+5)*(u*u)*a.p + a.r*(1+4*m*u) + 4*m*eta
	return scaled(ball{v: dd.TwoSum(a.s, a.c), r: up(r)})
}

// first returns the sum whose only term is b, times 1.
func first(b float64) sum { return sum{s: b, p: math.Abs(b)} }

// addFloat adds w·d.
func (t *sum) addFloat(w float64, d *ball) {
	p := w * d.v.Hi
	e := math.FMA(w, d.v.Hi, -p)
	s := t.s + p
	v := s - t.s
	q := (t.s - (s - v)) + (p - v)
	t.c += q + math.FMA(w, d.v.Lo, e)
	t.s = s
	t.p += math.Abs(p)
	t.r += float64(math.Abs(w) * d.r)
}

// addBall adds x·d.
func (t *sum) addBall(x, d *ball) {
	p := x.v.Hi * d.v.Hi
	e := math.FMA(x.v.Hi, d.v.Hi, -p)
	s := t.s + p
	v := s - t.s
	q := (t.s - (s - v)) + (p - v)
	t.c += q + math.FMA(x.v.Hi, d.v.Lo, math.FMA(x.v.Lo, d.v.Hi, e))
	t.s = s
	t.p += math.Abs(p)
	// (1+4u)|hi| ≥ |hi| + |lo|
	t.r += float64(math.Abs(d.v.Hi)*(1+4*u)*x.r) + float64(d.r*(float64(math.Abs(x.v.Hi)*(1+4*u))+x.r))
}

// The sums of the network, as arithmetic[ball] wants them.

func (doubles) dot(b float64, w []float64, a []ball) ball {
	t := first(b)
	for k, wk := range w {
		t.addFloat(wk, &a[k])
	}
	return t.result(len(w)+1, func() bool {
		for k, wk := range w {
			if wk != 0 && !a[k].isZero() {
				return false
			}
		}
		return b == 0
	})
}

// level returns d with one x for all, that of the largest numbers.
func level(d []ball) ([]ball, int) {
	x, mixed := math.MaxInt, false
	for _, b := range d {
		if !b.isZero() {
			mixed = mixed || x != math.MaxInt && x != b.x
			x = min(x, b.x)
		}
	}
	if !mixed {
		return d, x
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
	t := make([]sum, w.Cols)
	for j := range d {
		if d[j].isZero() {
			continue // as with every dead rectifier
		}
		for k, wk := range row(w, j) {
			t[k].addFloat(wk, &d[j])
		}
	}
	out := make([]ball, w.Cols)
	for k := range out {
		out[k] = t[k].result(len(d), func() bool {
			for j := range d {
				if row(w, j)[k] != 0 && !d[j].isZero() {
					return false
				}
			}
			return true
		})
		out[k] = lifted(out[k], x)
	}
	return out
}

func (doubles) weighted(a [][]ball, d []ball) []ball {
	d, x := level(d)
	t := make([]sum, len(a[0]))
	for s := range d {
		if d[s].isZero() {
			continue
		}
		for k := range t {
			t[k].addBall(&a[s][k], &d[s])
		}
	}
	out := make([]ball, len(t))
	for k := range out {
		out[k] = t[k].result(len(d), func() bool {
			for s := range d {
				if !d[s].isZero() && !a[s][k].isZero() {
					return false
				}
			}
			return true
		})
		out[k] = lifted(out[k], x)
	}
	return out
}

func (doubles) total(d []ball) ball {
	d, x := level(d)
	var t sum
	for s := range d {
		t.addFloat(1, &d[s])
	}
	return lifted(t.result(len(d), func() bool { return true }), x)
}

func (doubles) flat(a []ball) []ball {
	out := make([]ball, len(a))
	for i := range a {
		out[i] = a[i].flat()
	}
	return out
}
