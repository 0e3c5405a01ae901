package gradcheck

import "math"

// isFine reports, before a yes, whether what was taken for noise is smooth over steps that
// are far shorter, and has another slope there: a component of high frequency, of which the
// gradient says nothing. A function that computes in stairs is smooth between them, too, but
// it jumps, by about its noise: one search tells for all of the check.
func (c *checker) isFine(f *finding) bool {
	if !isClear(f.noise, noiseIn(f.f0, minNoise)) || c.asked && !c.fine {
		return false
	}
	if c.short == 0 {
		c.short = math.Max(c.noiseOver(c.x, shortSpacing), minNoise)
	}
	noise := noiseIn(f.f0, c.short)
	if !isClear(f.noise, noise) {
		return false
	}
	last, run := 0.0, 0
	for t := range steps(0x1p-16*f.line.unit, 0x1p-46*f.line.unit) {
		width, change := f.move(t)
		off := change - width*f.value
		if isClear(off, noise+width*f.bound) && isWithin(off/width, last, math.Abs(off/width)/8) {
			run++
		} else {
			run = 0
		}
		if run == 2 {
			if !c.asked {
				c.asked, c.fine = true, largestJump(f.line, f.side, c.short) < f.noise/8
			}
			return c.fine
		}
		last = off / width
	}
	return false
}

// explained reports whether the function, over steps so short that the bound of f
// says nothing of them, moves by the analytic value, and more than once: then it
// has structure that the longer steps, or the noise that was measured over them,
// have blurred. Steps below the size of an x that is smaller still are tried, too.
func (f *finding) explained() bool {
	t := firstStep * f.line.unit
	if f.step > 0 {
		t = math.Min(t, f.step)
	}
	least, own := 0x1p-50*f.line.unit, f.line.own/16
	return f.movesAsClaimed(t/16, least) || own < least && f.movesAsClaimed(own, own*0x1p-16)
}

// movesAsClaimed reports whether the function moves by the analytic value, over two steps
// in a row of those from t down to least.
func (f *finding) movesAsClaimed(t, least float64) bool {
	off := math.Abs(f.Analytic - f.value)
	run := 0
	for t := range steps(t, least) {
		width, change := f.move(t)
		switch {
		case !(width*off > 64*noiseIn(f.f0, minNoise)):
			return false
		case change != 0 && isWithin(change, width*f.Analytic, width*off/8):
			if run++; run >= 2 {
				return true
			}
		default:
			run = 0
		}
	}
	return false
}
