package mlp_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp"
)

// An aliased case makes the same call twice: with arguments of their own memory, and with
// some that share it. What must not share memory is in TestMisuse.
type aliased struct {
	name string
	call func(a *arguments, shared bool) []float64
}

// arguments are those of a square network, in which every matrix of a Trace has the
// shape of the inputs, the outputs and the targets.
type arguments struct {
	net            *mlp.Net
	tr             *mlp.Trace
	o              *mlp.Objective
	x, t, dy       blas64.General
	theta, v, grad []float64
}

func newArguments() *arguments {
	rnd := rand.New(rand.NewPCG(6, 0))
	random := func(n int) []float64 {
		v := make([]float64, n)
		for i := range v {
			v[i] = rnd.NormFloat64()
		}
		return v
	}
	square := func() blas64.General { return blas64.General{Rows: 3, Cols: 4, Stride: 4, Data: random(12)} }
	a := &arguments{net: mlp.New(4, mlp.Layer{Width: 4, Activation: activation.Tanh{}}, mlp.Layer{Width: 4, Activation: sigmoid})}
	a.x, a.t, a.dy = square(), square(), square()
	a.theta, a.v, a.grad = random(40), random(40), random(40)
	a.tr = a.net.NewTrace(3)
	a.net.Forward(a.tr, a.theta, a.x)
	a.net.Backward(a.tr, a.grad, a.theta, a.dy)
	a.o = mlp.NewObjective(a.net, loss.Squared{}, a.x, a.t)
	return a
}

// clone returns a copy of m.
func clone(m blas64.General) blas64.General {
	m.Data = slices.Clone(m.Data)
	return m
}

// either returns m itself, or a copy.
func either(m blas64.General, shared bool) blas64.General {
	if shared {
		return m
	}
	return clone(m)
}

func (a *arguments) traces() map[string]blas64.General {
	return map[string]blas64.General{"A[0]": a.tr.A[0], "A[1]": a.tr.A[1], "A[2]": a.tr.A[2], "Z[0]": a.tr.Z[0], "Z[1]": a.tr.Z[1],
		"Delta[0]": a.tr.Delta[0], "Delta[1]": a.tr.Delta[1], "DX": a.tr.DX}
}

func aliasedCalls() (list []aliased) {
	for name := range newArguments().traces() {
		list = append(list, aliased{"Forward: x is tr." + name, func(a *arguments, shared bool) []float64 {
			return slices.Clone(a.net.Forward(a.tr, a.theta, either(a.traces()[name], shared)).Data)
		}}, aliased{"Backward: dy is tr." + name, func(a *arguments, shared bool) []float64 {
			a.net.Backward(a.tr, a.grad, a.theta, either(a.traces()[name], shared))
			return slices.Concat(a.grad, a.tr.DX.Data)
		}})
	}
	return append(list,
		aliased{"Backward: dy is a part of grad", func(a *arguments, shared bool) []float64 {
			a.net.Backward(a.tr, a.grad, a.theta, either(blas64.General{Rows: 3, Cols: 4, Stride: 5, Data: a.grad[7:]}, shared))
			return a.grad
		}},
		aliased{"Backward: dy is a part of theta", func(a *arguments, shared bool) []float64 {
			a.net.Backward(a.tr, a.grad, a.theta, either(blas64.General{Rows: 3, Cols: 4, Stride: 4, Data: a.theta}, shared))
			return a.grad
		}},
		aliased{"Grad and Train: grad and theta are between the rows of x, and after them", func(a *arguments, shared bool) []float64 {
			long := make([]float64, 200) // x is 3 × 4, at 0, 60 and 120
			x := blas64.General{Rows: 3, Cols: 4, Stride: 60, Data: long}
			for i := range long {
				long[i] = float64(i%7) / 7
			}
			x = either(x, shared)
			grad, theta := long[4:][:len(a.grad)], long[130:][:len(a.theta)]
			o := mlp.NewObjective(a.net, loss.Squared{}, x, clone(x))
			o.Grad(grad, theta)
			_ = mlp.SGD{Rate: 0.5, Batch: 2, Epochs: 3}.Train(theta, o)
			return slices.Concat(grad, theta)
		}},
		aliased{"NewObjective: t is x", func(a *arguments, shared bool) []float64 {
			o := mlp.NewObjective(a.net, loss.Squared{}, a.x, either(a.x, shared))
			value := o.Func(a.theta)
			o.Grad(a.grad, a.theta)
			_ = mlp.SGD{Rate: 0.5, Batch: 2, Epochs: 3}.Train(a.theta, o)
			return slices.Concat(a.grad, a.theta, []float64{value})
		}},
		aliased{"Func and Grad: theta is a part of x", func(a *arguments, shared bool) []float64 {
			long := blas64.General{Rows: 10, Cols: 4, Stride: 4, Data: a.theta}
			long = either(long, shared)
			o := mlp.NewObjective(a.net, loss.Squared{}, long, clone(long))
			o.Grad(a.grad, a.theta)
			return append(slices.Clone(a.grad), o.Func(a.theta))
		}},
		aliased{"HessVec: v is theta", func(a *arguments, shared bool) []float64 {
			a.o.HessVec(a.grad, a.theta, either(blas64.General{Rows: 1, Cols: 40, Stride: 40, Data: a.theta}, shared).Data)
			return a.grad
		}},
		aliased{"Grad: grad and theta are neighbours", func(a *arguments, shared bool) []float64 {
			both := slices.Concat(a.grad, a.theta)
			if shared {
				a.grad, a.theta = both[:40], both[40:]
			}
			a.o.Grad(a.grad, a.theta)
			a.o.HessVec(a.grad, a.theta, a.v)
			return slices.Concat(a.grad, a.theta)
		}},
	)
}

