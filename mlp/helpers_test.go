package mlp_test

import (
	"math/rand/v2"

	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/activation"
	"touchstone/gradcheck"
	"touchstone/loss"
	"touchstone/mlp"
)

// The activations, and the losses with the output activations they go with.
var (
	activations = []activation.Func{
		activation.Identity{}, activation.Sigmoid{}, activation.Tanh{}, activation.ReLU{}, activation.Softplus{},
	}
	pairings = []pairing{
		{loss.Squared{}, activation.Identity{}},
		{loss.Squared{}, activation.Sigmoid{}},
		{loss.Squared{}, activation.Tanh{}},
		{loss.Squared{}, activation.Softplus{}},
		{loss.CrossEntropy{}, activation.Sigmoid{}},
		{loss.LogitCrossEntropy{}, activation.Identity{}},
		{loss.SoftmaxCrossEntropy{}, activation.Identity{}},
	}
)

type pairing struct {
	loss   loss.Func
	output activation.Func
}

// matrix returns a matrix with the given rows.
func matrix(rows ...[]float64) blas64.General {
	m := blas64.General{Rows: len(rows), Cols: len(rows[0]), Stride: len(rows[0])}
	for _, r := range rows {
		m.Data = append(m.Data, r...)
	}
	return m
}

func row(m blas64.General, i int) []float64 { return m.Data[i*m.Stride:][:m.Cols] }

func newRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0)) }

// normal returns n normally distributed numbers with standard deviation sigma.
func normal(rnd *rand.Rand, n int, sigma float64) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = sigma * rnd.NormFloat64()
	}
	return v
}

func normalMatrix(rnd *rand.Rand, rows, cols int) blas64.General {
	return blas64.General{Rows: rows, Cols: cols, Stride: cols, Data: normal(rnd, rows*cols, 1)}
}

// distributions returns rows of positive numbers that sum to 1: targets that suit
// every loss.
func distributions(rnd *rand.Rand, rows, cols int) blas64.General {
	m := normalMatrix(rnd, rows, cols)
	for i := range rows {
		r, sum := row(m, i), 0.0
		for j := range r {
			r[j] = 0.1 + rnd.Float64()
			sum += r[j]
		}
		for j := range r {
			r[j] /= sum
		}
	}
	return m
}

// sample returns an objective of odd and distinct sizes, 3-4-5-2 with a batch of
// 7, and parameters of standard deviation sigma.
func sample(rnd *rand.Rand, first, second activation.Func, p pairing, sigma float64) (*mlp.Objective, []float64) {
	n := mlp.New(3,
		mlp.Layer{Width: 4, Activation: first},
		mlp.Layer{Width: 5, Activation: second},
		mlp.Layer{Width: 2, Activation: p.output})
	o := mlp.NewObjective(n, p.loss, normalMatrix(rnd, 7, 3), distributions(rnd, 7, 2))
	return o, normal(rnd, n.NumParams(), sigma)
}

// check gradient-checks grad as the gradient of o at theta.
func check(o *mlp.Objective, grad func(grad, theta []float64), theta []float64) *gradcheck.Report {
	r, err := gradcheck.Check(gradcheck.Problem{Func: o.Func, Grad: grad, X: theta, Name: o.Net().ParamName}, nil)
	if err != nil {
		panic(err)
	}
	return r
}
