package touchstone

import (
	"touchstone/mlp/exact"
)

// NewCase returns a case with the exact results of p, for Judge: any network of
// any parameters and samples. It has a Step with the rate of p, and p's memory.
//
// It panics and has the errors of exact.Gradient. The error is also an
// *exact.InputError for a result that is infinite or below 1e−999999.
func NewCase(id string, p exact.Problem) (Case, error) {
	d, err := exact.Digits(p)
	if err != nil {
		return Case{}, err
	}
	r, err := exact.Evaluate(p)
	if err != nil {
		return Case{}, err
	}
	c := Case{
		ID: id, Net: p.Net, Loss: p.Loss, Sum: p.Sum || p.Loss == nil, Lambda: p.Lambda, Theta: p.Theta, X: p.X, T: p.T, DY: p.DY,
		Exact: Exact{Loss: Decimal(d.Loss), Grad: decimals(d.Grad), DX: matrixOf(decimals(d.DX), p.X.Rows)},
		Scale: Scale{Loss: r.Loss.Scale, Grad: scales(r.Grad), DX: matrixOf(scales(r.DX), p.X.Rows), After: scales(r.After)},
		Step:  &Step{Rate: p.Rate, Frozen: []string{}, Theta: decimals(d.After), Loss: Decimal(d.LossAfter)},
	}
	for l := range d.Z {
		c.Exact.Z = append(c.Exact.Z, matrixOf(decimals(d.Z[l]), p.X.Rows))
		c.Exact.A = append(c.Exact.A, matrixOf(decimals(d.A[l]), p.X.Rows))
		c.Exact.Delta = append(c.Exact.Delta, matrixOf(decimals(d.Delta[l]), p.X.Rows))
		c.Scale.Z = append(c.Scale.Z, matrixOf(scales(r.Z[l]), p.X.Rows))
		c.Scale.A = append(c.Scale.A, matrixOf(scales(r.A[l]), p.X.Rows))
		c.Scale.Delta = append(c.Scale.Delta, matrixOf(scales(r.Delta[l]), p.X.Rows))
	}
	return c, nil
}

func decimals(s []string) []Decimal {
	d := make([]Decimal, len(s))
	for i := range s {
		d[i] = Decimal(s[i])
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
