package fast

import (
	"runtime"
	"sync/atomic"
)

// A team shares a job out to goroutines, the caller's among them. It allocates nothing
// in a job.
//
// To wake a goroutine takes as long as a small product. So a helper, once it runs, looks
// out for further parts for a while before it ends; and the caller does not wait for
// helpers to begin: it does itself what nobody has taken.
type team struct {
	workers []*worker
	many    float64  // many, or less in tests
	helpers []helper // by worker; the first, which is the caller, is not used

	// The job at hand: part is called for each 0 ≤ part < parts.
	part  func(w *worker, part, parts int)
	parts int
	left  atomic.Int32 // parts that are not done

	product  func(w *worker, part, parts int) // a job: c = a·b, or c += a·b
	c, a, b  view
	addition bool
	inner    bool         // by inner products
	then     func(region) // what is done with blocks of c; may be nil
}

// A helper is a goroutine that may be running, or not.
type helper struct {
	offered atomic.Bool // its part of the job is there to be taken: whoever clears this does it
	awake   atomic.Bool
	run     func()   // made once, as making a func allocates
	_       [48]byte // to have a cache line of its own
}

// patience is how often a helper looks in vain before it ends: for some hundreds of
// microseconds, which is longer than what a pass does between two jobs, and than it takes to wake one.
const patience = 1 << 16

// newTeam returns a team of the given number, for operands of no dimension above
// largest.
func newTeam(k kernel, number, largest int) *team {
	t := &team{many: many, helpers: make([]helper, number)}
	for i := range number {
		t.workers = append(t.workers, newWorker(k, largest))
		t.helpers[i].run = func() { t.help(i) }
	}
	t.product = t.multiplyPart
	return t
}

// many is the number of multiply-adds that are worth another goroutine. It is measured:
// with less, what one processor has written and the other reads costs more than is saved.
const many = 1 << 20

// size returns how many parts a job of so many multiply-adds is worth, out of at most
// limit that it can have.
func (t *team) size(work float64, limit int) int {
	if work < t.many || len(t.workers) == 1 {
		return 1
	}
	return max(1, min(len(t.workers), runtime.GOMAXPROCS(0), limit, 1+int(work/t.many)))
}

// do calls part for each of a number of parts, which is at most that of the workers.
func (t *team) do(parts int, part func(w *worker, part, parts int)) {
	if parts == 1 {
		part(t.workers[0], 0, 1)
		return
	}
	t.part, t.parts = part, parts
	t.left.Store(int32(parts))
	for i := 1; i < parts; i++ {
		h := &t.helpers[i]
		h.offered.Store(true)
		if !h.awake.Swap(true) {
			go h.run()
		}
	}
	part(t.workers[0], 0, parts)
	t.left.Add(-1)
	for i := 1; i < parts; i++ {
		if t.helpers[i].offered.CompareAndSwap(true, false) {
			part(t.workers[0], i, parts)
			t.left.Add(-1)
		}
	}
	for n := 1; t.left.Load() > 0; n++ {
		rest(n)
	}
}

// help takes what is offered to helper i. The job is only looked at between taking a
// part and counting it as done, as the caller changes it when all is done.
func (t *team) help(i int) {
	h := &t.helpers[i]
	for n := 1; n <= patience; n++ {
		if h.offered.Load() && h.offered.CompareAndSwap(true, false) {
			t.part(t.workers[i], i, t.parts)
			t.left.Add(-1)
			n = 0 // and others may run
		}
		rest(n)
	}
	h.awake.Store(false)
}

// rest lets other goroutines run, now and then.
func rest(n int) {
	if n%256 == 0 {
		runtime.Gosched()
	}
}
