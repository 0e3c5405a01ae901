package touchstone

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp"
	"touchstone/mlp/exact"
)

// A lossy is a value with its U⁺ and its whole error.
type lossy struct{ v, up, err float64 }

// A losing is a format with what underflow costs in it, told as the comment of
// underflow tells it: number by number, in the order of the equations.
type losing struct{ unit, normal, most float64 }

func (f losing) lost(v, err float64) float64 {
	if v = math.Abs(v); v-err >= f.normal {
		return 0
	}
	return math.Min(v+err, f.most)
}

// input is a number that is rounded to the format.
func (f losing) input(v float64) lossy {
	up := f.lost(v, 0)
	return lossy{v, up, f.unit*math.Abs(v) + up}
}

// result is a number that is computed, with U and Scale.
func (f losing) result(v, u, scale float64, loses bool) lossy {
	if loses {
		u += f.lost(v, f.unit*scale+u)
	}
	return lossy{v, u, f.unit*scale + u}
}

// times returns U⁺ of a product.
func (f losing) times(x, y lossy) float64 {
	a, b := math.Abs(x.v), math.Abs(y.v)
	return a*y.up + b*x.up + x.err*y.err + f.lost(a*b, a*y.err+b*x.err+x.err*y.err)
}

// A summed is how many terms a sum has that are not 0, and of each sign.
type summed struct{ n, positive, negative float64 }

func (s *summed) add(x lossy) {
	s.n += flag(x.v != 0 || x.err != 0)
	s.positive += flag(x.v > 0 || x.v >= -x.err && x.err > 0)
	s.negative += flag(x.v < 0 || x.v <= x.err && x.err > 0)
}

func (s *summed) product(x, y lossy) {
	s.add(lossy{v: x.v * y.v, err: math.Abs(x.v)*y.err + math.Abs(y.v)*x.err + x.err*y.err})
}

// flushed is what partial sums may lose: each the smallest normal number, and a term of
// each sign is gone with it.
func (f losing) flushed(s summed) float64 {
	if f.most != f.normal {
		return 0
	}
	return math.Min(math.Floor(math.Max(0, s.n-1)/2), math.Min(s.positive, s.negative)) * f.normal
}

// costs computes U of everything but the loss, whose U⁺(∂E/∂y) it is given.
func (f losing) costs(c *Case, right *pass, dy []float64) underflow {
	L, N := c.Net.NumLayers(), c.X.Rows
	u := underflow{z: make([][]float64, L), a: make([][]float64, L), delta: make([][]float64, L), grad: make([][]float64, L)}
	a := make([][]lossy, L+1)
	slopes := make([][]float64, L)
	for _, x := range c.X.Data {
		in := f.input(x)
		a[0] = append(a[0], in)
	}
	for l := range L {
		w, b, act := c.Net.Weights(c.Theta, l), c.Net.Biases(c.Theta, l), c.Net.Layer(l).Activation
		relu, curved := act == activation.ReLU{}, act != activation.ReLU{} && act != activation.Identity{}
		for s := range N {
			for j := range w.Rows {
				at := s*w.Rows + j
				uz, terms := 0.0, summed{}
				for k := range w.Cols {
					uz += f.times(f.input(w.Data[j*w.Cols+k]), a[l][s*w.Cols+k])
					terms.product(f.input(w.Data[j*w.Cols+k]), a[l][s*w.Cols+k])
				}
				if b != nil {
					uz += f.input(b[j]).up
					terms.add(f.input(b[j]))
				}
				uz += f.flushed(terms)
				z := f.result(right.z[l][at], uz, c.Scale.Z[l][s][j], true)
				slope := math.Abs(right.slope[l][at])
				ua, us := slope*z.up, 0.0
				if relu && math.Abs(z.v) <= 2*(f.unit*c.Scale.Z[l][s][j]+z.up) {
					ua = f.unit*c.Scale.Z[l][s][j] + z.up
				}
				if curved {
					us = 2*slope*z.up + f.lost(slope, 2*slope*z.err+8*f.unit*slope)
				}
				u.z[l], u.a[l], slopes[l] = append(u.z[l], uz), append(u.a[l], ua), append(slopes[l], us)
				a[l+1] = append(a[l+1], f.result(right.a[l+1][at], ua, c.Scale.A[l][s][j], curved))
			}
		}
	}
	da := dy
	for l := L - 1; l >= 0; l-- {
		w, b, act := c.Net.Weights(c.Theta, l), c.Net.Biases(c.Theta, l), c.Net.Layer(l).Activation
		curved := act != activation.ReLU{} && act != activation.Identity{}
		below := make([]float64, N*w.Cols)
		grad := make([]float64, len(w.Data)+len(b))
		terms := make([]summed, len(grad))
		for s := range N {
			errs, inputs := make([]float64, w.Cols), make([]summed, w.Cols)
			for j := range w.Rows {
				at := s*w.Rows + j
				ud := math.Abs(right.da[l+1][at])*slopes[l][at] + math.Abs(right.slope[l][at])*da[at]
				u.delta[l] = append(u.delta[l], ud)
				delta := f.result(right.delta[l][at], ud, c.Scale.Delta[l][s][j], curved)
				for k := range w.Cols {
					weight := f.input(w.Data[j*w.Cols+k])
					grad[j*w.Cols+k] += f.times(delta, a[l][s*w.Cols+k])
					terms[j*w.Cols+k].product(delta, a[l][s*w.Cols+k])
					inputs[k].product(weight, delta)
					below[s*w.Cols+k] += f.times(weight, delta)
					errs[k] += math.Abs(weight.v)*delta.err + math.Abs(delta.v)*weight.err + weight.err*delta.err
					errs[k] += f.unit * float64(w.Rows+3) * math.Abs(weight.v*delta.v) // of the sum
				}
				if b != nil {
					grad[len(w.Data)+j] += delta.up
					terms[len(w.Data)+j].add(delta)
				}
			}
			for k := range errs {
				below[s*w.Cols+k] += f.flushed(inputs[k])
				if l > 0 {
					below[s*w.Cols+k] += f.lost(right.da[l][s*w.Cols+k], errs[k]+below[s*w.Cols+k])
				}
			}
		}
		if c.Lambda != 0 {
			for i, v := range w.Data {
				grad[i] += f.times(f.input(c.Lambda), f.input(v))
				terms[i].product(f.input(c.Lambda), f.input(v))
			}
		}
		for i := range grad {
			grad[i] += f.flushed(terms[i])
		}
		u.grad[l], da = grad, below
	}
	u.dx = da
	i := 0
	for l := range L {
		for k, ug := range u.grad[l] {
			p := f.times(f.input(c.Step.Rate), f.result(right.grad[l][k], ug, c.Scale.Grad[i], true))
			u.after = append(u.after, f.input(c.Theta[i]).up+p)
			i++
		}
	}
	return u
}

