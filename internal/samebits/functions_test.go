package samebits

import (
	"fmt"
	"slices"

	"touchstone/activation"
	"touchstone/loss"
)

func (r *recorder) activations() {
	functions := []activation.Func2{
		activation.Identity{}, activation.Sigmoid{}, activation.Tanh{}, activation.ReLU{}, activation.Softplus{},
	}
	for _, z := range readPoints().Z {
		for _, f := range functions {
			r.put("activation", fmt.Sprintf("%v at %s", f, bits(z)), bits(f.Value(z), f.Deriv(z), f.Deriv2(z)))
		}
	}
}

func (r *recorder) losses() {
	p := readPoints()
	functions := []loss.Func2{loss.Squared{}, loss.CrossEntropy{}, loss.LogitCrossEntropy{}, loss.SoftmaxCrossEntropy{}}
	for _, f := range functions {
		for _, q := range p.Pairs {
			r.loss(f, bits(q...), q[:1], q[1:], []float64{1})
			r.loss(f, bits(q...)+" times 0.7", q[:1], q[1:], []float64{0.7})
		}
		for i, o := range p.Outputs {
			r.loss(f, fmt.Sprint(i), o.Y, o.T, o.V)
		}
	}
}

func (r *recorder) loss(f loss.Func2, name string, y, t, v []float64) {
	name = f.String() + " " + name
	dst := slices.Clone(y)
	r.put("loss", name+" Value", bits(f.Value(y, t)))
	f.Grad(dst, y, t)
	r.put("loss", name+" Grad", bits(dst...))
	f.HessVec(dst, y, t, v)
	r.put("loss", name+" HessVec", bits(dst...))
}
