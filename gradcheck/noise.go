package gradcheck

import (
	"math"
	"math/rand/v2"
)

const (
	ulp = 0x1p-53 // unit roundoff of float64

	// minNoise is the least noise that any function is taken to have. A squared
	// error of quantities near 1 moves in steps of ulp²/2 near its zero, and where
	// it is saturated it is 0 all around and shows no noise at all.
	minNoise = 4 * ulp * ulp
)

// noiseLevel estimates the absolute noise in the computed values of f near x:
// how far they scatter about the smooth function they stand for.
//
// It follows Moré and Wild, "Estimating Computational Noise", SIAM J. Sci.
// Comput. 33 (2011). f is sampled at equidistant points of a short segment
// through x; a k-th difference of the values removes all that is smooth, and of
// independent noise with standard deviation σ leaves √((2k)!/(k!)²)·σ. Several
// spacings are tried, because noise has a scale too: a function that rounds to
// float32 on its way is a constant over the shortest. The largest estimate is
// returned, and minNoise if no spacing shows more.
func noiseLevel(f func([]float64) float64, x []float64) float64 {
	direction := make([]float64, len(x))
	rnd := rand.New(rand.NewPCG(1, 2)) // any fixed direction will do
	for i, v := range x {
		direction[i] = math.Max(math.Abs(v), 1) * (0.5 + rnd.Float64())
		if rnd.Uint64()&1 == 0 {
			direction[i] = -direction[i]
		}
	}
	at := make([]float64, len(x))
	noise := minNoise
	for _, spacing := range [...]float64{0x1p-42, 0x1p-32, 0x1p-23} {
		var value [noisePoints]float64
		for m := range value {
			for i := range at {
				at[i] = x[i] + spacing*float64(m-noisePoints/2)*direction[i]
			}
			value[m] = f(at)
		}
		noise = math.Max(noise, scatter(value))
	}
	return noise
}

const noisePoints = 9

// scatter returns the noise that the differences of v show, or 0. They show noise
// where three orders in a row give nearly the same estimate: the part of a smooth
// function falls from order to order.
func scatter(v [noisePoints]float64) float64 {
	var sigma [noisePoints]float64 // by the order k
	gamma := 1.0                   // (k!)²/(2k)!
	for k := 1; k < noisePoints; k++ {
		n := noisePoints - k
		sum := 0.0
		for m := range n {
			v[m] = v[m+1] - v[m]
			sum += v[m] * v[m]
		}
		gamma *= float64(k) / float64(2*(2*k-1))
		sigma[k] = math.Sqrt(gamma * sum / float64(n))
	}
	for k := 1; k+2 < noisePoints; k++ {
		lo := min(sigma[k], sigma[k+1], sigma[k+2])
		hi := max(sigma[k], sigma[k+1], sigma[k+2])
		if hi <= 4*lo {
			return hi
		}
	}
	return 0
}
