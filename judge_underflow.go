package touchstone

import (
	"math"

	"touchstone/activation"
)

// An underflow says what results below the smallest normal number may cost a claim
// besides u·Scale: they lose digits, or become 0. It is written U and goes, to first
// order, through the layers as Scale does. A result v, with the error it has already,
// loses
//
//	lost(v) = min(|v|, what a format may lose)   if it may be below the smallest normal
//
// The judge allows the smallest normal to every entry, for the last rounding. U is
// what comes before that, and U⁺(v) = U(v) + lost(v) what goes on:
//
//	U⁺(x)   = lost(x), and so for W, b, t, λ and η
//	U⁺(x·y) = |x|·U⁺(y) + |y|·U⁺(x) + e(x)·e(y) + lost(x·y)
//	U(z)    = Σₖ U⁺(W·a) + U⁺(b)
//	U(a)    = |f′|·U⁺(z)
//	U⁺(f′)  = |f″|·U⁺(z) + lost(f′)
//	U(δ)    = |∂E/∂a|·U⁺(f′) + |f′|·U⁺(∂E/∂a)
//	U(∂W)   = Σₛ U⁺(δ·a) + U⁺(λ·W)
//	U(∂b)   = Σₛ U⁺(δ)
//	U(∂a)   = Σⱼ U⁺(W·δ)      and so U(∂x); U⁺(∂a) goes on
//	U(θ−η∂) = U⁺(θ) + U⁺(η·∂)
//
// where e = u·Scale + U⁺ is the whole error, whose product is of second order and yet the
// most of what an x·y errs by where both are near 0. Where a format loses all of what is
// below its smallest normal number, partial sums may be lost, too. Then there is no number
// below that, and such a partial sum uses up a term of each sign at least, and is gone; if
// all of them are, the last is what the judge allows besides, or lost(v):
//
//	flushed(Σ) = min(⌊(n−1)/2⌋, positive terms, negative terms)·smallest normal
//
// which is added to U of every sum. A term that is no larger than its error may have either
// sign. Products may be rounded before they are added, or not.
//
// Identity and ReLU compute nothing that could be lost, and their f″ is 0.
type underflow struct {
	z, a, delta [][]float64 // by layer, one sample after the other
	loss        []float64   // of one entry
	grad        [][]float64 // W and b of each layer
	dx, after   []float64
}

// An underflower computes an underflow. What it knows of a value besides is an
// approximation, and its error: u·Scale and the U⁺ that it passes on.
type underflower struct {
	underflow
	c            *Case
	right        *pass
	in           [][]float64 // U⁺ of x, and of the output of each layer
	slope        [][]float64 // U⁺ of f′
	unit, normal float64
	most         float64 // that a result may lose
}

func newUnderflow(c *Case, right *pass, f format) *underflow {
	L := c.Net.NumLayers()
	u := &underflower{c: c, right: right, unit: f.unit, normal: f.normal, most: f.lost, in: make([][]float64, L+1), slope: make([][]float64, L)}
	u.z, u.a, u.delta, u.grad = make([][]float64, L), make([][]float64, L), make([][]float64, L), layersOfTheta(c)
	for _, x := range right.a[0] {
		u.in[0] = append(u.in[0], u.input(x))
	}
	for l := range L {
		u.forward(l)
	}
	da := u.output()
	for l := L - 1; l >= 0; l-- {
		da = u.backward(l, da)
	}
	u.dx = da
	if c.Step != nil {
		u.step()
	}
	return &u.underflow
}

// lost returns what a result of that size and error may lose.
func (u *underflower) lost(size, err float64) float64 {
	size = math.Abs(size)
	if size-err >= u.normal {
		return 0
	}
	if size+err < u.most {
		return size + err
	}
	return u.most
}

// input returns what rounding an input to the precision may lose.
func (u *underflower) input(x float64) float64 { return u.lost(x, 0) }

// rounded returns U⁺ of an input, and its whole error.
func (u *underflower) rounded(x float64) (up, err float64) {
	up = u.input(x)
	return up, u.unit*math.Abs(x) + up
}

// product returns U⁺ of x·y and its whole error, given those of x and y.
func (u *underflower) product(x, ux, ex, y, uy, ey float64) (up, err float64) {
	x, y = math.Abs(x), math.Abs(y)
	err = x*ey + y*ex + ex*ey
	return x*uy + y*ux + ex*ey + u.lost(x*y, err), err
}

// signs counts the terms of a sum, and those that may be positive or negative.
type signs struct{ all, positive, negative int }

// add counts a term with such an error; of one whose sign is sure, v may be anything of
// that sign, with no error.
func (s *signs) add(v, err float64) {
	if v == 0 && err == 0 {
		return
	}
	s.all++
	if v >= -err {
		s.positive++
	}
	if v <= err {
		s.negative++
	}
}

// flushed returns what a sum may lose of its partial sums.
func (u *underflower) flushed(s signs) float64 {
	if u.most < u.normal {
		return 0 // sums of what is below the smallest normal number are exact
	}
	return float64(min((s.all-1)/2, s.positive, s.negative)) * u.most
}

func isCurved(f activation.Func) bool {
	return f != activation.Identity{} && f != activation.ReLU{}
}

// scaleOf returns Scale of input k of layer l.
func (u *underflower) scaleOf(l, s, k int) float64 {
	if l == 0 {
		return math.Abs(rowOf(u.c.X, s)[k])
	}
	return u.c.Scale.A[l-1][s][k]
}

