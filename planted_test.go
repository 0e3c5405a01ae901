package touchstone

import (
	"math"
	"testing"

	"touchstone/activation"
	"touchstone/loss"
)

// A planted is backpropagation written once more, sample by sample and rounding
// after every operation, with a mistake that a claim is made of.
type planted struct {
	name, kind string
	cause      string // part of the text that is right
	cases      func(c *Case) bool
	round      func(float64) float64

	deriv  func(l int, f activation.Func, z, a float64) float64
	value  func(f activation.Func, z float64) float64
	dy     func(c *Case, y, t []float64) []float64
	sample func(s, n int) float64 // factor of the sample's gradient
	bias   func(s, n int) float64
	from   func(s, n int) int
	theta  func(c *Case, theta []float64) []float64           // in (1)
	weight func(c *Case, grad []float64, l, j, k int) float64 // in (8)
	after  func(c *Case, k *Claim)                            // on the finished claim
}

func (b planted) claim(c *Case) Claim {
	r := b.round
	if r == nil {
		r = func(x float64) float64 { return x }
	}
	n, L, N := c.Net, c.Net.NumLayers(), c.X.Rows
	k := Claim{Grad: make([]float64, len(c.Theta)), Loss: new(float64)}
	k.Z, k.A, k.Delta = make([][]float64, L), make([][]float64, L), make([][]float64, L)
	theta := make([]float64, len(c.Theta))
	for i, v := range c.Theta {
		theta[i] = r(v)
	}
	forward := theta
	if b.theta != nil {
		forward = b.theta(c, theta)
	}
	var ys [][]float64
	acts, zs := make([][][]float64, N), make([][][]float64, N)
	for s := range N {
		var in []float64
		for _, x := range rowOf(c.X, s) {
			in = append(in, r(x))
		}
		acts[s] = append(acts[s], in)
		for l := range L {
			w, bias := n.Weights(forward, l), n.Biases(forward, l)
			var z, a []float64
			for j := range w.Rows {
				sum := 0.0
				for i, x := range in {
					sum = r(sum + r(w.Data[j*w.Cols+i]*x))
				}
				if bias != nil {
					sum = r(sum + bias[j])
				}
				v := n.Layer(l).Activation.Value(sum)
				if b.value != nil {
					v = b.value(n.Layer(l).Activation, sum)
				}
				z, a = append(z, sum), append(a, r(v))
			}
			k.Z[l], k.A[l] = append(k.Z[l], z...), append(k.A[l], a...)
			zs[s], acts[s] = append(zs[s], z), append(acts[s], a)
			in = a
		}
		ys = append(ys, in)
	}
	share := 1.0
	if !c.Sum && c.Loss != nil {
		share = 1 / float64(N)
	}
	for s := range N {
		from := s
		if b.from != nil {
			from = b.from(s, N)
		}
		var da, t []float64
		if c.Loss == nil {
			for j, d := range rowOf(c.DY, from) {
				da = append(da, r(d))
				*k.Loss = r(*k.Loss + r(r(d)*ys[s][j]))
			}
		} else {
			for _, v := range rowOf(c.T, from) {
				t = append(t, r(v))
			}
			da = make([]float64, len(t))
			c.Loss.Grad(da, ys[from], t)
			if sq := (loss.Squared{}); c.Loss == sq {
				for j := range da {
					da[j] = r(da[j])
				}
			}
			if b.dy != nil {
				da = b.dy(c, ys[from], t)
			}
			*k.Loss = r(*k.Loss + r(r(c.Loss.Value(ys[s], t))*share))
		}
		for j := range da {
			da[j] = r(r(da[j]) * share)
		}
		counts, biasCounts := 1.0, 1.0
		if b.sample != nil {
			counts = b.sample(s, N)
		}
		if b.bias != nil {
			biasCounts = b.bias(s, N)
		}
		for l := L - 1; l >= 0; l-- {
			w, gw, gb := n.Weights(theta, l), n.Weights(k.Grad, l), n.Biases(k.Grad, l)
			f, in := n.Layer(l).Activation, acts[s][l]
			next := make([]float64, w.Cols)
			for j := range w.Rows {
				d := f.Deriv(zs[s][l][j])
				if b.deriv != nil {
					d = b.deriv(l, f, zs[s][l][j], acts[s][l+1][j])
				}
				delta := r(da[j] * r(d))
				k.Delta[l] = append(k.Delta[l], delta)
				for i, x := range in {
					gw.Data[j*w.Cols+i] = r(gw.Data[j*w.Cols+i] + counts*r(delta*x))
					v := w.Data[j*w.Cols+i]
					if b.weight != nil {
						v = b.weight(c, k.Grad, l, j, i)
					}
					next[i] = r(next[i] + r(delta*v))
				}
				if gb != nil {
					gb[j] = r(gb[j] + counts*biasCounts*delta)
				}
			}
			da = next
		}
		k.DX = append(k.DX, da...)
	}
	for l := 0; l < L && c.Lambda != 0; l++ {
		for i, v := range n.Weights(theta, l).Data {
			n.Weights(k.Grad, l).Data[i] = r(n.Weights(k.Grad, l).Data[i] + r(r(c.Lambda)*v))
			*k.Loss = r(*k.Loss + r(r(r(c.Lambda)*0.5)*r(v*v)))
		}
	}
	if b.after != nil {
		b.after(c, &k)
	}
	if k.After == nil {
		for i, v := range theta {
			if !c.Step.isFrozen(n.ParamName(i)) {
				v = r(v - r(r(c.Step.Rate)*k.Grad[i]))
			}
			k.After = append(k.After, v)
		}
	}
	return k
}

func toFloat32(x float64) float64 { return float64(float32(x)) }

// toBits rounds to a significand of so many bits, and to multiples of least.
func toBits(bits int, least, largest float64) func(float64) float64 {
	return func(x float64) float64 {
		if x == 0 || x-x != 0 {
			return x
		}
		_, e := math.Frexp(x)
		unit := math.Max(math.Ldexp(1, e-bits), least)
		v := math.RoundToEven(x/unit) * unit
		if math.Abs(v) > largest {
			return math.Inf(int(math.Copysign(1, v)))
		}
		return v
	}
}

var roundings = map[Precision]func(float64) float64{
	Float64:  nil,
	Float32:  toFloat32,
	BFloat16: toBits(8, 0x1p-133, 0x1.fep127),
	Float16:  toBits(11, 0x1p-24, 65504),
}

// someCases returns the embedded cases or, with -short, every third of them.
func someCases() (some []Case) {
	for i, c := range Cases() {
		if !testing.Short() || i%3 == 0 {
			some = append(some, c)
		}
	}
	return some
}
