package activation_test

import (
	"math"
	"math/rand/v2"
	"testing"
)

// sweep returns the arguments that every function is measured at: the edges where
// formulas break, with both signs, and random numbers, the same ones every time.
func sweep() []float64 {
	zs := []float64{
		0, 0x1p-1074, 0x1p-1022, 1e-300, 0x1p-60, 0x1p-28, 0.5, 1,
		19, 19.1, // tanh rounds to 1
		36, 37, 37.5, // σ rounds to 1
		50, 100, 372.5,
		700, 709.4, 709.78, 710, // e^z overflows, e^−z is subnormal
		744, 745.1, 745.2, 746, // e^−z underflows
		1000, 1e9, math.MaxFloat64,
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	n := 800
	if testing.Short() {
		n = 20
	}
	for range n {
		zs = append(zs,
			750*rnd.Float64(),
			40*rnd.Float64(),
			4*rnd.Float64(),
			math.Exp2(-40+50*rnd.Float64()),
		)
	}
	for range n / 4 {
		zs = append(zs, math.Exp2(-1074+2097*rnd.Float64()))
	}
	for _, z := range zs {
		zs = append(zs, -z)
	}
	return zs
}
