package fast

import (
	"runtime"
	"sync"
)

// A team shares a job out to goroutines, the caller's among them. It has no goroutine
// between two jobs and allocates nothing in one.
type team struct {
	workers []*worker
	starts  []func() // by worker; made once, as making a func allocates
	done    sync.WaitGroup

	// The job at hand: part is called for each 0 ≤ part < parts.
	part  func(w *worker, part, parts int)
	parts int

	product  func(w *worker, part, parts int) // a job: c = a·b, or c += a·b
	c, a, b  view
	addition bool
	inner    bool // by inner products
}

// newTeam returns a team of the given number, for operands of no dimension above
// largest.
func newTeam(k kernel, number, largest int) *team {
	t := &team{}
	for i := range number {
		w := newWorker(k, largest)
		t.workers = append(t.workers, w)
		t.starts = append(t.starts, func() {
			t.part(w, i, t.parts)
			t.done.Done()
		})
	}
	t.product = t.multiplyPart
	return t
}

// many is the number of multiply-adds that are worth another goroutine.
const many = 1 << 19

// size returns how many parts a job of so many multiply-adds is worth, out of at most
// limit that it can have.
func (t *team) size(work float64, limit int) int {
	if work < many || len(t.workers) == 1 {
		return 1
	}
	return max(1, min(len(t.workers), runtime.GOMAXPROCS(0), limit, 1+int(work/many)))
}

// do calls part for each of a number of parts, which is at most that of the workers.
func (t *team) do(parts int, part func(w *worker, part, parts int)) {
	if parts == 1 {
		part(t.workers[0], 0, 1)
		return
	}
	t.part, t.parts = part, parts
	t.done.Add(parts - 1)
	for _, start := range t.starts[1:parts] {
		go start()
	}
	part(t.workers[0], 0, parts)
	t.done.Wait()
}

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
