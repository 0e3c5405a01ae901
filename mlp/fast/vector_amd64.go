//go:build !purego

package fast

import "math"

// units lists the vector units of this processor, the fastest first.
func units() []unit {
	list := []unit{goUnit}
	avx2, avx512 := features()
	if avx2 {
		list = append([]unit{{"avx2", with(sigmoidAVX2, &constants), with(tanhAVX2, &constants), timesBy(timesAVX2)}}, list...)
	}
	if avx512 {
		list = append([]unit{{"avx512", with(sigmoidAVX512, &constants), with(tanhAVX512, &constants), timesBy(timesAVX512)}}, list...)
	}
	return list
}

// An assembled function is a function that is told its constants, and that does not
// look at the lengths of slices other than z.
type assembled = func(c *table, a, first, z, b []float64)

// with makes a function of f.
func with(f assembled, c *table) function {
	return func(a, first, z, b []float64) {
		last := len(z) - 1
		if last < 0 {
			return
		}
		_ = a[last]
		if first != nil {
			_ = first[last]
		}
		if b != nil {
			_ = b[last]
		}
		f(c, a, first, z, b)
	}
}

// timesBy makes a times of f, which does not look at lengths, and wants one element.
func timesBy(f func(dst, x []float64)) func(dst, x []float64) {
	return func(dst, x []float64) {
		if len(dst) > 0 {
			_ = x[len(dst)-1]
			f(dst, x)
		}
	}
}

// A table is what the assembly calculates with. AVX2 takes all four of each number,
// which are equal, AVX-512 the first.
type table struct {
	sign, one, two                                     [4]float64
	lowest, perLn2, shift, shiftBy2, floor             [4]float64
	ln2Hi, ln2Lo                                       [4]float64
	c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13 [4]float64
	lanes                                              [8]int64
}

// integer is added to a small number to round it to an integer, n, and to leave
// n + 1023, the exponent of 2ⁿ, in the last bits.
const integer = 0x1.8p52 + 1023

var constants = table{
	sign:     four(math.Copysign(0, -1)),
	one:      four(1),
	two:      four(2),
	lowest:   four(-760), // e^−760 rounds to 0
	perLn2:   four(1 / math.Ln2),
	shift:    four(integer),
	shiftBy2: four(integer + 2),
	floor:    four(-200),
	ln2Hi:    four(ln2Hi),
	ln2Lo:    four(ln2Lo),
	c2:       four(1. / 2), // 1/2!, and so on
	c3:       four(1. / 6),
	c4:       four(1. / 24),
	c5:       four(1. / 120),
	c6:       four(1. / 720),
	c7:       four(1. / 5040),
	c8:       four(1. / 40320),
	c9:       four(1. / 362880),
	c10:      four(1. / 3628800),
	c11:      four(1. / 39916800),
	c12:      four(1. / 479001600),
	c13:      four(1. / 6227020800),
	lanes:    [8]int64{-1, -1, -1, -1}, // four, or fewer from further on
}

func four(x float64) [4]float64 { return [4]float64{x, x, x, x} }

// sigmoidAVX2 is sigmoid. See vector.go for what it computes.
//
//go:noescape
func sigmoidAVX2(c *table, a, first, z, b []float64)

// tanhAVX2 is tanh.
//
//go:noescape
func tanhAVX2(c *table, a, first, z, b []float64)

// timesAVX2 is times.
//
//go:noescape
func timesAVX2(dst, x []float64)

// sigmoidAVX512 is sigmoid.
//
//go:noescape
func sigmoidAVX512(c *table, a, first, z, b []float64)

// tanhAVX512 is tanh.
//
//go:noescape
func tanhAVX512(c *table, a, first, z, b []float64)

// timesAVX512 is times.
//
//go:noescape
func timesAVX512(dst, x []float64)
