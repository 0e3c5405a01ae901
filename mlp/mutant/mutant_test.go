package mutant

import (
	"math"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp"
)

func TestCatalogue(t *testing.T) {
	types := []string{Scale, Sign, Transpose, Order, Reduction, Saturation, Aliasing, Missing, Stale, Precision}
	seen, used := map[string]bool{}, map[string]bool{}
	for _, m := range All() {
		assert.False(t, seen[m.Name], "two are called %s", m.Name)
		seen[m.Name], used[m.BugType] = true, true
		assert.Regexp(t, regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`), m.Name)
		assert.Contains(t, types, m.BugType, m.Name)
		assert.Regexp(t, regexp.MustCompile(`^\S.*\.$`), m.Comment, m.Name)
	}
	assert.Len(t, used, len(types))
	assert.Greater(t, len(seen), 100)
}

// right returns the gradient of the pass with nothing planted in it.
func right(o *mlp.Objective) func(grad, theta []float64) { return newPass(o).call }

// differences returns the number of elements in which g differs from the objective's
// Grad, bit for bit.
func differences(p Problem, g func(grad, theta []float64)) (n int) {
	got, want := make([]float64, len(p.Theta)), make([]float64, len(p.Theta))
	g(got, p.Theta)
	p.Objective.Grad(want, p.Theta)
	for i := range got {
		if math.Float64bits(got[i]) != math.Float64bits(want[i]) {
			n++
		}
	}
	return n
}

// Bugs are planted in a pass that is right: without one it gives the bits of mlp.
func TestPass(t *testing.T) {
	for i, p := range Problems(2, 300) {
		assert.Zero(t, differences(p, right(p.Objective)), "problem %d: %v", i, p.Objective.Net())
	}
}

// The last bit of one element would be seen.
func TestPassCatches(t *testing.T) {
	for _, p := range Problems(2, 20) {
		wrong := newPass(p.Objective)
		wrong.onEnd = func() { wrong.grad[0] = math.Nextafter(wrong.grad[0], 9) }
		assert.Equal(t, 1, differences(p, wrong.call))
	}
}

// Every mutant is wrong somewhere, and what is right is so everywhere.
func TestEveryMutantIsWrong(t *testing.T) {
	problems := Problems(3, 60)
	wrong := map[string]int{}
	for _, p := range problems {
		truth, err := newTruth(p.Objective, p.Theta)
		require.NoError(t, err)
		assert.Zero(t, truth.effect(right(p.Objective)))
		assert.Zero(t, truth.effect(p.Objective.Grad))
		for _, m := range All() {
			if truth.effect(m.Grad(p.Objective)) > 0 {
				wrong[m.Name]++
			}
		}
	}
	for _, m := range All() {
		assert.NotZero(t, wrong[m.Name], "%s is right everywhere", m.Name)
		t.Logf("%-32s wrong in %2d of %d", m.Name, wrong[m.Name], len(problems))
	}
}

// The mutants that may give two results at one θ, or write to it.
var impure = map[string]bool{
	"accumulates": true, "entry-not-written": true, "biases-accumulate": true,
	"decays-theta": true, "steps-theta": true, "theta-not-restored": true,
	"previous-call": true, "momentum": true, "state-not-reset": true,
}

// isPure reports whether two calls of g give the same, overwrite their argument and
// leave theta alone.
func isPure(p Problem, g func(grad, theta []float64)) bool {
	first, second, theta := make([]float64, len(p.Theta)), make([]float64, len(p.Theta)), slices.Clone(p.Theta)
	each(second, constant(7))
	g(first, theta)
	g(second, theta)
	return sameBits(first, second) && sameBits(theta, p.Theta)
}

func sameBits(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool { return math.Float64bits(x) == math.Float64bits(y) })
}

// Purity is lost only where that is the bug, and there it is.
func TestPurity(t *testing.T) {
	problems := Problems(4, 30)
	for _, m := range All() {
		pure := true
		for _, p := range problems {
			pure = pure && isPure(p, m.Grad(p.Objective))
		}
		assert.Equal(t, impure[m.Name], !pure, m.Name)
	}
}

// Two gradients of one mutant share no state, and none writes to the objective or
// its data.
func TestIndependence(t *testing.T) {
	for _, p := range Problems(5, 14) {
		o := p.Objective
		x, targets := slices.Clone(o.X().Data), slices.Clone(o.T().Data)
		for _, m := range All() {
			first, second := make([]float64, len(p.Theta)), make([]float64, len(p.Theta))
			one, other := m.Grad(o), m.Grad(o)
			one(first, slices.Clone(p.Theta))
			one(slices.Clone(first), slices.Clone(p.Theta))
			other(second, slices.Clone(p.Theta))
			assert.True(t, sameBits(first, second), m.Name)
		}
		assert.Equal(t, x, o.X().Data)
		assert.Equal(t, targets, o.T().Data)
		assert.Zero(t, differences(p, right(o)))
	}
}

// Shapes at the edge: one input, one neuron, one sample, no biases, two samples in
// rows that are further apart than they are long.
func TestShapes(t *testing.T) {
	n := mlp.New(1, mlp.Layer{Width: 1, Activation: activation.Tanh{}, NoBias: true})
	x := newMatrix(2, 1)
	x.Stride, x.Data = 2, []float64{0.5, math.NaN(), -0.25}
	targets := newMatrix(2, 1)
	for samples := 1; samples <= 2; samples++ {
		x.Rows, targets.Rows = samples, samples
		o := mlp.NewObjective(n, loss.Squared{}, x, targets)
		for _, m := range All() {
			g := []float64{0}
			m.Grad(o)(g, []float64{0.75})
			assert.False(t, math.IsNaN(g[0]), m.Name)
		}
	}
}

// A few mutants by hand: one neuron, z = 0, so that y = ½ and σ′ = ¼.
func TestMutantsByHand(t *testing.T) {
	n := mlp.New(2, mlp.Layer{Width: 1, Activation: activation.Sigmoid{}})
	x, targets := newMatrix(2, 2), newMatrix(2, 1)
	copy(x.Data, []float64{1, 2, 3, 4})
	copy(targets.Data, []float64{0, 1})
	o := mlp.NewObjective(n, loss.Squared{}, x, targets)
	o.Lambda = 0.5
	theta := []float64{0, 0, 0}
	// The errors are ½ and −½, the deltas of a mean 1/16 and −1/16.
	for name, want := range map[string][]float64{
		"half":                  {-1. / 16, -1. / 16, 0},
		"error-sign":            {1. / 8, 1. / 8, 0},
		"sum-for-mean":          {-1. / 4, -1. / 4, 0},
		"divided-twice":         {-1. / 16, -1. / 16, 0},
		"first-sample-missing":  {-3. / 16, -4. / 16, -1. / 16},
		"last-sample-missing":   {1. / 16, 2. / 16, 1. / 16},
		"biases-of-last-sample": {-1. / 8, -1. / 8, -1. / 16},
		"deriv-missing-output":  {-1. / 2, -1. / 2, 0},
		"biases-before-weights": {0, -1. / 8, -1. / 8},
		"product-of-means":      {0, 0, 0},
		"inputs-shifted":        {-1. / 8, -1. / 8, 0},
		"inputs-of-last-sample": {0, 0, 0},
		"all-zero":              {0, 0, 0},
		"phantom-decay":         {-1. / 8, -1. / 8, 0},
		// 0 has no sign, and |w| no slope there but 0.
		"decay-of-absolute-weights": {-1. / 8, -1. / 8, 0},
	} {
		grad := make([]float64, 3)
		named(t, name).Grad(o)(grad, theta)
		assert.Equal(t, want, grad, name)
	}
}

func named(t *testing.T, name string) Mutant {
	t.Helper()
	i := slices.IndexFunc(All(), func(m Mutant) bool { return m.Name == name })
	require.GreaterOrEqual(t, i, 0, name)
	return All()[i]
}

// The phantom haunts only where there is no regulariser.
func TestPhantomDecay(t *testing.T) {
	haunted := 0
	for _, p := range Problems(6, 20) {
		n := differences(p, named(t, "phantom-decay").Grad(p.Objective))
		assert.Equal(t, p.Objective.Lambda == 0, n > 0)
		if n > 0 {
			haunted++
		}
	}
	assert.Greater(t, haunted, 3)
}

// Float32 has e^88.7, and not e^88.8.
func TestTanhOverflows(t *testing.T) {
	p := oneByOne(activation.Tanh{}, activation.Identity{}, 0)
	wrong := func(z float64) float64 {
		g := make([]float64, 2)
		named(t, "tanh-overflows").Grad(p)(g, []float64{z, 1})
		return g[1]
	}
	assert.Equal(t, 1.0, wrong(88.7))
	assert.True(t, math.IsNaN(wrong(88.8)))
	assert.True(t, math.IsNaN(wrong(-88.8)))
}

// oneByOne is the squared error of a unit after another, without biases, for 1.
func oneByOne(f, g activation.Func, target float64) *mlp.Objective {
	n := mlp.New(1, mlp.Layer{Width: 1, Activation: f, NoBias: true}, mlp.Layer{Width: 1, Activation: g, NoBias: true})
	x, t := newMatrix(1, 1), newMatrix(1, 1)
	x.Data[0], t.Data[0] = 1, target
	return mlp.NewObjective(n, loss.Squared{}, x, t)
}

// Where a right gradient underflows on the way, there is nothing to score: σ(−740) has
// few digits, and the weight behind it makes them count.
func TestScoreSkipsUnderflow(t *testing.T) {
	o := oneByOne(activation.Sigmoid{}, activation.Identity{}, 1)
	theta := []float64{-740, 1e20}
	effect, err := Effect(o, theta, o.Grad)
	require.NoError(t, err)
	require.NotZero(t, effect)
	accept := func(Problem) Answer { return Accept }
	tables, err := Score([]Problem{{o.Func, o.Grad, theta, o}}, accept)
	require.NoError(t, err)
	assert.Empty(t, tables[0].Wrong)
	assert.Len(t, tables[0].Right, 1)

	theta = []float64{-7, 1e20}
	tables, err = Score([]Problem{{o.Func, o.Grad, theta, o}}, accept)
	require.NoError(t, err)
	assert.NotEmpty(t, tables[0].Wrong)
}

// A batch of 7 by batches of 3: 3, 3 and 1 samples.
func TestRaggedBatches(t *testing.T) {
	sum := 0.0
	for s := range 7 {
		sum += meanOfBatches(3, s, 7)
	}
	assert.InDelta(t, 7, sum, 1e-14)
	assert.InDelta(t, 7./9, meanOfBatches(3, 0, 7), 1e-15)
	assert.InDelta(t, 7./3, meanOfBatches(3, 6, 7), 1e-15)
	assert.Equal(t, 1.0, meanOfBatches(3, 5, 6))
}

func TestToBfloat16(t *testing.T) {
	for _, c := range []struct{ x, want float64 }{
		{0, 0}, {1, 1}, {-1, -1},
		{1 + 0x1p-8, 1},                    // halfway, to even
		{1 + 3*0x1p-8, 1 + 0x1p-6},         // halfway, to even
		{1 + 0x1p-8 + 0x1p-20, 1 + 0x1p-7}, // above
		{-1 - 0x1p-7, -1 - 0x1p-7},
		{math.Inf(-1), math.Inf(-1)},
	} {
		assert.Equal(t, c.want, toBfloat16(c.x), "%v", c.x)
	}
	assert.True(t, math.IsNaN(toBfloat16(math.NaN())))
}
