package fast

// multiplyThen computes C = A·B, or C += A·B if add is set: see worker. The result does
// not depend on the number of goroutines, as an element of C is computed by one of
// them, in an order that depends on the shape of the whole. Unless then is nil, it is
// called with blocks of C, each element in exactly one of them, as soon as they are
// computed: from several goroutines at once. The cost is that of an element by then, in
// multiply-adds.
func (t *team) multiplyThen(c, a, b view, add bool, then func(region), cost float64) {
	t.c, t.a, t.b, t.addition, t.then = c, a, b, add, then
	t.inner = !add && t.workers[0].prefersInner(c, a, b)
	work := float64(c.rows) * float64(c.cols) * (float64(a.cols) + cost)
	_, n, unit := t.direction()
	t.do(t.size(work, (n+unit-1)/unit), t.product) // no part is empty
}

// direction tells whether the parts of C are rows or columns, how many of these there
// are, and how many belong together.
func (t *team) direction() (byRows bool, n, unit int) {
	w := t.workers[0]
	byRows = t.c.rows > t.c.cols
	if t.addition && (t.c.rows+w.rows-1)/w.rows >= 2*len(t.workers) {
		byRows = true // C is W, which the forward pass shares out by rows: each cache has its own
	}
	n, unit = t.c.cols, w.cols
	if byRows {
		n, unit = t.c.rows, w.rows
	}
	if t.inner {
		unit = dotSize
	}
	return byRows, n, unit
}

// multiplyPart computes some rows or columns of C.
func (t *team) multiplyPart(w *worker, part, parts int) {
	c, a, b := t.c, t.a, t.b
	byRows, n, unit := t.direction()
	from, to := share(n, unit, part, parts)
	row, col := 0, 0
	if byRows {
		row, c, a = from, c.block(from, 0, to-from, c.cols), a.block(from, 0, to-from, a.cols)
	} else {
		col, c, b = from, c.block(0, from, c.rows, to-from), b.block(0, from, b.rows, to-from)
	}
	if !t.inner {
		w.multiplyThen(c, a, b, t.addition, row, col, t.then)
		return
	}
	w.inner(c, a, b)
	if t.then != nil {
		t.then(region{row, col, c.rows, c.cols})
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
