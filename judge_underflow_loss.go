package touchstone

import (
	"math"

	"touchstone/activation"
	"touchstone/loss"
)

// output sets U of the loss, and returns U⁺ of ∂E/∂y. The U of ∂ℓ/∂y is what its
// derivatives make of U⁺(y) and U(t), and what is lost on the way.
func (u *underflower) output() []float64 {
	c, L, K := u.c, u.c.Net.NumLayers(), u.c.Net.Outputs()
	share := 1.0
	if !c.Sum && c.Loss != nil {
		share = 1 / float64(c.X.Rows)
	}
	lostShare := u.input(share)
	total, all, terms := u.penalty(), 0.0, c.X.Rows*K
	if c.Lambda != 0 {
		terms++ // the regulariser
	}
	var da []float64
	for s := range c.X.Rows {
		y, uy, dy := u.right.a[L][s*K:][:K], u.in[L][s*K:][:K], make([]float64, K)
		ul, size, parts := 0.0, 0.0, 0.0
		switch {
		case c.Loss == nil:
			ul, size = u.cotangent(dy, y, uy, rowOf(c.DY, s), c.Scale.A[L-1][s])
			parts = size
		case c.Loss == loss.SoftmaxCrossEntropy{}:
			ul, size = u.softmax(dy, y, uy, rowOf(c.T, s))
			parts = size
		default:
			ul, size, parts = u.each(dy, y, uy, rowOf(c.T, s))
		}
		all += share * parts
		total += share*ul + size*lostShare + u.lost(share*size, 0)
		for j := range dy {
			d := u.right.da[L][s*K+j]
			e := share*dy[j] + math.Abs(d)/share*lostShare
			da = append(da, e+u.lost(d, e))
		}
	}
	switch c.Loss.(type) {
	case loss.CrossEntropy, loss.LogitCrossEntropy:
		terms += c.X.Rows * K // two of each output
	}
	u.loss = []float64{total + u.flushed(terms, all+u.unit*c.Scale.Loss+total)}
	return da
}

// cotangent, each and softmax store U of ∂ℓ/∂y of a sample, and return U and the size
// of its ℓ: without a loss, for a loss that is a sum over outputs, and for the other.
// The sizes of the terms of ℓ are together that of ℓ or, by each, parts.
func (u *underflower) cotangent(dy, y, uy, d, scale []float64) (ul, size float64) {
	for j, d := range d {
		var err float64
		dy[j], err = u.rounded(d)
		p, _ := u.product(d, dy[j], err, y[j], uy[j], u.unit*scale[j]+uy[j])
		ul += p
		size += math.Abs(d * y[j])
	}
	return ul, size
}

func (u *underflower) each(dy, y, uy, t []float64) (ul, size, parts float64) {
	grad := make([]float64, len(y))
	u.c.Loss.Grad(grad, y, t)
	for j, v := range y {
		g, ut := math.Abs(grad[j]), u.input(t[j])
		var terms [2]float64 // of ℓ
		switch u.c.Loss.(type) {
		case loss.Squared:
			dy[j] = uy[j] + ut
			terms = [2]float64{g * g, g * g / 2}
			parts -= g * g // of which one is added
		case loss.CrossEntropy:
			q := v * (1 - v)
			dy[j] = (uy[j]+ut)/q + g*math.Abs(1-2*v)/q*uy[j]
			terms = [2]float64{t[j] * math.Log(v), (1 - t[j]) * math.Log1p(-v)}
			ul += ut * math.Abs(math.Log(v)-math.Log1p(-v))
		case loss.LogitCrossEntropy:
			p := activation.Sigmoid{}
			dy[j] = p.Deriv(v)*uy[j] + ut + u.lost(p.Value(v), 0)
			terms = [2]float64{activation.Softplus{}.Value(v), t[j] * v}
			ul += ut * math.Abs(v)
		}
		ul += g*uy[j] + u.lost(terms[0], 0) + u.lost(terms[1], 0)
		parts += math.Abs(terms[0]) + math.Abs(terms[1])
	}
	return ul, math.Abs(u.c.Loss.Value(y, t)), parts
}

func (u *underflower) softmax(dy, y, uy, t []float64) (ul, size float64) {
	top, sum, spread := math.Inf(-1), 0.0, 0.0
	targets, lostTargets := 0.0, 0.0
	for j := range y {
		top = math.Max(top, y[j])
		targets += math.Abs(t[j])
		lostTargets += u.input(t[j])
	}
	for j := range y {
		e := math.Exp(y[j] - top)
		sum += e
		spread += float64(e * uy[j])
	}
	spread /= sum // Σ p·U(y)
	for j := range y {
		p := math.Exp(y[j]-top) / sum
		dy[j] = targets*(p*(spread+uy[j])+u.lost(p, 0)) + p*lostTargets + u.input(t[j])
		l := top + math.Log(sum) - y[j]
		ul += math.Abs(t[j])*(uy[j]+spread) + u.input(t[j])*l + u.lost(t[j]*l, 0)
		size += math.Abs(t[j]) * l
	}
	return ul, size
}

// penalty returns U of ½λ‖W‖², which is summed before or after it is multiplied.
func (u *underflower) penalty() (ul float64) {
	half := math.Abs(u.c.Lambda) / 2
	if half == 0 {
		return 0
	}
	terms, squares := 1, 0.0 // and the loss
	for l := range u.c.Net.NumLayers() {
		for _, w := range u.c.Net.Weights(u.c.Theta, l).Data {
			ul += half*(2*math.Abs(w)*u.input(w)+u.lost(w*w, 0)) + u.lost(half*w*w, 0) + w*w*u.input(half)
			terms++
			squares += w * w
		}
	}
	return ul + math.Max(u.flushed(terms, half*squares), half*u.flushed(terms, squares))
}
