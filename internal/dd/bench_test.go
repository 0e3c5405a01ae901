package dd

import (
	"math"
	"math/rand/v2"
	"testing"
)

var (
	sink  float64
	sinkD DD
)

// benchArgs returns 1024 numbers from lo to hi, so that no branch is learnt.
func benchArgs(lo, hi float64) *[1024]float64 {
	rnd := rand.New(rand.NewPCG(1, 2))
	var xs [1024]float64
	for i := range xs {
		xs[i] = lo + (hi-lo)*rnd.Float64()
	}
	return &xs
}

// benchmark measures f on independent arguments, as in a loop over a layer.
func benchmark(b *testing.B, lo, hi float64, f func(x float64) float64) {
	xs := benchArgs(lo, hi)
	s := 0.0
	for i := range b.N {
		s += f(xs[i&1023])
	}
	sink = s
}

func BenchmarkOverhead(b *testing.B) { benchmark(b, 1, 2, func(x float64) float64 { return x }) }
func BenchmarkMathExp(b *testing.B)  { benchmark(b, -40, 40, math.Exp) }

// The basic operations are measured as a chain, each on the result of the last.
func BenchmarkAdd(b *testing.B) {
	x, y := DD{1, 0x1p-60}, DD{math.Pi, 0x1p-54}
	for range b.N {
		x = x.Add(y)
	}
	sinkD = x
}

func BenchmarkMul(b *testing.B) {
	x, y := DD{1, 0x1p-60}, DD{1 + 0x1p-40, 0x1p-54}
	for range b.N {
		x = x.Mul(y)
	}
	sinkD = x
}

func BenchmarkInv(b *testing.B) {
	x := DD{math.Pi, 0x1p-54}
	for range b.N {
		x = x.Inv()
	}
	sinkD = x
}

func BenchmarkDiv(b *testing.B) {
	x, y := DD{1, 0x1p-60}, DD{1 + 0x1p-40, 0x1p-54}
	for range b.N {
		x = x.Div(y)
	}
	sinkD = x
}

func BenchmarkExp(b *testing.B) {
	benchmark(b, -40, 40, func(x float64) float64 { m, k := Exp(DD{x, 0}); return m.Lo + float64(k) })
}

func BenchmarkExpFast(b *testing.B) {
	benchmark(b, -40, 40, func(x float64) float64 { m, k := ExpFast(x); return m.Lo + float64(k) })
}

func BenchmarkExpm1(b *testing.B) {
	benchmark(b, -0.34, 0.34, func(x float64) float64 { return Expm1(DD{x, 0}).Lo })
}

func BenchmarkLog1p(b *testing.B) {
	benchmark(b, 0, 1, func(x float64) float64 { return Log1p(DD{x, 0}).Lo })
}

func BenchmarkExpm1Fast(b *testing.B) {
	benchmark(b, -0.34, 0.34, func(x float64) float64 { return Expm1Fast(x).Lo })
}

func BenchmarkLog1pFast(b *testing.B) {
	benchmark(b, 0, 1, func(x float64) float64 { return Log1pFast(DD{x, 0}).Lo })
}

// quickSigmoid is what the first step of a correctly rounded sigmoid comes to:
// 1/(1+e^−z) and the rounding test. ok is false when that leaves it open.
func quickSigmoid(z float64) (y float64, ok bool) {
	m, k := ExpFast(-z)
	e := m.Scale(k)
	s := TwoSum(1, e.Hi)
	q := DD{s.Hi, s.Lo + e.Lo}.Inv()
	err := float64(0x1p-72 * q.Hi)
	y = q.Hi + (q.Lo - err)
	return y, y == q.Hi+(q.Lo+err)
}

func BenchmarkQuickSigmoid(b *testing.B) {
	benchmark(b, -30, 30, func(z float64) float64 { y, _ := quickSigmoid(z); return y })
}
