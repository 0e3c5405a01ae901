package touchstone

import (
	"strconv"

	"touchstone/mlp/exact"
)

// NewCase returns a case with the exact results of p, for Judge: any network of
// any parameters and samples. It has a Step with the rate of p, and p's memory.
//
// It panics and has the errors of exact.Gradient. The error is also an
// *exact.InputError for a result that is infinite, above 1e999999, or below 1e−999999
// and not 0.
func NewCase(id string, p exact.Problem) (Case, error) {
	return newCase(id, p, exact.Fields{Loss: true, Grad: true, DX: true, Z: true, A: true, Delta: true, After: true, LossAfter: true})
}

// newCase is NewCase for what is wanted. The rest is in the case too, for a judge to
// take into account, but to no more than the digits of a float64, and such a number
// that nobody can tell is no error. An unwanted loss after the step is "".
func newCase(id string, p exact.Problem, wanted exact.Fields) (Case, error) {
	d, err := exact.DigitsOf(p, wanted)
	if err != nil {
		return Case{}, err
	}
	r, err := exact.Evaluate(p)
	if err != nil {
		return Case{}, err
	}
	c := Case{
		ID: id, Net: p.Net, Loss: p.Loss, Sum: p.Sum || p.Loss == nil, Lambda: p.Lambda, Theta: p.Theta, X: p.X, T: p.T, DY: p.DY,
		Exact: Exact{Loss: decimals([]string{d.Loss}, []exact.Ball{r.Loss})[0], Grad: decimals(d.Grad, r.Grad), DX: matrixOf(decimals(d.DX, r.DX), p.X.Rows)},
		Scale: Scale{Loss: r.Loss.Scale, Grad: scales(r.Grad), DX: matrixOf(scales(r.DX), p.X.Rows), After: scales(r.After)},
		Step:  &Step{Rate: p.Rate, Frozen: []string{}, Theta: decimals(d.After, r.After), Loss: Decimal(d.LossAfter)},
	}
	layers := func(digits [][]string, balls [][]exact.Ball) (all [][][]Decimal, scale [][][]float64) {
		for l, b := range balls {
			var s []string
			if digits != nil {
				s = digits[l]
			}
			all = append(all, matrixOf(decimals(s, b), p.X.Rows))
			scale = append(scale, matrixOf(scales(b), p.X.Rows))
		}
		return all, scale
	}
	c.Exact.Z, c.Scale.Z = layers(d.Z, r.Z)
	c.Exact.A, c.Scale.A = layers(d.A, r.A)
	c.Exact.Delta, c.Scale.Delta = layers(d.Delta, r.Delta)
	return c, nil
}

// decimals returns s or, where that is missing, the centres of the balls.
func decimals(s []string, balls []exact.Ball) []Decimal {
	d := make([]Decimal, len(balls))
	for i, b := range balls {
		switch {
		case i < len(s) && s[i] != "":
			d[i] = Decimal(s[i])
		case b.Value == 0 && b.Radius == 0:
			d[i] = "0"
		default: // not "0" for what has underflowed, which would say that it is exactly 0
			d[i] = Decimal(strconv.FormatFloat(b.Value, 'e', 16, 64))
		}
	}
	return d
}

func scales(b []exact.Ball) []float64 {
	s := make([]float64, len(b))
	for i := range b {
		s[i] = b[i].Scale
	}
	return s
}

// matrixOf cuts v into rows.
func matrixOf[T any](v []T, rows int) [][]T {
	m, cols := make([][]T, rows), len(v)/rows
	for i := range m {
		m[i] = v[i*cols : (i+1)*cols]
	}
	return m
}
