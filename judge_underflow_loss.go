package touchstone

import (
	"math"

	"touchstone/activation"
	"touchstone/loss"
)

// A sampleLoss is what is known of a sample's ℓ: U, its value, and Scale.
type sampleLoss struct{ u, value, scale float64 }

// output sets U of the loss, and returns U⁺ of ∂E/∂y. The U of ∂ℓ/∂y is what its
// derivatives make of U⁺(y) and U(t), and what is lost on the way.
func (u *underflower) output() []float64 {
	c, L, K := u.c, u.c.Net.NumLayers(), u.c.Net.Outputs()
	share := c.share()
	lostShare := u.input(share)
	var terms signs
	total := u.penalty(&terms)
	var da []float64
	for s := range c.X.Rows {
		var l sampleLoss
		o := outputs{u.right.a[L][s*K:][:K], u.in[L][s*K:][:K], c.Scale.A[L-1][s], make([]float64, K), make([]float64, K), &terms}
		switch {
		case c.Loss == nil:
			l = u.cotangent(o, rowOf(c.DY, s))
		case c.Loss == loss.SoftmaxCrossEntropy{}:
			l = u.softmax(o, rowOf(c.T, s))
		default:
			l = u.each(o, rowOf(c.T, s))
		}
		v := math.Abs(l.value)
		total += share*l.u + v*lostShare + u.lost(share*v, share*(u.unit*l.scale+l.u))
		for j := range o.dy {
			d := u.right.da[L][s*K+j]
			e := share*o.dy[j] + math.Abs(d)/share*lostShare
			da = append(da, e+u.lost(d, e+share*u.unit*o.sdy[j]))
		}
	}
	u.loss = []float64{total + u.flushed(terms)}
	return da
}

// outputs are y of a sample, U⁺ and Scale of it; and, to be set, U and Scale of ∂ℓ/∂y, and
// the terms of the loss.
type outputs struct {
	y, uy, sy, dy, sdy []float64
	terms              *signs
}

// cotangent, each and softmax store U and Scale of ∂ℓ/∂y of a sample, and return what is
// known of its ℓ: without a loss, for a loss that is a sum over outputs, and for the other.
func (u *underflower) cotangent(o outputs, dy []float64) (l sampleLoss) {
	k := float64(len(dy))
	for j, d := range dy {
		var err float64
		o.dy[j], err = u.rounded(d)
		o.sdy[j] = math.Abs(d)
		p, e := u.product(d, o.dy[j], err, o.y[j], o.uy[j], u.unit*o.sy[j]+o.uy[j])
		o.terms.add(d*o.y[j], e)
		l.u += p
		l.value += d * o.y[j]
		l.scale += math.Abs(d) * (o.sy[j] + (k+1)*math.Abs(o.y[j]))
	}
	return l
}

