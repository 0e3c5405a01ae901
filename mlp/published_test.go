package mlp_test

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/optimize"
	"gonum.org/v1/gonum/stat"

	"touchstone"
	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp"
)

// printed asserts that got rounds to a published figure, in all the digits it
// prints: half a unit of the last one is allowed.
func printed(t *testing.T, figure string, got float64, what string) {
	t.Helper()
	want, err := strconv.ParseFloat(figure, 64)
	require.NoError(t, err)
	mantissa, exponent, _ := strings.Cut(strings.ToLower(figure), "e")
	e, _ := strconv.Atoi(exponent)
	if _, digits, ok := strings.Cut(mantissa, "."); ok {
		e -= len(digits)
	}
	assert.InDelta(t, want, got, 0.5000001*math.Pow10(e), what)
}

// Matt Mazur, "A Step by Step Backpropagation Example", 2015.
func TestMazur(t *testing.T) {
	n := mlp.New(2,
		mlp.Layer{Width: 2, Activation: activation.Sigmoid{}},
		mlp.Layer{Width: 2, Activation: activation.Sigmoid{}})
	theta := []float64{.15, .20, .25, .30, .35, .35, .40, .45, .50, .55, .60, .60}
	o := mlp.NewObjective(n, loss.Squared{}, matrix([]float64{.05, .10}), matrix([]float64{.01, .99}))
	grad := make([]float64, n.NumParams())

	printed(t, "0.298371109", o.Func(theta), "error")
	o.Grad(grad, theta)
	y := o.Trace().A[2]
	printed(t, "0.75136507", y.Data[0], "output 0")
	printed(t, "0.772928465", y.Data[1], "output 1")
	printed(t, "0.082167041", n.Weights(grad, 1).Data[0], "gradient of w5")

	// One step with rate ½. The text leaves the biases alone.
	step := func(theta, grad []float64, layers ...int) []float64 {
		after := append([]float64(nil), theta...)
		for _, l := range layers {
			for i, g := range n.Weights(grad, l).Data {
				n.Weights(after, l).Data[i] -= .5 * g
			}
		}
		return after
	}
	after := step(theta, grad, 0, 1)
	for i, figure := range []string{"0.149780716", "0.19956143", "0.24975114", "0.29950229"} {
		printed(t, figure, n.Weights(after, 0).Data[i], "w"+strconv.Itoa(i+1))
	}
	for i, figure := range []string{"0.35891648", "0.408666186", "0.511301270", "0.561370121"} {
		printed(t, figure, n.Weights(after, 1).Data[i], "w"+strconv.Itoa(i+5))
	}
	assert.InDelta(t, 0.2910277736936, o.Func(after), 5e-14, "loss after the step")

	// The text prints 0.291027924 for that loss. It comes from updating the output
	// weights first and taking the hidden deltas through the updated weights.
	const wrong = "0.291027924"
	moved := step(theta, grad, 1)
	delta := o.Trace().Delta[1] // of the old forward pass
	dtheta := make([]float64, n.NumParams())
	tr := n.NewTrace(1)
	n.Forward(tr, theta, matrix([]float64{.05, .10}))
	dy := matrix([]float64{delta.Data[0], delta.Data[1]})
	for j, z := range tr.Z[1].Data {
		dy.Data[j] /= activation.Sigmoid{}.Deriv(z) // Backward multiplies it back
	}
	n.Backward(tr, dtheta, moved, dy) // δ of the old pass, W¹ of the new
	sequential := step(moved, dtheta, 0)
	printed(t, wrong, o.Func(sequential), "loss after a step in the wrong order")
	assert.Greater(t, math.Abs(o.Func(after)-0.291027924), 1e-7, "the wrong figure is not the loss of the right step")
}

