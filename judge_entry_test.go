package touchstone

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// The entries of a block say what the block says.
func TestEntries(t *testing.T) {
	judged := 0
	for _, c := range someCases() {
		for _, plant := range []func(c *Case) Claim{
			func(c *Case) Claim { return planted{}.claim(c) },
			func(c *Case) Claim {
				k := planted{}.claim(c)
				k.Grad[len(k.Grad)-1] += 1 // one entry only
				return k
			},
		} {
			if c.Step == nil {
				continue
			}
			k := plant(&c)
			v := Judge(c, k)
			for i := range v.Blocks {
				b := &v.Blocks[i]
				var worst Entry
				outcomes := map[Outcome]int{}
				for i := range b.Rows * b.Cols {
					e := b.Entry(i)
					outcomes[e.Outcome]++
					if e.Error > worst.Error || i == 0 {
						worst = e
					}
				}
				assert.Equal(t, [...]any{b.Worst, b.Got, b.Want, b.Bound, b.Error},
					[...]any{worst.Name, worst.Got, worst.Want, worst.Bound, worst.Error}, "%s: %s", c.ID, b.Name)
				assert.Equal(t, b.Outcome == Fail, outcomes[Fail] > 0, "%s: %s", c.ID, b.Name)
				if b.Outcome == Pass {
					assert.Positive(t, outcomes[Pass], "%s: %s", c.ID, b.Name)
				}
				assert.Panics(t, func() { b.Entry(b.Rows * b.Cols) })
				judged++
			}
		}
	}
	assert.Greater(t, judged, 3*len(someCases()))
}

// Shapes are those of the matrices, which the names of the entries tell.
func TestBlockShapes(t *testing.T) {
	all := Cases()
	c := &all[slices.IndexFunc(all, func(c Case) bool { return c.Step != nil && c.X.Rows > 1 && hidden(&c) })]
	k := planted{}.claim(c)
	v := Judge(*c, k)
	names := map[string]bool{}
	for i := range v.Blocks {
		b := &v.Blocks[i]
		names[b.Name] = true
		last := b.Entry(b.Rows*b.Cols - 1).Name
		if strings.Contains(last, ",") && b.Name != "after" {
			assert.Equal(t, b.Name+"["+strconv.Itoa(b.Rows-1)+","+strconv.Itoa(b.Cols-1)+"]", last)
		}
	}
	for _, name := range []string{"z0", "a0", "loss", "delta0", "W0", "dx", "after"} {
		assert.True(t, names[name], name)
	}
}

// What any number would pass is no pass, beside others that are right either.
func TestInfiniteBound(t *testing.T) {
	judged := func(entries ...entry) Outcome {
		b := &Block{Name: "loss", name: strconv.Itoa, entries: entries}
		b.judge(math.MaxFloat64)
		return b.Outcome
	}
	right := entry{want: "1", got: 1, value: 1, bound: 1e-3}
	for bound, want := range map[float64][2]Outcome{
		1e-3:        {Fail, Fail},
		10:          {Inconclusive, Pass}, // within what is allowed, if that says little of one
		math.Inf(1): {Inconclusive, Inconclusive},
	} {
		wrong := entry{want: "1", got: 7, value: 1, off: 6, bound: bound}
		assert.Equal(t, want, [...]Outcome{judged(wrong), judged(right, wrong)}, "%v", bound)
	}
}
