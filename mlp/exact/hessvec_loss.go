package exact

import "touchstone/loss"

// output returns ∂E/∂y and R{∂E/∂y} of a sample, (4) and (13), not divided by the
// number of samples; if isFused, δ and R{δ} in their place.
func (h *hessian[T]) output(s int) (dy, rdy []T) {
	last := h.L - 1
	f, z, y, ry := h.p.Net.Layer(last).Activation, h.z[last][s], h.y[last][s], h.ry[s]
	dy, rdy = make([]T, len(y)), make([]T, len(y))
	if h.p.Loss == nil {
		for j, d := range row(h.p.DY, s) {
			dy[j], rdy[j] = h.exactly(d), h.exactly(0)
		}
		return dy, rdy
	}
	targets := row(h.p.T, s)
	if h.textbook {
		return h.textbookOutput(y, ry, targets)
	}
	if _, ok := h.p.Loss.(loss.SoftmaxCrossEntropy); ok {
		h.softmaxLoss(dy, y, targets)
		return dy, h.softmaxCurvature(y, ry, targets)
	}
	for j, t := range targets {
		switch h.p.Loss.(type) {
		case loss.Squared:
			dy[j], rdy[j] = h.outputMinus(f, z[j], y[j], t), ry[j]
		case loss.CrossEntropy:
			if h.isFused() {
				dy[j], rdy[j] = h.sigmoidMinus(z[j], t), ry[j] // R{σ(z)−t}
				continue
			}
			_, dy[j] = h.probabilityLoss(y[j], t)
			rdy[j] = h.mul(h.probabilityCurvature(y[j], t), ry[j])
		case loss.LogitCrossEntropy:
			dy[j] = h.sigmoidMinus(y[j], t)
			rdy[j] = h.mul(h.mul(h.logistic(y[j], false), h.logistic(y[j], true)), ry[j])
		}
	}
	return dy, rdy
}

// probabilityCurvature returns t/y² + (1−t)/(1−y)², and the unknown where there is
// none, as probabilityLoss does.
func (h *hessian[T]) probabilityCurvature(y T, t float64) T {
	rest := h.sub(h.exactly(1), y)
	if !h.atLeast0(y) || !h.atLeast0(rest) {
		return h.unknown()
	}
	sum := h.exactly(0)
	if t != 0 {
		sum = h.add(sum, h.div(h.exactly(t), h.mul(y, y)))
	}
	if t != 1 {
		sum = h.add(sum, h.div(h.difference(1, t), h.mul(rest, rest)))
	}
	return sum
}

// softmaxCurvature returns T·pⱼ·(rⱼ − Σ pₖrₖ), r = R{y}, from differences to the
// largest logit as softmaxLoss.
func (h *hessian[T]) softmaxCurvature(y, r []T, t []float64) []T {
	e, top := h.exponentials(y)
	d := make([]T, len(r))
	for k := range d {
		if d[k] = h.exactly(0); k != top {
			d[k] = h.sub(r[k], r[top])
		}
	}
	return h.softmaxProduct(e, d, t)
}

// exponentials returns e^(y − y[top]), where y[top] is the largest logit.
func (h *hessian[T]) exponentials(y []T) (e []T, top int) {
	for k := range y {
		if h.positive(h.sub(y[k], y[top])) {
			top = k
		}
	}
	e = make([]T, len(y))
	for k := range y {
		if e[k] = h.exactly(1); k != top {
			e[k] = h.exp(h.sub(y[k], y[top]))
		}
	}
	return e, top
}

// softmaxProduct returns T·pⱼ·(dⱼ − Σ pₖdₖ) for p in proportion to e.
func (h *hessian[T]) softmaxProduct(e, d []T, t []float64) []T {
	all, mean, total := h.exactly(0), h.exactly(0), h.exactly(0)
	for k := range e {
		all = h.add(all, e[k])
		mean = h.add(mean, h.mul(e[k], d[k]))
		total = h.add(total, h.exactly(t[k]))
	}
	mean = h.div(mean, all)
	out := make([]T, len(e))
	for k := range out {
		out[k] = h.mul(h.mul(total, h.div(e[k], all)), h.sub(d[k], mean))
	}
	return out
}

// textbookOutput is output for a loss, by the formulas that stand in books.
func (h *hessian[T]) textbookOutput(y, ry []T, t []float64) (dy, rdy []T) {
	dy, rdy = make([]T, len(y)), make([]T, len(y))
	if _, ok := h.p.Loss.(loss.SoftmaxCrossEntropy); ok {
		e, _ := h.exponentials(y)
		all, total := h.exactly(0), h.exactly(0)
		for k := range e {
			all, total = h.add(all, e[k]), h.add(total, h.exactly(t[k]))
		}
		for j := range dy {
			dy[j] = h.sub(h.mul(total, h.div(e[j], all)), h.exactly(t[j]))
		}
		return dy, h.softmaxProduct(e, ry, t)
	}
	for j := range y {
		tj := h.exactly(t[j])
		switch h.p.Loss.(type) {
		case loss.Squared:
			dy[j], rdy[j] = h.sub(y[j], tj), ry[j]
		case loss.CrossEntropy:
			_, dy[j] = h.probabilityLoss(y[j], t[j])
			rdy[j] = h.mul(h.probabilityCurvature(y[j], t[j]), ry[j])
		case loss.LogitCrossEntropy:
			p := h.logistic(y[j], false)
			dy[j], rdy[j] = h.sub(p, tj), h.mul(h.mul(p, h.logistic(y[j], true)), ry[j])
		}
	}
	return dy, rdy
}