func (u *underflower) forward(l int) {
	n, c := u.c.Net, u.c
	W, b, f := n.Weights(c.Theta, l), n.Biases(c.Theta, l), n.Layer(l).Activation
	size := c.X.Rows * W.Rows
	u.z[l], u.a[l], u.in[l+1], u.slope[l] = make([]float64, size), make([]float64, size), make([]float64, size), make([]float64, size)
	errors := make([]float64, W.Cols)
	for s := range c.X.Rows {
		a, ua := u.right.a[l][s*W.Cols:][:W.Cols], u.in[l][s*W.Cols:][:W.Cols]
		for k := range a {
			errors[k] = u.unit*u.scaleOf(l, s, k) + ua[k]
		}
		for j := range W.Rows {
			i, sum := s*W.Rows+j, 0.0
			var terms signs
			for k, w := range W.Data[j*W.Cols:][:W.Cols] {
				uw, ew := u.rounded(w)
				carried, e := u.product(w, uw, ew, a[k], ua[k], errors[k])
				sum += carried
				terms.add(w*a[k], e)
			}
			if b != nil {
				ub, e := u.rounded(b[j])
				sum += ub
				terms.add(b[j], e)
			}
			sum += u.flushed(terms)
			u.z[l][i] = sum
			z, scale := math.Abs(u.right.z[l][i]), u.unit*c.Scale.Z[l][s][j]
			sum += u.lost(z, scale+sum)
			slope := math.Abs(u.right.slope[l][i])
			u.a[l][i] = slope * sum
			if f == (activation.ReLU{}) && z <= 2*(scale+sum) {
				u.a[l][i] = scale + sum // off or on: its sign is not decided
			}
			u.in[l+1][i] = u.a[l][i]
			if isCurved(f) {
				u.in[l+1][i] += u.lost(u.right.a[l+1][i], u.unit*c.Scale.A[l][s][j]+u.a[l][i])
				u.slope[l][i] = 2*slope*sum + u.lost(slope, 2*slope*(scale+sum)+8*u.unit*slope) // |f″| ≤ 2|f′| for all of them
			}
		}
	}
}

// backward returns U of ∂E/∂a of the inputs of layer l, given U⁺ of its outputs.
func (u *underflower) backward(l int, da []float64) []float64 {
	c := u.c
	W, f := c.Net.Weights(c.Theta, l), c.Net.Layer(l).Activation
	u.delta[l] = make([]float64, len(da))
	gw, gb := u.grad[l][:len(W.Data)], u.grad[l][len(W.Data):]
	terms := make([]signs, len(u.grad[l]))
	below, errs, termsBelow := make([]float64, c.X.Rows*W.Cols), make([]float64, c.X.Rows*W.Cols), make([]signs, c.X.Rows*W.Cols)
	for i := range da {
		s, j := i/W.Rows, i%W.Rows
		delta := u.right.delta[l][i]
		ud := math.Abs(u.right.da[l+1][i])*u.slope[l][i] + math.Abs(u.right.slope[l][i])*da[i]
		u.delta[l][i] = ud
		err := u.unit*c.Scale.Delta[l][s][j] + ud
		if isCurved(f) {
			lost := u.lost(delta, err)
			ud, err = ud+lost, err+lost
		}
		for k, w := range W.Data[j*W.Cols:][:W.Cols] {
			a, ua := u.right.a[l][s*W.Cols+k], u.in[l][s*W.Cols+k]
			g, eg := u.product(delta, ud, err, a, ua, u.unit*u.scaleOf(l, s, k)+ua)
			gw[j*W.Cols+k] += g
			terms[j*W.Cols+k].add(delta*a, eg)
			uw, ew := u.rounded(w)
			d, e := u.product(w, uw, ew, delta, ud, err)
			below[s*W.Cols+k] += d
			errs[s*W.Cols+k] += e + u.unit*float64(W.Rows+3)*math.Abs(w*delta)
			termsBelow[s*W.Cols+k].add(w*delta, e)
		}
		if len(gb) > 0 {
			gb[j] += ud
			terms[len(gw)+j].add(delta, err)
		}
	}
	ul, el := u.rounded(c.Lambda)
	for i, w := range W.Data {
		uw, ew := u.rounded(w)
		g, e := u.product(c.Lambda, ul, el, w, uw, ew)
		gw[i] += g
		terms[i].add(c.Lambda*w, e)
	}
	for i := range terms {
		u.grad[l][i] += u.flushed(terms[i])
	}
	for i := range below {
		below[i] += u.flushed(termsBelow[i])
		if l > 0 {
			below[i] += u.lost(u.right.da[l][i], errs[i]+below[i])
		}
	}
	return below
}

func (u *underflower) step() {
	rate := u.c.Step.Rate
	ur, er := u.rounded(rate)
	for _, theta := range u.c.Theta {
		u.after = append(u.after, u.input(theta))
	}
	for _, layer := range paramBlocks(u.c.Net) {
		at := layer[0].from
		for _, b := range layer {
			if u.c.Step.isFrozen(b.name) {
				continue
			}
			for i := b.from; i < b.to; i++ {
				g, ug := u.right.grad[b.layer][i-at], u.grad[b.layer][i-at]
				e := u.unit*u.c.Scale.Grad[i] + ug
				lost := u.lost(g, e)
				p, _ := u.product(rate, ur, er, g, ug+lost, e+lost)
				u.after[i] += p
			}
		}
	}
}

// of returns U of the entries of a block.
func (u *underflow) of(b *Block) []float64 {
	switch b.Stage {
	case "z":
		return u.z[b.layer]
	case "a":
		return u.a[b.layer]
	case "loss":
		return u.loss
	case "delta":
		return u.delta[b.layer]
	case "update":
		return u.after
	}
	if b.Name == "dx" {
		return u.dx
	}
	return u.grad[b.layer][b.offset:]
}
