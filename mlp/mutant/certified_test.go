package mutant_test

import (
	"encoding/binary"
	"math/big"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone"
	"touchstone/gradcheck"
	"touchstone/mlp"
	"touchstone/mlp/mutant"
)

// certified returns a checker that compares with differences in math/big. It
// remembers what it has computed of the last objective: the mutants of one problem
// are asked for in a row.
func certified(t *testing.T) mutant.Checker {
	var last *mlp.Objective
	var known gradcheck.Problem
	return func(p mutant.Problem) mutant.Answer {
		if p.Objective != last {
			g, err := touchstone.GradientProblem(p.Objective, p.Theta)
			require.NoError(t, err)
			g.Big = rememberBig(g.Big)
			g.HessVec, g.Parts = nil, nil
			last, known = p.Objective, g
		}
		q := known
		q.Func, q.Grad, q.X = p.Func, p.Grad, p.Theta
		r, err := gradcheck.Check(q, &gradcheck.Settings{Mode: gradcheck.Certified})
		require.NoError(t, err)
		return verdict(r)
	}
}

func rememberBig(f func(x []*big.Float, prec uint) *big.Float) func(x []*big.Float, prec uint) *big.Float {
	known := map[string]*big.Float{}
	return func(x []*big.Float, prec uint) *big.Float {
		key := binary.LittleEndian.AppendUint32(nil, uint32(prec))
		for _, v := range x {
			key = append(v.Append(key, 'p', 0), ' ')
		}
		v, ok := known[string(key)]
		if !ok {
			v = f(x, prec)
			known[string(key)] = v
		}
		return v
	}
}

// TestCertifiedKills prints how gradcheck does on the catalogue with the objective in
// math/big: it rejects all that is wrong, however small or saturated, and nothing
// else. TOUCHSTONE_LONG=1 takes 200 networks.
func TestCertifiedKills(t *testing.T) {
	n := size(1, 3, 200)
	tables, err := mutant.Score(mutant.Problems(1, n), certified(t))
	require.NoError(t, err)
	kills, right := tables[0].Kills(0), tables[0].FalseAlarms()
	t.Logf("%d networks: %d of %d wrong gradients rejected, %d undecided, %d accepted; right ones: %d accepted, %d undecided, %d rejected",
		n, kills.Rejected, kills.Total(), kills.Undecided, kills.Accepted, right.Accepted, right.Undecided, right.Rejected)
	t.Logf("\n%s", escapes(tables[0]))
	assert.Equal(t, kills.Total(), kills.Rejected)
	assert.Zero(t, right.Rejected)
	assert.Greater(t, right.Accepted, n/2)
}
