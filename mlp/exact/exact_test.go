package exact_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"os"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/blas/blas64"

	"touchstone"
	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp"
	"touchstone/mlp/exact"
)

func row(m blas64.General, i int) []float64 { return m.Data[i*m.Stride:][:m.Cols] }

func normal(rnd *rand.Rand, rows, cols int, sigma float64) blas64.General {
	m := blas64.General{Rows: rows, Cols: cols, Stride: cols, Data: make([]float64, rows*cols)}
	for i := range m.Data {
		m.Data[i] = sigma * rnd.NormFloat64()
	}
	return m
}

var activations = []activation.Func{
	activation.Identity{}, activation.Sigmoid{}, activation.Tanh{}, activation.ReLU{}, activation.Softplus{},
}

// random returns a net of one to four layers with weights up to σ = 10, any
// activations and loss, hard and soft targets.
func random(rnd *rand.Rand) exact.Problem {
	layers := make([]mlp.Layer, 1+rnd.IntN(4))
	for l := range layers {
		layers[l] = mlp.Layer{Width: 1 + rnd.IntN(6), Activation: activations[rnd.IntN(5)], NoBias: rnd.IntN(5) == 0}
	}
	p := exact.Problem{Sum: rnd.IntN(2) == 0, Rate: 0.1}
	last := &layers[len(layers)-1]
	switch rnd.IntN(6) {
	case 0, 1:
		p.Loss = loss.Squared{}
	case 2:
		p.Loss, last.Activation = loss.CrossEntropy{}, activation.Sigmoid{}
		for l := range layers[:len(layers)-1] {
			layers[l].Activation = activations[1+rnd.IntN(2)] // so that the textbook's log(1−y) exists
		}
	case 3:
		p.Loss, last.Activation = loss.LogitCrossEntropy{}, activation.Identity{}
	case 4:
		p.Loss, last.Activation = loss.SoftmaxCrossEntropy{}, activation.Identity{}
	}
	if rnd.IntN(4) == 0 {
		p.Lambda = rnd.Float64()
	}
	inputs, samples := 1+rnd.IntN(5), 1+rnd.IntN(7)
	p.Net = mlp.New(inputs, layers...)
	sigma := []float64{0.3, 1, 3, 10}[rnd.IntN(4)]
	p.Theta = normal(rnd, 1, p.Net.NumParams(), sigma).Data
	p.X = normal(rnd, samples, inputs, 1)
	p.DY = normal(rnd, samples, p.Net.Outputs(), 1) // for no loss
	p.T = blas64.General{Rows: samples, Cols: p.Net.Outputs(), Stride: p.Net.Outputs()}
	for range samples * p.Net.Outputs() {
		if rnd.IntN(2) == 0 {
			p.T.Data = append(p.T.Data, float64(rnd.IntN(2)))
		} else {
			p.T.Data = append(p.T.Data, rnd.Float64())
		}
	}
	return p
}

// compare returns how many balls of r do not contain the truth, how many are Rounded
// but not to the float64 nearest it, and for how many the truth is too near the
// middle of two float64s for the textbook's bits to tell which is nearer. All are to
// be Rounded.
func compare(t *testing.T, p exact.Problem, r *exact.Result, truth *textbook) (outside, misrounded, close int) {
	see := func(what string, b exact.Ball, want *big.Float) {
		assert.True(t, b.Rounded, "%v %v %s: %v is open, the truth is %.60g", p.Net, p.Loss, what, b, want)
		// The textbook cancels, and rounds sums of numbers up to 1e9 or so: its error is
		// far below float64, but 0 may come out as 1e-690.
		noise := new(big.Float).SetMantExp(big.NewFloat(1), 500-int(truth.bits))
		noise.Mul(noise, new(big.Float).Add(big.NewFloat(1), new(big.Float).Abs(want)))

		e := new(big.Float).SetPrec(truth.bits).SetFloat64(b.Value)
		e.Sub(e, want).Abs(e)
		if radius := new(big.Float).SetFloat64(b.Radius); !radius.IsInf() && e.Cmp(radius.SetPrec(truth.bits).Add(radius, noise)) > 0 {
			outside++
			t.Logf("%s: %v does not contain %.30g", what, b, want)
		}
		low, _ := new(big.Float).SetPrec(truth.bits).Sub(want, noise).Float64()
		high, _ := new(big.Float).SetPrec(truth.bits).Add(want, noise).Float64()
		if low != high {
			close++
		}
		if b.Rounded && b.Value != low && b.Value != high {
			misrounded++
			t.Logf("%s: %v is not nearest %.30g", what, b, want)
		}
	}
	see("loss", r.Loss, truth.loss)
	for i := range r.Grad {
		see(p.Net.ParamName(i), r.Grad[i], truth.grad[i])
	}
	for i := range r.DX {
		see("dx", r.DX[i], truth.dx[i])
	}
	for l := range r.Z {
		for i := range r.Z[l] {
			see("z", r.Z[l][i], truth.z[l][i])
			see("a", r.A[l][i], truth.a[l][i])
			see("delta", r.Delta[l][i], truth.d[l][i])
		}
	}
	return outside, misrounded, close
}

