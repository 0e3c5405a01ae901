package exact_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp"
	"touchstone/mlp/exact"
)

// The differences of an output near its limit to a target there, cross-entropy behind a
// saturated sigmoid, and softmax of logits far apart: double-double decides all, as
// nothing cancels.
func TestDecidedByFirstPass(t *testing.T) {
	for _, f := range []activation.Func{activation.Sigmoid{}, activation.Tanh{}} {
		n := mlp.New(1, mlp.Layer{Width: 1, Activation: f})
		for _, z := range []float64{0x1.3p-70, 0.75, 5, 18, 30, 100, 300} {
			for _, c := range []struct{ sign, target float64 }{{1, 1}, {1, 0.625}, {1, 0}, {1, -1}, {-1, 0}, {-1, -1}, {-1, -0.625}, {-1, 1}} {
				for _, l := range []loss.Func{loss.Squared{}, loss.CrossEntropy{}} {
					if l == (loss.CrossEntropy{}) && f != (activation.Sigmoid{}) {
						continue
					}
					p := exact.Problem{Net: n, Loss: l, Theta: []float64{c.sign * z, 0.1}, X: matrix([]float64{1}), T: matrix([]float64{c.target})}
					seeDecided(t, p)
				}
			}
		}
	}
	n := mlp.New(1, mlp.Layer{Width: 3, Activation: activation.Identity{}})
	for _, z := range []float64{0.54321, 40.1, 300.2, 600.3} {
		for k := range 3 {
			theta := []float64{0.1, 0.2, 0.3, 0.012345, 0.023456, 0.034567}
			theta[k] += z
			for label := range 3 {
				target := []float64{0, 0, 0}
				target[label] = 1
				seeDecided(t, exact.Problem{Net: n, Loss: loss.SoftmaxCrossEntropy{}, Theta: theta, X: matrix([]float64{1}), T: matrix(target)})
				seeDecided(t, exact.Problem{Net: n, Loss: loss.LogitCrossEntropy{}, Theta: theta, X: matrix([]float64{1}), T: matrix(target)})
			}
		}
	}
}

// The difference of a tanh near 0 to a target there is not taken from a limit, where it
// would cancel.
func TestTanhNear0DecidedByFirstPass(t *testing.T) {
	n := mlp.New(1, mlp.Layer{Width: 1, Activation: activation.Tanh{}, NoBias: true})
	for _, z := range []float64{-0x1.3p-70, 0x1.3p-70} {
		for _, target := range []float64{-0x1.1p-70, 0, 0x1.1p-70} {
			seeDecided(t, exact.Problem{Net: n, Loss: loss.Squared{}, Theta: []float64{z}, X: matrix([]float64{1}), T: matrix([]float64{target})})
		}
	}
}

func seeDecided(t *testing.T, p exact.Problem) {
	t.Helper()
	r, err := exact.Evaluate(p)
	require.NoError(t, err)
	assert.True(t, r.Bits == 106 && r.FirstRounded == r.Entries && r.Rounded == r.Entries, "%v %v at %v for %v: %d of %d", p.Net, p.Loss, p.Theta, p.T.Data, r.FirstRounded, r.Entries)
	v := make([]float64, len(p.Theta))
	for i := range v {
		v[i] = float64(i + 1)
	}
	balls, err := exact.HessVec(p, v)
	require.NoError(t, err)
	for _, b := range balls {
		assert.True(t, b.Rounded)
	}
}

// The Scale of a product with a Hessian is finite where only softmax of the largest logit
// keeps it so, whichever that is.
func TestHessVecScaleOfLargeLogits(t *testing.T) {
	n := mlp.New(1, mlp.Layer{Width: 3, Activation: activation.Identity{}})
	for k := range 3 {
		theta := []float64{1, 2, 3, 0, 0, 0}
		theta[k] = 2000
		balls, err := exact.HessVec(exact.Problem{Net: n, Loss: loss.SoftmaxCrossEntropy{}, Theta: theta, X: matrix([]float64{1}), T: matrix([]float64{1, 0, 0})}, []float64{1, 2, 3, 4, 5, 6})
		require.NoError(t, err)
		for i, b := range balls {
			assert.Less(t, b.Scale, 1e3, "largest %d, %s", k, n.ParamName(i))
		}
	}
}
