package exact

import (
	"math/big"

	"touchstone/activation"
	"touchstone/internal/bigfloat"
)

// Func returns the objective of p as a function of θ in math/big: its value with a
// relative error of a few times 2^−prec, but for cancellation in its sums. It is a
// forward pass and nothing else, so that its differences owe nothing to any
// derivation of a gradient. It fits gradcheck.Problem's Big.
//
// Where the objective is infinite or undefined, at a θ that is not finite too, the
// value is +Inf. Results beyond the exponents of math/big count as 0 or +Inf.
//
// p.Theta is not used. Panics and errors are those of Evaluate; what Func returns
// panics only if its θ does not have NumParams elements.
func Func(p Problem) (func(theta []*big.Float, prec uint) *big.Float, error) {
	if p.Net == nil {
		panic("exact: nil Net")
	}
	p.Theta = make([]float64, p.Net.NumParams())
	if err := p.check(); err != nil {
		return nil, err
	}
	return func(theta []*big.Float, prec uint) *big.Float {
		if len(theta) != len(p.Theta) {
			panic("exact: length of theta is not NumParams")
		}
		f := forward{&p, theta, prec + 64} // for cancellation
		return new(big.Float).SetPrec(prec).Set(f.value())
	}, nil
}

// A forward is a forward pass in math/big, in equations (1) to (3) of package mlp.
type forward struct {
	p     *Problem
	theta []*big.Float
	prec  uint
}

func (f *forward) zero() *big.Float               { return new(big.Float).SetPrec(f.prec) }
func (f *forward) number(x float64) *big.Float    { return f.zero().SetFloat64(x) }
func (f *forward) mul(x, y *big.Float) *big.Float { return f.zero().Mul(x, y) }
func (f *forward) infinite() *big.Float           { return f.zero().SetInf(false) }

// add adds x to sum.
func (f *forward) add(sum, x *big.Float) { bigfloat.Add(sum, sum, x) }

// value returns the objective, or +Inf where there is none.
func (f *forward) value() (v *big.Float) {
	defer func() {
		switch e := recover().(type) {
		case nil:
		case big.ErrNaN: // ∞ − ∞ or 0·∞, which only an infinite θ or an overflow can make
			v = f.infinite()
		default:
			panic(e)
		}
	}()
	if v = f.objective(); v.IsInf() {
		v = f.infinite()
	}
	return v
}

func (f *forward) objective() *big.Float {
	p := f.p
	sum := f.zero()
	for s := range p.X.Rows {
		z, y := f.output(s)
		l := f.loss(s, z, y)
		if l.IsInf() {
			return f.infinite() // whatever the others are
		}
		f.add(sum, l)
	}
	sum.Quo(sum, f.number(p.divisor()))
	if p.Lambda == 0 {
		return sum
	}
	norm := f.zero()
	at := 0
	for l := range p.Net.NumLayers() {
		weights := len(p.Net.Weights(p.Theta, l).Data)
		for _, w := range f.theta[at : at+weights] {
			f.add(norm, f.mul(w, w))
		}
		at += weights + len(p.Net.Biases(p.Theta, l))
	}
	norm.SetMantExp(norm, -1)                   // ½λ may be no float64
	f.add(sum, f.mul(f.number(p.Lambda), norm)) // (3)
	return sum
}

// output returns the output of the network for sample s, and its pre-activations.
func (f *forward) output(s int) (z, a []*big.Float) {
	n := f.p.Net
	for _, x := range row(f.p.X, s) {
		a = append(a, f.number(x))
	}
	at := 0
	for l := range n.NumLayers() {
		width, bias := n.Layer(l).Width, at+n.Layer(l).Width*len(a)
		z = make([]*big.Float, width)
		next := make([]*big.Float, width)
		for j := range z {
			z[j] = f.zero()
			for k := range a {
				f.add(z[j], f.mul(f.theta[at+j*len(a)+k], a[k])) // (1)
			}
			if !n.Layer(l).NoBias {
				f.add(z[j], f.theta[bias+j])
			}
			next[j] = f.activate(n.Layer(l).Activation, z[j]) // (2)
		}
		at = bias
		if !n.Layer(l).NoBias {
			at += width
		}
		a = next
	}
	return z, a
}

func (f *forward) activate(g activation.Func, z *big.Float) *big.Float {
	switch g.(type) {
	case activation.Sigmoid:
		return bigfloat.Sigmoid(z, f.prec)
	case activation.Tanh:
		return bigfloat.Tanh(z, f.prec)
	case activation.Softplus:
		return bigfloat.Softplus(z, f.prec)
	case activation.ReLU:
		if z.Signbit() {
			return f.zero()
		}
	}
	return z
}
