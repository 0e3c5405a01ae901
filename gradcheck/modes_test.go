package gradcheck_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone/gradcheck"
)

func runWith(t *testing.T, p gradcheck.Problem, s gradcheck.Settings) *gradcheck.Report {
	t.Helper()
	r, err := gradcheck.Check(p, &s)
	require.NoError(t, err)
	return r
}

// long is a problem of n variables in two blocks, whose gradient is dense.
func long(n int) gradcheck.Problem {
	rnd := rand.New(rand.NewPCG(1, uint64(n)))
	a, x := make([]float64, n), make([]float64, n)
	for i := range a {
		a[i], x[i] = rnd.NormFloat64()/math.Sqrt(float64(n)), rnd.NormFloat64()
	}
	return gradcheck.Problem{
		Func: func(x []float64) float64 {
			dot, sum := 0.0, 0.0
			for i := range x {
				dot += a[i] * x[i]
				sum += x[i] * x[i] * x[i]
			}
			return math.Exp(dot) + sum/float64(n)
		},
		Grad: func(grad, x []float64) {
			dot := 0.0
			for i := range x {
				dot += a[i] * x[i]
			}
			for i := range x {
				grad[i] = math.Exp(dot)*a[i] + 3*x[i]*x[i]/float64(n)
			}
		},
		X:      x,
		Blocks: []gradcheck.Block{{Name: "W", Rows: n / 4, Cols: 2}, {Name: "b", Offset: n / 4 * 2, Rows: n - n/4*2}},
	}
}

func check(t *testing.T, p gradcheck.Problem) *gradcheck.Report {
	t.Helper()
	r, err := gradcheck.Check(p, nil)
	require.NoError(t, err)
	return r
}

// Each report says that four wrong gradients would have failed.
func TestControls(t *testing.T) {
	for _, mode := range []gradcheck.Mode{gradcheck.Entries, gradcheck.Directions} {
		r := runWith(t, rosenbrock, gradcheck.Settings{Mode: mode})
		assert.Equal(t, []gradcheck.Control{{Name: "zero", Refused: true}, {Name: "negated", Refused: true},
			{Name: "doubled", Refused: true}, {Name: "permuted", Refused: true}}, r.Controls, "%v", mode)
	}
	// With the noise of 1e15, none would.
	r := run(t, scalar(func(x float64) float64 { return 1e15 + x }, func(float64) float64 { return 1 }, 1e-3))
	for _, c := range r.Controls {
		assert.False(t, c.Refused, c.Name)
	}
}

// The same bytes each time, with any number of processors.
func TestDeterminism(t *testing.T) {
	p := long(300)
	p.HessVec = func(dst, _, v []float64) { copy(dst, v) } // wrong, which takes more paths
	wrong := with(p, func(g, _ []float64) { g[7] *= 2 })
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, s := range []gradcheck.Settings{{}, {Mode: gradcheck.Directions}, {MaxEntries: 20}, {MaxEntries: 20, Seed: 5}} {
		var first []byte
		for _, n := range []int{1, 2, 8} {
			runtime.GOMAXPROCS(n)
			got, err := json.Marshal(runWith(t, wrong, s))
			require.NoError(t, err)
			if first == nil {
				first = got
			}
			require.Equal(t, string(first), string(got), "%+v", s)
		}
	}
}

// Twice the gradient is another one, whatever its numbers are.
func TestControlDoubled(t *testing.T) {
	p := scalar(func(x float64) float64 { return math.Sqrt2 * x }, func(float64) float64 { return math.Sqrt2 }, 1)
	assert.Contains(t, run(t, p).Controls, gradcheck.Control{Name: "doubled", Refused: true}, "and not 2/√2")
}
