package mlp_test

import (
	"errors"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp"
)

// Full-batch SGD is θ ← θ − η∇E, to the bit.
func TestSGDFullBatch(t *testing.T) {
	o, start := sample(newRand(1), sigmoid, activation.Tanh{}, pairings[0], 1)
	o.Lambda = 0.1
	want, grad := slices.Clone(start), make([]float64, len(start))
	var losses []float64
	for range 5 {
		o.Grad(grad, want)
		for i, g := range grad {
			want[i] -= float64(0.3 * g)
		}
		losses = append(losses, o.Func(want))
	}
	for _, batch := range []int{0, 7, 100} {
		theta := slices.Clone(start)
		var got []float64
		err := mlp.SGD{Rate: 0.3, Batch: batch, Epochs: 5, OnEpoch: func(e mlp.Epoch) {
			got = append(got, e.Loss)
			assert.Equal(t, len(got), e.Number)
		}}.Train(theta, o)
		require.NoError(t, err)
		assert.Equal(t, want, theta, "batch %d", batch)
		assert.Equal(t, losses, got)
	}
}

// As the rate goes to 0, an epoch moves θ along the gradient of the whole
// objective, however the samples are cut into batches: each counts once.
func TestSGDWeighsSamplesAlike(t *testing.T) {
	for _, sum := range []bool{false, true} {
		o, start := sample(newRand(2), sigmoid, activation.Tanh{}, pairings[0], 1)
		o.Sum, o.Lambda = sum, 0.2
		grad := make([]float64, len(start))
		o.Grad(grad, start)
		for batch := 1; batch <= 7; batch++ { // 7 samples: ragged for 2 to 6
			const rate = 0x1p-30
			theta := slices.Clone(start)
			require.NoError(t, mlp.SGD{Rate: rate, Batch: batch, Epochs: 1, Seed: 5}.Train(theta, o))
			per := 7 / float64(batch) // mean over a batch: an epoch is 7/batch steps
			if sum {
				per = 1
			}
			for i := range theta {
				assert.InDelta(t, per*grad[i], (start[i]-theta[i])/rate, 1e-6*norm(grad), "batch %d, %s", batch, o.Net().ParamName(i))
			}
		}
	}
}

// The ragged last batch, by hand: 5 samples, batches of 2, 2 and 1.
func TestSGDRaggedBatch(t *testing.T) {
	n := mlp.New(1, mlp.Layer{Width: 1, Activation: activation.Identity{}})
	x := matrix([]float64{1}, []float64{2}, []float64{3}, []float64{4}, []float64{5})
	y := matrix([]float64{2}, []float64{1}, []float64{0}, []float64{3}, []float64{7})
	theta := []float64{0.5, -0.25}
	require.NoError(t, mlp.SGD{Rate: 0.01, Batch: 2, Epochs: 1, NoShuffle: true}.Train(theta, mlp.NewObjective(n, loss.Squared{}, x, y)))

	w, b := 0.5, -0.25
	for _, samples := range [][]int{{0, 1}, {2, 3}, {4}} {
		gw, gb := 0.0, 0.0
		for _, s := range samples {
			d := w*x.Data[s] + b - y.Data[s]
			gw += d * x.Data[s]
			gb += d
		}
		w, b = w-0.01*gw/2, b-0.01*gb/2 // by 2, also for the last
	}
	assert.InDelta(t, w, theta[0], 1e-15)
	assert.InDelta(t, b, theta[1], 1e-15)
}

func TestSGDShuffle(t *testing.T) {
	train := func(s mlp.SGD) []float64 {
		o, theta := sample(newRand(3), sigmoid, activation.Tanh{}, pairings[0], 1)
		s.Rate, s.Epochs = 0.5, 3
		require.NoError(t, s.Train(theta, o))
		return theta
	}
	assert.Equal(t, train(mlp.SGD{Batch: 2, Seed: 1}), train(mlp.SGD{Batch: 2, Seed: 1}), "the same seed")
	assert.NotEqual(t, train(mlp.SGD{Batch: 2, Seed: 1}), train(mlp.SGD{Batch: 2, Seed: 2}), "another seed")
	assert.NotEqual(t, train(mlp.SGD{Batch: 2, Seed: 1}), train(mlp.SGD{Batch: 2, NoShuffle: true}))
	assert.Equal(t, train(mlp.SGD{Seed: 1}), train(mlp.SGD{Seed: 2}), "one batch has no order to shuffle")
}

// Every order of three samples comes up, about equally often: which sample moved
// θ last shows in the bits.
func TestSGDShuffleReachesEveryOrder(t *testing.T) {
	n := mlp.New(1, mlp.Layer{Width: 1, Activation: activation.Identity{}, NoBias: true})
	o := mlp.NewObjective(n, loss.Squared{}, matrix([]float64{1}, []float64{2}, []float64{3}), matrix([]float64{5}, []float64{-1}, []float64{2}))
	count := map[float64]int{}
	for seed := range uint64(600) {
		theta := []float64{0.1}
		require.NoError(t, mlp.SGD{Rate: 0.1, Batch: 1, Epochs: 1, Seed: seed}.Train(theta, o))
		count[theta[0]]++
	}
	require.Len(t, count, 6)
	for _, c := range count {
		assert.InDelta(t, 100, c, 50)
	}
}

