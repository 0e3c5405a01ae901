package touchstone

import "math"

// step looks for mistakes in a step with a gradient that is right, or is what the
// step took.
func (d *detective) step() *Cause {
	c := d.c
	if d.claim.Grad == nil || d.claim.After == nil || !d.failsIn("update") || d.isWrong() {
		return nil
	}
	gotten := func(r float64, frozen bool) bool {
		says := false
		for _, layer := range d.proof.params {
			for _, b := range layer {
				rate := b.rate
				if frozen {
					rate = c.Step.Rate
				}
				for i, g := range b.gradient.block.entries {
					e := &b.step.block.entries[b.from+i]
					if !explained(e.got-(c.Theta[b.from+i]-r*rate*g.value), (1+math.Abs(r))*e.bound) {
						return false
					}
					says = says || clearly((r*rate-b.rate)*g.value, e.bound)
				}
			}
		}
		return says
	}
	switch {
	case gotten(-1, false):
		return &Cause{"SIGN", "the step adds the gradient instead of subtracting it"}
	case gotten(0, false):
		return &Cause{"MISSING", "the step changes nothing"}
	case gotten(1, true): // never so if none is
		return &Cause{"MISSING", "the step moves blocks that are frozen"}
	}
	for _, f := range d.factors("update") {
		if gotten(f.value, false) {
			return &Cause{f.kind, "the change of the step " + f.text}
		}
	}
	return nil
}

// insteadOfStep looks for what is claimed in place of theta after the step.
func (d *detective) insteadOfStep() *Cause {
	if !d.failsIn("update") || len(d.failed()) > 1 {
		return nil
	}
	rate := d.c.Step.Rate
	for _, what := range []struct {
		r    float64
		text string
	}{
		{1, "the gradient"},
		{-rate, "the change, −rate times the gradient,"},
		{rate, "rate times the gradient"},
	} {
		if what.r != 0 && d.holds(what.r) {
			return &Cause{"MISSING", "after holds " + what.text + " instead of theta after the step"}
		}
	}
	return nil
}

// holds reports whether r times the gradient is claimed in place of theta after the
// step, and clearly so. Frozen parameters may be themselves.
func (d *detective) holds(r float64) bool {
	says := false
	for _, layer := range d.proof.params {
		for _, b := range layer {
			for i := b.from; i < b.to; i++ {
				e := &b.step.block.entries[i]
				if b.rate == 0 && e.off <= e.bound {
					continue
				}
				g, bound := d.c.Exact.Grad[i].Float64(), d.limits.gradient(b.layer, i, layer[0].from, d.c)
				if !explained(e.got-r*g, math.Abs(r)*bound) {
					return false
				}
				says = says || r*g != 0
			}
		}
	}
	return says
}
