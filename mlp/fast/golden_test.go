package fast

import (
	"maps"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone"
	"touchstone/mlp"
	"touchstone/mlp/exact"
	"touchstone/mlp/mutant"
)

// judge returns the parts of what o computes that the verdict of touchstone.Judge on
// them is not Pass for, and those that it passes.
func judge(c *touchstone.Case, o *Objective) (bad, good []string) {
	v := touchstone.Judge(*c, claim(c, o))
	for _, b := range v.Blocks {
		if b.Outcome == touchstone.Fail {
			bad = append(bad, c.ID+": "+b.String())
		} else if b.Outcome == touchstone.Pass {
			good = append(good, b.Name)
		}
	}
	if v.Err != nil {
		bad = append(bad, v.Err.Error())
	}
	return bad, good
}

// claim returns everything that o computes.
func claim(c *touchstone.Case, o *Objective) touchstone.Claim {
	theta, grad := slices.Clone(c.Theta), make([]float64, len(c.Theta))
	for i := range grad {
		grad[i] = 1 // to be overwritten
	}
	loss := o.Func(theta)
	o.Grad(grad, theta)
	tr := o.Trace()
	k := touchstone.Claim{Loss: &loss, Grad: grad, DX: slices.Clone(tr.DX.Data)}
	for l := range tr.Z {
		k.Z = append(k.Z, slices.Clone(tr.Z[l].Data))
		k.A = append(k.A, slices.Clone(tr.A[l+1].Data))
		k.Delta = append(k.Delta, slices.Clone(tr.Delta[l].Data))
	}
	if c.Step != nil && len(c.Step.Frozen) == 0 {
		o.Step(theta, c.Step.Rate)
		k.After = theta
	}
	return k
}

func TestGolden(t *testing.T) {
	eachKernel(t, func(t *testing.T, k kernel) {
		judged := 0
		for _, c := range touchstone.Cases() {
			if c.Loss == nil {
				continue // there is no objective
			}
			for _, o := range []*Objective{like(k, c.Objective()), asMade(c.Objective())} {
				bad, good := judge(&c, o)
				for _, s := range bad {
					t.Error(s)
				}
				judged += len(good)
			}
		}
		assert.Greater(t, judged, 5000)
	})
}

// misses counts the entries of a gradient and a value that err by more than the fair
// tolerance, and those for which there is one.
func misses(r *exact.Result, value float64, grad []float64) (bad, all int) {
	see := func(b exact.Ball, got float64) {
		if b.Kink || math.IsInf(b.Scale, 0) || math.IsNaN(b.Value) || math.IsInf(b.Radius, 0) {
			return
		}
		all++
		if !(math.Abs(got-b.Value) <= u*b.Scale+b.Radius+smallestNormal) {
			bad++
		}
	}
	see(r.Loss, value)
	for i, b := range r.Grad {
		see(b, grad[i])
	}
	return bad, all
}

func evaluate(t *testing.T, p mutant.Problem, rate float64) *exact.Result {
	o := p.Objective
	r, err := exact.Evaluate(exact.Problem{Net: o.Net(), Loss: o.Loss(), Theta: p.Theta,
		X: o.X(), T: o.T(), Sum: o.Sum, Lambda: o.Lambda, Rate: rate})
	require.NoError(t, err)
	return r
}

