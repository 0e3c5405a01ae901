package loss_test

import (
	"math"
	"math/rand/v2"
)

// A sample is an argument of a loss.
type sample struct {
	y, t []float64
}

// logits are where sigmoids saturate, exponentials overflow, and in between.
func logits() []float64 {
	ys := []float64{0, 0x1p-1074, 1e-300, 0x1p-53, 0x1p-30, 0.5, 1, 5, 19, 33, 36, 37, 37.5, 50, 100, 709.78, 710, 744, 745.1, 746, 1000}
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 12 {
		ys = append(ys, 40*rnd.Float64(), 750*rnd.Float64())
	}
	for _, y := range ys {
		ys = append(ys, -y)
	}
	return ys
}

// probabilities are from the smallest float64 to the last one below 1.
func probabilities() []float64 {
	ys := []float64{0x1p-1074, 0x1p-1022, 0x1.8p-1021, 1e-300, 0x1p-60, 1e-16, 0x1p-53, 1e-5, 0.1, 0.25, 0.3, 0.5}
	rnd := rand.New(rand.NewPCG(3, 4))
	for range 12 {
		ys = append(ys, rnd.Float64(), math.Exp2(-1000*rnd.Float64()), math.Exp2(-50*rnd.Float64()))
	}
	for _, y := range ys {
		if y >= 0x1p-53 {
			ys = append(ys, 1-y)
		}
	}
	return ys
}

var (
	hardTargets = [...]float64{0, 1}
	softTargets = [...]float64{0x1p-1074, 1e-10, 0.1, 0.3, 0.5, 0.7, 0.9, 1 - 0x1p-53}
)

func itself(y float64) float64 { return y }

// scalars returns samples of one output and some of three. The gradient is 0 where
// t is the probability p(y): see TestZero. One of the targets is very near it.
func scalars(ys []float64, p func(y float64) float64) []sample {
	var samples []sample
	for _, y := range ys {
		for _, t := range hardTargets {
			samples = append(samples, sample{y: []float64{y}, t: []float64{t}})
		}
		for _, t := range append(softTargets[:len(softTargets):len(softTargets)], p(y)*(1-0x1p-30)) {
			if t != p(y) {
				samples = append(samples, sample{y: []float64{y}, t: []float64{t}})
			}
		}
	}
	for i := range len(ys) - 2 {
		samples = append(samples, sample{y: ys[i : i+3], t: []float64{1, 0, 1}})
	}
	return samples
}

// reals returns samples for the squared loss, with targets of the size of y: far
// from it, and so near that y² − 2yt + t² is nothing but rounding.
func reals() []sample {
	ys := append(logits(), 1e154, 1e160, math.MaxFloat64)
	var samples []sample
	for i, y := range ys {
		for _, t := range []float64{0, 1, 0.3, y * (1 - 0x1p-30), y / 3, -y} {
			samples = append(samples, sample{y: []float64{y}, t: []float64{t}})
		}
		if i > 0 && y < 1e9 {
			samples = append(samples, sample{y: []float64{ys[i-1], y, 3}, t: []float64{0.5, y, -2}})
		}
	}
	return samples
}

// vectors returns samples for the softmax.
func vectors() []sample {
	rows := [][]float64{
		{0}, {5}, {0, 0}, {3, 3, 3}, {0, 19}, {19, -19}, {36, 0}, {37, 0}, {0, 37.5}, {50, -50}, {-700, 0}, {0, 710}, {745, 0, 745}, {0, -746},
		{1000, -1000}, {1000, 999, 998}, {-1000, -1000.5, -1001}, {710, 0, -710}, {0x1p-1074, 0}, {1, 2, 3, 4, 5}, {-5, 0.25, 7, 0.25}, {-37, 40, -37, 1},
	}
	rnd := rand.New(rand.NewPCG(5, 6))
	for i := range 16 {
		row := make([]float64, 2+i%4)
		for j := range row {
			row[j] = math.Ldexp(float64(rnd.IntN(1<<20)-1<<19), -13) // within ±64, differences are exact
		}
		rows = append(rows, row)
	}
	for i := range 16 {
		row := make([]float64, 2+i%4)
		for j := range row {
			row[j] = math.Exp2(10*rnd.Float64()) * (2*rnd.Float64() - 1)
		}
		rows = append(rows, row)
	}
	var samples []sample
	for _, y := range rows {
		for j := range y {
			t := make([]float64, len(y))
			t[j] = 1
			samples = append(samples, sample{y: y, t: t})
		}
		distribution, other := make([]float64, len(y)), make([]float64, len(y))
		for j := range y {
			distribution[j] = math.Ldexp(1, -j-1)
			other[j] = float64(1+j) * 0.3 // sums to anything but 1
		}
		distribution[0] += math.Ldexp(1, -len(y))
		samples = append(samples, sample{y: y, t: distribution}, sample{y: y, t: other}, sample{y: y, t: make([]float64, len(y))})
	}
	return samples
}
