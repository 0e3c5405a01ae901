package loss

import "math"

// bound returns at least the sum of the bounds of errors, none of which is negative.
// They may be products of a few factors, whose rounding it makes up for, but not their
// underflow.
func bound(errors ...float64) float64 {
	sum := 0.0
	for _, e := range errors {
		sum += float64(e) // not fused with what computes e
	}
	return float64(sum * (1 + 0x1p-48)) // not fused with what takes it away
}

// isPart reports whether e is less than so large a part of |x|. It is not if either is
// NaN.
func isPart(e, part, x float64) bool { return e < float64(part*math.Abs(x)) }

// inside reports whether lo < x < hi. NaN is not inside.
func inside(x, lo, hi float64) bool { return lo < x && x < hi }
