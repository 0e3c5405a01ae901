package mutant_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone/mlp/mutant"
)

// size returns how much a test does: less with -short, and more if TOUCHSTONE_LONG is set.
func size(short, usual, long int) int {
	switch {
	case os.Getenv("TOUCHSTONE_LONG") != "":
		return long
	case testing.Short():
		return short
	}
	return usual
}

const entriesRule = 9 // of gradcheck, after those of others

// TestKillTable prints how the rules of others, and package gradcheck, do on the
// catalogue.
func TestKillTable(t *testing.T) {
	n := size(1, 14, 200)
	var checkers []mutant.Checker
	for _, r := range rules {
		checkers = append(checkers, r.check)
	}
	tables, err := mutant.Score(mutant.Problems(1, n), checkers...)
	require.NoError(t, err)

	var b strings.Builder
	fmt.Fprintf(&b, "%d mutants, %d networks, %d wrong gradients, %d with an effect of 1e-7 or more\n\n",
		len(mutant.All()), n, len(tables[0].Wrong), tables[0].Kills(1e-7).Total())
	fmt.Fprintln(&b, "| rule | wrong: rejected | effect ≥ 1e-7: rejected | undecided | accepted | right: rejected | undecided |")
	fmt.Fprintln(&b, "| --- | --- | --- | --- | --- | --- | --- |")
	for i, r := range rules {
		large, right := tables[i].Kills(1e-7), tables[i].FalseAlarms()
		percent := func(n int) float64 { return 100 * float64(n) / float64(large.Total()) }
		fmt.Fprintf(&b, "| %s | %.1f %% | %.1f %% | %.1f %% | %.2f %% | %d of %d | %d |\n", r.name, 100*tables[i].Kills(0).KillRate(),
			percent(large.Rejected), percent(large.Undecided), percent(large.Accepted), right.Rejected, n, right.Undecided)
	}
	t.Logf("\n%s", b.String())
	if os.Getenv("TOUCHSTONE_LONG") != "" {
		t.Logf("\n%s", escapes(tables[entriesRule]))
	}

	ours := tables[entriesRule]
	assert.Zero(t, ours.FalseAlarms().Rejected)
	assert.LessOrEqual(t, ours.Kills(1e-7).Accepted, len(ours.Wrong)/1000)
	assert.Greater(t, ours.Kills(1e-7).KillRate(), 0.95)
	for i, r := range rules[:entriesRule] {
		assert.Less(t, tables[i].Kills(1e-7).KillRate(), 1.0, "%s: the catalogue has bugs that it cannot see", r.name)
	}
}

// escapes lists the mutants that were not always rejected.
func escapes(table mutant.Table) string {
	var b strings.Builder
	for _, m := range mutant.All() {
		if n := table.Mutant(m.Name); n.Rejected < n.Total() {
			fmt.Fprintf(&b, "%-32s rejected %3d, undecided %3d, accepted %3d\n", m.Name, n.Rejected, n.Undecided, n.Accepted)
		}
	}
	return b.String()
}