// outputs computes U of the loss, and U⁺(∂E/∂y): the derivatives of ℓ and of ∂ℓ/∂y by
// y and t, and what is lost of the terms, with Scale of each as the golden README has it.
func (f losing) outputs(c *Case, right *pass, uy []float64) (total float64, dy []float64) {
	L, K, N := c.Net.NumLayers(), c.Net.Outputs(), c.X.Rows
	var terms summed
	half := math.Abs(c.Lambda) / 2
	for l := range L {
		for _, w := range c.Net.Weights(c.Theta, l).Data {
			if half != 0 {
				in := f.input(w).up
				total += half*2*math.Abs(w)*in + half*f.lost(w*w, f.unit*2*w*w) + f.lost(half*w*w, f.unit*4*half*w*w) + w*w*f.input(half).up
				terms.add(lossy{v: c.Lambda / 2 * w * w})
			}
		}
	}
	share := 1 / meanOver(c)
	k := float64(K)
	for s := range N {
		ul, value, scale, uds, sds := 0.0, 0.0, 0.0, make([]float64, K), make([]float64, K)
		y, uy, sy := right.a[L][s*K:][:K], uy[s*K:][:K], c.Scale.A[L-1][s]
		term := func(v, err float64) { terms.add(lossy{v: v, err: err}) }
		sum, shift, shiftScale, targets, size, lostTargets := 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
		top := 0
		for j, v := range y {
			if v > y[top] {
				top = j
			}
		}
		for j := range y {
			if c.Loss != nil {
				targets += c.T.Data[s*K+j]
				size += math.Abs(c.T.Data[s*K+j])
				lostTargets += f.input(c.T.Data[s*K+j]).up
			}
			sum += math.Exp(y[j])
			e := math.Exp(y[j] - y[top])
			err := f.unit*(sy[j]+8) + uy[j] + f.unit*sy[top] + uy[top]
			shift += math.Exp(y[top]) * (e*uy[j] + f.lost(e, e*err))
			shiftScale += math.Exp(y[j]) * sy[j]
		}
		for j, v := range y {
			e := f.unit*sy[j] + uy[j] // of y
			if c.Loss == nil {
				d := f.input(c.DY.Data[s*K+j])
				uds[j], sds[j] = d.up, math.Abs(d.v)
				ul += f.times(d, lossy{v, uy[j], e})
				value += d.v * v
				scale += math.Abs(d.v)*sy[j] + (k+1)*math.Abs(d.v*v)
				terms.product(d, lossy{v, uy[j], e})
				continue
			}
			t := c.T.Data[s*K+j]
			ut, at, rest := f.input(t).up, math.Abs(t), math.Abs(1-t)
			switch c.Loss.(type) {
			case loss.Squared: // ℓ = ½(y−t)²
				d := math.Abs(v - t)
				uds[j], sds[j] = uy[j]+ut, sy[j]+at+3*d
				r := lossy{v - t, 0, f.unit*sds[j] + uds[j]}
				square := 2*d*r.err + r.err*r.err
				ul += d*uy[j] + f.lost(d*d, square) + f.lost(d*d/2, square/2)
				value += d * d / 2
				scale += d*(sy[j]+at+d) + (k+4)*d*d/2
				term(math.Max(d, r.err), 0)
			case loss.CrossEntropy: // ∂ℓ/∂y = (y−t)/(y(1−y))
				q := v * (1 - v)
				g := math.Abs(v-t) / q
				uds[j] = (uy[j]+ut+f.lost(v-t, e+f.unit*at+ut))/q + g*math.Abs(1-2*v)/q*uy[j]
				sds[j] = (sy[j]+at)/q + g*math.Abs(1-2*v)/q*sy[j] + 8*g
				one, other := -t*math.Log(v), -(1-t)*math.Log1p(-v)
				ul += g*uy[j] + ut*math.Abs(math.Log(v/(1-v)))
				ul += f.lost(one, at/v*e-(ut+8*f.unit*at)*math.Log(v))
				ul += f.lost(other, rest/(1-v)*e-(ut+8*f.unit*(at+rest))*math.Log1p(-v))
				value += one + other
				scale += g*sy[j] + at*math.Abs(math.Log(v/(1-v))) + (k+12)*(math.Abs(one)+math.Abs(other))
				term(one, 0)
				term(other, 0)
			case loss.LogitCrossEntropy: // ℓ = log(1+e^y) − ty
				p := 1 / (1 + math.Exp(-v))
				uds[j] = p*(1-p)*uy[j] + ut + f.lost(p, p*(1-p)*e+8*f.unit*p)
				sds[j] = p*(1-p)*sy[j] + 8*p + at + 3*math.Abs(p-t)
				soft := math.Log1p(math.Exp(v))
				ul += math.Abs(p-t)*uy[j] + ut*math.Abs(v)
				ul += f.lost(soft, p*e+8*f.unit*soft) + f.lost(t*v, at*e+(f.unit*at+ut)*math.Abs(v))
				value += soft - t*v
				scale += math.Abs(p-t)*sy[j] + 2*at*math.Abs(v) + (k+12)*(at*math.Abs(v)+soft)
				term(soft, 0)
				term(-t*v, at*e+(f.unit*at+ut)*math.Abs(v))
			case loss.SoftmaxCrossEntropy: // ℓ = −Σ t·log p, ∂ℓ/∂y = T·p − t
				p := math.Exp(v) / sum
				up, sp := p*(shift/sum+uy[j]), p*(shiftScale/sum+sy[j]+8+k)
				uds[j] = size*(up+f.lost(p, f.unit*sp+up)) + p*lostTargets + ut
				uds[j] += f.lost(targets*p, size*(f.unit*sp+up)+p*lostTargets)
				sds[j] = math.Abs(targets)*sp + p*(k+1)*size + at + 3*math.Abs(targets*p-t)
				u := at*(uy[j]+shift/sum) - ut*math.Log(p)
				sl := at * (sy[j] + shiftScale/sum + (2*k+12)*(math.Abs(v)+math.Abs(math.Log(sum))))
				ul += u + f.lost(t*math.Log(p), f.unit*sl+u)
				value -= t * math.Log(p)
				scale += sl
				term(-t*math.Log(p), 0)
			}
		}
		us := f.input(share).up
		total += share*ul + math.Abs(value)*us + f.lost(share*value, share*(f.unit*scale+ul))
		for j, ud := range uds {
			d := right.da[L][s*K+j]
			e := share*ud + math.Abs(d)/share*us
			dy = append(dy, e+f.lost(d, e+f.unit*share*sds[j]))
		}
	}
	return total + f.flushed(terms), dy
}

