package gradcheck

import "math"

// A line is Func along a straight line through X: at X + t·v for some v.
type line struct {
	// at returns the value at t, and the t that rounding and the domain left of it.
	// The value is NaN where Func is not to be used: across a kink.
	at func(t float64) (value, actual float64)
	// unit is the |t| over which Func is supposed to change by more than a little.
	unit float64
	// own is the least t that moves an element of x by its own size, if that is not 0: the
	// function may have structure of that scale, as log x has.
	own float64
	// below and above tell how far t may go to either side.
	below, above float64
	crossed      bool // a kink was met
}

// coordinate returns the line in the direction of x[i].
func (c *checker) coordinate(i int) *line {
	xi := c.x[i]
	l := &line{unit: math.Max(math.Abs(xi), 1), own: math.Abs(xi)}
	l.above, l.below = c.room(i, xi)
	l.at = func(t float64) (value, actual float64) {
		at := c.inside(i, xi+t)
		copy(c.point, c.x)
		c.point[i] = at
		return c.smooth(l), at - xi
	}
	return l
}

// direction returns the line in the direction of v, whose element k belongs to
// x[index[k]].
func (c *checker) direction(index []int, v []float64) *line {
	l := &line{unit: 1, own: math.Inf(1), below: math.Inf(1), above: math.Inf(1)}
	for k, i := range index {
		if v[k] == 0 {
			continue // such as an element whose domain is a point
		}
		if x := c.x[i]; x != 0 {
			l.own = math.Min(l.own, math.Abs(x/v[k]))
		}
		above, below := c.room(i, c.x[i])
		if math.Signbit(v[k]) {
			above, below = below, above
		}
		l.above = math.Min(l.above, above/math.Abs(v[k]))
		l.below = math.Min(l.below, below/math.Abs(v[k]))
	}
	l.at = func(t float64) (value, actual float64) {
		copy(c.point, c.x)
		for k, i := range index {
			c.point[i] = c.inside(i, c.x[i]+t*v[k])
		}
		return c.smooth(l), t
	}
	return l
}

// room returns how far from v the edges of the domain of x[i] are.
func (c *checker) room(i int, v float64) (above, below float64) {
	above, below = math.Inf(1), math.Inf(1)
	if c.p.Lower != nil {
		below = v - c.p.Lower[i]
	}
	if c.p.Upper != nil {
		above = c.p.Upper[i] - v
	}
	return above, below
}

// inside returns the value for x[i] that is nearest v in the domain.
func (c *checker) inside(i int, v float64) float64 {
	if c.p.Lower != nil {
		v = math.Max(v, c.p.Lower[i])
	}
	if c.p.Upper != nil {
		v = math.Min(v, c.p.Upper[i])
	}
	return v
}

// smooth returns Func at c.point if that is on the same side of all kinks as X.
func (c *checker) smooth(l *line) float64 {
	if c.p.Branch != nil && c.p.Branch(c.pointCopy()) != c.branch {
		l.crossed = true
		return math.NaN()
	}
	return c.eval(c.point)
}

// side returns how to take differences on l: 0 for central ones, 1 and −1 for
// one-sided ones where an edge of the domain is near, and false if there is no
// room for any.
func (l *line) side() (side int, ok bool) {
	near, far := math.Min(l.below, l.above), math.Max(l.below, l.above)
	switch {
	case near >= 0x1p-6*l.unit:
		return 0, true
	case !(far >= 0x1p-40*l.unit):
		return 0, false
	case l.above >= l.below:
		return 1, true
	}
	return -1, true
}

// reach returns the largest step to the given side.
func (l *line) reach(side int) float64 {
	switch side {
	case 1:
		return l.above
	case -1:
		return l.below
	}
	return math.Min(l.below, l.above)
}
