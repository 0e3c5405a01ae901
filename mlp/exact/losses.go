package exact

import (
	"touchstone/activation"
)

// outputMinus returns y − t, y = f(z). Where y is near a limit of a sigmoid or a
// tanh and t beyond its middle, it is the difference of their distances from the
// limit, which does not cancel: σ(z) − t = (1−t) − σ(−z), and
// tanh z − t = (1−t) − 2σ(−2z).
func (ps *pass[T]) outputMinus(f activation.Func, z, y T, t float64) T {
	switch f.(type) {
	case activation.Sigmoid:
		return ps.sigmoidMinus(z, t)
	case activation.Tanh:
		two := ps.exactly(2)
		twice := ps.mul(z, two)
		switch limit(f, ps.side(z), t) {
		case 1:
			return ps.sub(ps.difference(1, t), ps.mul(ps.logistic(twice, true), two))
		case -1:
			return ps.add(ps.difference(-1, t), ps.mul(ps.logistic(twice, false), two))
		}
	}
	return ps.sub(y, ps.exactly(t))
}

// limit returns the limit of f, 1 or −1, from which y − t is taken for y = f(z), or 0 if it
// is the difference of y and t. side is the sign of z.
func limit(f activation.Func, side int, t float64) int {
	switch f.(type) {
	case activation.Sigmoid:
		if side == 1 && t >= 0.5 {
			return 1
		}
	case activation.Tanh:
		if float64(side)*t > 0.5 {
			return side
		}
	}
	return 0
}

// side returns the sign of z, or of its centre, and −1 for 0.
func (ps *pass[T]) side(z T) int {
	if ps.positive(z) {
		return 1
	}
	return -1
}

// sigmoidMinus returns σ(z) − t.
func (ps *pass[T]) sigmoidMinus(z T, t float64) T {
	if limit(activation.Sigmoid{}, ps.side(z), t) == 1 {
		return ps.sub(ps.difference(1, t), ps.logistic(z, true))
	}
	return ps.sub(ps.logistic(z, false), ps.exactly(t))
}

// logitLoss returns log(1+e^z) − t·z, split by the sign of z.
func (ps *pass[T]) logitLoss(z T, t float64) T {
	slope := ps.exactly(-t)
	if ps.positive(z) {
		slope = ps.difference(1, t)
	}
	return ps.add(ps.mul(slope, z), ps.logTail(z))
}

// probabilityLoss returns −[t log y + (1−t) log(1−y)] and its derivative
// (y−t)/(y(1−y)).
//
// Both are unknown unless y is known to lie in [0, 1]; outside there is no truth.
func (ps *pass[T]) probabilityLoss(y T, t float64) (value, dy T) {
	value = ps.exactly(0)
	rest := ps.sub(ps.exactly(1), y)
	if !ps.atLeast0(y) || !ps.atLeast0(rest) {
		return ps.unknown(), ps.unknown()
	}
	if t != 0 {
		value = ps.sub(value, ps.mul(ps.exactly(t), ps.log(y)))
	}
	if t != 1 {
		value = ps.sub(value, ps.mul(ps.difference(1, t), ps.log(rest)))
	}
	switch t {
	case 0:
		return value, ps.div(ps.exactly(1), rest)
	case 1:
		return value, ps.div(ps.exactly(-1), y)
	}
	return value, ps.div(ps.sub(y, ps.exactly(t)), ps.mul(y, rest))
}

// softmaxLoss returns Σ tⱼ (log Σₖ e^yₖ − yⱼ) and stores its derivative
// (Σₖ tₖ)·pⱼ − tⱼ in dy, both as package loss has them: relative to the largest y,
// so that nothing cancels at a one-hot target.
func (ps *pass[T]) softmaxLoss(dy, y []T, t []float64) T {
	top := 0
	for k := range y {
		if ps.positive(ps.sub(y[k], y[top])) {
			top = k
		}
	}
	below, e := make([]T, len(y)), make([]T, len(y)) // y − y[top], and its exponential
	rest, others := ps.exactly(0), ps.exactly(0)
	for k := range y {
		if k == top {
			continue
		}
		below[k] = ps.sub(y[k], y[top])
		e[k] = ps.exp(below[k])
		rest = ps.add(rest, e[k])
		others = ps.add(others, ps.exactly(t[k]))
	}
	all := ps.add(rest, ps.exactly(1))
	total := ps.add(others, ps.exactly(t[top]))
	l := ps.log1p(rest)

	value := ps.mul(ps.exactly(t[top]), l)
	// T·p − t of the largest, from the others: Σ t of them, less T·Σ p of them.
	dy[top] = ps.sub(others, ps.div(ps.mul(total, rest), all))
	for k := range y {
		if k == top {
			continue
		}
		value = ps.add(value, ps.mul(ps.exactly(t[k]), ps.sub(l, below[k])))
		dy[k] = ps.sub(ps.div(ps.mul(total, e[k]), all), ps.exactly(t[k]))
	}
	return value
}
