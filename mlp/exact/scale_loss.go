package exact

import (
	"math"

	"touchstone/activation"
	"touchstone/loss"
)

// sample stores the Scale of ∂E/∂y of sample s in dy and returns the Scale of its
// loss, and the loss.
func (sc *scaler) sample(dy []float64, y []Ball, s int) (scale, value float64) {
	k := float64(len(y))
	if sc.p.Loss == nil {
		for j, d := range row(sc.p.DY, s) {
			dy[j] = math.Abs(d)
			scale += dy[j] * (y[j].Scale + (k+1)*math.Abs(y[j].Value))
			value += d * y[j].Value
		}
		return scale, value
	}
	targets := row(sc.p.T, s)
	if _, ok := sc.p.Loss.(loss.SoftmaxCrossEntropy); ok {
		return sc.softmax(dy, y, targets)
	}
	last := sc.p.Net.NumLayers() - 1
	f := sc.p.Net.Layer(last).Activation
	for j, t := range targets {
		v, sy := y[j].Value, y[j].Scale
		z := sc.r.Z[last][s*len(y)+j].Value
		switch sc.p.Loss.(type) {
		case loss.Squared:
			d := math.Abs(minus(f, z, v, t))
			dy[j] = sc.c * (sy + math.Abs(t) + 3*d)
			scale += d*(sy+math.Abs(t)+d) + (k+4)*d*d/2
			value += d * d / 2
		case loss.CrossEntropy:
			// With p = σ(z), log p − log(1−p) = z.
			q, logP, logRest := v*(1-v), math.Log(v), math.Log1p(-v)
			if f == (activation.Sigmoid{}) {
				q = f.Deriv(z)
				logP, logRest = -activation.Softplus{}.Value(-z), -activation.Softplus{}.Value(z)
			}
			g := math.Abs(minus(f, z, v, t)) / q
			l := math.Abs(times(t, logP)) + math.Abs(times(1-t, logRest))
			dy[j] = sc.c * ((sy+math.Abs(t))/q + g*math.Abs(1-2*v)/q*sy + 8*g)
			scale += g*sy + math.Abs(times(t, logP-logRest)) + (k+12)*l
			value += l
		case loss.LogitCrossEntropy:
			p := activation.Sigmoid{}
			g := math.Abs(minus(p, v, p.Value(v), t))
			softplus := activation.Softplus{}.Value(v)
			dy[j] = sc.c * (p.Deriv(v)*sy + 8*p.Value(v) + math.Abs(t) + 3*g)
			scale += g*sy + 2*math.Abs(t*v) + (k+12)*(math.Abs(t*v)+softplus)
			value += softplus - t*v
		}
	}
	return scale, value
}

// minus returns y − t for y = f(z), from the other side of the sigmoid or the tanh
// where y is near its limit: as y rounds to 1, 1 − y is lost.
func minus(f activation.Func, z, y, t float64) float64 {
	switch f.(type) {
	case activation.Sigmoid:
		if z > 0 {
			return (1 - t) - f.Value(-z)
		}
	case activation.Tanh:
		if z > 0 {
			return (1 - t) - 2*activation.Sigmoid{}.Value(-2*z)
		}
		return (-1 - t) + 2*activation.Sigmoid{}.Value(2*z)
	}
	return y - t
}

// times returns a·b, with 0·∞ = 0.
func times(a, b float64) float64 {
	if a == 0 {
		return 0
	}
	return a * b
}

func (sc *scaler) softmax(dy []float64, y []Ball, t []float64) (scale, value float64) {
	k := float64(len(y))
	top, sum, total := y[0].Value, 0.0, 0.0
	for _, b := range y {
		top = math.Max(top, b.Value)
	}
	for j, b := range y {
		sum += math.Exp(b.Value - top)
		total += t[j]
	}
	lse := top + math.Log(sum)
	mean, size := 0.0, 0.0 // Σ pₖ·Syₖ and Σ|tₖ|
	for j, b := range y {
		mean += math.Exp(b.Value-lse) * b.Scale
		size += math.Abs(t[j])
	}
	for j, b := range y {
		p := math.Exp(b.Value - lse)
		sp := p * (mean + b.Scale + 8 + k)
		g := math.Abs(total*p - t[j])
		dy[j] = sc.c * (math.Abs(total)*sp + p*size*(k+1) + math.Abs(t[j]) + 3*g)
		scale += math.Abs(t[j]) * (b.Scale + mean + (2*k+12)*(math.Abs(b.Value)+math.Abs(lse)))
		value += t[j] * (lse - b.Value)
	}
	return scale, value
}