// assertUnderflow compares what underflow costs with its formulas.
func assertUnderflow(t *testing.T, c *Case, right *pass, in format) {
	t.Helper()
	L, K := c.Net.NumLayers(), c.Net.Outputs()
	name := fmt.Sprint(c.Net, " ", c.Loss, " in ", in.name)
	f := losing{in.unit, in.normal, in.lost}
	got := newUnderflow(c, right, in)
	uy := make([]float64, c.X.Rows*K) // U⁺(y)
	for i := range uy {
		uy[i] = got.a[L-1][i]
		if isCurved(c.Net.Layer(L - 1).Activation) {
			uy[i] = f.result(right.a[L][i], uy[i], c.Scale.A[L-1][i/K][i%K], true).up
		}
	}
	total, dy := f.outputs(c, right, uy)
	want := f.costs(c, right, dy)
	same := func(what string, got, want []float64) {
		t.Helper()
		require.Len(t, got, len(want))
		for i := range want {
			if !(math.Abs(got[i]-want[i]) <= 1e-9*want[i]) {
				t.Fatalf("%s: U of %s[%d] is %v, want %v", name, what, i, got[i], want[i])
			}
		}
	}
	for l := range L {
		same("z", got.z[l], want.z[l])
		same("a", got.a[l], want.a[l])
		same("δ", got.delta[l], want.delta[l])
		same("∂", got.grad[l], want.grad[l])
	}
	same("∂x", got.dx, want.dx)
	same("θ", got.after, want.after)
	same("E", got.loss, []float64{total})
}

