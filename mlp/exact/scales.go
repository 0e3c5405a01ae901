package exact

import "math"

// Scales returns the Scale of every element of the gradient of p, like Evaluate but for
// its last digits, and with the panics and errors of Evaluate. It does not care whether
// a value is Rounded, and so can mostly do without the passes in math/big.
func Scales(p Problem) ([]float64, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	r := new(Result)
	collect(r, newPass[ball](doubles{}, &p).run(), ball.round)
	if r.isSharp() {
		scale(r, &p)
	} else {
		r, _ = Evaluate(p) // p is checked
	}
	out := make([]float64, len(r.Grad))
	for i, b := range r.Grad {
		out[i] = b.Scale
	}
	return out, nil
}

// isSharp reports whether all that scale reads is known to some digits: the sign of a
// rectifier's z too, but not sums over the samples, which may be open at 0.
func (r *Result) isSharp() bool {
	for l := range r.Z {
		for _, list := range [][]Ball{r.Z[l], r.A[l], r.Delta[l]} {
			for i := range list {
				if b := &list[i]; !b.Rounded && !(b.Radius < 0x1p-40*math.Abs(b.Value)) {
					return false
				}
			}
		}
	}
	return true
}
