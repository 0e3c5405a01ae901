package touchstone

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A right claim never fails, in whatever precision.
func TestJudgePassesWhatIsRight(t *testing.T) {
	for p := Float64; p <= Float16; p++ {
		counts := map[Outcome]int{}
		for _, c := range someCases() {
			k := planted{round: roundings[p]}.claim(&c)
			k.Precision = p
			v := Judge(c, k)
			counts[v.Outcome]++
			if v.Outcome == Fail {
				t.Errorf("%s in %v: %+v", c.ID, p, v.First.String())
			}
		}
		t.Logf("%v: %v", p, counts)
		if p == Float64 {
			assert.Greater(t, counts[Pass], 2*len(someCases())/3)
		}
	}
}

// Mistakes are judged Fail wherever they change anything, and named.
func TestJudgeNamesMistakes(t *testing.T) {
	all := Cases()
	most := 25   // cases for a mistake; TOUCHSTONE_LONG=1 takes all of them
	spare := 0.0 // of nine cases, one may be another's
	if testing.Short() {
		most, spare = 10, 1
	}
	if os.Getenv("TOUCHSTONE_LONG") != "" {
		most = len(all)
	}
	var table strings.Builder
	judged, named, bugsNamed := 0, 0, 0
	for _, b := range slices.Concat(bugs, rarerBugs) {
		cases, right := 0, 0
		other := map[string]int{}
		example := ""
		var possible []*Case
		for i := range all {
			if c := &all[i]; b.cases(c) && !slices.Contains(c.Flags, "Cancellation") {
				possible = append(possible, c)
			}
		}
		for i := range min(most, len(possible)) { // of all kinds
			c := possible[i*len(possible)/min(most, len(possible))]
			k := b.claim(c)
			v := Judge(*c, k)
			if v.Outcome != Fail {
				continue // the mistake changes nothing that float64 could tell
			}
			cases++
			if v.Cause != nil && v.Cause.Type == b.kind && strings.Contains(v.Cause.Text, b.cause) {
				right++
				example = v.Cause.Text
				continue
			}
			text := "unknown"
			if v.Cause != nil {
				text = v.Cause.String()
			}
			if len(text) > 60 {
				text = text[:60]
			}
			other[text+" e.g. "+c.ID]++
		}
		assert.NotZero(t, cases, b.name)
		judged += cases
		named += right
		if float64(right) >= 0.9*float64(cases)-spare {
			bugsNamed++
		}
		fmt.Fprintf(&table, "%-30s %-10s %3d of %3d  %.60s", b.name, b.kind, right, cases, example)
		if len(other) > 0 {
			fmt.Fprintf(&table, "\n      %v", other)
		}
		table.WriteString("\n")
	}
	count := len(bugs) + len(rarerBugs)
	t.Logf("\n%s%d bugs, %d named in ≥ 90 %% of their cases; %d of %d claims named", &table, count, bugsNamed, named, judged)
	assert.GreaterOrEqual(t, float64(named), 0.98*float64(judged))
	assert.Equal(t, count, bugsNamed)
}

// PyTorch's derivative of the sigmoid, y(1−y), at z = 37: by name.
func TestJudgeNamesTheTail(t *testing.T) {
	c, ok := CaseByID("saturated-hidden-sigmoid-plus-37")
	require.True(t, ok)
	var tail planted
	for _, b := range bugs {
		if b.name == "σ′ = a(1−a)" {
			tail = b
		}
	}
	v := Judge(c, tail.claim(&c))
	assert.Equal(t, Fail, v.Outcome)
	assert.Equal(t, "delta", v.First.Stage)
	assert.Equal(t, "delta0", v.First.Name)
	assert.Equal(t, "SATURATION: the derivative is taken from the rounded activation, as a·(1−a) or 1−a²: in the tail nothing is left of it; take it from z", v.Cause.String())
}

