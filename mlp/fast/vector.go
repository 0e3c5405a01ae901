package fast

// The assembly for vector units computes what sigmoid.go and exp.go compute, lane by
// lane, with fused multiply-adds in the place of products of double-doubles. All lanes
// take the same way, through the tails too: x is not let below −760, where e^x and all
// that is proportional to it rounds to 0; e^x stays apart from its power of two until
// the last multiplication; and a NaN makes everything NaN.
//
// Errors, in units of u = 2⁻⁵³ relative to the result, and without what is far below u:
//
//	r = x − n·ln 2: what it loses is added to 1+r, with an error of at most u/4 times
//	    |eʳ−1| ≤ 0.42                                                      0.1
//	eʳ: t = r²·q = eʳ−1−r has a relative error of 2.7u where r < 0, and of 3.7u where
//	    r > 0: u of r², and those of the last three steps to q. It is at most 0.077·eʳ
//	    and 0.048·eʳ there. What 1+r and the sum with t lose is kept       0.2
//	    the terms left out, r¹⁴/14! and so on, are below 2⁻⁵⁷·eʳ           0.1
//
// So e = eʳ·2ⁿ has 0.4u. 1+e is kept in two parts, its reciprocal is corrected by what
// the division leaves, and products with it are rounded once, at their end, to within
// half a unit in the last place (ulp). As u is at most one ulp, that gives
//
//	σ(z) and e/(1+e)²     0.5 + 0.4           < 1 ulp, as e counts once at most
//	tanh, 2|z| ≥ ½·ln 2   0.5 + 0.4·2e/(1−e²) < 1.7 ulp, as then e ≤ 0.708
//	tanh, 2|z| < ½·ln 2   0.5 + 0.7           < 1.3 ulp, as then r is x, and the error
//	                                          of t counts t/|eʳ−1| ≤ 0.19 times
//
// and, below the normal numbers, one more rounding, to within half a unit. In tests no
// result is more than one number away from the nearest.

// A unit is the functions of one vector unit of a processor. An element of a result
// depends on its own arguments only, not on where in a slice it is nor on how long
// that is.
type unit struct {
	name          string
	sigmoid, tanh function

	// times multiplies the elements of dst by those of x, of which there are no fewer.
	times func(dst, x []float64)
}

// bestUnit is the unit of all objectives.
var bestUnit = units()[0]

var goUnit = unit{"go", sigmoid, tanh, times}

func times(dst, x []float64) {
	x = x[:len(dst)]
	for i := range dst {
		dst[i] *= x[i]
	}
}