// TestAliases holds what shares memory to what does not.
func TestAliases(t *testing.T) {
	for _, c := range aliasedCalls() {
		want := c.call(newArguments(), false)
		assert.Equal(t, want, c.call(newArguments(), true), c.name)
	}
}

// TestAliasesSeesErrors plants a Backward that writes δ before it has read dy, and one
// that zeroes its gradient first.
func TestAliasesSeesErrors(t *testing.T) {
	for name, wrong := range map[string]func(a *arguments, dy blas64.General){
		"delta first": func(a *arguments, dy blas64.General) {
			clear(a.tr.Delta[1].Data)
			a.net.Backward(a.tr, a.grad, a.theta, dy)
		},
		"grad first": func(a *arguments, dy blas64.General) {
			clear(a.grad)
			a.net.Backward(a.tr, a.grad, a.theta, dy)
		},
	} {
		seen := false
		for _, of := range []func(a *arguments) blas64.General{
			func(a *arguments) blas64.General { return a.tr.Delta[1] },
			func(a *arguments) blas64.General {
				return blas64.General{Rows: 3, Cols: 4, Stride: 5, Data: a.grad[7:]}
			},
		} {
			own, shared := newArguments(), newArguments()
			wrong(own, clone(of(own)))
			wrong(shared, of(shared))
			seen = seen || !assert.ObjectsAreEqual(own.grad, shared.grad)
		}
		assert.True(t, seen, name)
	}
}

// TestViews: what is a view writes through and ends where its block does, and what is a
// copy does not write through.
func TestViews(t *testing.T) {
	a := newArguments()
	w, b := a.net.Weights(a.theta, 0), a.net.Biases(a.theta, 0)
	w.Data[5], b[3] = 7, 9
	assert.Equal(t, []float64{7, 9}, []float64{a.theta[5], a.theta[19]})
	after := [2]float64{a.theta[16], a.theta[20]}
	_ = append(append(w.Data, -1), append(b, -1)...)
	assert.Equal(t, after, [2]float64{a.theta[16], a.theta[20]}, "append wrote into the next block")
	a.o.X().Data[0] = 3
	assert.Equal(t, 3.0, a.x.Data[0], "X is the data itself")
	a.net.Forward(a.tr, a.theta, a.x)
	a.x.Data[0] = 4
	assert.Equal(t, 3.0, a.tr.A[0].Data[0], "a Trace has a copy of x")
}
