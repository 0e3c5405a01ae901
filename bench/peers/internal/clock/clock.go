// Package clock measures how long something takes on a machine that does other work
// too.
package clock

import "time"

// Least runs f for about the given time, in chunks of a fraction of it, and returns the
// seconds that one of the k runs took in the fastest chunk.
func Least(f func(k int), length time.Duration) float64 {
	end := time.Now().Add(length)
	k, took := 1, time.Duration(0)
	for {
		start := time.Now()
		f(k)
		if took = time.Since(start); took > length/16 {
			break
		}
		k *= 2
	}
	best := took
	for time.Now().Before(end) {
		start := time.Now()
		f(k)
		best = min(best, time.Since(start))
	}
	return best.Seconds() / float64(k)
}