func TestJudgeReports(t *testing.T) {
	c, ok := CaseByID("rectangular-squared")
	require.True(t, ok)
	right := planted{}.claim(&c)
	v := Judge(c, right)
	assert.Equal(t, Pass, v.Outcome)
	assert.Nil(t, v.First)
	assert.Nil(t, v.Cause)
	var names []string
	for _, b := range v.Blocks {
		names = append(names, b.Name)
		assert.LessOrEqual(t, b.Error, 1.0)
	}
	assert.Equal(t, strings.Fields("z0 a0 z1 a1 z2 a2 loss delta2 delta1 delta0 W2 b2 W1 b1 W0 b0 dx after"), names)

	// One wrong number is found wherever it is.
	for _, b := range v.Blocks {
		k := planted{}.claim(&c)
		places := map[string][]float64{"loss": {*k.Loss}, "dx": k.DX, "after": k.After, "W1": c.Net.Weights(k.Grad, 1).Data, "b2": c.Net.Biases(k.Grad, 2),
			"z1": k.Z[1], "a0": k.A[0], "delta2": k.Delta[2]}
		place := places[b.Name]
		if place == nil {
			continue
		}
		i := len(place) - 1
		place[i] += 1e-9
		if b.Name == "loss" {
			k.Loss = &place[0]
		}
		w := Judge(c, k)
		require.Equal(t, Fail, w.Outcome, b.Name)
		assert.Equal(t, b.Name, w.First.Name)
		assert.Equal(t, b.name(i), w.First.Worst)
		assert.InEpsilon(t, 1e-9/b.entries[i].bound, w.First.Error, 0.5)
		assert.Contains(t, w.First.String(), b.name(i))
	}

	// Only what is claimed is judged.
	v = Judge(c, Claim{Grad: right.Grad})
	assert.Equal(t, Pass, v.Outcome)
	assert.Len(t, v.Blocks, 6)
	right.Grad[3] = math.NaN()
	v = Judge(c, Claim{Grad: right.Grad})
	assert.Equal(t, Fail, v.Outcome)
	assert.Equal(t, "SATURATION", v.Cause.Type)
	assert.Contains(t, v.Cause.Text, "W0[1,0] is NaN")
}

// A mistake is also named from the step alone, and from the gradient alone.
func TestJudgeNamesFromLess(t *testing.T) {
	all := Cases()
	for _, b := range bugs {
		if b.kind != "MISSING" && b.kind != "REDUCTION" && b.kind != "ORDER" || strings.HasPrefix(b.name, "regulariser") {
			continue
		}
		named, judged := 0, 0
		for _, c := range all {
			if judged >= 20 || !b.cases(&c) || len(c.Step.Frozen) > 0 {
				continue
			}
			full := b.claim(&c)
			for _, k := range []Claim{{Grad: full.Grad}, {After: full.After}} {
				v := Judge(c, k)
				if v.Outcome != Fail {
					continue
				}
				judged++
				if v.Cause != nil && v.Cause.Type == b.kind {
					named++
				}
			}
		}
		t.Logf("%-30s %d of %d", b.name, named, judged)
		assert.GreaterOrEqual(t, float64(named), 0.7*float64(judged), b.name)
	}
}

func TestClaimCheck(t *testing.T) {
	c, ok := CaseByID("mazur")
	require.True(t, ok)
	for _, b := range []struct {
		claim Claim
		want  string
	}{
		{Claim{}, "claim: itself claims nothing: want a loss, grad, z, a, delta, dx or after"},
		{Claim{Grad: []float64{1}}, "claim: grad has 1 values, want 12, one for each parameter"},
		{Claim{DX: []float64{}}, "claim: dx has 0 values, want 2, one for each sample and input"},
		{Claim{Z: [][]float64{{1}}}, "claim: z has 1 layers, want 2; one that is not claimed is nil"},
		{Claim{A: [][]float64{nil, {1}}}, "claim: a[1] has 1 values, want 2, one for each sample and neuron"},
		{Claim{After: []float64{1}}, "claim: after has 1 values, want 12, one for each parameter"},
		{Claim{Precision: 7}, "claim: precision is Precision(7), want one of the constants Float64 to Float16"},
		{Claim{Precision: -1}, "claim: precision is Precision(-1), want one of the constants Float64 to Float16"},
	} {
		assert.EqualError(t, b.claim.Check(&c), b.want)
		v := Judge(c, b.claim)
		assert.Equal(t, Fail, v.Outcome)
		var e *ClaimError
		assert.ErrorAs(t, v.Err, &e)
	}
	p, err := PrecisionByName("bfloat16")
	assert.NoError(t, err)
	assert.Equal(t, BFloat16, p)
	_, err = PrecisionByName("fp8")
	assert.EqualError(t, err, `claim: precision is "fp8", want float64, float32, bfloat16 or float16`)
}

// What a block says is true of the size of its numbers, too.
func TestBlockString(t *testing.T) {
	b := Block{Name: "W0", Outcome: Fail, Worst: "W0[0,1]", Got: 0, Want: "-1.236953255503595790000000000000000000001e-41", Error: 3, Bound: 1e-42}
	assert.Equal(t, "W0       fail         worst W0[0,1] = 0, want -1.2369532555035958e-41, off by 3 of the bound 1e-42", b.String())
}
