package exact

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/internal/dd"
)

// A member is a ball and a truth within it.
type member struct {
	ball
	truth *big.Float
}

// newMember returns a ball of any size down to 2⁻¹⁰⁰⁰, exact or not, whose truth is
// often at its end.
func newMember(rnd *rand.Rand) member {
	if rnd.IntN(8) == 0 {
		return member{ball{}, wide()}
	}
	hi := math.Ldexp(rnd.NormFloat64(), -rnd.IntN(3)*rnd.IntN(500))
	a := ball{v: dd.FromFloat(hi)}
	if rnd.IntN(2) == 0 {
		a.v = dd.FastTwoSum(hi, hi*u*rnd.Float64())
		a.r = math.Abs(hi) * math.Ldexp(1, -rnd.IntN(130))
	}
	truth := wide().Add(big.NewFloat(a.v.Hi), big.NewFloat(a.v.Lo))
	truth.Add(truth, wide().Mul(big.NewFloat(a.r), big.NewFloat(float64(rnd.IntN(3)-1))))
	return member{scaled(a), truth}
}

// weight returns a float64 of any size: it may bring back what a ball is below 1.
func weight(rnd *rand.Rand) float64 {
	return math.Ldexp(rnd.NormFloat64(), rnd.IntN(2)*rnd.IntN(900))
}

func (a ball) holds(truth *big.Float) bool {
	scale := func(x float64) *big.Float { return wide().SetMantExp(big.NewFloat(x), -512*a.x) }
	if !a.isFinite() {
		return true
	}
	off := wide().Sub(truth, wide().Add(scale(a.v.Hi), scale(a.v.Lo)))
	return off.Abs(off).Cmp(scale(a.r)) <= 0
}

// What a term adds to the radius is no less than addBalls says, if nothing but the bound
// itself is rounded: all sizes are powers of two, and all low parts the largest.
func TestBoundsOfTerms(t *testing.T) {
	powers := []ball{}
	for _, e := range []int{-300, 0, 200} {
		for _, r := range []float64{0, math.Ldexp(1, e-60), math.Ldexp(1, e+1)} {
			hi := math.Ldexp(1, e)
			powers = append(powers, ball{v: dd.DD{Hi: hi, Lo: hi * u}, r: r}, ball{v: dd.DD{Hi: -hi, Lo: -hi * u}, r: r}, ball{r: r})
		}
	}
	for _, a := range powers {
		for _, d := range powers {
			for _, g := range []float64{0, gamma(4)} {
				if g != 0 && (a.r != 0 || d.r != 0) || a.r != 0 && d.r != 0 {
					continue // the bound is a sum, which is rounded
				}
				var b block
				b.addBalls([]ball{a}, &d, g)
				product := func(x, y *big.Float) *big.Float { return wide().Abs(wide().Mul(x, y)) }
				bound := product(big.NewFloat(g), product(big.NewFloat(a.v.Hi), big.NewFloat(d.v.Hi)))
				bound.Add(bound, product(d.at(0), big.NewFloat(a.r)))
				bound.Add(bound, product(a.at(0), big.NewFloat(d.r)))
				assert.True(t, big.NewFloat(b.r[0]).Cmp(bound) >= 0, "%v·%v: %g", a, d, b.r[0])
			}
		}
	}
}

// Every sum holds the sum of the truths.
func TestSumsContain(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	finite, narrow := 0, 0
	see := func(what string, a ball, truth *big.Float) {
		assert.True(t, a.holds(truth), "%s: %v does not hold %.40g", what, a, truth)
		if a.isFinite() {
			finite++
		}
		if a.r < 0x1p-80*math.Abs(a.v.Hi) {
			narrow++
		}
	}
	for range 2000 {
		n, m := 1+rnd.IntN(6), 1+rnd.IntN(2*blockSize)
		d, balls := make([]member, n), make([]ball, n)
		flat := make([]ball, n)
		w := blas64.General{Rows: n, Cols: m, Stride: m}
		x, inputs := make([][]member, n), make([][]ball, n)
		for j := range d {
			d[j] = newMember(rnd)
			balls[j], flat[j] = d[j].ball, d[j].flat()
			inputs[j] = make([]ball, m)
			for k := range m {
				w.Data = append(w.Data, weight(rnd))
				x[j] = append(x[j], newMember(rnd))
				inputs[j][k] = x[j][k].flat()
			}
		}
		columns, weighted := doubles{}.columns(w, balls), doubles{}.weighted(inputs, balls)
		k := rnd.IntN(m)
		column := make([]float64, n)
		c, s, total := wide(), wide(), wide()
		for j := range d {
			column[j] = row(w, j)[k]
			c.Add(c, wide().Mul(big.NewFloat(column[j]), d[j].truth))
			s.Add(s, wide().Mul(x[j][k].truth, d[j].truth))
			total.Add(total, d[j].truth)
		}
		see("columns", columns[k], c)
		see("weighted", weighted[k], s)
		see("total", doubles{}.total(balls), total)
		b := rnd.NormFloat64()
		see("dot", doubles{}.dot(b, column, flat), c.Add(c, big.NewFloat(b)))
		see("divided", balls[0].divided(float64(n)), wide().Quo(d[0].truth, big.NewFloat(float64(n))))
	}
	assert.Greater(t, finite, 9000)
	assert.Greater(t, narrow, 2000)
}