// Balls contain the truth, and what is Rounded is rounded correctly, and all are:
// random nets against textbook backpropagation in 2800 bits. TOUCHSTONE_LONG=1
// compares a million gradient components.
func TestContainment(t *testing.T) {
	want := 4000
	if testing.Short() {
		want = 1200
	}
	if os.Getenv("TOUCHSTONE_LONG") != "" {
		want = 1_000_000
	}
	rnd := rand.New(rand.NewPCG(1, 1))
	var nets, grads, entries, first, rounded, outside, misrounded, close int
	for grads < want {
		p := random(rnd)
		r, err := exact.Evaluate(p)
		require.NoError(t, err)
		o, m, c := compare(t, p, r, newTextbook(p, 2800))
		outside += o
		misrounded += m
		close += c
		nets++
		grads += len(r.Grad)
		entries += r.Entries
		first += r.FirstRounded
		rounded += r.Rounded
	}
	t.Logf("%d nets, %d gradient components; of all %d entries double-double rounded %.4f %%, in the end %d are; %d are too close to a middle for the textbook",
		nets, grads, entries, 100*float64(first)/float64(entries), rounded, close)
	assert.Zero(t, outside, "balls that do not contain the truth")
	assert.Zero(t, misrounded, "balls that claim to be rounded and are not")
	assert.Equal(t, entries, rounded, "all are rounded")
	assert.Less(t, float64(close), 0.001*float64(entries))
	assert.Greater(t, float64(first), 0.95*float64(entries))
}

// A comparison that cannot fail would be worth nothing.
func TestContainmentCatches(t *testing.T) {
	rnd := rand.New(rand.NewPCG(2, 2))
	p := random(rnd)
	r, err := exact.Evaluate(p)
	require.NoError(t, err)
	truth := newTextbook(p, 2800)
	r.Grad[0].Value = math.Nextafter(r.Grad[0].Value, 9)
	outside, misrounded, _ := compare(t, p, r, truth)
	assert.Equal(t, 1, outside)
	assert.Equal(t, 1, misrounded)
}

func caseProblem(c *touchstone.Case) exact.Problem {
	p := exact.Problem{Net: c.Net, Loss: c.Loss, Theta: c.Theta, X: c.X, T: c.T, DY: c.DY, Sum: c.Sum, Lambda: c.Lambda}
	if c.Step != nil {
		p.Rate = c.Step.Rate
	}
	return p
}

