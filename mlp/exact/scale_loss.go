package exact

import (
	"cmp"
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
			scale += float64(dy[j] * (y[j].Scale + float64((k+1)*math.Abs(y[j].Value))))
			value += float64(d * y[j].Value)
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
			d := apart(f, z, v, y[j].Radius, t)
			dy[j] = sc.c * (sy + math.Abs(t) + float64(3*d))
			scale += float64(d*(sy+math.Abs(t)+d)) + float64((k+4)*d*d/2)
			value += float64(d * d / 2)
		case loss.CrossEntropy:
			// With p = σ(z), log p − log(1−p) = z.
			q, logP, logRest := v*(1-v), logarithm(v), logarithmOfRest(v)
			if f == (activation.Sigmoid{}) {
				q = f.Deriv(z)
				logP, logRest = -activation.Softplus{}.Value(-z), -activation.Softplus{}.Value(z)
			}
			g := apart(f, z, v, y[j].Radius, t) / q
			l := math.Abs(times(t, logP)) + math.Abs(times(1-t, logRest))
			dy[j] = sc.c * ((sy+math.Abs(t))/q + float64(g*math.Abs(1-float64(2*v))/q*sy) + float64(8*g))
			scale += float64(g*sy) + math.Abs(times(t, logP-logRest)) + float64((k+12)*l)
			value += l
		case loss.LogitCrossEntropy:
			p := activation.Sigmoid{}
			g := apart(p, v, p.Value(v), 0x1p-53*p.Value(v), t)
			softplus := activation.Softplus{}.Value(v)
			dy[j] = sc.c * (float64(p.Deriv(v)*sy) + float64(8*p.Value(v)) + math.Abs(t) + float64(3*g))
			scale += float64(g*sy) + float64(2*math.Abs(t*v)) + float64((k+12)*(math.Abs(t*v)+softplus))
			value += softplus - float64(t*v)
		}
	}
	return scale, value
}

// apart returns |y − t| for y = f(z), and where that is the difference of y, which is
// rounded, and t, by as much more as y may be off: they may be nearer to each other than
// that. Where y may be near a limit of the sigmoid or the tanh it is computed from the
// other side, as by outputMinus: as y rounds to 1, 1 − y is lost. Elsewhere that would lose
// a small y − t.
func apart(f activation.Func, z, y, radius, t float64) float64 {
	near := limit(f, cmp.Compare(z, 0), t)
	switch {
	case near == 0:
		return math.Abs(y-t) + radius
	case f == (activation.Sigmoid{}):
		return math.Abs((1 - t) - f.Value(-z))
	case near == 1:
		return math.Abs((1 - t) - float64(2*activation.Sigmoid{}.Value(-2*z)))
	}
	return math.Abs((-1 - t) + float64(2*activation.Sigmoid{}.Value(2*z)))
}

// times returns a·b, with 0·∞ = 0.
func times(a, b float64) float64 {
	if a == 0 {
		return 0
	}
	return float64(a * b)
}

// logarithm returns log p, and logarithmOfRest log(1−p), of a probability p.
func logarithm(p float64) float64 { return -loss.CrossEntropy{}.Value([]float64{p}, []float64{1}) }
func logarithmOfRest(p float64) float64 {
	return -loss.CrossEntropy{}.Value([]float64{p}, []float64{0})
}

func (sc *scaler) softmax(dy []float64, y []Ball, t []float64) (scale, value float64) {
	k := float64(len(y))
	p, lse := distribution(y)
	total, mean, size := 0.0, 0.0, 0.0 // Σ tₖ, Σ pₖ·Syₖ and Σ|tₖ|
	for j, b := range y {
		total += t[j]
		mean += float64(p[j] * b.Scale)
		size += math.Abs(t[j])
	}
	for j, b := range y {
		sp := p[j] * (mean + b.Scale + 8 + k)
		g := math.Abs(float64(total*p[j]) - t[j])
		dy[j] = sc.c * (float64(math.Abs(total)*sp) + float64(p[j]*size*(k+1)) + math.Abs(t[j]) + float64(3*g))
		scale += float64(math.Abs(t[j]) * (b.Scale + mean + float64((float64(2*k)+12)*(math.Abs(b.Value)+math.Abs(lse)))))
		value += float64(t[j] * (lse - b.Value))
	}
	return scale, value
}

// distribution returns the softmax p of y, and log Σ e^y, from the loss of the label
// with the largest y: for it the gradient is p but for 1 at the label.
func distribution(y []Ball) (p []float64, lse float64) {
	var f loss.SoftmaxCrossEntropy
	values, label, top := make([]float64, len(y)), make([]float64, len(y)), 0
	for j, b := range y {
		values[j] = b.Value
		if b.Value > values[top] {
			top = j
		}
	}
	label[top] = 1
	p = make([]float64, len(y))
	f.Grad(p, values, label)
	p[top]++
	return p, values[top] + f.Value(values, label)
}
