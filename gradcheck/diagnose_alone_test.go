package gradcheck

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// newAlone returns a trial with a layer of 4 units with 2 inputs and a bias, in which as
// many samples as columns span everything, and the samples' own gradients, to be
// spoiled.
func newAlone(seed uint64) *trial {
	t := newTrial(seed, 1e-11, Block{Name: "W", Rows: 4, Cols: 2}, Block{Name: "b", Rows: 4})
	for s := range numSamples {
		w, b := t.block(t.sample[s], 0), t.block(t.sample[s], 1)
		for j := range b {
			b[j] = w[2*j] // as if the first input were 1
		}
		w[0], w[1], b[0] = 0, 0, 0 // the first unit is off
	}
	t.truth = t.mean()
	for s := range numSamples {
		t.own = append(t.own, slices.Clone(t.sample[s]))
	}
	return t
}

func (t *trial) mean() []float64 {
	mean := make([]float64, len(t.p.X))
	for s := range numSamples {
		g := t.sample[s]
		if t.own != nil {
			g = t.own[s]
		}
		for i, v := range g {
			mean[i] += v / numSamples
		}
	}
	return mean
}

// unit multiplies unit j of sample s by c.
func (t *trial) unit(s, j int, c float64) {
	times(c)(t, t.block(t.own[s], 0)[2*j:2*j+2])
	times(c)(t, t.block(t.own[s], 1)[j:j+1])
}

// What is wrong with the gradient of each sample alone is wrong with the whole.
func TestDiagnoseAlone(t *testing.T) {
	for name, c := range map[string]struct {
		plant func(c *trial)
		kind  CauseKind
		text  string
	}{
		"a factor of each unit": {func(c *trial) {
			for s := range numSamples {
				for j := range 4 {
					c.unit(s, j, 0.25+c.rnd.Float64()/2)
				}
			}
		}, CauseDerivative, "each of 3 parts, taken alone, has a factor of its own in each row, from 0."},
		"a unit that should be off": {func(c *trial) {
			for s := range numSamples {
				w, b := c.block(c.own[s], 0), c.block(c.own[s], 1)
				w[0], w[1], b[0] = w[2], w[3], b[1]
				c.unit(s, 2, 0.5)
			}
		}, CauseDerivative, "from 0.5 to +Inf"},
		"factors near 1": {func(c *trial) {
			for s := range numSamples {
				for j := range 4 {
					c.unit(s, j, 1+0.01*c.rnd.Float64())
				}
			}
		}, "", ""},
		"other numbers": {func(c *trial) {
			for s := range numSamples {
				copy(c.own[s], c.normal(len(c.own[s])))
			}
		}, "", ""},
		"a factor, but for one entry": {func(c *trial) {
			for s := range numSamples {
				for j := range 4 {
					c.unit(s, j, 0.25+c.rnd.Float64()/2)
				}
			}
			c.own[1][5] *= 1.001
		}, "", ""},
	} {
		for seed := range uint64(20) {
			trial := newAlone(seed)
			c.plant(trial)
			trial.a = trial.mean()
			for block := range 2 {
				what := fmt.Sprintf("%s, seed %d, block %d", name, seed, block)
				causes := trial.diagnose(block, true)
				if c.kind == "" {
					assert.Empty(t, causes, what)
					continue
				}
				require.NotEmpty(t, causes, what)
				assert.Equal(t, c.kind, causes[0].Kind, what)
				assert.Contains(t, causes[0].Text, c.text, what)

				blind := *trial
				blind.own = nil
				assert.Empty(t, blind.diagnose(block, true), "%s: three samples span everything", what)
			}
		}
	}
}

