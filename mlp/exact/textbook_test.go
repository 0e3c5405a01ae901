package exact_test

import (
	"math/big"

	"touchstone/activation"
	"touchstone/internal/bigfloat"
	"touchstone/loss"
	"touchstone/mlp/exact"
)

// A textbook is backpropagation as it stands in books, in plain math/big with
// enough bits that nothing it cancels matters: no balls, no fused losses, no
// splitting by signs. It shares only the elementary functions with the package.
type textbook struct {
	bits     uint
	loss     *big.Float
	grad, dx []*big.Float
	z, a, d  [][]*big.Float // by layer, one sample after the other
}

func (t *textbook) num(x float64) *big.Float { return t.zero().SetFloat64(x) }
func (t *textbook) zero() *big.Float         { return new(big.Float).SetPrec(t.bits) }
func (t *textbook) mul(a, b *big.Float) *big.Float {
	return t.zero().Mul(a, b)
}
func (t *textbook) sub(a, b *big.Float) *big.Float { return t.zero().Sub(a, b) }
func (t *textbook) quo(a, b *big.Float) *big.Float { return t.zero().Quo(a, b) }
func (t *textbook) addTo(a *big.Float, b *big.Float) {
	a.Add(a, b)
}

func newTextbook(p exact.Problem, bits uint) *textbook {
	t := &textbook{bits: bits}
	n, samples := p.Net, p.X.Rows
	L := n.NumLayers()
	t.z, t.a, t.d = make([][]*big.Float, L), make([][]*big.Float, L), make([][]*big.Float, L)
	t.loss = t.zero()
	t.grad = make([]*big.Float, n.NumParams())
	for i := range t.grad {
		t.grad[i] = t.zero()
	}
	by := t.num(1)
	if !p.Sum && p.Loss != nil {
		by = t.num(float64(samples))
	}
	for s := range samples {
		in := make([][]*big.Float, L+1)
		for _, x := range row(p.X, s) {
			in[0] = append(in[0], t.num(x))
		}
		deriv := make([][]*big.Float, L)
		for l := range L {
			w, b := n.Weights(p.Theta, l), n.Biases(p.Theta, l)
			for j := range w.Rows {
				z := t.zero()
				if b != nil {
					z.SetFloat64(b[j])
				}
				for k, wk := range row(w, j) {
					t.addTo(z, t.mul(t.num(wk), in[l][k]))
				}
				v, d := t.activate(n.Layer(l).Activation, z)
				in[l+1], deriv[l] = append(in[l+1], v), append(deriv[l], d)
				t.z[l], t.a[l] = append(t.z[l], z), append(t.a[l], v)
			}
		}
		var da []*big.Float
		if p.Loss == nil {
			for j, d := range row(p.DY, s) {
				da = append(da, t.num(d))
				t.addTo(t.loss, t.mul(da[j], in[L][j]))
			}
		} else {
			var value *big.Float
			value, da = t.lossOf(p.Loss, in[L], row(p.T, s))
			t.addTo(t.loss, t.quo(value, by))
		}
		for j := range da {
			da[j] = t.quo(da[j], by)
		}
		at := n.NumParams()
		for l := L - 1; l >= 0; l-- {
			w := n.Weights(p.Theta, l)
			biases := len(n.Biases(p.Theta, l))
			at -= w.Rows*w.Cols + biases
			next := make([]*big.Float, w.Cols)
			for k := range next {
				next[k] = t.zero()
			}
			for j := range w.Rows {
				d := t.mul(da[j], deriv[l][j])
				t.d[l] = append(t.d[l], d)
				for k, wk := range row(w, j) {
					t.addTo(t.grad[at+j*w.Cols+k], t.mul(d, in[l][k]))
					t.addTo(next[k], t.mul(d, t.num(wk)))
				}
				if biases > 0 {
					t.addTo(t.grad[at+w.Rows*w.Cols+j], d)
				}
			}
			da = next
		}
		t.dx = append(t.dx, da...)
	}
	if p.Lambda != 0 {
		at := 0
		for l := range L {
			for i, w := range n.Weights(p.Theta, l).Data {
				lw := t.mul(t.num(p.Lambda), t.num(w))
				t.addTo(t.grad[at+i], lw)
				t.addTo(t.loss, t.mul(t.mul(lw, t.num(w)), t.num(0.5)))
			}
			at += len(n.Weights(p.Theta, l).Data) + len(n.Biases(p.Theta, l))
		}
	}
	return t
}

func (t *textbook) activate(f activation.Func, z *big.Float) (value, deriv *big.Float) {
	switch f.(type) {
	case activation.Sigmoid:
		return bigfloat.Sigmoid(z, t.bits), bigfloat.SigmoidDeriv(z, t.bits)
	case activation.Tanh:
		return bigfloat.Tanh(z, t.bits), bigfloat.TanhDeriv(z, t.bits)
	case activation.Softplus:
		return bigfloat.Softplus(z, t.bits), bigfloat.Sigmoid(z, t.bits)
	case activation.ReLU:
		if z.Sign() <= 0 {
			return t.zero(), t.zero()
		}
	}
	return z, t.num(1)
}

func (t *textbook) lossOf(f loss.Func, y []*big.Float, target []float64) (value *big.Float, dy []*big.Float) {
	value = t.zero()
	one := t.num(1)
	if _, ok := f.(loss.SoftmaxCrossEntropy); ok {
		sum, total := t.zero(), t.zero()
		var e []*big.Float
		for j := range y {
			e = append(e, bigfloat.Exp(y[j], t.bits))
			t.addTo(sum, e[j])
			t.addTo(total, t.num(target[j]))
		}
		lse := bigfloat.Log(sum, t.bits)
		for j := range y {
			t.addTo(value, t.mul(t.num(target[j]), t.sub(lse, y[j])))
			dy = append(dy, t.sub(t.mul(total, t.quo(e[j], sum)), t.num(target[j])))
		}
		return value, dy
	}
	for j := range y {
		tj := t.num(target[j])
		switch f.(type) {
		case loss.Squared:
			d := t.sub(y[j], tj)
			t.addTo(value, t.mul(t.mul(d, d), t.num(0.5)))
			dy = append(dy, d)
		case loss.CrossEntropy:
			rest := t.sub(one, y[j])
			t.addTo(value, t.mul(t.num(-1), t.mul(tj, bigfloat.Log(y[j], t.bits))))
			t.addTo(value, t.mul(t.num(-1), t.mul(t.sub(one, tj), bigfloat.Log(rest, t.bits))))
			dy = append(dy, t.quo(t.sub(y[j], tj), t.mul(y[j], rest)))
		case loss.LogitCrossEntropy:
			t.addTo(value, t.sub(bigfloat.Softplus(y[j], t.bits), t.mul(tj, y[j])))
			dy = append(dy, t.sub(bigfloat.Sigmoid(y[j], t.bits), tj))
		}
	}
	return value, dy
}
