package mlp

import (
	"math"
	"math/rand/v2"
)

// InitGlorot fills theta with random weights, uniform on ±√(6/(fan-in + fan-out))
// in each layer, and zero biases: the initialisation of Glorot and Bengio,
// "Understanding the difficulty of training deep feedforward neural networks",
// AISTATS 2010, equation 16 (also called Xavier).
//
// The same seed gives the same bits on every platform and in every version of
// this package. The weights, in the order of θ, take one 64-bit draw each from
// the generator PCG-DXSM seeded with (seed, 1); its upper 53 bits r give the
// weight √(6/(fan-in + fan-out))·(r/2⁵²−1).
//
// It panics if theta does not have NumParams elements.
func (n *Net) InitGlorot(theta []float64, seed uint64) {
	if len(theta) != n.params {
		panic("mlp: InitGlorot: length of theta is not NumParams")
	}
	src := newSource(seed, initStream)
	for l := range n.layers {
		d := &n.layers[l]
		limit := math.Sqrt(6 / (float64(d.fanIn) + float64(d.Width)))
		for i := d.w; i < d.b; i++ {
			u := float64(float64(src.Uint64()>>11)*0x1p-52) - 1 // uniform on [−1, 1), exact
			theta[i] = limit * u
		}
		clear(n.Biases(theta, l))
	}
}

// Initialisation and shuffling draw from separate streams, so that one seed can
// serve both.
const (
	initStream    = 1
	shuffleStream = 2
)

// newSource returns the generator PCG-DXSM with 128 bits of state, started at
// (seed, stream). Only its Uint64, which is specified bit by bit, is used here:
// the algorithms of rand.Rand are not promised to stay as they are.
func newSource(seed, stream uint64) *rand.PCG { return rand.NewPCG(seed, stream) }