// Where the radii of all terms pull one way, a sum needs all of its radius; and it has
// hardly more than that, and the bound of the proof.
func TestSumsAtTheirEnds(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 5))
	for range 100 {
		n, m := 1+rnd.IntN(8), 1+rnd.IntN(blockSize+9)
		term := func() ball {
			a := exactly(0.5 + rnd.Float64())
			if rnd.IntN(2) == 0 {
				a = a.neg()
			}
			a.r = []float64{0, 0x1p-40, 0x1p-4}[rnd.IntN(3)]
			return a
		}
		w, d, x := blas64.General{Rows: n, Cols: m, Stride: m}, make([]ball, n), make([][]ball, n)
		for j := range d {
			d[j], x[j] = term(), make([]ball, m)
			for k := range x[j] {
				w.Data, x[j][k] = append(w.Data, rnd.Float64()-0.5), term()
			}
		}
		room := big.NewFloat(2 * float64((n+6)*(n+6)) * u * u * float64(n) * 3)
		columns, weighted := doubles{}.columns(w, d), doubles{}.weighted(x, d)
		for k := range m {
			var c, s, e [2]*big.Float
			column, products := make([]float64, n), make([]ball, n)
			for i, end := range ends {
				c[i], s[i], e[i] = wide(), wide(), wide().SetFloat64(0.25)
				for j := range d {
					column[j], products[j] = row(w, j)[k], x[j][k]
					c[i].Add(c[i], wide().Mul(big.NewFloat(column[j]), d[j].at(math.Copysign(end, end*column[j]))))
					e[i].Add(e[i], wide().Mul(big.NewFloat(column[j]), products[j].at(math.Copysign(end, end*column[j]))))
					// The product grows where both factors do: to one side, that of its sign.
					p, q := products[j].v.Hi, d[j].v.Hi
					s[i].Add(s[i], wide().Mul(products[j].at(math.Copysign(1, p)), d[j].at(math.Copysign(1, q))))
					if p*q*end < 0 {
						s[i].Sub(s[i], wide().Mul(products[j].at(math.Copysign(1, p)), d[j].at(math.Copysign(1, q))))
						s[i].Add(s[i], wide().Mul(products[j].at(0), d[j].at(0)))
					}
				}
			}
			seeSharp(t, "columns", columns[k], room, c[0], c[1])
			seeSharp(t, "dot", doubles{}.dot(0.25, column, products), room, e[0], e[1])
			assert.True(t, weighted[k].holds(s[0]) && weighted[k].holds(s[1]), "weighted: %v", weighted[k])
			bound := float64((n+6)*(n+6)) * u * u * float64(n) * 3 * (1 + 0x1p-40)
			for j := range d {
				bound += (math.Abs(d[j].v.Hi)*products[j].r + d[j].r*(math.Abs(products[j].v.Hi)+products[j].r)) * (1 + 0x1p-40)
			}
			assert.LessOrEqual(t, weighted[k].r, bound, "weighted: %v is too broad", weighted[k])
		}
		low, high := wide(), wide()
		for j := range d {
			low.Add(low, d[j].at(-1))
			high.Add(high, d[j].at(1))
		}
		seeSharp(t, "total", doubles{}.total(d), room, low, high)
	}
}

// The bound is above that of the proof, and less than three times it.
func TestSumsOfManyTerms(t *testing.T) {
	for n := 1; n < 1_000_000; n += 1 + n/5 {
		m := float64(n)
		proof := (m*m/2 + 4.5*m + 9) * (u * u)
		assert.True(t, gamma(n) > 1.1*proof && gamma(n) < 3*proof, "%d: %v", n, gamma(n))
	}
}

// Radii that are rounded away one by one are in the bound: 1 and a thousand times less
// than half a unit in its last place.
func TestSumsOfSmallRadii(t *testing.T) {
	const n = 4000
	w, d, x := blas64.General{Rows: n, Cols: 1, Stride: 1}, make([]ball, n), make([][]ball, n)
	truth := wide()
	for j := range d {
		d[j] = ball{v: dd.FromFloat(1), r: 0x1.ffp-54}
		if j == 0 {
			d[j].r = 1
		}
		w.Data, x[j] = append(w.Data, 1), []ball{exactly(1)}
		truth.Add(truth, d[j].at(1))
	}
	assert.True(t, doubles{}.columns(w, d)[0].holds(truth), "columns")
	assert.True(t, doubles{}.weighted(x, d)[0].holds(truth), "weighted")
	assert.True(t, doubles{}.total(d).holds(truth), "total")
	assert.True(t, doubles{}.dot(0, w.Data, d).holds(truth), "dot")
}

