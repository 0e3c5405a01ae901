package mutant_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone/gradcheck"
	"touchstone/mlp/exact"
	"touchstone/mlp/mutant"
)

// TestCalibration checks right gradients by differences and counts what must not
// happen: a Fail, and a derivative outside its bound, by package exact. It prints how
// small an error would have failed. TOUCHSTONE_LONG=1 takes 100,000 networks.
func TestCalibration(t *testing.T) {
	var verdicts [3]int
	worst := 0.0 // error, in units of its bound
	var entries, bounded, outside, evaluations, passed int
	var detectable, ordinary []float64 // of all networks, and of those with σ ≤ 1
	for seed := range uint64(size(1, 1, 100)) {
		for k, p := range mutant.Problems(seed, size(200, 500, 1000)) {
			r, err := gradcheck.Check(gradcheck.Problem{Func: p.Func, Grad: p.Grad, X: p.Theta, Name: p.Objective.Net().ParamName}, nil)
			require.NoError(t, err)
			if verdicts[r.Verdict]++; r.Verdict == gradcheck.Fail {
				t.Logf("%v %v, sum %v, λ %v: %v", p.Objective.Net(), p.Objective.Loss(), p.Objective.Sum, p.Objective.Lambda, r)
			}
			truth := exactly(t, p)
			evaluations += r.Evaluations
			entries += len(r.Entries)
			for i, e := range r.Entries {
				if e.Verdict == gradcheck.Pass {
					passed++
				}
				if truth.Grad[i].Value != 0 { // of 0, as behind a dead rectifier, nothing is a part
					detectable = append(detectable, e.MinDetectable)
					if k%7 < 3 {
						ordinary = append(ordinary, e.MinDetectable)
					}
				}
				if math.IsInf(e.Bound, 1) {
					continue
				}
				bounded++
				worst = math.Max(worst, (math.Abs(e.Numeric-truth.Grad[i].Value)-truth.Grad[i].Radius)/e.Bound)
				if b := truth.Grad[i]; !(math.Abs(e.Numeric-b.Value) <= e.Bound+b.Radius) {
					outside++
					t.Logf("outside: %v %v: %+v, truth %v", p.Objective.Net(), p.Objective.Loss(), e, b.Value)
				}
			}
		}
	}
	t.Logf("%d networks: %d pass, %d inconclusive, %d fail", verdicts[0]+verdicts[1]+verdicts[2], verdicts[0], verdicts[1], verdicts[2])
	t.Logf("%d elements, %d pass; %.2f evaluations each", entries, passed, float64(evaluations)/float64(entries))
	t.Logf("truth outside the bound: %d of %d; the largest error is %.2f of its bound", outside, bounded, worst)
	t.Logf("smallest relative error that fails: %s; with σ ≤ 1: %s", quantiles(detectable), quantiles(ordinary))
	assert.Zero(t, verdicts[gradcheck.Fail], "false alarms")
	assert.LessOrEqual(t, outside*100_000, bounded)
}

// Right gradients that were rejected once, by number of the problem among the first
// 1000 of a seed.
func TestFalseAlarms(t *testing.T) {
	for _, c := range []struct {
		seed uint64
		k    int
		why  string
	}{
		{80, 130, "the second derivative passes through 0: that is no kink"},
	} {
		p := mutant.Problems(c.seed, 1000)[c.k]
		r, err := gradcheck.Check(gradcheck.Problem{Func: p.Func, Grad: p.Grad, X: p.Theta}, nil)
		require.NoError(t, err)
		assert.Equal(t, gradcheck.Pass, r.Verdict, c.why)
	}
}

func exactly(t *testing.T, p mutant.Problem) *exact.Result {
	o := p.Objective
	r, err := exact.Evaluate(exact.Problem{Net: o.Net(), Loss: o.Loss(), Theta: p.Theta, X: o.X(), T: o.T(), Sum: o.Sum, Lambda: o.Lambda})
	require.NoError(t, err)
	return r
}

func quantiles(x []float64) string {
	slices.Sort(x)
	at := func(q float64) float64 { return x[int(q*float64(len(x)-1))] }
	return fmt.Sprintf("median %.2g, 90 %% %.2g, 99 %% %.2g, 99.9 %% %.2g", at(0.5), at(0.9), at(0.99), at(0.999))
}
