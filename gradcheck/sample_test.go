package gradcheck_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone/gradcheck"
)

// A sample sees what is wrong in a part of a block as often as it says.
func TestSample(t *testing.T) {
	p := long(600)
	r := runWith(t, p, gradcheck.Settings{MaxEntries: 40})
	assert.Equal(t, gradcheck.Pass, r.Verdict, "%v", r)
	assert.Equal(t, gradcheck.Entries, r.Mode)
	assert.Len(t, r.Entries, 40)
	assert.InDelta(t, 1-math.Pow(1e-3, 1./20), r.Blocks[0].Fraction, 1e-12)
	assert.LessOrEqual(t, r.Evaluations, 14*40+30)

	missed, times := 0, uint64(200)
	if testing.Short() {
		times = 40
	}
	for seed := range times {
		wrong := p
		wrong.Func = func([]float64) float64 { return 0 } // only the choice matters here
		wrong.Grad = func(grad, x []float64) {
			clear(grad)
			rnd := rand.New(rand.NewPCG(seed, 2))
			for _, i := range rnd.Perm(300)[:1+int(300*r.Blocks[0].Fraction)] {
				grad[i] = 1
			}
		}
		if s := runWith(t, wrong, gradcheck.Settings{MaxEntries: 40, Seed: seed}); s.Failed == 0 {
			missed++
		}
	}
	assert.LessOrEqual(t, missed, 2, "of %d", times)

	all := runWith(t, p, gradcheck.Settings{MaxEntries: 600})
	assert.Len(t, all.Entries, 600)
	assert.Zero(t, all.Blocks[0].Fraction)
}

// A sample has its share of each block, one entry at least, and is none where all entries
// are looked at.
func TestSampleSizes(t *testing.T) {
	p := long(40)
	p.Blocks = []gradcheck.Block{{Name: "W", Rows: 30}, {Name: "b", Offset: 30, Rows: 10}}
	for limit, want := range map[int][2]int{1: {1, 1}, 4: {3, 1}, 8: {6, 2}, 39: {29, 9}, 40: {30, 10}, 41: {30, 10}, 0: {30, 10}} {
		r := runWith(t, p, gradcheck.Settings{MaxEntries: limit})
		require.Equal(t, want, [2]int{r.Blocks[0].Checked, r.Blocks[1].Checked}, "%d", limit)
		for b, size := range []int{30, 10} {
			fraction := 0.0
			if want[b] < size {
				fraction = 1 - math.Pow(1e-3, 1/float64(want[b]))
			}
			assert.InDelta(t, fraction, r.Blocks[b].Fraction, 1e-12, "%d", limit)
		}
		for k := 1; k < len(r.Entries); k++ {
			assert.Less(t, r.Entries[k-1].Index, r.Entries[k].Index)
		}
	}
}
