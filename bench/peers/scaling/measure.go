package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"time"

	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/activation"
	"touchstone/bench/peers/internal/clock"
	"touchstone/loss"
	"touchstone/mlp"
	"touchstone/mlp/fast"
)

// A point is a size and what it costs.
type point struct {
	axis    string // what is varied: width, depth or batch
	value   int
	program string
	threads int
	seconds float64 // that a step takes
	each    float64 // nanoseconds for each multiply-add
}

// A size is a network and a number of samples.
type size struct {
	axis   string
	value  int
	widths []int
	batch  int
}

// sizes are powers of two along each axis, of networks that are modest in the others.
func sizes() []size {
	var list []size
	for width := 1; width <= 2048; width *= 2 {
		list = append(list, size{"width", width, []int{width, width, width}, 32})
	}
	for depth := 1; depth <= 256; depth *= 2 {
		list = append(list, size{"depth", depth, slices.Repeat([]int{32}, depth+1), 32})
	}
	for batch := 1; batch <= 4096; batch *= 2 {
		list = append(list, size{"batch", batch, []int{784, 30, 10}, batch})
	}
	return list
}

// patience is the number of multiply-adds above which mlp is not asked.
const patience = 3e8

// rounds is how often all is measured: the least counts.
const rounds = 8

// measure goes through all sizes in rounds, so that a machine that is busy for a while
// is so for all.
func measure() []point {
	var points []point
	var steps []func(k int)
	for _, s := range sizes() {
		for _, c := range candidates(s) {
			points = append(points, point{s.axis, s.value, c.program, c.threads, math.Inf(1), 0})
			steps = append(steps, c.step)
		}
	}
	for round := range rounds {
		fmt.Fprintf(os.Stderr, "round %d of %d\n", round+1, rounds)
		for i, step := range steps {
			runtime.GOMAXPROCS(points[i].threads)
			points[i].seconds = min(points[i].seconds, clock.Least(step, 10*time.Millisecond))
		}
	}
	i := 0
	for _, s := range sizes() {
		for ; i < len(points) && points[i].axis == s.axis && points[i].value == s.value; i++ {
			points[i].each = points[i].seconds / multiplyAdds(s) * 1e9
		}
	}
	return points
}

type candidate struct {
	program string
	threads int
	step    func(k int)
}

// candidates returns the programs, each with a θ of its own.
func candidates(s size) []candidate {
	const rate = 0.01
	var layers []mlp.Layer
	for _, width := range s.widths[1:] {
		layers = append(layers, mlp.Layer{Width: width, Activation: activation.Sigmoid{}})
	}
	n := mlp.New(s.widths[0], layers...)
	rnd := rand.New(rand.NewPCG(1, 1))
	x, t := uniform(rnd, s.batch, n.Inputs()), uniform(rnd, s.batch, n.Outputs())
	initial := func() []float64 {
		theta := make([]float64, n.NumParams())
		n.InitGlorot(theta, 1)
		return theta
	}
	var list []candidate
	if multiplyAdds(s) < patience {
		o, theta, grad := mlp.NewObjective(n, loss.Squared{}, x, t), initial(), make([]float64, n.NumParams())
		list = append(list, candidate{"reference", 1, func(k int) {
			for range k {
				o.Grad(grad, theta)
				for i, g := range grad {
					theta[i] -= float64(rate * g)
				}
			}
		}})
	}
	o, theta := fast.NewObjective(n, loss.Squared{}, x, t), initial()
	step := func(k int) {
		for range k {
			o.Step(theta, rate)
		}
	}
	list = append(list, candidate{"fast", 1, step})
	if all := runtime.NumCPU(); all > 1 {
		list = append(list, candidate{"fast", all, step})
	}
	return list
}

func uniform(rnd *rand.Rand, rows, cols int) blas64.General {
	m := blas64.General{Rows: rows, Cols: cols, Stride: cols, Data: make([]float64, rows*cols)}
	for i := range m.Data {
		m.Data[i] = rnd.Float64()
	}
	return m
}

// multiplyAdds counts those of the matrix products that a step needs: three for each
// layer, but for the gradient with respect to the inputs of the first.
func multiplyAdds(s size) float64 {
	sum := 0
	for l, width := range s.widths[1:] {
		sum += 3 * s.widths[l] * width
	}
	return float64(sum-s.widths[0]*s.widths[1]) * float64(s.batch)
}
