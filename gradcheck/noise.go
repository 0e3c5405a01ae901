package gradcheck

import (
	"math"
	"math/rand/v2"
	"slices"
)

const (
	ulp = 0x1p-53 // unit roundoff of float64

	// minNoise is the least noise that any function is taken to have. A squared
	// error of quantities near 1 moves in steps of ulp²/2 near its zero, and where
	// it is saturated it is 0 all around and shows no noise at all.
	minNoise = 4 * ulp * ulp
)

// Noise is measured after Moré and Wild, "Estimating Computational Noise", SIAM J.
// Sci. Comput. 33 (2011). A function is sampled at equidistant points of a short
// segment from x; a k-th difference of the values removes all that is smooth, and
// of independent noise with standard deviation σ leaves √((2k)!/(k!)²)·σ. Several
// spacings are tried, because noise has a scale too: a function that rounds to
// float32 on its way is a constant over the shortest.

const (
	noisePoints  = 9
	shortSpacing = 0x1p-42
)

// noiseLevel estimates the absolute noise in the computed values of Func near x:
// how far they scatter about the smooth function they stand for. It is minNoise if
// no spacing shows more.
func (c *checker) noiseLevel(x []float64) float64 {
	shortest, noise := c.noiseOver(x, shortSpacing), minNoise
	for _, spacing := range [...]float64{0x1p-32, 0x1p-23} {
		noise = math.Max(noise, c.noiseOver(x, spacing))
	}
	return math.Max(shortest, noise)
}

// noiseOver estimates the noise over one spacing.
func (c *checker) noiseOver(x []float64, spacing float64) float64 {
	var value [noisePoints]float64
	step := c.noiseSteps(x, spacing)
	for m := range value {
		for i := range step {
			c.point[i] = x[i] + float64(m)*step[i]
		}
		value[m] = c.smooth(new(line))
	}
	return scatter(value)
}

// gradNoise estimates the noise in each element of Grad, and how much it changes
// where all of x change by a relative 1.
func (c *checker) gradNoise() (noise, change []float64) {
	noise, change = make([]float64, len(c.x)), make([]float64, len(c.x))
	for _, spacing := range [...]float64{0x1p-42, 0x1p-30} {
		step := c.noiseSteps(c.x, spacing)
		grads := make([][]float64, noisePoints)
		for m := range grads {
			for i := range step {
				c.point[i] = c.x[i] + float64(m)*step[i]
			}
			grads[m] = make([]float64, len(c.x))
			c.grad(grads[m], c.point)
		}
		for i := range noise {
			var value [noisePoints]float64
			for m := range grads {
				value[m] = grads[m][i]
			}
			noise[i] = math.Max(noise[i], scatter(value))
			change[i] = math.Abs(value[noisePoints-1]-value[0]) / ((noisePoints - 1) * spacing)
		}
	}
	return noise, change
}

// noiseSteps returns the steps of a segment from x in a fixed direction, into the
// domain.
func (c *checker) noiseSteps(x []float64, spacing float64) []float64 {
	step := make([]float64, len(x))
	rnd := rand.New(rand.NewPCG(1, 2)) // any fixed direction will do
	for i, v := range x {
		s := spacing * math.Max(math.Abs(v), 1) * (0.5 + rnd.Float64())
		room, back := c.room(i, v)
		if coin(rnd) {
			s, room, back = -s, back, room
		}
		if room < min(back, noisePoints*math.Abs(s)) {
			s, room = -s, back // away from the edge
		}
		step[i] = math.Copysign(math.Min(math.Abs(s), room/noisePoints), s)
	}
	return step
}

// coin reports true half of the time.
func coin(rnd *rand.Rand) bool { return rnd.Uint64()&1 == 0 }

