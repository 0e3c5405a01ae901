package exact

import (
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// convert returns the decimal of a, or what is said against it, and whether it is left
// open for more bits.
func convert(a bigBall, last bool) (s string, open bool) {
	c := &converter{ar: bigs{200}, last: last}
	c.one(&s, "it", plain(a))
	if c.err != nil {
		return c.err.Error(), c.open > 0
	}
	return s, c.open > 0
}

// decimal returns a number to 400 bits.
func decimal(t *testing.T, s string) *big.Float {
	x, _, err := big.ParseFloat(s, 10, 400, big.ToNearestEven)
	require.NoError(t, err)
	return x
}

const zeros = "000000000000000000000000000000000000000" // 39 of them

// A decimal is that of all of a ball, or there is none. Powers of two at the ends of the
// exponents are told from what is beyond.
func TestConverter(t *testing.T) {
	const open, below, above = "", "exact: it has a value below 1e-999999", "exact: it has a value above 1e999999"
	third := "0." + strings.Repeat("3", 60)
	for _, c := range []struct {
		name   string
		a      bigBall
		prefix string // of the decimal
		suffix string
	}{
		{"0", nothing, "0", ""},
		{"1", exact(power(0)), "1." + zeros, "e+0"},
		{"−1", exact(power(0)).neg(), "-1." + zeros, "e+0"},
		{"1 ± 2^−10⁹", bigBall{power(0), power(floor), 1}, "1." + zeros, "e+0"},
		{"1 ± 2^−200", bigBall{power(0), power(-200), 1}, "1." + zeros, "e+0"},
		{"1 ± 2^−160", bigBall{power(0), power(-160), 1}, "1." + zeros, "e+0"},
		{"1 ± 2^−159", bigBall{power(0), power(-159), 1}, open, open},
		{"1/3", exact(decimal(t, third)), "3.333333333333333333333333333333333333333", "e-1"},
		{"a middle, and more", bigBall{decimal(t, "1."+zeros+"5"), power(-190), 1}, open, open},
		{"less than it", bigBall{decimal(t, "1."+zeros+"4999"), power(-190), 1}, "1." + zeros, "e+0"},
		{"more than it", bigBall{decimal(t, "1."+zeros+"5001"), power(-190), 1}, "1." + zeros[1:] + "1", "e+0"},
		{"a tie", exact(decimal(t, "1"+zeros+".5")), "1." + zeros, "e+39"}, // to even
		{"another", exact(decimal(t, "1"+zeros[1:]+"1.5")), "1." + zeros[1:] + "2", "e+39"},
		{"0 ± 2^−1700", bigBall{zero, power(-1700), 0}, open, open},
		{"+∞", bigs{}.unknown(), open, open},
		{"2^4095", exact(power(4095)), "5.221944407065762533458763553583121912900", "e+1232"},
		{"2^4096", exact(power(4096)), "1.044388881413152506691752710716624382580", "e+1233"},
		{"2^−4097", exact(power(-4097)), "4.787488730476092678973365506140210121030", "e-1234"},
		{"2^−4098", exact(power(-4098)), "2.393744365238046339486682753070105060515", "e-1234"},
		{"2^−20000", exact(power(-20000)), "2.512388057698744585180135042133610060334", "e-6021"},
		{"2^20000", exact(power(20000)), "3.980276840337966592354307206191202453705", "e+6020"},
		{"2^3321928", exact(power(3321928)), "9.363453492485769516237284636126529951951", "e+999999"},
		{"2^−3321924", exact(power(-3321924)), "1.708771236258085856171273736865617369895", "e-999999"},
		{"1.5·2^3321928", exact(new(big.Float).Mul(power(3321928), big.NewFloat(1.5))), above, ""}, // 1.4e1000000
		{"2^3321929", exact(power(3321929)), above, ""},
		{"2^3321940", exact(power(3321940)), above, ""},
		{"2^10⁹", exact(power(1_000_000_000)), above, ""},
		{"2^−3321925", exact(power(-3321925)), below, ""},
		{"2^−3321940", exact(power(-3321940)), below, ""},
		{"0 ± 2^−3321925, positive", bigBall{zero, power(-3321925), 1}, open, open},
		{"0 ± 2^−3321926, positive", bigBall{zero, power(-3321926), 1}, below, ""}, // all of it is
		{"tail", tail, below, ""},
		{"−tail", tail.neg(), below, ""},
	} {
		s, isOpen := convert(c.a, false)
		assert.True(t, strings.HasPrefix(s, c.prefix) && strings.HasSuffix(s, c.suffix), "%s: %s", c.name, s)
		assert.Equal(t, c.prefix == open, isOpen, c.name)
		if isOpen {
			assert.Empty(t, s, c.name)
		}
	}
}

// What is open in the end is an error, but for what is so small that it counts as 0.
func TestConverterAtLast(t *testing.T) {
	for _, c := range []struct {
		a    bigBall
		want string
		open bool
	}{
		{bigs{}.unknown(), "exact: it has a value that is not finite", true},
		{bigBall{power(0), power(-150), 1}, "exact: it has a value whose digits cannot be told", true},
		{bigBall{decimal(t, "1."+zeros+"5"), power(-190), 1}, "exact: it has a value whose digits cannot be told", true},
		{bigBall{zero, power(-MaxBits/2 - 1), 0}, "0", false}, // its exponent is −MaxBits/2
		{bigBall{zero, power(-MaxBits / 2), 0}, "exact: it has a value whose digits cannot be told", true},
	} {
		s, open := convert(c.a, true)
		assert.Equal(t, c.want, s)
		assert.Equal(t, c.open, open, s)
	}
	// One that is told, or refused, is not told again.
	c := &converter{ar: bigs{200}}
	s := "told"
	c.one(&s, "it", dyadic(power(0)))
	assert.Equal(t, "told", s)
	c.err = &InputError{"it", "is refused"}
	s = ""
	c.one(&s, "it", dyadic(power(0)))
	assert.Empty(t, s)
}

// Bounds of the size hold it, and are near, however small the radius.
func TestSizes(t *testing.T) {
	for _, m := range []*big.Float{power(0), new(big.Float).SetInt64(-3), decimal(t, "1e-30")} {
		size := wide().Abs(m)
		near, far := exact(m).sizes()
		assert.True(t, near.Cmp(size) == 0 && far.Cmp(size) == 0)
		for _, e := range []int{-160, -300, floor} {
			r := power(m.MantExp(nil) + e)
			near, far = bigBall{m: m, r: r}.sizes()
			assert.Negative(t, near.Cmp(size), "%v ± 2^%d", m, e)
			assert.Positive(t, far.Cmp(size), "%v ± 2^%d", m, e)
			off := wide().Sub(size, near)
			assert.True(t, off.Cmp(wide().SetMantExp(size, max(e+2, -222))) < 0, "%v ± 2^%d", m, e)
			if e > floor {
				assert.True(t, off.Cmp(r) >= 0 && wide().Sub(far, size).Cmp(r) >= 0, "%v ± 2^%d", m, e)
			}
		}
	}
}

// Bounds of powers of ten are at or on the side of them.
func TestPowerOf10(t *testing.T) {
	truth := wide().SetInt64(1)
	for n := range 400 {
		low, high := powerOf10(n, 100, big.ToZero), powerOf10(n, 100, big.AwayFromZero)
		assert.True(t, low.Cmp(truth) <= 0 && high.Cmp(truth) >= 0, n)
		assert.True(t, wide().Sub(high, low).Cmp(wide().SetMantExp(truth, -90)) < 0, n)
		truth.Mul(truth, wide().SetInt64(10))
	}
}
