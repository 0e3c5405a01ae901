package exact_test

import (
	"math/big"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/activation"
	"touchstone/internal/misuse"
	"touchstone/loss"
	"touchstone/mlp"
	"touchstone/mlp/exact"
)

// TestMisuse has every panic of the package, in every function that checks a problem.
func TestMisuse(t *testing.T) {
	good := exact.Problem{
		Net: mlp.New(1, mlp.Layer{Width: 1, Activation: activation.Sigmoid{}, NoBias: true}), Loss: loss.Squared{},
		Theta: []float64{1}, X: matrix([]float64{1}), T: matrix([]float64{1}),
	}
	function, err := exact.Func(good)
	require.NoError(t, err)
	netless, none, short, wide, cotangent := good, good, good, good, good
	netless.Net = nil
	none.X = blas64.General{}
	short.Theta = nil
	wide.T = matrix([]float64{1, 2})
	cotangent.Loss, cotangent.DY = nil, none.X
	cases := []misuse.Case{
		{Panic: "exact: length of v is not NumParams", Do: func() { _, _ = exact.HessVec(good, nil) }},
		{Panic: "exact: length of theta is not NumParams", Do: func() { function([]*big.Float{}, 53) }},
		{Panic: "exact: nil Net", Do: func() { _, _ = exact.Func(netless) }},
	}
	for _, f := range []func(p exact.Problem) error{
		func(p exact.Problem) error { _, err := exact.Evaluate(p); return err },
		func(p exact.Problem) error { _, err := exact.Gradient(p.Net, p.Loss, p.Theta, p.X, p.T); return err },
		func(p exact.Problem) error { _, err := exact.HessVec(p, []float64{1}); return err },
		func(p exact.Problem) error { _, err := exact.Scales(p); return err },
		func(p exact.Problem) error { _, err := exact.Digits(p); return err },
	} {
		cases = append(cases,
			misuse.Case{Panic: "exact: nil Net", Do: func() { _ = f(netless) }},
			misuse.Case{Panic: "exact: length of theta is not NumParams", Do: func() { _ = f(short) }},
			misuse.Case{Panic: "exact: x is not samples × inputs", Do: func() { _ = f(none) }},
			misuse.Case{Panic: "exact: t or dy is not samples × outputs", Do: func() { _ = f(wide) }},
			misuse.Case{Panic: "exact: t or dy is not samples × outputs", Do: func() { _ = f(cotangent) }})
	}
	// Panics of math/big for NaN become +Inf; any other goes on.
	assert.Empty(t, misuse.Check(os.DirFS("."), cases, "e in value"))
}