// Andrew Ng, Machine Learning (2011), exercise 4, checkNNGradients: the figures
// that the exercise prints, unrolled as there: Θ1 and Θ2 column by column, the
// biases being the first column.
var ngPrinted = map[string]string{
	"ng-lambda-0": `
	-9.2783e-03 8.8991e-03 -8.3601e-03 7.6281e-03 -6.7480e-03
	-3.0498e-06 1.4287e-05 -2.5938e-05 3.6988e-05 -4.6876e-05
	-1.7506e-04 2.3315e-04 -2.8747e-04 3.3532e-04 -3.7622e-04
	-9.6266e-05 1.1798e-04 -1.3715e-04 1.5325e-04 -1.6656e-04
	3.1454e-01 1.1106e-01 9.7401e-02 1.6409e-01 5.7574e-02 5.0458e-02
	1.6457e-01 5.7787e-02 5.0753e-02 1.5834e-01 5.5924e-02 4.9162e-02
	1.5113e-01 5.3697e-02 4.7146e-02 1.4957e-01 5.3154e-02 4.6560e-02`,
	"ng-lambda-3": `
	-9.2783e-03 8.8991e-03 -8.3601e-03 7.6281e-03 -6.7480e-03
	-1.6768e-02 3.9433e-02 5.9336e-02 2.4764e-02 -3.2688e-02
	-6.0174e-02 -3.1961e-02 2.4923e-02 5.9772e-02 3.8641e-02
	-1.7370e-02 -5.7566e-02 -4.5196e-02 9.1459e-03 5.4610e-02
	3.1454e-01 1.1106e-01 9.7401e-02 1.1868e-01 3.8193e-05 3.3693e-02
	2.0399e-01 1.1715e-01 7.5480e-02 1.2570e-01 -4.0759e-03 1.6968e-02
	1.7634e-01 1.1313e-01 8.6163e-02 1.3229e-01 -4.5296e-03 1.5005e-03`,
}

func TestNg(t *testing.T) {
	// unroll puts a gradient of ours into Ng's order.
	unroll := func(n *mlp.Net, grad []float64) (out []float64) {
		for l := range n.NumLayers() {
			out = append(out, n.Biases(grad, l)...)
			w := n.Weights(grad, l)
			for k := range w.Cols {
				for j := range w.Rows {
					out = append(out, row(w, j)[k])
				}
			}
		}
		return out
	}
	gradient := func(id string) (float64, []float64) {
		c, ok := touchstone.CaseByID(id)
		require.True(t, ok)
		o := c.Objective()
		grad := make([]float64, len(c.Theta))
		o.Grad(grad, c.Theta)
		return o.Func(c.Theta), unroll(c.Net, grad)
	}
	j0, g0 := gradient("ng-lambda-0")
	j1, g1 := gradient("ng-lambda-1")
	j3, g3 := gradient("ng-lambda-3")
	printed(t, "2.10095056990246", j0, "J, λ = 0")
	printed(t, "2.11608698494310", j1, "J, λ = 1")
	printed(t, "2.14635981502436", j3, "J, λ = 3")
	for id, g := range map[string][]float64{"ng-lambda-0": g0, "ng-lambda-3": g3} {
		figures := strings.Fields(ngPrinted[id])
		require.Len(t, g, 38)
		require.Len(t, figures, 38)
		for i, figure := range figures {
			printed(t, figure, g[i], id+" value "+strconv.Itoa(i))
		}
	}
	// At λ = 1 four values are published. The gradient is affine in λ, which gives
	// the other 34 from those above.
	for i, figure := range map[int]string{0: "-0.0092783", 1: "0.0088991", 2: "-0.0083601", 37: "0.0315400"} {
		printed(t, figure, g1[i], "λ = 1 value "+strconv.Itoa(i))
	}
	for i := range g1 {
		assert.InDelta(t, g0[i]+(g3[i]-g0[i])/3, g1[i], 1e-15, "λ = 1 value %d", i)
	}
}

// Stanford CS231n, "Backpropagation, Intuitions": the derivative of the output
// itself, by the cotangent 1.
func TestCS231n(t *testing.T) {
	n := mlp.New(2, mlp.Layer{Width: 1, Activation: activation.Sigmoid{}})
	theta := []float64{2, -3, -3} // w0, w1 and the bias w2
	tr := n.NewTrace(1)
	y := n.Forward(tr, theta, matrix([]float64{-1, -2}))
	assert.InDelta(t, .731058578630004879, y.Data[0], 1e-16)
	grad := make([]float64, 3)
	n.Backward(tr, grad, theta, matrix([]float64{1}))
	assert.InDeltaSlice(t, []float64{.3932238664829637, -.5898357997244456}, tr.DX.Data, 2e-16, "dx")
	assert.InDeltaSlice(t, []float64{-.19661193324148185, -.3932238664829637, .19661193324148185}, grad, 1e-16, "dw")
}

