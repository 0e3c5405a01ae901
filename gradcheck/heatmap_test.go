package gradcheck

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// grid returns a report of one matrix with the given entries.
func grid(rows, cols int, entries ...Entry) *Report {
	r := &Report{Blocks: []BlockReport{{Block: Block{Name: "W", Rows: rows, Cols: cols}}}}
	for _, e := range entries {
		e.Name = r.Blocks[0].name(e.Index)
		r.count(&e)
		r.Entries = append(r.Entries, e)
	}
	return r
}

func TestHeatMap(t *testing.T) {
	nan := math.NaN()
	r := grid(2, 6,
		Entry{Index: 0, Analytic: 1, Numeric: 1},
		Entry{Index: 1, Analytic: 1, Numeric: 2, Verdict: Inconclusive},
		Entry{Index: 2, Analytic: 1, Numeric: 2, Verdict: Fail},
		Entry{Index: 3, Analytic: 1, Numeric: 1.02, Verdict: Fail},
		Entry{Index: 4, Analytic: 1, Numeric: 1 + 2e-8, Verdict: Fail},
		Entry{Index: 5, Analytic: 1, Numeric: 1 + 2e-13, Verdict: Fail},
		Entry{Index: 7, Analytic: -1, Numeric: 1, Verdict: Fail},
		Entry{Index: 8, Analytic: 1e300, Numeric: 1, Verdict: Fail},
		Entry{Index: 9, Analytic: nan, Numeric: 1, Verdict: Fail},
		Entry{Index: 10, Analytic: math.Inf(-1), Numeric: 1, Verdict: Fail},
	)
	assert.Equal(t, ""+
		"    |·?0179|\n"+
		"    | 00XX |", r.heatMap(0))

	vector := grid(3, 0, Entry{Index: 2, Analytic: 1, Numeric: 2, Verdict: Fail})
	assert.Equal(t, "    |  0|", vector.heatMap(0))
	assert.Empty(t, grid(1, 1, Entry{Verdict: Fail}).heatMap(0), "one entry needs no map")
	assert.Empty(t, grid(2, 2, Entry{}, Entry{Verdict: Inconclusive}).heatMap(0), "nor do entries that are not wrong")
}

// Of a large block, each character is the worst of its entries.
func TestHeatMapPools(t *testing.T) {
	const rows, cols = 40, 130
	var entries []Entry
	for i := range rows * cols {
		entries = append(entries, Entry{Index: i, Analytic: 1, Numeric: 1})
	}
	at := func(j, k int) *Entry { return &entries[j*cols+k] }
	at(0, 0).Verdict = Inconclusive
	at(37, 129).Verdict, at(37, 129).Numeric = Fail, 1.02
	at(38, 129).Verdict, at(38, 129).Numeric = Fail, 2
	at(20, 64).Verdict, at(20, 64).Analytic = Fail, math.NaN()
	lines := strings.Split(grid(rows, cols, entries...).heatMap(0), "\n")
	assert.Len(t, lines, 15)
	assert.Equal(t, "    |?"+strings.Repeat("·", 43)+"|", lines[0])
	assert.Equal(t, "    |"+strings.Repeat("·", 21)+"X"+strings.Repeat("·", 22)+"|", lines[6])
	assert.Equal(t, "    |"+strings.Repeat("·", 43)+"0|", lines[12])
	assert.Equal(t, "    each character is the worst of 3 × 3", lines[14])
}

// A character stands for more than one entry only where the map would be too large.
func TestHeatMapSizes(t *testing.T) {
	for _, c := range []struct{ rows, cols, high, wide int }{
		{16, 64, 16, 64}, {17, 64, 9, 64}, {16, 65, 16, 33}, {32, 128, 16, 64}, {33, 129, 11, 43}, {1, 2, 1, 2}, {2, 1, 2, 1},
	} {
		text := grid(c.rows, c.cols, Entry{Index: c.rows*c.cols - 1, Analytic: 1, Numeric: 2, Verdict: Fail}).heatMap(0)
		var drawn []string
		for _, line := range strings.Split(text, "\n") {
			if inner, found := strings.CutPrefix(line, "    |"); found {
				drawn = append(drawn, strings.TrimSuffix(inner, "|"))
			}
		}
		if assert.Len(t, drawn, c.high, "%+v", c) {
			assert.Equal(t, strings.Repeat(" ", c.wide-1)+"0", drawn[c.high-1], "%+v", c)
		}
		assert.Equal(t, c.high < c.rows || c.wide < c.cols, strings.Contains(text, "each character"), "%+v", c)
	}
}

// What is in no block need not be one piece of X. It is drawn in order.
func TestHeatMapOfTheRest(t *testing.T) {
	for _, last := range []int{8, 3} { // far off, and just behind
		r := &Report{Blocks: []BlockReport{{Block: Block{Name: "x", Rows: 3}}}}
		for k, i := range []int{0, 1, last} {
			r.Entries = append(r.Entries, Entry{Index: i, Analytic: 1, Numeric: 2, Verdict: Verdict(k)})
		}
		assert.Equal(t, "    |·?0|", r.heatMap(0))
	}
}