// A sample of which nothing is seen, as one that is saturated, says nothing of the factors
// and does not stand in the way of the others.
func TestDiagnoseAloneUnseen(t *testing.T) {
	for seed := range uint64(20) {
		trial := newAlone(seed)
		clear(trial.sample[1])
		clear(trial.own[1])
		own := trial.own
		trial.own = nil
		trial.truth = trial.mean()
		trial.own = own
		for _, s := range []int{0, 2} {
			for j := range 4 {
				trial.unit(s, j, 0.25+float64(j)/8)
			}
		}
		trial.a = trial.mean()
		causes := trial.diagnose(0, true)
		require.NotEmpty(t, causes, "seed %d", seed)
		assert.Equal(t, CauseDerivative, causes[0].Kind, "seed %d", seed)
		assert.Contains(t, causes[0].Text, "each of 3 parts, taken alone, has a factor of its own in each row, from 0.375 to 0.625")
	}
}

// Samples that are wrong alone do not explain a whole that is wrong otherwise.
func TestDiagnoseAloneIsNotAll(t *testing.T) {
	for seed := range uint64(20) {
		trial := newAlone(seed)
		trial.a = trial.normal(len(trial.truth))
		for s := range numSamples {
			for j := range 4 {
				trial.unit(s, j, 0.25+trial.rnd.Float64()/2)
			}
		}
		assert.Empty(t, trial.diagnose(0, true), "seed %d", seed)
	}
}

// And samples that are right alone leave the whole to other explanations.
func TestDiagnoseRightAlone(t *testing.T) {
	for _, m := range mistakes {
		for seed := range uint64(3) {
			c := newTrial(seed, 1e-11, shapes...)
			c.own = c.sample
			m.plant(c, c.block(c.a, m.block))
			causes := c.diagnose(m.block, m.parts)
			require.NotEmpty(t, causes, "%s, seed %d", m.name, seed)
			assert.Equal(t, m.kind, causes[0].Kind, "%s, seed %d: %+v", m.name, seed, causes)
			assert.Contains(t, causes[0].Text, m.text, "%s, seed %d", m.name, seed)
		}
	}
}

// Factors tell a wrong weight of a part from a wrong derivative.
func TestAloneCause(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		factors []float64 // of two rows of each of three parts
		kind    CauseKind
		text    string
	}{
		{[]float64{1, 1, 0, 0, 1, nan}, CausePart, "are missing: 1"},
		{[]float64{1, 1, 0.5, 0.5, 3, 3}, CausePart, "from 0.5 to 3"},
		{[]float64{2, 2, 2, nan, 2, 2}, CauseFactor, "2 times"},
		{[]float64{1, 2, 1, 2, 1, 2}, CauseDerivative, "from 1 to 2"},
		{[]float64{1, inf, 1, 1, 1, 1}, CauseDerivative, "from 1 to +Inf"},
		{[]float64{1, 1.001, 1, 0.999, 1, 1}, "", ""},
		{[]float64{nan, nan, nan, nan, nan, nan}, "", ""},
		{[]float64{1.5, 1.5 + 1e-6, 1, 1, 1, 1}, CauseDerivative, "from 1 to 1.500001"}, // more than a millionth of the error
		{[]float64{3, 3 + 1.5e-6, 1, 1, 1, 1}, CausePart, "from 1 to 3.0000015"},
	} {
		causes := aloneCause(c.factors, 3, 1./3)
		if c.kind == "" {
			assert.Empty(t, causes, "%v", c.factors)
			continue
		}
		require.NotEmpty(t, causes, "%v", c.factors)
		assert.Equal(t, c.kind, causes[0].Kind, "%v", c.factors)
		assert.Contains(t, causes[0].Text, c.text)
	}
}

// cubes is a function, with its gradient at x rounded by round.
func cubes(round func(float64) float64) Problem {
	x := []float64{0.3, 1.7, -0.9, 1. / 3, 2.1, -1.3}
	return Problem{
		Func: func(x []float64) (sum float64) {
			for _, v := range x {
				sum += v * v * v
			}
			return sum
		},
		Grad: func(grad, x []float64) {
			for i, v := range x {
				v = round(v)
				grad[i] = 3 * v * v
			}
		},
		X: x,
	}
}

