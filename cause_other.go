package touchstone

import (
	"fmt"
	"math"
	"slices"
)

// penalty looks for mistakes in the regulariser alone.
func (d *detective) penalty() *Cause {
	if d.c.Lambda == 0 || len(d.grad) == 0 || !d.isWrong() {
		return nil
	}
	n := float64(d.c.X.Rows)
	for _, f := range []factor{
		{0, "MISSING", "the gradient lacks the regulariser"},
		{2, "SCALE", "the regulariser counts twice in the gradient: ½ was forgotten"},
		{-1, "SIGN", "the regulariser has the wrong sign in the gradient"},
		{1 / n, "REDUCTION", "the regulariser was divided by the number of samples"},
		{n, "REDUCTION", "the regulariser was multiplied by the number of samples"},
		{0.5, "SCALE", "the regulariser counts half in the gradient"},
	} {
		if d.all(1, f.value) {
			return &Cause{f.kind, f.text}
		}
	}
	says := false
	for i := range d.grad {
		p := &d.grad[i]
		for k, got := range p.got {
			wrong := 0.0
			if p.bias {
				wrong = d.c.Lambda * d.c.Theta[p.from+k]
			}
			if !explained(got-(p.want[k]+p.penalty[k]+wrong), p.bound[k]) {
				return nil
			}
			says = says || clearly(wrong, p.bound[k])
		}
	}
	if !says {
		return nil
	}
	return &Cause{"SCALE", "the regulariser covers the biases too"}
}

// all reports whether the whole gradient is r times what it should be, and its
// penalty q times, and clearly so.
func (d *detective) all(r, q float64) bool {
	says := false
	for i := range d.grad {
		if !d.grad[i].is(r, q) {
			return false
		}
		says = says || d.grad[i].says(r, q)
	}
	return says
}

// lossOnly looks for a factor or a forgotten regulariser in a loss that fails
// alone.
func (d *detective) lossOnly() *Cause {
	failed := d.failed()
	if len(failed) != 1 || failed[0].Stage != "loss" {
		return nil
	}
	e := failed[0].entries[0]
	for _, f := range d.factors("loss") {
		if failed[0].is(f.value) {
			text := "the loss " + f.text
			if d.claimsGradient() {
				text += "; the gradient is not that of this loss"
			}
			return &Cause{f.kind, text}
		}
	}
	half := d.c.penalty()
	for _, f := range []factor{{-1, "MISSING", "the loss lacks the regulariser"}, {1, "SCALE", "the loss has the regulariser twice: ½ was forgotten"}} {
		if clearly(half, e.bound) && explained(e.got-e.value-f.value*half, e.bound) {
			return &Cause{f.kind, f.text}
		}
	}
	return nil
}

// permuted looks for the right entries at wrong places.
func (d *detective) permuted() *Cause {
	for i := range d.grad {
		p := &d.grad[i]
		if p.is(1, 1) || p.bias {
			continue
		}
		w := d.c.Net.Weights(d.c.Theta, p.layer)
		transposed := make([]float64, len(p.got))
		for j := range w.Rows {
			for k := range w.Cols {
				transposed[k*w.Rows+j] = p.want[j*w.Cols+k] + p.penalty[j*w.Cols+k]
			}
		}
		if p.differs(slices.Max(p.bound)) && near(p.got, transposed, slices.Max(p.bound)) {
			return &Cause{"TRANSPOSE", fmt.Sprintf("%s holds the gradient transposed, column by column", p.name)}
		}
	}
	for _, b := range d.failed() {
		var got, want []float64
		largest := 0.0
		for _, e := range b.entries {
			got, want, largest = append(got, e.got), append(want, e.value), math.Max(largest, e.bound)
		}
		slices.Sort(got)
		slices.Sort(want)
		if clearly(b.entries[b.worst].off, largest) && near(got, want, largest) {
			return &Cause{"ORDER", b.Name + " has the right numbers in another order"}
		}
	}
	return nil
}

// differs reports whether a part is clearly not what it should be.
func (p *part) differs(bound float64) bool {
	for i, got := range p.got {
		if clearly(got-p.want[i]-p.penalty[i], bound) {
			return true
		}
	}
	return false
}

func near(got, want []float64, bound float64) bool {
	for i := range got {
		if !explained(got[i]-want[i], bound) {
			return false
		}
	}
	return true
}

// leak looks for a computation in less precision than is claimed.
func (d *detective) leak() *Cause {
	for p := d.claim.Precision + 1; int(p) < len(formats); p++ {
		m := newLimits(d.c, d.right, p)
		fits, large := true, false
		for i := range d.blocks {
			b := d.blocks[i] // a copy, to be judged again
			b.entries = slices.Clone(b.entries)
			m.allow(&b)
			b.judge(formats[p].largest)
			failed := d.blocks[i].Outcome == Fail
			large = large || failed && b.Error >= 0x1p-10
			worst := b.entries[d.blocks[i].worst]
			// Where the bound is not far below the value, anything would fit.
			says := 8*worst.bound < math.Abs(worst.value)
			fits = fits && b.Error <= 1 && (says || !failed)
		}
		if fits && large { // and not some small error of another kind
			return &Cause{"PRECISION", fmt.Sprintf("the errors are those of %v: a part of it was computed or stored so", p)}
		}
	}
	return nil
}

// largeFactor looks for a factor that nobody knows, further from 1 than what a lower
// precision loses may be in all numbers, and otherFactor for any.
func (d *detective) largeFactor() *Cause { return d.factorBeyond(0x1p-6) }
func (d *detective) otherFactor() *Cause { return d.factorBeyond(0) }

func (d *detective) factorBeyond(least float64) *Cause {
	if !d.isWrong() {
		return nil
	}
	for _, penalised := range []float64{0, 1} {
		count, best, r := 0, 0.0, 0.0
		for i := range d.grad {
			p := &d.grad[i]
			for k, want := range p.want {
				want += penalised * p.penalty[k]
				if sure := math.Abs(want) / p.bound[k]; sure > best {
					best, r = sure, (p.got[k]-(1-penalised)*p.penalty[k])/want
				}
				count++
			}
		}
		if count > 1 && math.Abs(r-1) > least && d.all(r, 1+penalised*(r-1)) {
			return &Cause{"SCALE", fmt.Sprintf("the gradient is %.6g times what it should be", r)}
		}
	}
	return nil
}
