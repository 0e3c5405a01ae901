package loss

import (
	"math"

	"touchstone/internal/dd"
)

// negLog returns −log y for 0 < y < 1, with a relative error of at most 2^−79.9.
//
// With y = c·2^−n and ½ ≤ c < 1 it is n·log 2 + log(1 + (1−c)/c), where neither
// term is negative and 1−c is exact. The error is the 2^−80 of Log1pFast and, in
// units of u², 10.9 of the quotient, 3 of n·log 2 and 3 of the sum.
func negLog(y float64) dd.DD {
	c, n := math.Frexp(y)
	l := dd.Log1pFast(dd.FromFloat(1 - c).Div(dd.FromFloat(c)))
	if n == 0 {
		return l
	}
	return dd.Ln2.MulFloat(float64(-n)).Add(l)
}

// negLog1m returns −log(1−y) for 0 < y < 1, with a relative error of at most 2^−79.9.
//
// From ½ on, 1−y is exact. Below, it is log(1 + y/(1−y)), and the quotient is off
// by 4.8u² + 2u². Below 2^−110, it is y within 0.51·y.
func negLog1m(y float64) dd.DD {
	switch {
	case y >= 0.5:
		return negLog(1 - y)
	case y < 0x1p-110:
		return dd.FromFloat(y)
	}
	return dd.Log1pFast(dd.TwoSum(1, -y).Inv().MulFloat(y))
}
