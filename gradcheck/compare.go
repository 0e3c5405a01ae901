package gradcheck

import "math"

// isFinite reports whether v is neither infinite nor NaN.
func isFinite(v float64) bool { return math.Abs(v) <= math.MaxFloat64 }

// isWithin reports whether a and b differ by no more than bound. Of NaN, which Inf−Inf
// is too, neither isWithin nor isBeyond is true.
func isWithin(a, b, bound float64) bool { return math.Abs(a-b) <= bound }

// isBeyond reports whether a and b differ by more than bound.
func isBeyond(a, b, bound float64) bool { return math.Abs(a-b) > bound }

// isClear reports whether v is larger than 16 times its noise, which is an estimate:
// then v is not noise alone.
func isClear(v, noise float64) bool { return math.Abs(v) > 16*noise }

// sameSign reports whether a and b are both above 0 or both below.
func sameSign(a, b float64) bool { return min(a, b) > 0 || max(a, b) < 0 }

// sameValue reports whether a and b are equal, or both NaN.
func sameValue(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }
