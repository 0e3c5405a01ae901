package samebits

import (
	"fmt"
	"math/big"
	"slices"

	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/mlp"
	"touchstone/mlp/exact"
)

// mlp records the forward and the backward pass of package mlp, the Hessian's product
// with the reversed θ, and training.
func (r *recorder) mlp(p *problem) {
	n := p.Net
	grad := make([]float64, len(p.Theta))
	if p.Loss == nil {
		tr := n.NewTrace(p.X.Rows)
		n.Forward(tr, p.Theta, p.X)
		n.Backward(tr, grad, p.Theta, p.DY)
		r.trace(p, tr, grad)
		return
	}
	o := mlp.NewObjective(n, p.Loss, p.X, p.T)
	o.Sum, o.Lambda = p.Sum, p.Lambda
	r.put("mlp", p.name+" loss", bits(o.Func(p.Theta)))
	o.Grad(grad, p.Theta)
	r.trace(p, o.Trace(), grad)
	o.HessVec(grad, p.Theta, p.reversed())
	r.put("mlp", p.name+" H·v", bits(grad...))

	theta := slices.Clone(p.Theta)
	err := mlp.SGD{Rate: rate, Batch: 2, Epochs: 3, Seed: 1}.Train(theta, o)
	r.put("mlp", p.name+" trained", bits(theta...)+fmt.Sprint(" ", err))
	n.InitGlorot(theta, 1)
	r.put("mlp", p.name+" InitGlorot", bits(theta...))
}

func (r *recorder) trace(p *problem, tr *mlp.Trace, grad []float64) {
	put := func(name string, m blas64.General) {
		for s := range m.Rows {
			for j, v := range row(m, s) {
				r.put("mlp", fmt.Sprintf("%s %s[%d,%d]", p.name, name, s, j), bits(v))
			}
		}
	}
	for l := range tr.Z {
		put(fmt.Sprint("z", l), tr.Z[l])
		put(fmt.Sprint("a", l), tr.A[l+1])
		put(fmt.Sprint("delta", l), tr.Delta[l])
	}
	put("dx", tr.DX)
	for i, g := range grad {
		r.put("mlp", p.name+" "+p.Net.ParamName(i), bits(g))
	}
}

// reversed returns θ from its end to its start.
func (p *problem) reversed() []float64 {
	v := slices.Clone(p.Theta)
	slices.Reverse(v)
	return v
}

// exact records what package exact returns, and whether that is an error: its wording may
// change.
func (r *recorder) exact(p *problem) {
	e, err := exact.Evaluate(p.Problem)
	r.put("exact", p.name+" is refused", fmt.Sprint(err != nil))
	if err != nil {
		return
	}
	r.put("exact", p.name+" passes", fmt.Sprint(e.Entries, e.FirstRounded, e.Rounded, e.Bits))
	r.ball(p.name+" loss", e.Loss)
	for i := range p.Theta {
		name := p.name + " " + p.Net.ParamName(i)
		r.ball(name, e.Grad[i])
		r.ball(name+" after", e.After[i])
	}
	r.balls(p.name+" dx", e.DX)
	for l := range e.Z {
		r.balls(fmt.Sprintf("%s z%d", p.name, l), e.Z[l])
		r.balls(fmt.Sprintf("%s a%d", p.name, l), e.A[l])
		r.balls(fmt.Sprintf("%s delta%d", p.name, l), e.Delta[l])
	}
	r.balls(p.name+" H·v", get(exact.HessVec(p.Problem, p.reversed())))
	r.put("scale", p.name+" Scales", bits(get(exact.Scales(p.Problem))...))
	r.decimals(p)
}

func (r *recorder) balls(name string, list []exact.Ball) {
	for i, b := range list {
		r.ball(fmt.Sprintf("%s[%d]", name, i), b)
	}
}

func (r *recorder) ball(name string, b exact.Ball) {
	what := bits(b.Value)
	if b.Rounded {
		what += " rounded"
	}
	if b.Kink {
		what += " kink"
	}
	r.put("exact", name, what)
	r.put("radius", name, bits(b.Radius))
	r.put("scale", name, bits(b.Scale))
}

// decimals records the results to 40 digits, and the objective to 200 bits.
func (r *recorder) decimals(p *problem) {
	d, err := exact.Digits(p.Problem)
	r.put("decimal", p.name+" is refused", fmt.Sprint(err != nil))
	if err == nil {
		r.put("decimal", p.name+" loss", d.Loss+" "+d.LossAfter)
		for i, s := range d.Grad {
			r.put("decimal", p.name+" "+p.Net.ParamName(i), s)
		}
		r.put("decimal", p.name+" others", fmt.Sprint(d.DX, d.Z, d.A, d.Delta, d.After))
	}
	theta := make([]*big.Float, len(p.Theta))
	for i, v := range p.Theta {
		theta[i] = big.NewFloat(v)
	}
	f := get(exact.Func(p.Problem))
	r.put("decimal", p.name+" Func", f(theta, 200).Text('p', 0))
}