// A sum in which every term has a factor that is exactly 0 is exactly 0, and no other is:
// not 0 ± r, nor what underflows, nor what cancels.
func TestSumsOfZeros(t *testing.T) {
	open, tiny, one := ball{r: 0x1p-200}, ball{v: dd.FromFloat(0x1p-600)}, exactly(1)
	for _, c := range []struct {
		w    float64
		x, d ball
		zero bool
	}{
		{0, one, ball{}, true}, {1, one, ball{}, true}, {0, ball{}, one, true}, {1, open, ball{}, true}, {0, ball{}, open, true},
		{0x1p-1074, one, one, false}, {0x1p-1074, open, one, false}, {1, open, open, false}, {1, tiny, open, false}, {0x1p-600, tiny, tiny, false},
	} {
		see := func(name string, sum ball, zero bool) {
			t.Helper()
			assert.Equal(t, zero, sum.isZero(), "%s of %v: %v", name, c, sum)
		}
		w := blas64.General{Rows: 2, Cols: 1, Stride: 1, Data: []float64{c.w, 0}}
		see("columns", doubles{}.columns(w, []ball{c.d, one})[0], c.w == 0 || c.d.isZero())
		see("weighted", doubles{}.weighted([][]ball{{c.x}, {one}}, []ball{c.d, {}})[0], c.zero)
		see("dot", doubles{}.dot(0, []float64{c.w, 0}, []ball{c.x, one}), c.w == 0 || c.x.isZero())
		assert.False(t, doubles{}.dot(0x1p-1074, []float64{c.w, 0}, []ball{c.x, one}).isZero(), "a bias")
	}
	cancelled := doubles{}.total([]ball{one, one.neg()})
	assert.True(t, cancelled.v.Hi == 0 && cancelled.r > 0, "%v", cancelled)
}

// Sums hold what they lose to underflow: to products each of which is just below half of
// the smallest float64, so that none leaves a trace.
func TestSumsOfUnderflow(t *testing.T) {
	const large, small = 0x1.ffp-276, 0x1p-800
	for _, n := range []int{1, 2, 3, 100, 300} {
		w, d, x := blas64.General{Rows: n, Cols: 1, Stride: 1}, make([]ball, n), make([][]ball, n)
		for j := range d {
			w.Data, d[j], x[j] = append(w.Data, small), exactly(large), []ball{exactly(small).flat()}
		}
		truth := wide().Mul(big.NewFloat(float64(n)), wide().Mul(big.NewFloat(small), big.NewFloat(large)))
		assert.True(t, doubles{}.columns(w, d)[0].holds(truth), "columns of %d", n)
		assert.True(t, doubles{}.weighted(x, d)[0].holds(truth), "weighted of %d", n)
		assert.True(t, doubles{}.dot(0, w.Data, d).holds(truth), "dot of %d", n)
	}
}

// Radii of the smallest float64s count where what they are multiplied by is large.
func TestSumsOfSmallestRadii(t *testing.T) {
	const large = 0x1p900
	for _, d := range []ball{{r: eta}, {v: dd.FromFloat(0x1p-980), r: eta}, {r: 9 * eta}} {
		for _, x := range []ball{exactly(large), {r: large}, {v: dd.FromFloat(large), r: large}} {
			for _, s := range ends {
				for _, e := range ends {
					truth := wide().Mul(d.at(s), x.at(e))
					assert.True(t, doubles{}.weighted([][]ball{{x}}, []ball{d})[0].holds(truth), "weighted of %v and %v", d, x)
				}
				w := blas64.General{Rows: 1, Cols: 1, Stride: 1, Data: []float64{large}}
				assert.True(t, doubles{}.columns(w, []ball{d})[0].holds(wide().Mul(d.at(s), big.NewFloat(large))), "columns of %v", d)
			}
		}
	}
}

// What is wrong is seen.
func TestSumsContainCatches(t *testing.T) {
	a := exactly(1).add(ball{v: dd.FromFloat(0x1p-70), r: 0x1p-90})
	truth := wide().Add(wide().Add(big.NewFloat(1), big.NewFloat(0x1p-70)), big.NewFloat(0x1p-90))
	assert.True(t, a.holds(truth))
	assert.False(t, a.holds(truth.Add(truth, big.NewFloat(0x1p-90))))
}