// A gradient at a rounded x is known by that, and one at another x is not.
func TestDiagnoseAtRounded(t *testing.T) {
	toFloat32 := func(v float64) float64 { return float64(float32(v)) }
	r, err := Check(cubes(toFloat32), nil)
	require.NoError(t, err)
	require.NotEmpty(t, r.Blocks[0].Causes)
	assert.Equal(t, Cause{Kind: CauseFloat32, Text: "it is the gradient at x rounded to float32"}, r.Blocks[0].Causes[0])

	r, err = Check(cubes(func(v float64) float64 { return v + 1e-4*math.Sin(100*v) }), nil)
	require.NoError(t, err)
	assert.Equal(t, Fail, r.Verdict)
	assert.Empty(t, r.Blocks[0].Causes)

	// Not where that is outside the domain.
	p := cubes(toFloat32)
	p.Lower, p.Upper = slices.Clone(p.X), slices.Repeat([]float64{9}, len(p.X))
	r, err = Check(p, nil)
	require.NoError(t, err)
	for _, c := range r.Blocks[0].Causes {
		assert.NotContains(t, c.Text, "rounded to")
	}
}

// PartGrad is called for each part, with an x of its own and a gradient that is full
// of NaN, and only where something fails.
func TestPartGrad(t *testing.T) {
	p := cubes(func(v float64) float64 { return v })
	half := func(x []float64) float64 { return p.Func(x) / 2 }
	p.Parts = []func([]float64) float64{half, half}
	p.PartGrad = func(_, _ []float64, _ int) { t.Error("nothing fails") }
	_, err := Check(p, nil)
	require.NoError(t, err)

	p = cubes(func(v float64) float64 { return v + 1e-4*math.Sin(100*v) })
	p.Parts = []func([]float64) float64{half, half}
	var asked []int
	p.PartGrad = func(grad, x []float64, s int) {
		assert.Equal(t, p.X, x)
		assert.True(t, math.IsNaN(grad[0]))
		asked = append(asked, s)
		clear(x)
	}
	_, err = Check(p, nil)
	require.NoError(t, err)
	assert.Equal(t, []int{0, 1}, asked)
}

// In numbers that are each other's negatives, as those of a softmax of two outputs, what
// explains one half explains the other by itself.
func TestDiagnoseCopies(t *testing.T) {
	for seed := range uint64(20) {
		trial := newTrial(seed, 1e-11, Block{Name: "b", Rows: 2}, Block{Name: "W", Rows: 3, Cols: 2})
		oppose := func(v []float64) { v[1] = -v[0] }
		for _, g := range append(trial.sample, trial.truth) {
			oppose(g)
		}
		copy(trial.a, trial.truth)
		trial.a[0] = trial.rnd.NormFloat64()
		oppose(trial.a)
		assert.Empty(t, trial.diagnose(0, true), "seed %d", seed)

		trial.a[0], trial.a[1] = 2*trial.truth[0], 2*trial.truth[1]
		require.NotEmpty(t, trial.diagnose(0, true), "seed %d", seed)
	}
	assert.Equal(t, []bool{false, true, false, false, false, true},
		quantity{[]float64{1, -1, 0, 0, 2, 2 + 1e-14}, make([]float64, 6)}.copies())
	assert.Equal(t, []bool{false, false, true}, quantity{[]float64{1, 3, 3.1}, []float64{0, 0.1, 0.1}}.copies())
}

// Weight decay that the function does not have is not taken for a wrong sign of a
// gradient that is next to nothing.
func TestDiagnoseDecayOfNothing(t *testing.T) {
	for seed := range uint64(20) {
		c := newTrial(seed, 1e-11, shapes...)
		times(1e-14)(c, c.truth)
		copy(c.a, c.truth)
		plus(0.01, func(t *trial) []float64 { return t.block(t.p.X, w0) })(c, c.block(c.a, w0))
		causes := c.diagnose(w0, false)
		require.NotEmpty(t, causes)
		assert.Equal(t, CauseDecay, causes[0].Kind, "seed %d: %v", seed, causes)
	}
}
