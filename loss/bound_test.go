package loss_test

import (
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"touchstone/loss"
)

// product returns the exact product of factors.
func product(factors ...float64) *big.Rat {
	p := big.NewRat(1, 1)
	for _, f := range factors {
		p.Mul(p, new(big.Rat).SetFloat64(f))
	}
	return p
}

func TestABoundIsAtLeastTheSum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.Custom(func(t *rapid.T) float64 {
			return math.Ldexp(rapid.Float64Range(0.5, 1).Draw(t, "m"), rapid.IntRange(-60, 60).Draw(t, "e"))
		})
		f := rapid.SliceOfN(size, 10, 10).Draw(t, "factors")
		exact := product(f[0], f[1], f[2], f[3])
		exact.Add(exact, product(f[4], f[5], f[6]))
		exact.Add(exact, product(f[7], f[8]))
		exact.Add(exact, product(f[9]))
		got := new(big.Rat).SetFloat64(loss.Bound(f[0]*f[1]*f[2]*f[3], f[4]*f[5]*f[6], f[7]*f[8], f[9]))
		if got.Cmp(exact) < 0 {
			t.Fatalf("the bound %v is less than %v", got, exact)
		}
		if most := exact.Mul(exact, product(1+0x1p-46)); got.Cmp(most) > 0 {
			t.Fatalf("the bound %v is more than %v", got, most)
		}
	})
}

func TestBoundOfSpecialValues(t *testing.T) {
	assert.Zero(t, loss.Bound(0, 0))
	assert.True(t, math.IsNaN(loss.Bound(0, math.NaN())))
	assert.True(t, math.IsInf(loss.Bound(1, math.Inf(1)), 1))
}

func TestIsPart(t *testing.T) {
	assert.True(t, loss.IsPart(0.99, 0.25, -4))
	assert.False(t, loss.IsPart(1, 0.25, -4), "not less")
	assert.False(t, loss.IsPart(1, 0.25, 3.99))
	assert.False(t, loss.IsPart(math.NaN(), 0.25, 4))
	assert.False(t, loss.IsPart(1, 0.25, math.NaN()))
}

func TestInside(t *testing.T) {
	assert.True(t, loss.Inside(2, 1, 3))
	for _, x := range []float64{0, 1, 3, 4, math.NaN(), math.Inf(1), math.Inf(-1)} {
		assert.False(t, loss.Inside(x, 1, 3), "%v", x)
	}
}

// Of equal logits the first counts as the largest.
func TestSoftmaxTop(t *testing.T) {
	for _, c := range []struct {
		y    []float64
		want int
	}{
		{[]float64{1, 1, 1}, 0},
		{[]float64{0, 2, 1, 2}, 1},
		{[]float64{math.Inf(-1), -1}, 1},
	} {
		assert.Equal(t, c.want, loss.SoftmaxTop(c.y, make([]float64, len(c.y))), "%v", c.y)
	}
}
