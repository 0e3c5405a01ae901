package activation

import "touchstone/internal/round"

// slow is the fallback of a function whose quick phase left its value open.
//
//go:noinline
func slow(f func(z float64, prec uint) round.Interval, z float64) float64 {
	return round.Slow(func(prec uint) round.Interval { return f(z, prec) })
}

// vanish is the end of a function that falls to 0: NaN for a NaN, and 0.
func vanish(z float64) float64 {
	if z != z {
		return z
	}
	return 0
}