// minimize returns the minimum that BFGS finds from start, with every parameter
// in units of its starting value. It stops when the gradient is small or when the
// function no longer falls: near a minimum, the last digits of its value.
func minimize(t *testing.T, o *mlp.Objective, start []float64) (theta []float64, value float64) {
	theta = make([]float64, len(start))
	scale := func(u []float64) []float64 {
		for i := range u {
			theta[i] = u[i] * start[i]
		}
		return theta
	}
	problem := optimize.Problem{
		Func: func(u []float64) float64 { return o.Func(scale(u)) },
		Grad: func(grad, u []float64) {
			o.Grad(grad, scale(u))
			for i := range grad {
				grad[i] *= start[i]
			}
		},
	}
	u := make([]float64, len(start))
	for i := range u {
		u[i] = 1
	}
	result, err := optimize.Minimize(problem, u,
		&optimize.Settings{GradientThreshold: 1e-9, Converger: optimize.NeverTerminate{}}, &optimize.BFGS{})
	require.NotNil(t, result)
	t.Log(result.Status, err, result.FuncEvaluations, "evaluations")
	return scale(result.X), result.F
}

// NIST StRD, Rat42 (higher difficulty): one sigmoid neuron and a linear output.
func TestRat42(t *testing.T) {
	for _, id := range []string{"rat42-start-1", "rat42-start-2"} {
		c, ok := touchstone.CaseByID(id)
		require.True(t, ok)
		o := c.Objective()
		if id == "rat42-start-1" {
			// RSS is twice the loss; θ is (b3, −b2, b1).
			grad := make([]float64, 3)
			o.Grad(grad, c.Theta)
			assert.InEpsilon(t, 19915.8527280257, 2*o.Func(c.Theta), 1e-14)
			assert.InEpsilonSlice(t, []float64{164411.370384086, 8507.18694786469, 694.102131617509},
				[]float64{2 * grad[0], 2 * grad[1], 2 * grad[2]}, 1e-13)
		} else {
			assert.InEpsilon(t, 152.762014750265, 2*o.Func(c.Theta), 1e-14)
		}
		theta, value := minimize(t, o, c.Theta)
		certified := c.Fit.Certified
		got := map[string]float64{"b1": theta[2], "b2": -theta[1], "b3": theta[0], "rss": 2 * value}
		for name, v := range got {
			want, err := strconv.ParseFloat(certified[name], 64)
			require.NoError(t, err)
			digits := -math.Log10(math.Abs(v-want) / want)
			t.Logf("%s %s: %.16g, certified %s, %.1f digits", id, name, v, certified[name], digits)
			assert.Greater(t, digits, 9.0, name)
		}
	}
}

// NIST StRD, Norris (lower difficulty): a straight line through 36 points, which
// is a network of one identity neuron.
func TestNorris(t *testing.T) {
	data := []float64{ // y, x
		0.1, 0.2, 338.8, 337.4, 118.1, 118.2, 888.0, 884.6, 9.2, 10.1, 228.1, 226.5,
		668.5, 666.3, 998.5, 996.3, 449.1, 448.6, 778.9, 777.0, 559.2, 558.2, 0.3, 0.4,
		0.1, 0.6, 778.1, 775.5, 668.8, 666.9, 339.3, 338.0, 448.9, 447.5, 10.8, 11.6,
		557.7, 556.0, 228.3, 228.1, 998.0, 995.8, 888.8, 887.6, 119.6, 120.2, 0.3, 0.3,
		0.6, 0.3, 557.6, 556.8, 339.3, 339.1, 888.0, 887.2, 998.5, 999.0, 778.9, 779.0,
		10.2, 11.1, 117.6, 118.3, 228.9, 229.2, 668.4, 669.1, 449.2, 448.9, 0.2, 0.5,
	}
	x, y := make([]float64, 36), make([]float64, 36)
	for i := range x {
		y[i], x[i] = data[2*i], data[2*i+1]
	}
	// On standardised x the two parameters are independent of each other.
	mean, deviation := stat.PopMeanStdDev(x, nil)
	xs, ys := make([][]float64, 36), make([][]float64, 36)
	for i := range x {
		xs[i], ys[i] = []float64{(x[i] - mean) / deviation}, y[i:i+1]
	}
	n := mlp.New(1, mlp.Layer{Width: 1, Activation: activation.Identity{}})
	o := mlp.NewObjective(n, loss.Squared{}, matrix(xs...), matrix(ys...))
	theta, _ := minimize(t, o, []float64{100, 100})
	slope := theta[0] / deviation
	assert.InEpsilon(t, 1.00211681802045, slope, 1e-13, "slope")
	assert.InEpsilon(t, -0.262323073774029, theta[1]-slope*mean, 1e-11, "intercept")
}
