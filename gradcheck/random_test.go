package gradcheck

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
)

// A random direction moves each element by half to one and a half of its size, to either
// side, but away from an edge that is near, and not at all where it cannot move.
func TestRandomDirection(t *testing.T) {
	inf := math.Inf(1)
	p := Problem{
		X:     []float64{0.5, 8, 3, 3, 3, 3, -8, 2, 1},
		Lower: []float64{-inf, -inf, 3, -inf, 2.99, -9, -9, 2, 0.5},
		Upper: []float64{inf, inf, 9, 3, 9, 3.01, -7.5, 2, 1.5},
	}
	side := []int{0, 0, 1, -1, 1, -1, -1, 0, 0} // 0 for either; −7.5 is nearer than a quarter of a third of 8, and −9 is farther
	index := []int{0, 1, 2, 3, 4, 5, 6, 7, 8}
	up, down := make([]bool, len(index)), make([]bool, len(index))
	for seed := range uint64(100) {
		c := newChecker(p, Settings{})
		v := c.random(rand.New(rand.NewPCG(seed, 0)), index)
		for i, x := range p.X {
			if p.Lower[i] == p.Upper[i] {
				assert.Zero(t, v[i])
				continue
			}
			size := math.Max(math.Abs(x), 1) / 3 // √9
			assert.GreaterOrEqual(t, math.Abs(v[i]), size/2)
			assert.LessOrEqual(t, math.Abs(v[i]), 1.5*size)
			up[i], down[i] = up[i] || v[i] > 0, down[i] || v[i] < 0
		}
	}
	for i, s := range side {
		if p.Lower[i] < p.Upper[i] {
			assert.Equal(t, s >= 0, up[i], "x[%d] up", i)
			assert.Equal(t, s <= 0, down[i], "x[%d] down", i)
		}
	}
}