// netsFor returns networks of three layers with all functions in each, but for a
// cross-entropy, whose outputs are probabilities. The second has a layer without biases.
func netsFor(l loss.Func) (nets []*mlp.Net) {
	acts := []activation.Func{activation.Identity{}, activation.Sigmoid{}, activation.Tanh{}, activation.ReLU{}, activation.Softplus{}}
	for k, first := range acts {
		last := acts[(k+1)%len(acts)]
		if l == (loss.CrossEntropy{}) {
			last = activation.Sigmoid{}
		}
		nets = append(nets, mlp.New(3, mlp.Layer{Width: 4, Activation: first, NoBias: k == 1}, mlp.Layer{Width: 2, Activation: acts[(k+2)%len(acts)]}, mlp.Layer{Width: 3, Activation: last}))
	}
	return nets
}

// What underflow costs is what its formulas say, where numbers of all sizes meet, in formats
// that have these sizes, and in those where all of them are near the smallest normal number.
func TestUnderflowIsItsFormulas(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 7))
	for _, l := range []loss.Func{nil, loss.Squared{}, loss.CrossEntropy{}, loss.LogitCrossEntropy{}, loss.SoftmaxCrossEntropy{}} {
		for k, n := range netsFor(l) {
			for _, sizes := range []struct {
				least, most, targets float64 // powers of two
				formats              []format
			}{
				{-16, 2, -14, formats[Float32:]},
				{-3, 1, -3, []format{
					{name: "some of it lost", unit: 0x1p-6, normal: 0x1p-3, lost: 0x1p-3},
					{name: "digits of it lost", unit: 0x1p-5, normal: 0x1p-2, lost: 0x1p-6},
					{name: "most of it lost", unit: 0x1p-8, normal: 1, lost: 1},
					{name: "nearly all lost", unit: 0x1p-8, normal: 8, lost: 8},
					{name: "all lost", unit: 0x1p-8, normal: 0x1p40, lost: 0x1p39}, // not equal, which would add partial sums of that size
				}},
			} {
				size := signed(rnd, sizes.least, sizes.most)
				p := exact.Problem{Net: n, Loss: l, Theta: filled(1, n.NumParams(), size).Data, X: filled(2, 3, size), Rate: size(), Lambda: size(), Sum: k == 2}
				if k == 3 {
					p.Lambda = 0
				}
				if p.T = filled(2, 3, signed(rnd, sizes.targets, 1)); l == nil {
					p.T, p.DY = p.DY, filled(2, 3, size)
				}
				c, err := NewCase("", p)
				require.NoError(t, err)
				right := rightPass(&c)
				for _, f := range sizes.formats {
					assertUnderflow(t, &c, right, f)
				}
			}
		}
	}
	u := underflower{unit: 0x1p-11, normal: 0x1p-14, most: 0x1p-14}
	assert.Zero(t, u.lost(0x1p-14, 0), "the smallest normal number is one")
	assert.Equal(t, 0x1p-14, u.lost(-0x1p-14, 0x1p-30))
	assert.Equal(t, 0x3p-16, u.lost(-0x1p-15, 0x1p-16))
	// Where outputs are their targets, squares of errors are terms all the same: here beside
	// a regulariser below 0.
	c, err := NewCase("", exact.Problem{Net: mlp.New(1, line(1)), Loss: loss.Squared{}, Theta: []float64{1}, X: column(1, 2, 3), T: column(1, 2, 3), Lambda: -1, Rate: 1})
	require.NoError(t, err)
	assertUnderflow(t, &c, rightPass(&c), formats[Float16])

	var s signs
	s.add(1, 1)
	s.add(-1, 1)
	assert.Equal(t, signs{all: 2, positive: 2, negative: 2}, s, "what is as large as its error may have either sign")
}
