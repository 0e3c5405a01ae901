package gradcheck

import "math"

// Terms are what diagnose may ask of Func and of its parts. All are expensive.
type terms struct {
	// numeric returns the derivatives of each part at the entries, nil if there are no
	// parts.
	numeric func(entries []Entry) []quantity
	// analytic returns the gradient to be checked of each part alone, nil if there is
	// none.
	analytic func(entries []Entry) [][]float64
	// at returns the derivatives of Func at another x.
	at func(x []float64, entries []Entry) quantity
}

func (c *checker) terms() (t terms) {
	t.at = func(x []float64, entries []Entry) quantity { return c.numericAt(c.p.Func, x, entries) }
	if len(c.p.Parts) != 0 {
		t.numeric = c.numericParts
	}
	if c.p.PartGrad != nil {
		t.analytic = c.analyticParts
	}
	return t
}

func (c *checker) numericParts(entries []Entry) []quantity {
	if c.parts == nil {
		c.parts = make([]quantity, len(c.x))
	}
	var unknown []Entry
	for _, e := range entries {
		if c.parts[e.Index].value == nil {
			unknown = append(unknown, e)
		}
	}
	if len(unknown) > 0 {
		for _, part := range c.p.Parts {
			q := c.numericAt(part, c.x, unknown)
			for k, e := range unknown {
				known := &c.parts[e.Index]
				known.value, known.err = append(known.value, q.value[k]), append(known.err, q.err[k])
			}
		}
	}
	all := make([]quantity, len(c.p.Parts))
	for s := range all {
		for _, e := range entries {
			known := c.parts[e.Index]
			all[s].value, all[s].err = append(all[s].value, known.value[s]), append(all[s].err, known.err[s])
		}
	}
	return all
}

// numericAt returns derivatives of f at x. No second opinion is asked for, so that
// they may be off by more than their bounds.
func (c *checker) numericAt(f func(x []float64) float64, x []float64, entries []Entry) (q quantity) {
	sub := newChecker(c.p, c.s)
	sub.p.Func = f
	copy(sub.x, x)
	if c.p.Branch != nil {
		copy(sub.arg, x)
		sub.branch = c.p.Branch(sub.arg)
	}
	sub.f0 = sub.eval(sub.x)
	sub.noise = sub.noiseLevel(sub.x)
	for _, e := range entries {
		d := derive(sub.coordinate(e.Index), firstStep, sub.f0, sub.noise)
		q.value = append(q.value, d.value)
		q.err = append(q.err, doubt*d.bound)
	}
	c.r.Evaluations += sub.r.Evaluations
	return q
}

func (c *checker) analyticParts(entries []Entry) [][]float64 {
	all := make([][]float64, len(c.p.Parts))
	grad := make([]float64, len(c.x))
	for s := range all {
		for i := range grad {
			grad[i] = math.NaN() // what is not overwritten stays NaN and fits nothing
		}
		copy(c.arg, c.x)
		c.p.PartGrad(grad, c.arg, s)
		for _, e := range entries {
			all[s] = append(all[s], grad[e.Index])
		}
	}
	return all
}
