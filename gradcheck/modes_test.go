package gradcheck_test

import (
	"encoding/json"
	"math"
	"math/big"
	"math/cmplx"
	"math/rand/v2"
	"runtime"
	"slices"
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

// A million parameters in less than 200 evaluations; and what is wrong is found.
func TestDirections(t *testing.T) {
	n := 1_000_000
	if testing.Short() {
		n /= 20
	}
	p := long(n)
	r := check(t, p)
	assert.Equal(t, gradcheck.Pass, r.Verdict, "%v", r)
	assert.Equal(t, gradcheck.Directions, r.Mode)
	assert.LessOrEqual(t, r.Evaluations, 200)
	assert.Len(t, r.Directions, 4)
	t.Logf("%d evaluations", r.Evaluations)
	for _, d := range r.Directions {
		assert.InDelta(t, 2, d.Order, 0.1, "%+v", d)
	}

	p = long(5001)
	assert.LessOrEqual(t, check(t, p).Evaluations-30, 30*2, "of two blocks")
	for name, c := range map[string]struct {
		change func(g, x []float64)
		wrong  int // an entry that must be among the failed ones
	}{
		"twice":        {func(g, _ []float64) { scale(g, 2) }, -1},
		"one entry":    {func(g, _ []float64) { g[1234] *= 2 }, 1234},
		"two swapped":  {func(g, _ []float64) { g[3000], g[4000] = g[4000], g[3000] }, -1},
		"one missing":  {func(g, _ []float64) { g[5000] = 0 }, 5000},
		"one NaN":      {func(g, _ []float64) { g[77] = math.NaN() }, 77},
		"block":        {func(g, _ []float64) { clear(g[2500:]) }, -1},
		"off by 1e-6":  {func(g, _ []float64) { scale(g, 1+1e-6) }, -1},
		"weight decay": {func(g, x []float64) { add(g, 1e-4, x) }, -1},
	} {
		r := check(t, with(p, c.change))
		assert.Equal(t, gradcheck.Fail, r.Verdict, "%s: %v", name, r)
		if c.wrong >= 0 {
			assert.True(t, slices.ContainsFunc(r.Entries, func(e gradcheck.Entry) bool {
				return e.Index == c.wrong && e.Verdict == gradcheck.Fail
			}), "%s: %v", name, r)
		}
	}
	r = check(t, with(p, func(g, _ []float64) { scale(g, 1.5) }))
	for _, d := range r.Directions {
		assert.InDelta(t, 1, d.Order, 0.1, "%+v", d)
	}
}

func check(t *testing.T, p gradcheck.Problem) *gradcheck.Report {
	t.Helper()
	r, err := gradcheck.Check(p, nil)
	require.NoError(t, err)
	return r
}

// A sample sees what is wrong in a part of a block as often as it says.
func TestSample(t *testing.T) {
	p := long(600)
	r := runWith(t, p, gradcheck.Settings{MaxEntries: 40})
	assert.Equal(t, gradcheck.Pass, r.Verdict, "%v", r)
	assert.Equal(t, gradcheck.Entries, r.Mode)
	assert.Len(t, r.Entries, 40)
	assert.InDelta(t, 1-math.Pow(1e-3, 1./20), r.Blocks[0].Fraction, 1e-12)
	assert.LessOrEqual(t, r.Evaluations, 14*40+30)

	missed := 0
	for seed := range uint64(200) {
		wrong := p
		wrong.Func = func([]float64) float64 { return 0 } // only the choice matters here
		wrong.Grad = func(grad, x []float64) {
			clear(grad)
			rnd := rand.New(rand.NewPCG(seed, 2))
			for _, i := range rnd.Perm(300)[:1+int(300*r.Blocks[0].Fraction)] {
				grad[i] = 1
			}
		}
		if s := runWith(t, wrong, gradcheck.Settings{MaxEntries: 40, Seed: seed}); s.Failed == 0 {
			missed++
		}
	}
	assert.LessOrEqual(t, missed, 2, "of 200")

	all := runWith(t, p, gradcheck.Settings{MaxEntries: 600})
	assert.Len(t, all.Entries, 600)
	assert.Zero(t, all.Blocks[0].Fraction)
}

// bigger adds Big to a problem of one variable.
func bigger(p gradcheck.Problem, f func(x *big.Float, prec uint) *big.Float) gradcheck.Problem {
	p.Big = func(x []*big.Float, prec uint) *big.Float { return f(x[0], prec) }
	return p
}

func TestCertified(t *testing.T) {
	number := func(prec uint) *big.Float { return new(big.Float).SetPrec(prec) }
	square := func(x *big.Float, prec uint) *big.Float { return number(prec).Mul(x, x) }
	sqrt := func(x *big.Float, prec uint) *big.Float { return number(prec).Sqrt(x) }
	two := func(x float64) float64 { return x * x }
	twoD := func(x float64) float64 { return 2 * x }

	p := bigger(scalar(two, twoD, 0.3), square)
	r := run(t, p)
	assert.Equal(t, gradcheck.Certified, r.Mode)
	assert.Equal(t, gradcheck.Pass, r.Verdict, "%v", r)
	assert.Equal(t, 0.6, r.Entries[0].Numeric)
	assert.LessOrEqual(t, r.Entries[0].MinDetectable, 1e-12)

	r = run(t, bigger(scalar(math.Sqrt, func(x float64) float64 { return 0.5 / math.Sqrt(x) }, 2), sqrt))
	assert.Equal(t, gradcheck.Pass, r.Verdict, "%v", r)
	assert.Equal(t, 0.35355339059327378, r.Entries[0].Numeric)

	// An error of 2e-12, far below what differences in float64 can show.
	wrong := func(x float64) float64 { return 2 * x * (1 + 2e-12) }
	assert.Equal(t, gradcheck.Fail, run(t, bigger(scalar(two, wrong, 0.3), square)).Verdict)

	// What float64 does not see at all: a derivative of 1e-40 beside a value of 1.
	tail := func(x float64) float64 { return 1 + 1e-40*x }
	slope := func(v float64) func(float64) float64 { return func(float64) float64 { return v } }
	bigTail := func(x *big.Float, prec uint) *big.Float {
		return number(prec).Add(big.NewFloat(1), number(prec).Mul(big.NewFloat(1e-40), x))
	}
	for claimed, want := range map[float64]gradcheck.Verdict{1e-40: gradcheck.Pass, 0: gradcheck.Fail, 1.001e-40: gradcheck.Fail} {
		r := run(t, bigger(scalar(tail, slope(claimed), 0.3), bigTail))
		assert.Equal(t, want, r.Verdict, "%v: %v", claimed, r)
		assert.Equal(t, 1e-40, r.Entries[0].Numeric, "to the last bit")
	}
	// And a constant is certified to be one.
	constant := func(_ *big.Float, prec uint) *big.Float { return number(prec).SetInt64(7) }
	seven := slope(7)
	assert.Equal(t, gradcheck.Pass, run(t, bigger(scalar(seven, slope(0), 1), constant)).Verdict)
	assert.Equal(t, gradcheck.Fail, run(t, bigger(scalar(seven, slope(1e-300), 1), constant)).Verdict)

	abs := func(x *big.Float, prec uint) *big.Float { return number(prec).Abs(x) }
	for claimed, want := range map[float64]gradcheck.Verdict{0: gradcheck.Inconclusive, 1: gradcheck.Inconclusive, 1.1: gradcheck.Fail} {
		assert.Equal(t, want, run(t, bigger(scalar(math.Abs, slope(claimed), 0), abs)).Verdict, "%v", claimed)
	}
	// Slips with math/big: 53 bits, the same number again, x overwritten.
	bits53 := func(x *big.Float, _ uint) *big.Float { s := big.NewFloat(0); return s.Add(s, s.Mul(x, x)) }
	var same big.Float
	again := func(x *big.Float, prec uint) *big.Float { return same.SetPrec(prec).Mul(x, x) }
	writes := func(x *big.Float, prec uint) *big.Float { return x.Mul(x, x) }
	for claimed, want := range map[float64]gradcheck.Verdict{0.6: gradcheck.Inconclusive, 0: gradcheck.Inconclusive} {
		assert.Equal(t, want, run(t, bigger(scalar(two, slope(claimed), 0.3), bits53)).Verdict, "%v", claimed)
	}
	assert.Equal(t, gradcheck.Pass, run(t, bigger(scalar(two, twoD, 0.3), again)).Verdict)
	assert.Equal(t, gradcheck.Fail, run(t, bigger(scalar(two, twoD, 0.3), writes)).Verdict)
	// A derivative that overflows.
	steep := func(x *big.Float, prec uint) *big.Float { return number(prec).SetMantExp(number(prec).Set(x), 1100) }
	infinite := slope(math.Inf(1))
	for claimed, want := range map[float64]gradcheck.Verdict{math.Inf(1): gradcheck.Pass, 5: gradcheck.Fail, math.Inf(-1): gradcheck.Fail} {
		assert.Equal(t, want, run(t, bigger(scalar(infinite, slope(claimed), 1), steep)).Verdict, "%v", claimed)
	}
	// Another function, and no function.
	assert.Equal(t, gradcheck.Inconclusive, run(t, bigger(scalar(func(x float64) float64 { return x*x + 1 }, twoD, 0.3), square)).Verdict)
	none := func(*big.Float, uint) *big.Float { return nil }
	assert.Equal(t, gradcheck.Inconclusive, run(t, bigger(scalar(two, twoD, 0.3), none)).Verdict)
}

func TestComplexStep(t *testing.T) {
	p := gradcheck.Problem{
		Func: func(x []float64) float64 { return math.Exp(x[0]) * math.Sin(x[1]*x[2]) },
		Grad: func(g, x []float64) {
			e, s, c := math.Exp(x[0]), math.Sin(x[1]*x[2]), math.Cos(x[1]*x[2])
			g[0], g[1], g[2] = e*s, e*c*x[2], e*c*x[1]
		},
		X:       []float64{0.3, -1.2, 2.5},
		Complex: func(z []complex128) complex128 { return cmplx.Exp(z[0]) * cmplx.Sin(z[1]*z[2]) },
	}
	r := run(t, p)
	assert.Equal(t, gradcheck.ComplexStep, r.Mode)
	assert.Equal(t, gradcheck.Pass, r.Verdict, "%v", r)
	for _, e := range r.Entries {
		assert.Less(t, e.MinDetectable, 1e-11)
	}
	assert.Equal(t, gradcheck.Fail, run(t, with(p, func(g, _ []float64) { g[1] *= 1 + 1e-10 })).Verdict)

	for name, q := range map[string]struct {
		f, d func(float64) float64
		c    func(complex128) complex128
		x    float64
	}{
		"log of a tiny x": {math.Log, func(x float64) float64 { return 1 / x }, cmplx.Log, 1e-40},
		"tiny values":     {func(x float64) float64 { return 1e-300 * math.Exp(x) }, func(x float64) float64 { return 1e-300 * math.Exp(x) }, func(z complex128) complex128 { return 1e-300 * cmplx.Exp(z) }, 0.5},
		"cancellation": {func(x float64) float64 { u := x + 1e6 - 1e6; return u * u }, func(x float64) float64 { return 2 * x },
			func(z complex128) complex128 { u := z + 1e6 - 1e6; return u * u }, 0.3},
	} {
		p := scalar(q.f, q.d, q.x)
		p.Complex = func(z []complex128) complex128 { return q.c(z[0]) }
		assert.NotEqual(t, gradcheck.Fail, run(t, p).Verdict, "%s: %v", name, run(t, p))
	}
	p.Complex = func(z []complex128) complex128 { return complex(cmplx.Abs(z[0]*z[1]*z[2]), 0) }
	p.Func = func(x []float64) float64 { return math.Abs(x[0] * x[1] * x[2]) }
	p.Grad = func(g, x []float64) { g[0], g[1], g[2] = 3, -0.75, 0.36 }
	assert.NotEqual(t, gradcheck.Pass, run(t, p).Verdict, "not analytic")
	assert.Contains(t, run(t, p).String(), "not analytic")
	p.Complex = func([]complex128) complex128 { return 0 }
	assert.Contains(t, run(t, p).String(), "not the same function")
}

func TestHessVec(t *testing.T) {
	p := rosenbrock
	p.HessVec = func(dst, x, v []float64) {
		clear(dst)
		for i := range len(x) - 1 {
			a, b := x[i], x[i+1]
			dst[i] += (2+1200*a*a-400*b)*v[i] - 400*a*v[i+1]
			dst[i+1] += 200*v[i+1] - 400*a*v[i]
		}
	}
	r := run(t, p)
	assert.Equal(t, gradcheck.Pass, r.Verdict, "%v", r)
	assert.Len(t, r.Second, 8)
	right := p.HessVec
	for name, change := range map[string]func(dst, x, v []float64){
		"twice":      func(dst, _, _ []float64) { scale(dst, 2) },
		"one entry":  func(dst, _, _ []float64) { dst[2] *= 1 + 1e-6 },
		"identity":   func(dst, _, v []float64) { copy(dst, v) },
		"adds":       func(dst, _, _ []float64) { dst[1] = math.NaN() },
		"far off":    func(dst, _, _ []float64) { scale(dst, -3) },
		"modifies v": func(_, _, v []float64) { v[0]++ },
		"modifies x": func(_, x, _ []float64) { x[0]++ },
	} {
		p.HessVec = func(dst, x, v []float64) { right(dst, x, v); change(dst, x, v) }
		r := run(t, p)
		assert.Equal(t, gradcheck.Fail, r.Verdict, "%s: %v", name, r)
	}
	// A row of zeros, and a function so wavy that differences see another Hessian.
	half := scalar(nil, nil, 0)
	half.Func = func(x []float64) float64 { return x[0]*x[0] + 3*x[1] }
	half.Grad = func(g, x []float64) { g[0], g[1] = 2*x[0], 3 }
	half.HessVec = func(dst, _, v []float64) { dst[0], dst[1] = 2*v[0], 0 }
	half.X = []float64{1, 2}
	assert.Equal(t, gradcheck.Pass, check(t, half).Verdict, "%v", check(t, half))
	rnd := rand.New(rand.NewPCG(7, 7))
	for range 300 {
		x := []float64{600 * rnd.NormFloat64(), rnd.NormFloat64()}
		wavy := gradcheck.Problem{
			Func: func(x []float64) float64 { return math.Sin(x[0])*math.Exp(x[1]) + math.Sin(x[1]) },
			Grad: func(g, x []float64) {
				g[0], g[1] = math.Cos(x[0])*math.Exp(x[1]), math.Sin(x[0])*math.Exp(x[1])+math.Cos(x[1])
			},
			HessVec: func(dst, x, v []float64) {
				e := math.Exp(x[1])
				dst[0] = -math.Sin(x[0])*e*v[0] + math.Cos(x[0])*e*v[1]
				dst[1] = math.Cos(x[0])*e*v[0] + (math.Sin(x[0])*e-math.Sin(x[1]))*v[1]
			},
			X: x,
		}
		require.NotEqual(t, gradcheck.Fail, check(t, wavy).Verdict, "%v: %v", x, check(t, wavy))
	}

	p.HessVec = func(dst, x, v []float64) {
		old := slices.Clone(dst)
		right(dst, x, v)
		add(dst, 1, old)
	}
	assert.Equal(t, gradcheck.Fail, run(t, p).Verdict, "adds to dst")
}

// Func is not called outside its domain, and is differenced to one side at an edge,
// whether that is declared or shows by NaN.
func TestDomain(t *testing.T) {
	power := func(x float64) float64 { return x * math.Sqrt(x) }
	powerD := func(x float64) float64 { return 1.5 * math.Sqrt(x) }
	entropy := func(x float64) float64 { return -x*math.Log(x) - (1-x)*math.Log1p(-x) }
	entropyD := func(x float64) float64 { return math.Log1p(-x) - math.Log(x) }
	line := func(x float64) float64 { return 3*x + x*x }
	lineD := func(x float64) float64 { return 3 + 2*x }
	for name, c := range map[string]struct {
		f, d         func(float64) float64
		x            float64
		lower, upper float64
	}{
		"inside":        {entropy, entropyD, 0.3, 0, 1},
		"near an edge":  {entropy, entropyD, 1e-5, 0, 1},
		"at the lower":  {line, lineD, 0, 0, 5},
		"at the upper":  {line, lineD, 5, 0, 5},
		"power":         {power, powerD, 4, 4, math.Inf(1)},
		"a narrow room": {line, lineD, 1, 1 - 1e-4, 1 + 1e-4},
		"no edge":       {line, lineD, 1, math.Inf(-1), math.Inf(1)},
	} {
		for _, mode := range []gradcheck.Mode{gradcheck.Entries, gradcheck.Directions} {
			f := func(x float64) float64 {
				require.True(t, c.lower <= x && x <= c.upper, "%s: called at %v", name, x)
				return c.f(x)
			}
			p := scalar(f, c.d, c.x)
			p.Lower, p.Upper = []float64{c.lower}, []float64{c.upper}
			r := runWith(t, p, gradcheck.Settings{Mode: mode})
			assert.Equal(t, gradcheck.Pass, r.Verdict, "%s: %v", name, r)
			r = runWith(t, with(p, func(g, _ []float64) { g[0] *= 1.001 }), gradcheck.Settings{Mode: mode})
			assert.Equal(t, gradcheck.Fail, r.Verdict, "%s: %v", name, r)
		}
	}
	// Not declared: NaN to the left.
	edge := func(x float64) float64 { return 2*x + math.Sqrt(x)*x*x }
	assert.Equal(t, gradcheck.Pass, run(t, scalar(edge, func(float64) float64 { return 2 }, 0)).Verdict)
	assert.Equal(t, gradcheck.Fail, run(t, scalar(edge, func(float64) float64 { return 2.001 }, 0)).Verdict)

	p := scalar(line, lineD, 1)
	p.Lower, p.Upper = []float64{1}, []float64{1}
	assert.Equal(t, gradcheck.Inconclusive, run(t, p).Verdict, "a point")
}

// No difference is taken across a kink that Branch tells of.
func TestBranch(t *testing.T) {
	relu := func(x float64) float64 { return math.Max(x, 0) + 1e-3*x*x }
	reluD := func(x float64) float64 {
		if x > 0 {
			return 1 + 2e-3*x
		}
		return 2e-3 * x
	}
	branch := func(x []float64) uint64 {
		if x[0] > 0 {
			return 1
		}
		return 0
	}
	for _, x := range []float64{1, 1e-2, 1e-3, -1e-3} {
		p := scalar(relu, reluD, x)
		p.Branch = branch
		assert.Equal(t, gradcheck.Pass, run(t, p).Verdict, "%v", x)
		assert.Equal(t, gradcheck.Fail, run(t, with(p, func(g, _ []float64) { g[0] += 1e-3 })).Verdict, "%v", x)
	}
	p := scalar(relu, reluD, 0)
	p.Branch = branch
	r := run(t, p)
	assert.Equal(t, gradcheck.Inconclusive, r.Verdict)
	assert.Contains(t, r.String(), "Branch")
	p.X[0] = 1e-14
	assert.Equal(t, gradcheck.Inconclusive, run(t, p).Verdict)
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

// A gradient near a minimum is small, and what rounding leaves of it is not wrong:
// the function is exact enough to show it, the gradient is not.
func TestRoundingOfGrad(t *testing.T) {
	terms := []float64{0.1, 0.2, -0.3, 1.1, -1.1}
	exact := new(big.Float).SetPrec(300)
	for _, v := range terms {
		exact.Add(exact, big.NewFloat(v))
	}
	p := scalar(nil, func(x float64) (g float64) {
		for _, v := range terms {
			g += v * x
		}
		return g
	}, 0.7)
	p.Func = func(x []float64) float64 { s, _ := exact.Float64(); return s * x[0] * x[0] / 2 }
	p.Big = func(x []*big.Float, prec uint) *big.Float {
		f := new(big.Float).SetPrec(prec).Mul(x[0], x[0])
		return f.Quo(f.Mul(f, exact), big.NewFloat(2))
	}
	// Without a Scale the truth is 2.8e-17·x, and the gradient anything of that size.
	assert.NotEqual(t, gradcheck.Pass, run(t, p).Verdict)
	p.Scale = []float64{10}
	assert.Equal(t, gradcheck.Inconclusive, run(t, p).Verdict)
	assert.Equal(t, gradcheck.Fail, run(t, with(p, func(g, _ []float64) { g[0] += 1e-14 })).Verdict)
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
