package main

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"time"

	"gonum.org/v1/gonum/blas/blas64"

	"touchstone"
	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp"
	"touchstone/mlp/exact"
)

// The exact results of a network come from one call, that takes a time for each product
// of a sample with a parameter: the same for all large networks, within a factor of two.
// It is longer where units are saturated.

// worthExpecting is the number of products from which that is about a second.
const worthExpecting = 1 << 16

// expectedOf returns about how long the exact results will take on this machine, or 0
// if that is not long. It finds out on a small network, from the second of three times:
// the machine may be doing something else, too.
func expectedOf(products int) time.Duration {
	if products < worthExpecting {
		return 0
	}
	const samples = 2
	net := mlp.New(40, mlp.Layer{Width: 30, Activation: activation.Sigmoid{}}, mlp.Layer{Width: 10, Activation: activation.Sigmoid{}})
	rnd := rand.New(rand.NewPCG(1, 0))
	p := exact.Problem{Net: net, Loss: loss.Squared{}, Theta: normal(rnd, net.NumParams(), 0.3), Rate: 0.5}
	p.X = blas64.General{Rows: samples, Cols: 40, Stride: 40, Data: normal(rnd, samples*40, 1)}
	p.T = blas64.General{Rows: samples, Cols: 10, Stride: 10, Data: targets(rnd, samples, 10, p.Loss)}
	var took [3]time.Duration
	for i := range took {
		began := time.Now()
		if _, err := touchstone.NewCase("", p); err != nil {
			return 0 // there is nothing to go by
		}
		took[i] = time.Since(began)
	}
	slices.Sort(took[:])
	return took[1] / time.Duration(samples*net.NumParams()) * time.Duration(products)
}

// expectedOfClaim is expectedOf the network in a claim file, or 0 if that has none or
// is wrong.
func expectedOfClaim(data []byte) time.Duration {
	var claim struct {
		Net struct {
			Inputs int
			Layers []struct{ Width int }
		}
		Theta, X []json.RawMessage
	}
	if len(data) < worthExpecting || json.Unmarshal(data, &claim) != nil {
		return 0 // a number takes a byte at least
	}
	return expectedOf(min(len(claim.X), maxExact) * min(len(claim.Theta), maxExact))
}
