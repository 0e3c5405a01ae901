package fast

import (
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/mlp"
)

const (
	u              = 0x1p-53
	smallestNormal = 0x1p-1022
)

func newRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0)) }

// normal returns a matrix of normally distributed numbers.
func normal(rnd *rand.Rand, rows, cols int) blas64.General {
	m := newMatrix(rows, cols)
	for i := range m.Data {
		m.Data[i] = rnd.NormFloat64()
	}
	return m
}

// like returns the fast objective of o, with products by k even if they are small.
func like(k kernel, o *mlp.Objective) *Objective {
	f := newObjective(k, o.Net(), o.Loss(), o.X(), o.T())
	f.Sum, f.Lambda = o.Sum, o.Lambda
	f.small, f.online = 0, nil
	return f
}

// multiply is multiplyThen with nothing to be done then.
func (w *worker) multiply(c, a, b view, add bool) { w.multiplyThen(c, a, b, add, 0, 0, nil) }
func (t *team) multiply(c, a, b view, add bool)   { t.multiplyThen(c, a, b, add, nil, 0) }

// eachKernel runs test with every kernel that this processor has.
func eachKernel(t *testing.T, test func(t *testing.T, k kernel)) {
	for _, k := range kernels() {
		t.Run(k.name, func(t *testing.T) { test(t, k) })
	}
}

// asMade returns the fast objective of o as NewObjective makes it.
func asMade(o *mlp.Objective) *Objective {
	f := NewObjective(o.Net(), o.Loss(), o.X(), o.T())
	f.Sum, f.Lambda = o.Sum, o.Lambda
	return f
}
