package report

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Each entry has a cell, whatever the shape, and no map has more cells than it may.
func TestLayout(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	sizes := []int{1, 2, 3, 15, 16, 17, 47, 48, 49, 63, 64, 65, 256, 257, 1000}
	for _, rows := range sizes {
		for _, cols := range sizes {
			for _, most := range []int{1, 2, 7, 46, 500, maxCells} {
				l := layOut(rows, cols, most)
				assert.LessOrEqual(t, l.rows*l.cols, max(most, 1))
				assert.LessOrEqual(t, l.rows, 48)
				assert.LessOrEqual(t, l.cols, 64)
				entries := l.high * l.wide
				assert.GreaterOrEqual(t, l.rows*l.cols*entries, rows*cols)
				for _, at := range []int{0, rows*cols - 1, rnd.IntN(rows * cols), rnd.IntN(rows * cols)} {
					cell := l.cell(at)
					assert.True(t, cell >= 0 && cell < l.rows*l.cols, "%d × %d, %d: %d", rows, cols, most, at)
					if rows > 1 {
						assert.Equal(t, at/cols/l.high*l.cols+at%cols/l.wide, cell)
					} else {
						assert.Equal(t, at/l.wide, cell)
					}
				}
			}
		}
	}
	for _, n := range []int{math.MaxInt32, math.MaxInt} { // no overflow
		l := layOut(1, n, maxCells)
		assert.Less(t, l.cell(n-1), l.rows*l.cols)
		l = layOut(n, 1, maxCells)
		assert.Less(t, l.cell(n-1), l.rows*l.cols)
	}
}

// A cell looks like the worst of its entries.
func TestWorstIsShown(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	l := layOut(300, 500, 100)
	for range 10 {
		at := rnd.IntN(150_000)
		for _, bad := range []point{{at, "bad", fail, 1.01}, {at, "bad", fail, math.NaN()}, {at, "bad", fail, math.Inf(1)}, {at, "bad", inconclusive, 0}} {
			points := make([]point, 150_000)
			for i := range points {
				points[i] = point{i, "good", pass, 1}
			}
			points[at] = bad
			m, _ := l.drawn("W", slices.Values(points))
			shown := 0
			for _, c := range m.Cells {
				if c.Class != near.class() {
					assert.True(t, strings.HasPrefix(c.Title, "bad: "))
					assert.Equal(t, levelOf(bad.outcome, bad.err).class(), c.Class)
					shown++
				}
			}
			assert.Equal(t, 1, shown)
			assert.Equal(t, bad.outcome == fail, strings.Contains(m.Label, "1 of 150\u202f000 entries wrong"))
		}
	}
}

func TestLevels(t *testing.T) {
	last := unseen
	for _, p := range []struct {
		outcome outcome
		err     float64
		want    level
	}{
		{pass, 0, right}, {pass, 0.5, right}, {pass, 0.51, near}, {pass, 1, near}, {inconclusive, 1e300, undecided},
		{fail, 1.1, wrong}, {fail, 999, wrong}, {fail, 1001, wrong + 1}, {fail, 1e7, wrong + 2}, {fail, 1e10, wrong + 3},
		{fail, 1e13, worst}, {fail, 1e300, worst}, {fail, math.Inf(1), worst}, {fail, math.NaN(), worst},
	} {
		got := levelOf(p.outcome, p.err)
		assert.Equal(t, p.want, got, "%v", p)
		assert.GreaterOrEqual(t, got, last)
		last = got
	}
	shapes := map[string]bool{}
	for _, l := range legends() {
		shapes[l.Path] = true
	}
	assert.Len(t, shapes, 4, "right, nearly wrong, inconclusive and wrong differ by more than colour")
}

func TestShare(t *testing.T) {
	assert.Equal(t, maxCells, share([]int{5, 10}))
	assert.Equal(t, maxCells/2, share([]int{1e6, 1e6}))
	assert.Equal(t, (maxCells-30)/2, share([]int{1e6, 10, 1e6, 20}))
	assert.Equal(t, maxCells, share(nil))
}

// The power of ten of an error is a number, whatever the error.
func TestPower(t *testing.T) {
	for err, want := range map[float64]string{0: "0", 1: "0", 9.9: "0", 10: "1", 0.5: "-1", math.MaxFloat64: "308", math.Inf(1): "∞", math.NaN(): "∞"} {
		assert.Equal(t, want, power(err), "%v", err)
	}
}
