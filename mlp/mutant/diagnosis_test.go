package mutant_test

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone"
	"touchstone/gradcheck"
	"touchstone/mlp"
	"touchstone/mlp/mutant"
)

// TestDiagnosis prints how often gradcheck names the mistake first. It is given the
// losses of the samples, and their gradients by the mutant. TOUCHSTONE_LONG=1 takes
// more networks, and then the same with the objective in math/big.
//
// Counted are the pairs of a mutant and a network where an element fails. The mistake is
// named if a block has a cause and each block that has one has a right one first. One
// of kind single, where that is not the mistake, only says where to look: it is none.
// A mutant is named if it is in more than half of its networks.
func TestDiagnosis(t *testing.T) {
	modes := []gradcheck.Mode{gradcheck.Entries, gradcheck.Certified}
	for _, mode := range modes[:size(1, 1, 2)] {
		scores := diagnoses(t, mutant.Problems(1, size(2, 14, 60)), mode)
		var b strings.Builder
		var pairs, mutants, others score
		for _, d := range named {
			var kind score
			for _, name := range strings.Fields(d.mutants) {
				s := scores[name]
				kind = kind.plus(s)
				if mutants = mutants.plus(s.majority()); s.total() > 0 && s.majority().right == 0 {
					fmt.Fprintf(&b, "%-34s not named: %v\n", name, s)
				}
			}
			pairs = pairs.plus(kind)
			fmt.Fprintf(&b, "%-34s %v\n", fmt.Sprint(d.kinds), kind)
		}
		for _, d := range unnamed {
			for _, name := range strings.Fields(d.mutants) {
				others = others.plus(scores[name])
			}
		}
		t.Logf("%v\n%sall pairs: %v\nall mutants: %v\npairs of mutants of no kind: %v", mode, b.String(), pairs, mutants, others)
		assert.GreaterOrEqual(t, mutants.share(mutants.right), 0.95)
		assert.GreaterOrEqual(t, pairs.share(pairs.right), 0.93)
		assert.LessOrEqual(t, pairs.share(pairs.wrong), 0.02)
		all := pairs.plus(others)
		assert.LessOrEqual(t, all.share(all.wrong), 0.02)
	}
}

// diagnoses returns the scores of all mutants, by name.
func diagnoses(t *testing.T, problems []mutant.Problem, mode gradcheck.Mode) map[string]score {
	scores := map[string]score{}
	for _, p := range problems {
		g := diagnosable(t, p)
		for _, m := range mutant.All() {
			g.Grad, g.PartGrad = m.Grad(p.Objective), partGrad(m, p.Objective)
			r, err := gradcheck.Check(g, &gradcheck.Settings{Mode: mode})
			require.NoError(t, err)
			scores[m.Name] = scores[m.Name].plus(judged(r, acceptable(m.Name)))
		}
	}
	return scores
}

// A score counts diagnoses.
type score struct{ right, none, wrong int }

func (s score) plus(o score) score {
	return score{s.right + o.right, s.none + o.none, s.wrong + o.wrong}
}

func (s score) total() int { return s.right + s.none + s.wrong }

func (s score) share(n int) float64 { return float64(n) / float64(s.total()) }

func (s score) String() string {
	return fmt.Sprintf("%d of %d right (%.1f %%), %d without a cause, %d wrong", s.right, s.total(), 100*s.share(s.right), s.none, s.wrong)
}

// majority returns one diagnosis for all: that of more than half, or none.
func (s score) majority() score {
	switch {
	case s.total() == 0:
		return score{}
	case 2*s.right > s.total():
		return score{right: 1}
	case 2*s.wrong > s.total():
		return score{wrong: 1}
	}
	return score{none: 1}
}

// judged returns the score of one report: nothing, if no element fails.
func judged(r *gradcheck.Report, right []gradcheck.CauseKind) score {
	var blocks score
	for _, b := range r.Blocks {
		switch {
		case b.Failed == 0:
		case len(b.Causes) == 0:
			blocks.none++
		case slices.Contains(right, b.Causes[0].Kind):
			blocks.right++
		case b.Causes[0].Kind == single:
			blocks.none++
		default:
			blocks.wrong++
		}
	}
	switch {
	case blocks.wrong > 0:
		return score{wrong: 1}
	case blocks.right > 0:
		return score{right: 1}
	case blocks.none > 0:
		return score{none: 1}
	}
	return score{}
}

// A wrong cause is counted as such, also beside right ones, and none as none.
func TestJudged(t *testing.T) {
	causes := func(kinds ...gradcheck.CauseKind) *gradcheck.Report {
		r := &gradcheck.Report{Blocks: make([]gradcheck.BlockReport, 1)}
		for _, k := range kinds {
			b := gradcheck.BlockReport{Failed: 1}
			if k != "" {
				b.Causes = []gradcheck.Cause{{Kind: k}, {Kind: factor}}
			}
			r.Blocks = append(r.Blocks, b)
		}
		return r
	}
	right := []gradcheck.CauseKind{factor, zero}
	assert.Equal(t, score{}, judged(causes(), right))
	assert.Equal(t, score{right: 1}, judged(causes(factor, "", zero, single), right))
	assert.Equal(t, score{none: 1}, judged(causes("", single), right))
	assert.Equal(t, score{wrong: 1}, judged(causes(factor, part, ""), right))
	assert.Equal(t, score{wrong: 1}, judged(causes(factor), nil))
	assert.Equal(t, score{none: 1}, score{right: 1, wrong: 1}.majority())
}

// diagnosable returns p for gradcheck, with functions that remember.
func diagnosable(t *testing.T, p mutant.Problem) gradcheck.Problem {
	g, err := touchstone.GradientProblem(p.Objective, p.Theta)
	require.NoError(t, err)
	g.Func, g.Big, g.HessVec = rememberFunc(g.Func), rememberBig(g.Big), nil
	for s, part := range g.Parts {
		g.Parts[s] = rememberFunc(part)
	}
	return g
}

// rememberFunc returns f with a memory: the mutants of one problem are asked for in a row.
func rememberFunc(f func(theta []float64) float64) func(theta []float64) float64 {
	known := map[string]float64{}
	var key []byte
	return func(theta []float64) float64 {
		key = key[:0]
		for _, v := range theta {
			key = binary.LittleEndian.AppendUint64(key, math.Float64bits(v))
		}
		v, ok := known[string(key)]
		if !ok {
			v = f(theta)
			known[string(key)] = v
		}
		return v
	}
}

// partGrad returns the gradients of single samples, by m.
func partGrad(m mutant.Mutant, o *mlp.Objective) func(grad, theta []float64, s int) {
	return func(grad, theta []float64, s int) {
		x, t := o.X(), o.T()
		x.Data, t.Data = x.Data[s*x.Stride:][:x.Cols], t.Data[s*t.Stride:][:t.Cols]
		x.Rows, t.Rows = 1, 1
		m.Grad(mlp.NewObjective(o.Net(), o.Loss(), x, t))(grad, theta)
	}
}