// The same seed gives the same orders, also in a later version: those of Fisher and Yates
// from the end, with one draw of PCG-DXSM, seeded with (seed, 2), for each sample but one.
func TestSGDOrder(t *testing.T) {
	n := mlp.New(1, mlp.Layer{Width: 1, Activation: activation.Identity{}, NoBias: true})
	x := matrix([]float64{1}, []float64{2}, []float64{3}, []float64{4}, []float64{5})
	y := matrix([]float64{5}, []float64{-1}, []float64{2}, []float64{0}, []float64{3})
	theta := []float64{0.1}
	require.NoError(t, mlp.SGD{Rate: 0x1p-6, Batch: 1, Epochs: 3, Seed: 7}.Train(theta, mlp.NewObjective(n, loss.Squared{}, x, y)))

	src, w, order := rand.NewPCG(7, 2), 0.1, []int{0, 1, 2, 3, 4}
	for range 3 {
		for i := 4; i >= 1; i-- {
			j, _ := bits.Mul64(src.Uint64(), uint64(i+1))
			order[i], order[j] = order[j], order[i]
		}
		for _, s := range order {
			w -= 0x1p-6 * (float64(w*x.Data[s]) - y.Data[s]) * x.Data[s]
		}
	}
	assert.InDelta(t, w, theta[0], 1e-14)
}

func TestSGDDiverges(t *testing.T) {
	n := mlp.New(1, mlp.Layer{Width: 1, Activation: activation.Identity{}})
	o := mlp.NewObjective(n, loss.Squared{}, matrix([]float64{1}, []float64{2}), matrix([]float64{1}, []float64{3}))
	theta := []float64{0.5, 0}
	var last []float64
	var seen int
	err := mlp.SGD{Rate: 1e60, Epochs: 100, OnEpoch: func(e mlp.Epoch) {
		seen = e.Number
		last = slices.Clone(theta)
		assert.False(t, math.IsNaN(e.Loss) || math.IsInf(e.Loss, 0))
	}}.Train(theta, o)
	var diverged *mlp.DivergedError
	require.ErrorAs(t, err, &diverged)
	assert.Equal(t, seen+1, diverged.Epoch)
	assert.Equal(t, last, theta, "θ of the last finite epoch")
	assert.Equal(t, "mlp: training diverged: the loss is +Inf after epoch 3; a lower learning rate may help", err.Error())

	// In the first epoch: θ is as it was.
	theta = []float64{0.5, 0}
	err = mlp.SGD{Rate: 1e300, Epochs: 100}.Train(theta, o)
	require.True(t, errors.As(err, &diverged))
	assert.Equal(t, 1, diverged.Epoch)
	assert.Equal(t, []float64{0.5, 0}, theta)

	// Before it: NaN among the parameters, or in the data.
	theta = []float64{0.5, math.NaN()}
	err = mlp.SGD{Rate: 1, Epochs: 1}.Train(theta, o)
	assert.EqualError(t, err, "mlp: cannot train: parameter b0[0] is not finite before the first epoch")
	o = mlp.NewObjective(n, loss.Squared{}, matrix([]float64{math.NaN()}), matrix([]float64{1}))
	err = mlp.SGD{Rate: 1, Epochs: 1}.Train([]float64{0, 0}, o)
	assert.EqualError(t, err, "mlp: cannot train: the loss is NaN before the first epoch")
}

// A saturated sigmoid can hide an infinite weight from the loss; it is refused all
// the same.
func TestSGDInfiniteParameter(t *testing.T) {
	n := mlp.New(1, mlp.Layer{Width: 1, Activation: sigmoid})
	o := mlp.NewObjective(n, loss.Squared{}, matrix([]float64{1}), matrix([]float64{0}))
	theta := []float64{1, 0}
	err := mlp.SGD{Rate: math.MaxFloat64, Epochs: 1}.Train(theta, o)
	require.NoError(t, err) // a huge step, but a finite one
	theta = []float64{1, 0}
	o.Lambda = 10
	err = mlp.SGD{Rate: math.MaxFloat64, Epochs: 1}.Train(theta, o)
	assert.EqualError(t, err, "mlp: training diverged: parameter W0[0,0] is not finite after epoch 1; a lower learning rate may help")
	assert.Equal(t, []float64{1, 0}, theta)
}

// Training reads the data of the objective through its strides.
func TestSGDStrided(t *testing.T) {
	x, y := normalMatrix(newRand(4), 5, 2), normalMatrix(newRand(5), 5, 1)
	n := mlp.New(2, mlp.Layer{Width: 3, Activation: sigmoid}, mlp.Layer{Width: 1, Activation: sigmoid})
	train := func(x, y blas64.General) []float64 {
		theta := normal(newRand(6), n.NumParams(), 1)
		require.NoError(t, mlp.SGD{Rate: 1, Batch: 2, Epochs: 3}.Train(theta, mlp.NewObjective(n, loss.Squared{}, x, y)))
		return theta
	}
	assert.Equal(t, train(x, y), train(padded(x), padded(y)))
}
