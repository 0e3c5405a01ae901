package mutant_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"touchstone/gradcheck"
	"touchstone/mlp/mutant"
)

// The kinds of gradcheck, in short.
const (
	factor      = gradcheck.CauseFactor
	zero        = gradcheck.CauseZero
	transpose   = gradcheck.CauseTranspose
	permutation = gradcheck.CausePermutation
	decay       = gradcheck.CauseDecay
	part        = gradcheck.CausePart
	block       = gradcheck.CauseBlock
	derivative  = gradcheck.CauseDerivative
	float32s    = gradcheck.CauseFloat32
	state       = gradcheck.CauseState
	single      = gradcheck.CauseSingle
	notFinite   = gradcheck.CauseNotFinite
)

// A diagnosis is what there is to say of some mutants, by what they do and not by
// what gradcheck says. The first of the kinds is the mistake; the others are what it
// comes to in some networks.
type diagnosis struct {
	kinds   []gradcheck.CauseKind
	mutants string
}

// named holds the mutants that are of a kind that gradcheck knows.
var named = []diagnosis{
	{[]gradcheck.CauseKind{factor}, `squared-times-outputs squared-without-half squared-not-a-mean half
		seeded-with-loss first-layer-doubled last-weights-halved deltas-doubled-below steepness-in-derivative
		norm-clipped first-layer-off-1e-2 weights-off-1e-4 biases-off-1e-5 hidden-off-1e-6 last-layer-off-1e-7
		weights-off-1e-8 error-sign biases-negated first-weights-negated deriv-negated-hidden decay-after-step
		sum-for-mean mean-for-sum divided-twice divided-by-one-less two-over-n mean-over-outputs
		cross-entropy-over-outputs biases-summed biases-averaged-twice ragged-by-nominal-size`},

	{[]gradcheck.CauseKind{zero}, `all-zero biases-missing first-biases-missing first-layer-frozen`},
	// Of a block of one row or one entry, nothing is left.
	{[]gradcheck.CauseKind{single, zero}, `last-neuron-missing entry-missing`},
	{[]gradcheck.CauseKind{single}, `last-input-missing entry-off-1e-2 entry-off-1e-4 entry-off-1e-6
		entry-off-1e-7 entry-off-1e-8`},
	// In a block of one entry it is the sign.
	{[]gradcheck.CauseKind{single, factor}, `entry-negated`},

	{[]gradcheck.CauseKind{transpose}, `gradients-transposed`},
	{[]gradcheck.CauseKind{permutation}, `inputs-shifted rows-rotated columns-reversed entries-swapped`},
	// The two biases of a softmax have opposite gradients: exchanged is negated.
	{[]gradcheck.CauseKind{permutation, factor}, `biases-reversed bias-of-next-neuron`},
	{[]gradcheck.CauseKind{block}, `biases-before-weights layers-reversed`},

	{[]gradcheck.CauseKind{decay}, `decay-negated decay-missing decay-over-n decay-doubled decay-per-batch
		decay-of-biases decay-missing-last phantom-decay`},

	// A sample that is alone, or alone not saturated, is all.
	{[]gradcheck.CauseKind{part, factor, zero}, `first-sample-missing last-sample-missing
		zero-label-samples-missing back-half-missing only-last-batch biases-of-last-sample last-sample-doubled
		ragged-last-batch-of-2 ragged-last-batch-of-3`},

	// A wrong derivative is a factor of each unit in each sample.
	{[]gradcheck.CauseKind{derivative}, `deriv-at-activation-hidden deriv-missing-hidden gradients-before-slope
		relu-leaky relu-straight-through`},
	// Where there is one output, it is a factor of each sample; with one sample, of all.
	{[]gradcheck.CauseKind{derivative, part, factor}, `deriv-at-activation sigmoid-slope-of-z tanh-slope-of-z
		logit-times-slope activation-of-layer-below deltas-before-slope deriv-missing-first deriv-missing-output
		cross-entropy-shortcut-twice logit-for-probability softmax-diagonal softplus-as-sigmoid tanh-as-sigmoid
		sigmoid-as-tanh deriv-clipped flat-spot-fix softplus-linear-beyond-10 slope-of-previous-sample`},
	// And where that factor is 0 in all samples, nothing is left.
	{[]gradcheck.CauseKind{derivative, part, factor, zero}, `label-zero probability-clipped flat-beyond-19`},

	// Of one sample and one output, all that can be wrong is a factor.
	{[]gradcheck.CauseKind{float32s, factor}, `float32-weights float32-activations float32-deltas float32-gradient
		float32-first-layer bfloat16-weights bfloat16-activations bfloat16-deltas bfloat16-gradient
		fixed-point-gradient`},
	{[]gradcheck.CauseKind{state}, `accumulates biases-accumulate previous-call momentum state-not-reset`},
	{[]gradcheck.CauseKind{notFinite}, `entry-not-written tanh-overflows`},
}

// unnamed holds the mutants that are of none, with what is true of them all the same.
var unnamed = []diagnosis{
	// Wrong deltas are what a wrong derivative makes of them: a factor of each unit in
	// each sample.
	{[]gradcheck.CauseKind{derivative, part, factor, zero}, `w-transposed last-w-transposed
		updated-before-deltas updated-slightly-before-deltas last-neuron-missing-below delta-clipped
		error-of-previous-sample delta-not-reset`},
	// So are wrong inputs, of each column.
	{[]gradcheck.CauseKind{derivative}, `inputs-transposed inputs-of-last-sample inputs-overwritten product-of-means`},
	// Another function, of which this is the right gradient, or nearly.
	{[]gradcheck.CauseKind{derivative, part, factor, zero}, `tanh-of-minus-z dropout-left-on clamped-at-15 clamped-at-45`},
	// The right function, but for an approximation or what rounding makes of the formula.
	{[]gradcheck.CauseKind{derivative, part, factor}, `slope-by-difference sigmoid-table deriv-from-activation
		logit-unfused cross-entropy-epsilon`},
	{nil, `gradient-by-difference decay-of-absolute-weights`},
	{[]gradcheck.CauseKind{single, zero}, `small-dropped`},
	// It is only θ that is wrong, after the call, and a remark says so.
	{nil, `decays-theta steps-theta theta-not-restored`},
}

// acceptable returns the kinds that are right for a mutant.
func acceptable(name string) []gradcheck.CauseKind {
	for _, d := range slices.Concat(named, unnamed) {
		if slices.Contains(strings.Fields(d.mutants), name) {
			return d.kinds
		}
	}
	return nil
}

// Every mutant is in the lists, once.
func TestDiagnosisLists(t *testing.T) {
	var got, want []string
	for _, d := range slices.Concat(named, unnamed) {
		got = append(got, strings.Fields(d.mutants)...)
	}
	for _, m := range mutant.All() {
		want = append(want, m.Name)
	}
	assert.ElementsMatch(t, want, got)
}
