package touchstone

import "strings"

// isZero reports whether all that fails is claimed to be 0. Many mistakes lead to
// that, and it says nothing of which.
func (d *detective) isZero() bool {
	for _, b := range d.failed() {
		for _, e := range b.entries {
			if e.got != 0 {
				return false
			}
		}
	}
	return true
}

// zero names what is zero, unless that is what rounding leaves of a derivative.
func (d *detective) zero() *Cause {
	tail := fromRounded()
	tail.tail = false // all of it must be lost, and not just hidden by noise
	if d.explains(&tail, false) {
		return &tail.Cause
	}
	var found []string
	for _, b := range d.failed() {
		if b.Stage == "update" && d.failsIn("gradient") {
			continue // it follows from the gradient
		}
		if !b.is(0) {
			return nil
		}
		found = append(found, b.Name+" is zero")
	}
	return &Cause{"MISSING", strings.Join(found, "; ")}
}
