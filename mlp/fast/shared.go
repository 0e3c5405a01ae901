package fast

// multiply computes C = A·B, or C += A·B if add is set: see worker. The result does
// not depend on the number of goroutines, as an element of C is computed by one of
// them, in an order that depends on the shape of the whole.
func (t *team) multiply(c, a, b view, add bool) {
	t.c, t.a, t.b, t.addition = c, a, b, add
	t.inner = !add && t.workers[0].prefersInner(c, a, b)
	length, unit := c.cols, t.workers[0].cols
	if c.rows > c.cols {
		length, unit = c.rows, t.workers[0].rows
	}
	work := float64(c.rows) * float64(c.cols) * float64(a.cols)
	t.do(t.size(work, (length+unit-1)/unit), t.product) // no part is empty
}

// multiplyPart computes some columns of C, or some rows if it is taller than wide.
func (t *team) multiplyPart(w *worker, part, parts int) {
	c, a, b := t.c, t.a, t.b
	if c.cols >= c.rows {
		from, to := share(c.cols, w.cols, part, parts)
		c, b = c.block(0, from, c.rows, to-from), b.block(0, from, b.rows, to-from)
	} else {
		from, to := share(c.rows, w.rows, part, parts)
		c, a = c.block(from, 0, to-from, c.cols), a.block(from, 0, to-from, a.cols)
	}
	if t.inner {
		w.inner(c, a, b)
	} else {
		w.multiply(c, a, b, t.addition)
	}
}

// share returns where a part of 0 … n−1 begins and ends: at multiples of unit, or at n.
func share(n, unit, part, parts int) (from, to int) {
	if parts == 1 {
		return 0, n // without divisions, which small layers would notice
	}
	units := (n + unit - 1) / unit
	return min(n, units*part/parts*unit), min(n, units*(part+1)/parts*unit)
}