// On random networks of all activations and losses, the value, the gradient and the
// step are within the fair tolerance. TOUCHSTONE_LONG=1 takes 10,000 networks.
func TestRandomNetworks(t *testing.T) {
	all, networks := 0, 200
	if os.Getenv("TOUCHSTONE_LONG") != "" {
		networks = 10000
	}
	for i, p := range mutant.Problems(11, networks) {
		const rate = 0.3
		r := evaluate(t, p, rate)
		objectives := []*Objective{asMade(p.Objective)}
		for _, k := range kernels() {
			objectives = append(objectives, like(k, p.Objective))
		}
		for _, o := range objectives {
			grad := slices.Repeat([]float64{1}, len(p.Theta)) // to be overwritten
			value := o.Func(p.Theta)
			o.Grad(grad, p.Theta)
			bad, n := misses(r, value, grad)
			assert.Zero(t, bad, "network %d, %s", i, o.team.workers[0].name)
			all += n

			theta := slices.Clone(p.Theta)
			o.Step(theta, rate)
			for j, b := range r.After {
				if !b.Kink && !math.IsInf(b.Scale, 0) {
					assert.LessOrEqual(t, math.Abs(theta[j]-b.Value), u*b.Scale+b.Radius+smallestNormal,
						"network %d, %s, %s", i, o.team.workers[0].name, o.Net().ParamName(j))
				}
			}
		}
	}
	assert.Greater(t, all, 5000)
}

// The same comparison refuses the wrong gradients of package mutant, but for those that
// are right in the first call, and for two that these networks are not made for.
func TestRandomNetworksCatch(t *testing.T) {
	beyond := []string{
		"decays-theta", "steps-theta", "theta-not-restored", // what they spoil is θ
		"momentum", "state-not-reset", // the second call is wrong
		"softplus-linear-beyond-10", "cross-entropy-epsilon",
	}
	missed := map[string]bool{}
	for _, m := range mutant.All() {
		missed[m.Name] = true
	}
	for _, p := range mutant.Problems(11, 20) {
		r := evaluate(t, p, 0)
		for _, m := range mutant.All() {
			grad := slices.Repeat([]float64{1}, len(p.Theta)) // to be overwritten
			m.Grad(p.Objective)(grad, slices.Clone(p.Theta))
			if bad, _ := misses(r, p.Func(p.Theta), grad); bad > 0 {
				delete(missed, m.Name)
			}
		}
	}
	assert.ElementsMatch(t, beyond, slices.Collect(maps.Keys(missed)))
}

// sizesOfNets are networks that are large enough for tiles, for more than one goroutine,
// and for more samples than a block is deep.
var sizesOfNets = []netSize{
	{[]int{53, 31, 10}, 13},
	{[]int{37, 83, 29, 3}, 41},
	{[]int{7, 11, 5}, 2*blockDepth + 3},
	{[]int{300, 130, 90}, 61},
}

type netSize struct {
	widths  []int
	samples int
}

// Large networks are compared with mlp, whose own errors the tests of mlp bound.
func TestLargeNetworks(t *testing.T) {
	eachKernel(t, func(t *testing.T, k kernel) {
		for _, size := range sizesOfNets {
			ref, theta := largeObjective(size.widths, size.samples)
			want, got := make([]float64, len(theta)), make([]float64, len(theta))
			ref.Grad(want, theta)
			o := like(k, ref)
			o.Grad(got, theta)
			near(t, want, got)
			near(t, ref.Trace().DX.Data, o.Trace().DX.Data)
			assert.InEpsilon(t, ref.Func(theta), o.Func(theta), 1e-13)

			after := slices.Clone(theta)
			o.Step(after, 0.7)
			for i := range want {
				want[i] = theta[i] - 0.7*want[i]
			}
			near(t, want, after)
		}
	})
}

// near compares vectors relative to the largest entry.
func near(t *testing.T, want, got []float64) {
	largest := 0.0
	for _, v := range want {
		largest = max(largest, math.Abs(v))
	}
	for i := range want {
		if !(math.Abs(got[i]-want[i]) <= 1e-13*largest) {
			t.Errorf("entry %d is %v, want %v", i, got[i], want[i])
			return
		}
	}
}

func largeObjective(widths []int, samples int) (*mlp.Objective, []float64) {
	rnd := newRand(uint64(widths[0]))
	n := network(widths)
	o := mlp.NewObjective(n, squared, normal(rnd, samples, n.Inputs()), normal(rnd, samples, n.Outputs()))
	o.Lambda = 0.01
	theta := make([]float64, n.NumParams())
	n.InitGlorot(theta, 1)
	return o, theta
}
