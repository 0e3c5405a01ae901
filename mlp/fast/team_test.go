package fast

import (
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// Parts follow each other, from 0 to n, and begin at multiples of the unit.
func TestShare(t *testing.T) {
	for n := 1; n < 60; n++ {
		for _, unit := range []int{1, 8, 24} {
			for parts := 1; parts < 7; parts++ {
				end := 0
				for part := range parts {
					from, to := share(n, unit, part, parts)
					assert.Equal(t, end, from)
					assert.True(t, from%unit == 0 || from == n)
					end = to
				}
				assert.Equal(t, n, end)
			}
		}
	}
}

// shared returns the product of a tall or a wide shape by a team, and in how many parts
// it was computed.
func shared(k kernel, number, rows, cols, depth int, do func(team *team, c, a, b view)) ([]float64, int) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(number))
	rnd := newRand(5)
	c, a, b := newMatrix(rows, cols), random(rnd, rows, depth, layouts[2]), random(rnd, depth, cols, layouts[3])
	team := newTeam(k, number, max(rows, cols, depth))
	team.many = 1 << 17
	do(team, viewOf(c), a, b)
	return c.Data, team.parts
}

// A product has the same bits however many goroutines share it, wide or tall, and also if
// only its parts would be skinny enough for inner products.
func TestTeam(t *testing.T) {
	multiply := func(team *team, c, a, b view) { team.multiply(c, a, b, false) }
	// Leaves out the last part, as if a goroutine had not been waited for.
	planted := func(team *team, c, a, b view) {
		right := team.product
		team.product = func(w *worker, part, parts int) {
			if part != parts-1 {
				right(w, part, parts)
			}
		}
		team.multiply(c, a, b, false)
	}
	eachKernel(t, func(t *testing.T, k kernel) {
		for _, shape := range [][3]int{{61, 401, 130}, {401, 61, 130}, {200, 200, 2*blockDepth + 1}, {61, 401, 600}, {401, 61, 600}} {
			want, _ := shared(k, 1, shape[0], shape[1], shape[2], multiply)
			numbers := []int{2, 3, 4, 5, 100}
			if testing.Short() {
				numbers = numbers[3:]
			}
			for _, number := range numbers {
				got, parts := shared(k, number, shape[0], shape[1], shape[2], multiply)
				assert.True(t, parts == number || number == 100 && parts > 5 && parts <= 81, "%d parts", parts)
				assert.True(t, slices.Equal(want, got), "%v with %d goroutines", shape, number)
				got, _ = shared(k, number, shape[0], shape[1], shape[2], planted)
				assert.False(t, slices.Equal(want, got), "%v with %d goroutines", shape, number)
			}
		}
	})
}

// The caller does what no helper takes, however long that sleeps.
func TestTeamAlone(t *testing.T) {
	team := newTeam(generic, 3, 8)
	for i := range team.helpers {
		team.helpers[i].awake.Store(true) // so that none is started
	}
	var done []int
	team.do(3, func(w *worker, part, parts int) {
		assert.Same(t, team.workers[0], w)
		done = append(done, part)
	})
	assert.Equal(t, []int{0, 1, 2}, done)
}

// Parts are done at the same time, each once and by a worker of its own, job after job,
// whether the helpers still look out or have ended.
func TestTeamTogether(t *testing.T) {
	const number = 3
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(number))
	team := newTeam(generic, number, 8)
	for job := range 300 {
		var begun atomic.Int32
		var counts [number]atomic.Int32
		team.do(number, func(w *worker, part, parts int) {
			counts[part].Add(1)
			for begun.Add(1); begun.Load() < number; { // for all to begin
				runtime.Gosched()
			}
			assert.Same(t, team.workers[part], w)
		})
		for part := range counts {
			assert.EqualValues(t, 1, counts[part].Load())
		}
		if job%100 == 99 {
			for i := range team.helpers {
				for team.helpers[i].awake.Load() {
					time.Sleep(time.Millisecond)
				}
			}
		}
	}
}
