package gradcheck

import "math"

const (
	firstStep = 0.25 // times max(|xᵢ|, 1)
	otherStep = 0.15 // the same, for a second opinion
	shrink    = 4    // from one step to the next
	maxRungs  = 16   // down to steps of 2⁻³²

	// The measured noise is a standard deviation, along one direction; another
	// coordinate may see more.
	noiseFactor = 4
)

// A derivative is a numerical derivative and how far it may be off.
type derivative struct {
	value float64
	bound float64 // on |value − truth|; +Inf if the differences did not converge
	step  float64 // the smallest that value was computed from

	// Of the last step: the difference quotients to either side, their noise, and
	// whether they seem to differ in the limit.
	left, right, noise float64
	kinked             bool
}

// slope returns the larger one-sided difference quotient.
func (d *derivative) slope() float64 { return math.Max(math.Abs(d.left), math.Abs(d.right)) }

// differentiate estimates the derivative of f in coordinate i at x, where f is
// f0 with an absolute noise of about noise. The first step is start·max(|xᵢ|, 1).
// It leaves x as it was.
//
// Central differences D(h) of f at x±h are taken at steps that shrink by 4 and
// extrapolated to h = 0: as D is even in h, each column of the Romberg table
//
//	T[r][0] = D(hᵣ),  T[r][c] = T[r][c−1] + (T[r][c−1] − T[r−1][c−1])/(16ᶜ−1)
//
// removes one more even power of h. The estimate is the entry of the smallest
// bound. A bound has two parts: truncation, which the differences between an
// entry and its two ancestors overestimate once D moves as it should, and noise,
// which grows as 1/h. Before that, as across a cliff or a kink, neighbours agree
// at best by accident, and no bound is given. Steps shrink until noise alone
// would exceed the best bound.
func differentiate(f func([]float64) float64, x []float64, i int, start, f0, noise float64) derivative {
	xi := x[i]
	defer func() { x[i] = xi }()

	best := derivative{bound: math.Inf(1)}
	var prev, row [maxRungs]float64 // T[r−1], T[r]
	lastMove, settled := 0.0, 0     // |D(hᵣ) − D(hᵣ₋₁)|, and how many of the latest were as expected
	rung := 0                       // usable rungs so far
	gap := math.Inf(1)              // |right − left| of the last rung
	h := start * math.Max(math.Abs(xi), 1)
	for range maxRungs {
		hi, lo := xi+h, xi-h
		up, down := hi-xi, xi-lo // the steps as rounding left them
		h /= shrink
		if noiseIn(f0, noise)/(hi-lo) > best.bound {
			break
		}
		x[i] = hi
		fhi := f(x)
		x[i] = lo
		flo := f(x)
		right, left := (fhi-f0)/up, (f0-flo)/down
		row[0] = (down*right + up*left) / (hi - lo) // f″ drops out also where up ≠ down
		if !isFinite(row[0]) {
			rung, settled = 0, 0 // outside the domain, or an overflow: start again, closer
			continue
		}
		eps := math.Max(noiseIn(fhi, noise), noiseIn(flo, noise)) / (hi - lo)

		if rung > 0 {
			// D(h) − f′ is near h²·f‴/6, so that moves shrink by 16. One that shrinks by
			// much more may be an accident, and has to be confirmed by the next.
			move := math.Abs(row[0] - prev[0])
			switch {
			case move <= eps && lastMove <= shrink*eps,
				rung > 1 && move <= lastMove/shrink && move >= lastMove/(16*shrink):
				settled++
			case move <= eps, rung > 1 && move <= lastMove/shrink:
				settled = 1
			default:
				settled = 0
			}
			lastMove = move
		}
		weight := 1.0
		for c := 1; c <= rung; c++ {
			weight *= shrink * shrink
			row[c] = row[c-1] + (row[c-1]-prev[c-1])/(weight-1)
			trunc := math.Max(math.Abs(row[c]-row[c-1]), math.Abs(row[c]-prev[c-1]))
			if b := 2*trunc + eps; settled >= 2 && b < best.bound {
				best.value, best.bound, best.step = row[c], b, up
			}
		}

		// For a smooth f the gap between the quotients to the right and to the left
		// is h·f″ and shrinks with h. At a kink it stays.
		lastGap := gap
		gap = math.Abs(right - left)
		best.left, best.right, best.noise = left, right, 2*eps
		best.kinked = gap > lastGap/2 && gap > 16*eps

		prev = row
		rung++
	}
	return best
}

// noiseIn bounds the noise in an entry of the table that comes from the
// difference of two values of about v, times the width of the step.
func noiseIn(v, noise float64) float64 {
	const romberg = 1.15 // > Π (16ᶜ+1)/(16ᶜ−1), by which the table amplifies it
	return romberg * 2 * (noiseFactor*noise + 4*ulp*math.Abs(v))
}
