package gradcheck

import "math"

const (
	firstStep = 0.25 // times the unit of the line
	otherStep = 0.15 // the same, for a second opinion
	shrink    = 3.7  // from one step to the next; no whole number, for the sake of periodic functions
	maxRungs  = 16   // down to steps of 2⁻³²

	// The measured noise is a standard deviation, along one direction; another
	// may see more.
	noiseFactor = 3
)

// A derivative is a numerical derivative and how far it may be off.
type derivative struct {
	value float64
	bound float64 // on |value − truth|; +Inf if the differences did not converge
	step  float64 // the smallest that value was computed from
	rest  float64 // how far the quotient over that step is from value
	side  int     // of the differences: 0 if they were central

	// Of the last step: the difference quotients to either side, their noise, how far
	// their mean has moved since the step before, and whether they seem to differ in
	// the limit.
	left, right, noise, move float64
	kinked                   bool

	// Where Func was finite at a positive and at a negative step.
	above, below bool

	samples []sample // to one side, by falling step
}

// A sample is a step, the change of Func over it and the noise in that.
type sample struct{ t, change, noise float64 }

// slope returns the larger one-sided difference quotient.
func (d *derivative) slope() float64 { return math.Max(math.Abs(d.left), math.Abs(d.right)) }

// derive estimates the derivative of f along l at 0, where f is f0 with an
// absolute noise of about noise. The first step is start·l.unit, or less near an
// edge of the domain. At an edge, whether it is declared or shows by NaN on one
// side, differences are one-sided.
func derive(l *line, start, f0, noise float64) derivative {
	side, ok := l.side()
	if !ok {
		return derivative{bound: math.Inf(1)}
	}
	d := differentiate(l, side, start, f0, noise)
	if l.crossed || !math.IsInf(d.bound, 1) {
		return d
	}
	switch {
	case d.above && !d.below:
		return differentiate(l, 1, start, f0, noise)
	case d.below && !d.above:
		return differentiate(l, -1, start, f0, noise)
	}
	return d
}

// differentiate estimates the derivative of f along l at 0 from differences to
// the given side.
//
// Difference quotients D(h) are taken at steps that shrink by s = 3.7 and
// extrapolated to h = 0. Central ones, from t = ±h, are even in h: each column of the Romberg
// table
//
//	T[r][0] = D(hᵣ),  T[r][c] = T[r][c−1] + (T[r][c−1] − T[r−1][c−1])/(gᶜ−1)
//
// with g = s² removes one more even power of h. One-sided ones, from 0 and t = h,
// have all powers, and g = s. The estimate is the entry of the smallest bound. A
// bound has two parts: truncation, which the differences between an entry and its
// two ancestors overestimate once D moves as it should, and noise, which grows as
// 1/h. Before that, as across a cliff or a kink, neighbours agree at best by
// accident, and no bound is given. Steps shrink until noise alone would exceed
// the best bound.
func differentiate(l *line, side int, start, f0, noise float64) derivative {
	growth, margin, romberg := shrink*shrink, 4.0, 1.18 // romberg > Π (gᶜ+1)/(gᶜ−1), by which the table amplifies noise
	if side != 0 {
		growth, margin, romberg = shrink, 2, 2.2
	}
	best := derivative{bound: math.Inf(1), side: side}
	var prev, row [maxRungs]float64 // T[r−1], T[r]
	lastMove, settled := 0.0, 0     // |D(hᵣ) − D(hᵣ₋₁)|, 0 at first, and how many of the latest were as expected
	rung := 0                       // usable rungs so far
	gap := math.Inf(1)              // right − left of the last rung
	h := math.Min(start*l.unit, l.reach(side))
	for range maxRungs {
		width := 2 * h
		if side != 0 {
			width = h
		}
		if romberg*noiseIn(f0, noise)/width > best.bound {
			break
		}
		var fhi, flo, up, down float64
		switch side {
		case 0:
			fhi, up = l.at(h)
			flo, down = l.at(-h)
			down = -down
		case 1:
			fhi, up = l.at(h)
			flo = f0
		case -1:
			fhi = f0
			flo, down = l.at(-h)
			down = -down
		}
		h /= shrink
		width = up + down
		best.above, best.below = best.above || isFinite(fhi), best.below || isFinite(flo)
		right, left := (fhi-f0)/up, (f0-flo)/down
		switch side {
		case 0:
			row[0] = (down*right + up*left) / width // f″ drops out also where up ≠ down
		case 1:
			row[0], left = right, right
		case -1:
			row[0], right = left, left
		}
		if !isFinite(row[0]) {
			rung, lastMove, settled = 0, 0, 0 // outside the domain, or an overflow: start again, closer
			continue
		}
		eps := romberg * math.Max(noiseIn(fhi, noise), noiseIn(flo, noise)) / width
		if side >= 0 {
			best.samples = append(best.samples, sample{up, fhi - f0, noiseIn(fhi, noise)})
		}

		if rung > 0 {
			// D(h) − f′ is near a constant times the first power that is left, so that
			// moves shrink by g. One that shrinks by much more may be an accident, and
			// has to be confirmed by the next.
			move := math.Abs(row[0] - prev[0])
			isNoise, falls := move <= eps, move <= lastMove*margin/growth
			switch {
			case isNoise && lastMove <= shrink*eps, falls && move >= lastMove/(growth*margin):
				settled++
			case isNoise, falls:
				settled = 1
			default:
				settled = 0
			}
			lastMove, best.move = move, move
		}
		weight := 1.0
		for c := 1; c <= rung; c++ {
			weight *= growth
			row[c] = row[c-1] + (row[c-1]-prev[c-1])/(weight-1)
			trunc := math.Max(math.Abs(row[c]-row[c-1]), math.Abs(row[c]-prev[c-1]))
			if b := 2*trunc + eps; settled >= 2 && b < best.bound {
				best.value, best.bound, best.step = row[c], b, math.Max(up, down)
				best.rest = math.Abs(row[0] - row[c])
			}
		}

		lastGap := gap
		gap = right - left
		best.left, best.right, best.noise = left, right, 2*eps
		best.kinked = stays(gap, lastGap) && isClear(gap, eps)

		prev = row
		rung++
	}
	return best
}

// stays reports whether the gap between the quotients to the right and to the left
// is about what it was over the step before. For a smooth f it is h·f″ and shrinks
// with h, or passes through 0. At a kink it stays.
func stays(gap, last float64) bool {
	return sameSign(gap, last) && math.Abs(gap) > math.Abs(last)/2
}

// noiseIn bounds the noise in the difference of two values of about v.
func noiseIn(v, noise float64) float64 {
	return 2 * math.Max(noiseFactor*noise, 3*ulp*math.Abs(v))
}

// order returns the power of t by which change − t·slope falls at the smallest
// steps that still show it: 2 if slope is the derivative, 1 if it is not, and 0 if
// it cannot be seen.
func (d *derivative) order(slope float64) float64 {
	last := 0.0 // the remainder at the step before
	order := 0.0
	for _, s := range d.samples {
		rest := math.Abs(s.change - s.t*slope)
		if !isClear(rest, s.noise+ulp*math.Abs(s.t*slope)) {
			break
		}
		if last != 0 {
			order = math.Log(last/rest) / math.Log(shrink)
		}
		last = rest
	}
	return order
}