// Every golden vector, to the last bit, and its scale to the digits it has.
func TestGolden(t *testing.T) {
	for _, c := range touchstone.Cases() {
		r, err := exact.Evaluate(caseProblem(&c))
		require.NoError(t, err)
		// Where all outputs meet their targets, what their radii add to the distance, 0, shows.
		room := 0.0
		if c.Scale.Loss == 0 {
			for _, y := range r.A[len(r.A)-1] {
				room += 2 * y.Radius * y.Scale
			}
		}
		see := func(what string, b exact.Ball, want touchstone.Decimal, scale float64) {
			// Where the scale itself underflows it says nothing that the smallest normal
			// number does not.
			if want := scale; !(math.Abs(b.Scale-want) <= 1.1e-5*want+0x1p-1022) && !(want == 0 && b.Scale <= room) {
				t.Errorf("%s %s: Scale is %v, want %v", c.ID, what, b.Scale, want)
			}
			require.True(t, b.Rounded, "%s %s", c.ID, what)
			if b.Value == want.Float64() {
				return
			}
			// 40 digits do not tell a tie from its neighbourhood.
			ulp := math.Nextafter(math.Abs(b.Value), math.Inf(1)) - math.Abs(b.Value)
			assert.InEpsilon(t, ulp/2, want.Error(b.Value), 1e-15, "%s %s: %v, want %s", c.ID, what, b, want)
		}
		see("loss", r.Loss, c.Exact.Loss, c.Scale.Loss)
		for i := range r.Grad {
			see(c.Net.ParamName(i), r.Grad[i], c.Exact.Grad[i], c.Scale.Grad[i])
		}
		for i := range r.DX {
			see("dx", r.DX[i], c.Exact.DX[i/c.Net.Inputs()][i%c.Net.Inputs()], c.Scale.DX[i/c.Net.Inputs()][i%c.Net.Inputs()])
		}
		for l := range r.Z {
			w := c.Net.Layer(l).Width
			for i := range r.Z[l] {
				see("z", r.Z[l][i], c.Exact.Z[l][i/w][i%w], c.Scale.Z[l][i/w][i%w])
				see("a", r.A[l][i], c.Exact.A[l][i/w][i%w], c.Scale.A[l][i/w][i%w])
				see("delta", r.Delta[l][i], c.Exact.Delta[l][i/w][i%w], c.Scale.Delta[l][i/w][i%w])
			}
		}
		if c.Step != nil && len(c.Step.Frozen) == 0 {
			for i := range r.After {
				see("after", r.After[i], c.Step.Theta[i], c.Scale.After[i])
			}
		}
	}
}

// The same bits from any number of goroutines.
func TestGOMAXPROCS(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	rnd := rand.New(rand.NewPCG(3, 3))
	for range 20 {
		p := random(rnd)
		runtime.GOMAXPROCS(1)
		want, err := exact.Evaluate(p)
		require.NoError(t, err)
		for _, n := range []int{2, 8} {
			runtime.GOMAXPROCS(n)
			got, err := exact.Evaluate(p)
			require.NoError(t, err)
			require.Equal(t, want, got)
		}
	}
}

// Float64 backpropagation errs by no more than u·Scale on random networks.
func TestScaleIsFairToFloat64(t *testing.T) {
	rnd := rand.New(rand.NewPCG(4, 4))
	worst := 0.0
	for range 300 {
		p := random(rnd)
		if p.Loss == (loss.CrossEntropy{}) {
			continue // of rounded probabilities: no bound is fair to it where they saturate
		}
		r, err := exact.Evaluate(p)
		require.NoError(t, err)
		if p.Loss == nil {
			continue // no objective
		}
		o := mlp.NewObjective(p.Net, p.Loss, p.X, p.T)
		o.Sum, o.Lambda = p.Sum, p.Lambda
		grad := make([]float64, len(p.Theta))
		o.Grad(grad, p.Theta)
		see := func(what string, got float64, b exact.Ball) {
			e := math.Abs(got - b.Value)
			bound := 0x1p-53*b.Scale + b.Radius
			if e > 0 {
				worst = math.Max(worst, e/bound)
			}
			assert.LessOrEqual(t, e, bound, "%v %v %s: %v, want %v", p.Net, p.Loss, what, got, b)
		}
		for i, g := range grad {
			see(p.Net.ParamName(i), g, r.Grad[i])
		}
		for i, g := range o.Trace().DX.Data {
			see("dx", g, r.DX[i])
		}
		see("loss", o.Func(p.Theta), r.Loss)
	}
	t.Logf("the largest error is %.2g of the bound", worst)
	assert.Greater(t, worst, 0.01, "a bound that is never neared is too wide")
}
