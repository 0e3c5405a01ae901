package main

import (
	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp"
	"touchstone/mlp/fast"
)

// fastProgram is mlp/fast by its exported names. A product is there only as the forward
// pass of a layer without biases.
func fastProgram(t task, o operands) *job {
	if t.n > 0 {
		n := mlp.New(t.n, mlp.Layer{Width: t.n, Activation: activation.Identity{}, NoBias: true})
		a := matrix(t.n, t.n, o.a)
		objective := fast.NewObjective(n, nothing{}, a, a)
		return &job{
			run: func(k int) {
				for range k {
					objective.Func(o.b)
				}
			},
			result: func() []float64 { return objective.Trace().A[1].Data },
		}
	}
	objective := fast.NewObjective(t.net(), loss.Squared{}, o.x, o.t)
	return &job{
		run: func(k int) {
			for range k {
				objective.Step(o.theta, rate)
			}
		},
		result: func() []float64 { return o.theta },
	}
}

// nothing is a loss that costs nothing, so that an objective is a forward pass alone.
type nothing struct{}

func (nothing) Value(y, t []float64) float64 { return 0 }
func (nothing) Grad(dst, y, t []float64)     { clear(dst) }
func (nothing) String() string               { return "nothing" }