func (u *underflower) each(o outputs, targets []float64) (l sampleLoss) {
	k := float64(len(targets))
	grad := make([]float64, len(targets))
	u.c.Loss.Grad(grad, o.y, targets)
	for j, v := range o.y {
		t, ut := math.Abs(targets[j]), u.input(targets[j])
		g, uy, sy := math.Abs(grad[j]), o.uy[j], o.sy[j]
		ey := u.unit*sy + uy
		switch u.c.Loss.(type) {
		case loss.Squared:
			o.dy[j], o.sdy[j] = uy+ut, sy+t+3*g
			e := u.unit*o.sdy[j] + o.dy[j]
			e = 2*g*e + e*e // of g²
			l.u += u.lost(g*g, e) + u.lost(g*g/2, e/2)
			o.terms.add(max(g, e), 0) // as g²: never negative, whatever its error
			l.scale += g*(sy+t+g) + (k+4)/2*g*g
		case loss.CrossEntropy:
			q, rest := v*(1-v), math.Abs(1-targets[j])
			o.dy[j] = (uy+ut+u.lost(v-targets[j], ey+u.unit*t+ut))/q + g*math.Abs(1-2*v)/q*uy
			o.sdy[j] = (sy+t)/q + g*math.Abs(1-2*v)/q*sy + 8*g
			log, logRest := -math.Log(v), -math.Log1p(-v)
			e, eRest := t*ey/v+(ut+8*u.unit*t)*log, rest*ey/(1-v)+(ut+8*u.unit*(rest+t))*logRest
			l.u += ut*math.Abs(log-logRest) + u.lost(t*log, e) + u.lost(rest*logRest, eRest)
			o.terms.add(targets[j], 0) // as t·log: −log of a probability is positive
			o.terms.add(1-targets[j], 0)
			l.scale += g*sy + t*math.Abs(log-logRest) + (k+12)*(t*log+rest*logRest)
		case loss.LogitCrossEntropy:
			f := activation.Sigmoid{}
			p, soft := f.Value(v), activation.Softplus{}.Value(v)
			o.dy[j] = f.Deriv(v)*uy + ut + u.lost(p, f.Deriv(v)*ey+8*u.unit*p)
			o.sdy[j] = f.Deriv(v)*sy + 8*p + t + 3*g
			e := t*ey + (ut+u.unit*t)*math.Abs(v)
			l.u += ut*math.Abs(v) + u.lost(soft, p*ey+8*u.unit*soft) + u.lost(t*v, e)
			o.terms.add(soft, 0)
			o.terms.add(-targets[j]*v, e)
			l.scale += g*sy + 2*t*math.Abs(v) + (k+12)*(t*math.Abs(v)+soft)
		}
		l.u += g * uy
	}
	l.value = u.c.Loss.Value(o.y, targets)
	return l
}

func (u *underflower) softmax(o outputs, t []float64) (l sampleLoss) {
	k := float64(len(t))
	top, topError, sum, spread, spreadScale := math.Inf(-1), 0.0, 0.0, 0.0, 0.0
	targets, size, lostTargets := 0.0, 0.0, 0.0
	for j, y := range o.y {
		if y > top {
			top, topError = y, u.unit*o.sy[j]+o.uy[j]
		}
		targets += t[j]
		size += math.Abs(t[j])
		lostTargets += u.input(t[j])
	}
	powers := make([]float64, len(t))
	for j, y := range o.y {
		e := math.Exp(y - top)
		powers[j] = e
		sum += e
		spread += e*o.uy[j] + u.lost(e, e*(u.unit*(o.sy[j]+8)+o.uy[j]+topError))
		spreadScale += e * o.sy[j]
	}
	spread, spreadScale = spread/sum, spreadScale/sum // Σ p·U(y), with what is lost of e^y, and Σ p·Sy
	log := top + math.Log(sum)
	for j, y := range o.y {
		p, abs, ut := powers[j]/sum, math.Abs(t[j]), u.input(t[j])
		up, sp := p*(spread+o.uy[j]), p*(spreadScale+o.sy[j]+8+k)
		ep := u.unit*sp + up
		o.dy[j] = size*(up+u.lost(p, ep)) + p*lostTargets + u.lost(targets*p, size*ep+p*lostTargets) + ut
		o.sdy[j] = math.Abs(targets)*sp + p*(k+1)*size + abs + 3*math.Abs(targets*p-t[j])
		v, scale := abs*(log-y), abs*(o.sy[j]+spreadScale+(2*k+12)*(math.Abs(y)+math.Abs(log)))
		ul := abs*(o.uy[j]+spread) + ut*(log-y)
		o.terms.add(math.Copysign(v, t[j]), 0)
		l.u += ul + u.lost(v, u.unit*scale+ul)
		l.scale += scale
	}
	l.value = u.c.Loss.Value(o.y, t)
	return l
}

// penalty returns U of ½λ‖W‖², which is summed before or after it is multiplied, and counts
// its terms.
func (u *underflower) penalty(terms *signs) (ul float64) {
	half := math.Abs(u.c.Lambda) / 2
	if half == 0 {
		return 0
	}
	for l := range u.c.Net.NumLayers() {
		for _, w := range u.c.Net.Weights(u.c.Theta, l).Data {
			ul += half*(2*math.Abs(w)*u.input(w)+u.lost(w*w, 2*u.unit*w*w)) + u.lost(half*w*w, 4*u.unit*half*w*w) + w*w*u.input(half)
			terms.add(math.Copysign(w, u.c.Lambda), 0) // as λw²
		}
	}
	return ul
}
