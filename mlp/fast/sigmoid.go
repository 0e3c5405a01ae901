package fast

import (
	"math"

	"touchstone/activation"
	"touchstone/internal/dd"
)

// sigmoid is σ and σ′, in Go, within 1 ulp. With e = e^−|z| and r = 1/(1+e), the larger
// of σ(z) and σ(−z) is r, the smaller is e·r, and σ′(z) is their product. Nothing cancels,
// in no tail. All are double-doubles, as three roundings one after the other would cost up
// to 5 ulp. Where e is below the normal numbers, and for NaN, package activation is asked.
func sigmoid(a, first, z, b []float64) {
	plus(z, b)
	for i, v := range z {
		x := -math.Abs(v)
		if !(x >= lowest) {
			a[i] = activation.Sigmoid{}.Value(v)
			if first != nil {
				first[i] = activation.Sigmoid{}.Deriv(v)
			}
			continue
		}
		p, s := exp(x)
		e, r := logistic(p, s)
		less := e.Mul(r)
		a[i] = r.Hi
		if v < 0 {
			a[i] = less.Hi
		}
		if first != nil {
			first[i] = r.Mul(less).Hi
		}
	}
}

// tanh is tanh and tanh′, likewise, but for tanh itself where 2|z| is below ½·ln 2: there
// it is up to 1.5 ulp off. Of all that TestUnits tries, no result is more than one number
// away from the nearest. With e = e^−2|z| and r = 1/(1+e), tanh |z| is (1−e)·r, where 1−e is
// computed without cancellation, and tanh′(z) is 4·r·(e·r).
func tanh(a, first, z, b []float64) {
	plus(z, b)
	for i, v := range z {
		x := -2 * math.Abs(v)
		if !(x >= lowest) {
			a[i] = activation.Tanh{}.Value(v)
			if first != nil {
				first[i] = activation.Tanh{}.Deriv(v)
			}
			continue
		}
		p, s := exp(x)
		e, r := logistic(p, s)
		a[i] = math.Copysign(dd.FastTwoSum(1-s, -p*s).Mul(r).Hi, v) // 1−e = (1−s) − p·s
		if first != nil {
			first[i] = 4 * r.Mul(e.Mul(r)).Hi
		}
	}
}

// logistic returns e = (1+p)·s, for 0 ≤ e ≤ 1, and r = 1/(1+e).
func logistic(p, s float64) (e, r dd.DD) {
	e = dd.FastTwoSum(1, p)
	e.Hi *= s
	e.Lo *= s
	sum := dd.FastTwoSum(1, e.Hi)
	sum.Lo += e.Lo
	return e, sum.Inv()
}