// scatter returns the noise that the differences of v show, or 0. They show noise
// where three orders in a row give nearly the same estimate: the part of a smooth
// function falls from order to order.
func scatter(v [noisePoints]float64) float64 {
	size := 0.0
	for _, x := range v {
		size = math.Max(size, math.Abs(x))
	}
	if size == 0 || !isFinite(size) {
		return 0
	}
	for m := range v {
		v[m] /= size // squares would overflow
	}
	var sigma [noisePoints]float64 // by the order k
	gamma := 1.0                   // (k!)²/(2k)!
	for k := 1; k < noisePoints; k++ {
		n := noisePoints - k
		sum := 0.0
		for m := range n {
			v[m] = v[m+1] - v[m]
			sum += v[m] * v[m]
		}
		gamma *= float64(k) / float64(2*(2*k-1))
		sigma[k] = math.Sqrt(gamma * sum / float64(n))
	}
	for k := 1; k+2 < noisePoints; k++ {
		lo := min(sigma[k], sigma[k+1], sigma[k+2])
		hi := max(sigma[k], sigma[k+1], sigma[k+2])
		if hi <= 4*lo {
			return hi * size
		}
	}
	return 0
}

const (
	jumpPoints   = 17
	jumpSearches = 8 // in one check, of entries, directions and what is looked at where one fails
)

// largestJump returns the largest jump of Func along l, near x or as far as the
// first steps go, or 0. A function that computes in steps is smooth between them,
// and where they are wider than the segments of noiseLevel it shows no noise. A
// search costs up to 680 evaluations, and 20 more for each jump: the spacings are close, or
// stairs of a width between two of them would show a jump beside x in neither.
func largestJump(l *line, side int, noise float64) float64 {
	largest := 0.0
	limit := min(0x1p-3*l.unit, l.reach(side)/jumpPoints)
	for spacing := 0x1p-42 * l.unit; spacing <= limit; spacing *= 2 {
		var t, value [jumpPoints]float64
		for m := range value {
			t[m] = spacing * float64(m-jumpPoints/2)
			if side != 0 {
				t[m] = spacing * float64(side*m)
			}
			value[m], _ = l.at(t[m])
		}
		if m, ok := jumpIn(value); ok {
			slope := (value[m] - value[m-1]) / (t[m] - t[m-1])
			largest = math.Max(largest, zoom(l, noise, slope, t[m], t[m+1], value[m], value[m+1]))
		}
	}
	return largest
}

// jumpIn returns where v jumps most, from m to m+1, if it does. A jump shows as two
// second differences of opposite signs, far above the rest. A kink shows as two of
// one sign, and a smooth function by all alike.
func jumpIn(v [jumpPoints]float64) (m int, ok bool) {
	var second, size [jumpPoints - 2]float64
	for k := range second {
		second[k] = v[k+2] - 2*v[k+1] + v[k]
		size[k] = math.Abs(second[k])
	}
	slices.Sort(size[:])
	least := 8*size[len(size)/2] + 16*ulp*math.Abs(v[0])
	for k := range len(second) - 1 {
		a, b := second[k], second[k+1]
		if s := math.Min(math.Abs(a), math.Abs(b)); !sameSign(a, b) && s > least {
			m, least = k+1, s
		}
	}
	return m, m > 0
}

// zoom returns the jump of Func between lo and hi, where it is flo and fhi and beside it has
// the given slope, or 0 if there is none but a steeper slope: of that, a thousandth would not
// be left between points that are a million times closer.
func zoom(l *line, noise, slope, lo, hi, flo, fhi float64) float64 {
	// A jump against the slope may be all that is left of a change: it is what the slope
	// does not explain that counts.
	off := func(t, to, f, fto float64) float64 { return math.Abs(fto - f - slope*(to-t)) }
	whole := off(lo, hi, flo, fhi)
	for range 20 {
		mid := lo + (hi-lo)/2
		fmid, _ := l.at(mid)
		if off(lo, mid, flo, fmid) >= off(mid, hi, fmid, fhi) {
			hi, fhi = mid, fmid
		} else {
			lo, flo = mid, fmid
		}
	}
	jump := off(lo, hi, flo, fhi)
	if jump > max(whole/1024, 4*noiseIn(flo, noise)) {
		return jump
	}
	return 0
}
