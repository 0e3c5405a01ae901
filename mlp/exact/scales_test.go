package exact_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp"
	"touchstone/mlp/exact"
)

// differ counts the elements of scales that are not the Scale of grad to nine digits.
func differ(scales []float64, grad []exact.Ball) (count int) {
	for i, b := range grad {
		if scales[i] != b.Scale && !(math.Abs(scales[i]-b.Scale) < 1e-9*b.Scale) {
			count++
		}
	}
	return count
}

func TestScales(t *testing.T) {
	rnd := rand.New(rand.NewPCG(81, 1))
	problems := []exact.Problem{openSum(), openRectifier(-0x1p-120)}
	for range 300 {
		problems = append(problems, random(rnd))
	}
	for _, p := range problems {
		r, err := exact.Evaluate(p)
		require.NoError(t, err)
		scales, err := exact.Scales(p)
		require.NoError(t, err)
		assert.Zero(t, differ(scales, r.Grad), "%v %v", p.Net, p.Loss)
		scales[0] = float64(scales[0]*(1+1e-6)) + 1e-300
		assert.Equal(t, 1, differ(scales, r.Grad), "a wrong one")
	}
	bad := openSum()
	bad.Rate = math.NaN()
	_, err := exact.Scales(bad)
	assert.EqualError(t, err, "exact: rate is NaN, want a finite number")
}

// openSum returns a problem of which Evaluate can never round the derivative by the
// bias: see TestSymmetry.
func openSum() exact.Problem {
	n := mlp.New(1, mlp.Layer{Width: 1, Activation: activation.Tanh{}, NoBias: true}, mlp.Layer{Width: 1, Activation: activation.Identity{}})
	return exact.Problem{Net: n, Loss: loss.Squared{}, Sum: true, Theta: []float64{0.7, 1.3, 0},
		X: matrix([]float64{1}, []float64{-1}), T: matrix([]float64{-1}, []float64{-0x1p-53})}
}

// Both take the Scale of a gradient with an element that stays open.
func BenchmarkScales(b *testing.B) {
	p := openSum()
	b.Run("Scales", func(b *testing.B) {
		for range b.N {
			if _, err := exact.Scales(p); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Evaluate", func(b *testing.B) {
		for range b.N {
			if _, err := exact.Evaluate(p); err != nil {
				b.Fatal(err)
			}
		}
	})
}
