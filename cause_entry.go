package touchstone

import "math"

// oneEntry looks for a known factor in a single number that is wrong.
func (d *detective) oneEntry() *Cause {
	var name, stage string
	var wrong entry
	count := 0
	for _, b := range d.failed() {
		if b.Stage == "update" && d.failsIn("gradient") {
			continue // it follows from the gradient
		}
		for i, e := range b.entries {
			if e.off <= e.bound {
				continue
			}
			count++
			name, stage, wrong = b.name(i), b.Stage, e
			if b.Stage == "update" {
				name, wrong = "the change of "+d.c.Net.ParamName(i), d.change(i, e)
				if d.claim.Grad == nil {
					stage = "gradient" // which may be why
				}
			}
		}
	}
	if count != 1 {
		return nil
	}
	for _, f := range append([]factor{{0, "MISSING", "is zero"}}, d.factors(stage)...) {
		if wrong.is(f.value) && clearly((f.value-1)*wrong.value, wrong.bound) {
			return &Cause{f.kind, "only " + name + " is wrong: it " + f.text}
		}
	}
	return nil
}

// change returns an entry of theta after the step as the change that it is.
func (d *detective) change(i int, e entry) entry {
	rate := d.c.Step.Rate
	if d.c.Step.isFrozen(d.c.Net.ParamName(i)) {
		rate = 0
	}
	e.got -= d.c.Theta[i]
	e.value = -rate * d.c.Exact.Grad[i].Float64()
	return e
}

// is reports whether an entry is r times what it should be.
func (e *entry) is(r float64) bool {
	return explained(e.got-r*e.value, (1+math.Abs(r))*e.bound)
}
