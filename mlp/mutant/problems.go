package mutant

import (
	"encoding/binary"
	"math"
	"math/bits"
	"math/rand/v2"

	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp"
)

// A Problem is a question to a checker: is Grad the gradient of Func at Theta?
type Problem struct {
	Func  func(theta []float64) float64
	Grad  func(grad, theta []float64)
	Theta []float64
	// Objective is the network and the data behind Func, for checkers that look
	// inside. Its Grad is right.
	Objective *mlp.Objective
}

// sigmas are the standard deviations of the parameters. At 10, most sigmoids are
// saturated.
var sigmas = [...]float64{0.3, 0.5, 1, 2, 3, 5, 10}

// Problems returns n random networks with data and parameters, and the right
// gradient of each. They have 1 to 4 layers and up to some 100 parameters, all
// activations and losses, batches of 1 to 9, sums and means, with and without
// regulariser and biases; the parameters have a standard deviation from 0.3 to 10.
// The same seed gives the same problems on every platform.
//
// Networks whose gradient float64 cannot state are left out: those with a rectifier
// exactly at its kink, those whose objective has lost its digits, as has the
// cross-entropy of a sigmoid that has rounded to nearly 1, and those where the right
// gradient itself has an effect, see Effect.
func Problems(seed uint64, n int) []Problem {
	d := draw{rand.NewPCG(seed, 0)}
	var list []Problem
	for len(list) < n {
		o, theta := d.objective(sigmas[len(list)%len(sigmas)])
		t, err := newTruth(o, theta)
		if err != nil || !t.fair() || t.effect(o.Grad) != 0 {
			continue
		}
		list = append(list, Problem{o.Func, o.Grad, theta, o})
	}
	return list
}

// The losses with the output activations they go with.
var pairings = [...]struct {
	loss   loss.Func
	output activation.Func
}{
	{loss.Squared{}, activation.Identity{}},
	{loss.Squared{}, activation.Sigmoid{}},
	{loss.Squared{}, activation.Tanh{}},
	{loss.Squared{}, activation.Softplus{}},
	{loss.CrossEntropy{}, activation.Sigmoid{}},
	{loss.LogitCrossEntropy{}, activation.Identity{}},
	{loss.SoftmaxCrossEntropy{}, activation.Identity{}},
}

// Sigmoids are what is mostly meant.
var hidden = [...]activation.Func{
	activation.Sigmoid{}, activation.Sigmoid{}, activation.Sigmoid{},
	activation.Tanh{}, activation.Tanh{}, activation.Softplus{}, activation.ReLU{}, activation.Identity{},
}

// draw draws at random. It uses nothing of package rand but the generator, the
// output of which is specified.
type draw struct{ src *rand.PCG }

// below returns an integer from 0 to n−1.
func (d draw) below(n int) int {
	high, _ := bits.Mul64(d.src.Uint64(), uint64(n))
	return int(high)
}

// uniform returns a number from [0, 1).
func (d draw) uniform() float64 { return float64(d.src.Uint64()>>11) * 0x1p-53 }

// normal returns a nearly normal number of standard deviation 1.
func (d draw) normal() float64 {
	sum := -6.0
	for range 12 {
		sum += d.uniform()
	}
	return sum
}

func (d draw) objective(sigma float64) (o *mlp.Objective, theta []float64) {
	pair := pairings[d.below(len(pairings))]
	inputs := 2 + d.below(4)
	layers := make([]mlp.Layer, 1+d.below(4))
	for l := range layers {
		layers[l] = mlp.Layer{Width: 2 + d.below(4), Activation: hidden[d.below(len(hidden))], NoBias: d.below(6) == 0}
	}
	last := &layers[len(layers)-1]
	last.Activation = pair.output
	last.Width = 1 + d.below(4)
	if pair.loss == (loss.SoftmaxCrossEntropy{}) {
		last.Width++ // the softmax of one output is 1, whatever it is
	}
	n := mlp.New(inputs, layers...)

	samples := 1 + d.below(9)
	x := newMatrix(samples, inputs)
	d.fill(x.Data, 1)
	o = mlp.NewObjective(n, pair.loss, x, d.targets(pair.loss, samples, last.Width))
	o.Sum = d.below(3) == 0
	if d.below(2) == 0 {
		o.Lambda = 0.1 * float64(1+d.below(3))
	}
	theta = make([]float64, n.NumParams())
	d.fill(theta, sigma)
	return o, theta
}

func (d draw) fill(v []float64, sigma float64) {
	for i := range v {
		v[i] = sigma * d.normal()
	}
}

// targets returns any numbers for squared errors, and hard or soft labels for
// cross-entropies.
func (d draw) targets(l loss.Func, samples, width int) blas64.General {
	t := newMatrix(samples, width)
	hard := d.below(2) == 0
	for s := range samples {
		r := row(t, s)
		switch {
		case l == loss.Squared{}:
			d.fill(r, 1)
		case l == loss.SoftmaxCrossEntropy{} && hard:
			r[d.below(width)] = 1
		case l == loss.SoftmaxCrossEntropy{}:
			sum := 0.0
			for j := range r {
				r[j] = 0.1 + d.uniform()
				sum += r[j]
			}
			each(r, func(v float64) float64 { return v / sum })
		case hard:
			each(r, func(float64) float64 { return float64(d.below(2)) })
		default:
			each(r, func(float64) float64 { return d.uniform() })
		}
	}
	return t
}

// remember returns f with a memory: checkers ask for the same points again and
// again.
func remember(f func(theta []float64) float64) func(theta []float64) float64 {
	known := map[string]float64{}
	var key []byte
	return func(theta []float64) float64 {
		key = key[:0]
		for _, v := range theta {
			key = binary.LittleEndian.AppendUint64(key, math.Float64bits(v))
		}
		value, ok := known[string(key)]
		if !ok {
			value = f(theta)
			known[string(key)] = value
		}
		return value
	}
}
