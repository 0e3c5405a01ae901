package samebits

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// What the library takes for granted of a machine: that these are correctly rounded,
// subnormal results too. On some machines math.FMA is an instruction and on others a
// function in Go, and an emulator of a machine may have mistakes of its own.
var operations = []struct {
	name string
	got  func(x, y, z float64) float64
	want func(x, y, z *big.Float) *big.Float
}{
	{"x+y", func(x, y, _ float64) float64 { return x + y }, func(x, y, _ *big.Float) *big.Float { return wide().Add(x, y) }},
	{"x·y", func(x, y, _ float64) float64 { return x * y }, func(x, y, _ *big.Float) *big.Float { return wide().Mul(x, y) }},
	{"x/y", func(x, y, _ float64) float64 { return x / y }, func(x, y, _ *big.Float) *big.Float { return wide().Quo(x, y) }},
	{"√|x|", func(x, _, _ float64) float64 { return math.Sqrt(math.Abs(x)) },
		func(x, _, _ *big.Float) *big.Float { return wide().Sqrt(wide().Abs(x)) }},
	{"x·y+z", math.FMA, fused},
}

// wide returns a number with room for the sum of a product and a float64. A quotient or a
// root that is not a float64 is nowhere near the middle of two, so 5000 bits of it do.
func wide() *big.Float { return new(big.Float).SetPrec(5000) }

func fused(x, y, z *big.Float) *big.Float { return wide().Add(wide().Mul(x, y), z) }

// awkward returns numbers of all sizes, many of few bits, so that ties and
// cancellations happen, and among the subnormals.
func awkward(rnd *rand.Rand) float64 {
	bits := rnd.Uint64() >> 12
	if rnd.IntN(2) == 0 {
		bits &= ^uint64(0) << rnd.IntN(53)
	}
	exponent := uint64(rnd.IntN(2047))
	switch rnd.IntN(3) {
	case 0:
		exponent = uint64(1023 - 60 + rnd.IntN(120))
	case 1:
		exponent = uint64(rnd.IntN(4)) // 0 is of subnormals
	}
	return math.Float64frombits(rnd.Uint64()&(1<<63) | exponent<<52 | bits&(1<<52-1))
}

// misrounded counts the wrong results of f among n.
func misrounded(n int, f func(x, y, z float64) float64, want func(x, y, z *big.Float) *big.Float) (count int) {
	rnd := rand.New(rand.NewPCG(61, 0))
	for range n {
		x, y, z := awkward(rnd), awkward(rnd), awkward(rnd)
		if p := float64(x * y); rnd.IntN(2) == 0 && p-p == 0 {
			z = math.Float64frombits(math.Float64bits(-p) + uint64(rnd.IntN(5)) - 2) // nearly −x·y
		}
		if z-z != 0 || x == 0 || y == 0 {
			continue
		}
		r, _ := want(wide().SetFloat64(x), wide().SetFloat64(y), wide().SetFloat64(z)).Float64()
		if f(x, y, z) != r {
			count++
		}
	}
	return count
}

func TestMachine(t *testing.T) {
	for _, op := range operations {
		if n := misrounded(3000, op.got, op.want); n > 0 {
			t.Errorf("this machine misrounds %s %d times", op.name, n)
		}
	}
}

// TestMachineCatches: arithmetic with one rounding too many, or with subnormals flushed
// to zero, is seen.
func TestMachineCatches(t *testing.T) {
	rounded := func(x, y, z float64) float64 { return float64(x*y) + z }
	if misrounded(3000, rounded, fused) == 0 {
		t.Error("x·y+z with two roundings is not seen")
	}
	for _, op := range operations {
		if op.name == "√|x|" {
			continue // which is never subnormal
		}
		flushed := func(x, y, z float64) float64 {
			r := op.got(x, y, z)
			if math.Abs(r) < 0x1p-1022 {
				return 0
			}
			return r
		}
		if misrounded(3000, flushed, op.want) == 0 {
			t.Errorf("%s that flushes subnormals is not seen", op.name)
		}
	}
}
