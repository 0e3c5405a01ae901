package touchstone

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// An entry is off in units of what is allowed. Where its format has no number for what
// is right, an infinity of the right sign is as good as any.
func TestEntryError(t *testing.T) {
	inf := math.Inf(1)
	for _, b := range []struct {
		e        entry
		err      float64
		overflow bool
	}{
		{entry{want: "7.0e+4", value: 70000, got: inf, off: inf}, 0, true},
		{entry{want: "-7.0e+4", value: -70000, got: -inf, off: inf}, 0, true},
		{entry{want: "7.0e+4", value: 70000, got: -inf, off: inf}, inf, false},
		{entry{want: "-7.0e+4", value: -70000, got: inf, off: inf}, inf, false},
		{entry{want: "6.5504e+4", value: 65504, got: inf, off: inf}, inf, false},
		{entry{want: "6.5504e+4", value: 65504, got: inf, off: inf, bound: 1}, 0, true},
		{entry{want: "6.55e+4", value: 65500, got: inf, off: inf, bound: 1}, inf, false},
		{entry{want: "7.0e+4", value: 70000, got: 0, off: 70000, bound: 7}, 10000, false},
		{entry{want: "1.0e+0", value: 1, got: 1}, 0, false},
		{entry{want: "1.0e+0", value: 1, got: 1.5, off: .5}, inf, false},
		{entry{want: "1.0e+0", value: 1, got: 1.5, off: .5, bound: 2}, .25, false},
		{entry{want: "1.0e+0", value: 1, got: math.NaN(), off: inf, bound: inf}, 0, true},
		{entry{want: "1.0e+0", value: 1, got: 1.5, off: .5, bound: inf}, 0, true},
		{entry{want: "1.0e+0", value: 1, got: 1.5, off: .5, bound: math.NaN()}, 0, true},
		{entry{want: "1.0e+0", value: 1, got: 1, bound: inf}, 0, false},
	} {
		err, overflow := b.e.error(65504)
		assert.Equal(t, []any{b.err, b.overflow}, []any{err, overflow}, "%+v", b.e)
	}
	assert.True(t, (&entry{value: -2, bound: 2}).isIdle(), "0 is off by its bound, which is allowed")
	assert.False(t, (&entry{value: -2, bound: 1.9}).isIdle())
	assert.False(t, (&entry{value: 0, bound: 0}).isIdle(), "0 is the only number that is allowed")
}

// A block fails if an entry is off by more than its bound, is excused from that, and is
// inconclusive where all entries are idle.
func TestBlockOutcome(t *testing.T) {
	exact := entry{want: "8.0e+0", got: 8, value: 8, bound: 2}
	at := func(off float64) entry {
		return entry{want: "8.0e+0", got: 8 + off, value: 8, off: off, bound: 2}
	}
	idle := entry{want: "1.0e+0", got: 1, value: 1, bound: 2}
	for _, b := range []struct {
		entries []entry
		excused bool
		outcome Outcome
		worst   int
		err     float64
	}{
		{[]entry{exact, at(1), exact}, false, Pass, 1, 0.5},
		{[]entry{exact, at(2), exact}, false, Pass, 1, 1},
		{[]entry{exact, at(2), at(3), at(3)}, false, Fail, 2, 1.5},
		{[]entry{exact, at(2), at(3)}, true, Inconclusive, 2, 1.5},
		{[]entry{exact, at(2)}, true, Pass, 1, 1},
		{[]entry{idle, idle}, false, Inconclusive, 0, 0},
		{[]entry{idle, exact}, false, Pass, 0, 0},
	} {
		v := Block{entries: b.entries, excused: b.excused, name: func(i int) string { return fmt.Sprint("w", i) }}
		v.judge(65504)
		assert.Equal(t, []any{b.outcome, fmt.Sprint("w", b.worst), b.err}, []any{v.Outcome, v.Worst, v.Error})
		worst := v.Entry(b.worst)
		assert.Equal(t, b.err, worst.Error)
		if b.outcome != Pass {
			assert.Equal(t, b.outcome, worst.Outcome)
		}
	}
	v := Block{entries: []entry{at(2)}, name: func(int) string { return "" }}
	assert.Equal(t, Pass, v.Entry(0).Outcome)
}

func TestOutcomeString(t *testing.T) {
	for o, want := range map[Outcome]string{Pass: "pass", Inconclusive: "inconclusive", Fail: "fail", -1: "Outcome(-1)", 7: "Outcome(7)"} {
		assert.Equal(t, want, o.String())
	}
}
