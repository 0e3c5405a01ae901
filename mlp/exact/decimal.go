package exact

// Decimals are the results of a Problem, correctly rounded to 40 significant
// digits as golden vectors have them: "-1.236…784e-41", and "0" for exactly zero.
// Loss, Grad, DX, Z, A, Delta and After are those of Result. What nobody wanted is nil
// or "".
type Decimals struct {
	Loss        string
	Grad, DX    []string
	Z, A, Delta [][]string
	After       []string
	LossAfter   string // at After, which no float64 need hold
}

const digits = 40

// Fields selects fields of Decimals.
type Fields struct {
	// The field of that name is wanted.
	Loss, Grad, DX, Z, A, Delta, After, LossAfter bool
}

// Digits returns the results of p as decimals, with the panics and errors of
// Gradient. The error is also an *InputError for a result that no such decimal
// holds: an infinite loss, or a number above 1e999999, or below 1e−999999 and not 0.
//
// A result that is below 2^−MaxBits/2 and may be zero is taken for zero, as one that
// is zero by symmetry would be.
func Digits(p Problem) (*Decimals, error) {
	return DigitsOf(p, Fields{true, true, true, true, true, true, true, true})
}

// DigitsOf is Digits for some of the results. Another one that no decimal holds is
// no error.
func DigitsOf(p Problem, wanted Fields) (*Decimals, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	d := new(Decimals)
	for bits := uint(200); ; bits *= 2 {
		c := &converter{ar: bigs{bits}, last: 2*bits > MaxBits}
		c.results(d, &p, wanted)
		if c.err != nil {
			return nil, c.err
		}
		if c.open == 0 || c.last {
			return d, nil
		}
	}
}

// results fills in what is wanted and still missing.
func (c *converter) results(d *Decimals, p *Problem, wanted Fields) {
	ar := splits{c.ar}
	v := newPass[split](ar, p).run()
	if wanted.Loss {
		c.one(&d.Loss, "loss", v.loss)
	}
	if wanted.Grad {
		c.list(&d.Grad, "the gradient", v.grad)
	}
	if wanted.DX {
		c.list(&d.DX, "dx", v.dx)
	}
	if wanted.After {
		c.list(&d.After, "theta after the step", v.after)
	}
	if wanted.Z {
		c.lists(&d.Z, "z", v.z)
	}
	if wanted.A {
		c.lists(&d.A, "a", v.a)
	}
	if wanted.Delta {
		c.lists(&d.Delta, "delta", v.delta)
	}
	if wanted.LossAfter && d.LossAfter == "" {
		after := v.loss
		if p.Rate != 0 {
			after = lossAt(ar, p, v.after)
		}
		c.one(&d.LossAfter, "loss after the step", after)
	}
}

// lossAt returns the objective at a θ of balls.
func lossAt(ar splits, p *Problem, theta []split) split {
	ps := newPass[split](ar, p)
	total, norm := ar.exactly(0), ar.exactly(0)
	for s := range p.X.Rows {
		var in []split
		for _, x := range row(p.X, s) {
			in = append(in, ar.exactly(x))
		}
		ps.a[0][s] = in
		for l, at := 0, 0; l < ps.L; l++ {
			layer := p.Net.Layer(l)
			w := theta[at : at+layer.Width*len(in)]
			at += len(w)
			z, a, deriv := make([]split, layer.Width), make([]split, layer.Width), make([]split, layer.Width)
			for j := range z {
				z[j] = ar.exactly(0)
				if !layer.NoBias {
					z[j] = theta[at+j]
				}
				for k := range in {
					z[j] = ar.add(z[j], ar.mul(w[j*len(in)+k], in[k])) // (1)
				}
				a[j], deriv[j], _ = ar.activate(layer.Activation, z[j]) // (2)
			}
			if !layer.NoBias {
				at += layer.Width
			}
			if s == 0 {
				for _, w := range w {
					norm = ar.add(norm, ar.mul(w, w))
				}
			}
			ps.z[l][s], ps.y[l][s], ps.deriv[l][s] = z, a, deriv
			in = a
		}
		ps.output(s)
		total = ar.add(total, ps.loss[s])
	}
	total = ps.mean(total)
	if p.Lambda == 0 {
		return total
	}
	return ar.add(total, ar.mul(ar.mul(ar.exactly(p.Lambda), ar.exactly(0.5)), norm)) // (3)
}
