package fast

import (
	"math"
	"runtime"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp"
)

var squared = loss.Squared{}

// network returns a network of the given widths, inputs first: sigmoids, then tanhs,
// then the others.
func network(widths []int) *mlp.Net {
	activations := []activation.Func{activation.Sigmoid{}, activation.Tanh{}, activation.Softplus{}, activation.ReLU{}}
	var layers []mlp.Layer
	for l, width := range widths[1:] {
		layers = append(layers, mlp.Layer{Width: width, Activation: activations[l%len(activations)]})
	}
	return mlp.New(widths[0], layers...)
}

func TestAccessors(t *testing.T) {
	n := network([]int{3, 2})
	x, target := newMatrix(4, 3), newMatrix(4, 2)
	o := NewObjective(n, squared, x, target)
	assert.Same(t, n, o.Net())
	assert.Equal(t, loss.Func(squared), o.Loss())
	assert.Equal(t, x, o.X())
	assert.Equal(t, target, o.T())
	assert.Equal(t, x, o.Trace().A[0])
}

// results returns all that an objective computes, as bits.
func results(o *Objective, theta []float64) (bits []uint64) {
	theta = slices.Clone(theta)
	grad := make([]float64, len(theta))
	value := o.Func(theta)
	o.Grad(grad, theta)
	dx := slices.Clone(o.Trace().DX.Data)
	o.Step(theta, 0.1)
	for _, v := range slices.Concat([]float64{value}, grad, dx, theta) {
		bits = append(bits, math.Float64bits(v))
	}
	return bits
}

// The bits do not depend on how many goroutines there are, nor on what was computed
// before. Each network has a product that several goroutines share.
func TestSameBits(t *testing.T) {
	eachKernel(t, func(t *testing.T, k kernel) {
		for _, size := range sizesOfNets[3:] {
			ref, theta := largeObjective(size.widths, size.samples)
			var want []uint64
			for _, procs := range []int{1, 2, 8} {
				old := runtime.GOMAXPROCS(procs)
				o := like(k, ref)
				got, again := results(o, theta), results(o, theta)
				shared := o.team.parts
				runtime.GOMAXPROCS(old)
				if want == nil {
					want = got
				}
				assert.Equal(t, procs > 1, shared > 1)
				assert.True(t, slices.Equal(want, got), "GOMAXPROCS=%d", procs)
				assert.True(t, slices.Equal(want, again), "GOMAXPROCS=%d, again", procs)
			}
		}
	})
}

// Objectives over the same data may be used at the same time.
func TestConcurrent(t *testing.T) {
	ref, theta := largeObjective(sizesOfNets[3].widths, sizesOfNets[3].samples)
	want := results(like(best, ref), theta)
	var wait sync.WaitGroup
	for range 4 {
		wait.Add(1)
		go func() {
			defer wait.Done()
			assert.True(t, slices.Equal(want, results(like(best, ref), theta)))
		}()
	}
	wait.Wait()
}

func TestNoAllocations(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	for _, size := range append(sizesOfNets, netSize{[]int{3, 4, 1}, 1}) {
		ref, theta := largeObjective(size.widths, size.samples)
		o, grad := like(best, ref), make([]float64, len(theta))
		assert.Zero(t, allocations(func() {
			o.Func(theta)
			o.Grad(grad, theta)
			o.Step(theta, 0)
		}), "%v", o.Net())
	}
}

func TestAllocationsCatches(t *testing.T) {
	assert.Equal(t, uint64(1), allocations(func() { heap = new(float64) }))
}

var heap *float64

// allocations returns how often f allocates. It is testing.AllocsPerRun, but with all
// processors.
func allocations(f func()) uint64 {
	const runs = 100
	for range runs {
		f() // the goroutines that it starts and ends are there to be used again
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range runs {
		f()
	}
	runtime.ReadMemStats(&after)
	return (after.Mallocs - before.Mallocs) / runs
}

// What is undefined or infinite in mlp is so here.
func TestSpecial(t *testing.T) {
	ref, theta := largeObjective([]int{37, 83, 29, 3}, 41)
	for _, special := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		for _, place := range []int{0, 36, 37*83 + 5} {
			theta := slices.Clone(theta)
			theta[place] = special
			want, got := make([]float64, len(theta)), make([]float64, len(theta))
			ref.Grad(want, theta)
			NewObjective(ref.Net(), squared, ref.X(), ref.T()).Grad(got, theta)
			for i := range want {
				assert.Equal(t, math.IsNaN(want[i]), math.IsNaN(got[i]), "%v at %d: %s", special, place, ref.Net().ParamName(i))
			}
		}
	}
}

// Data and parameters are not modified, and the rows of the data need not be
// contiguous.
func TestInputsUnmodified(t *testing.T) {
	ref, theta := largeObjective([]int{37, 83, 29, 3}, 41)
	wide := newMatrix(41, 40)
	x := blas64.General{Rows: 41, Cols: 37, Stride: 40, Data: wide.Data[:40*40+37]}
	for i := range wide.Data {
		wide.Data[i] = math.NaN()
	}
	for s := range x.Rows {
		copy(row(x, s), row(ref.X(), s))
	}
	before := slices.Clone(theta)
	want := make([]float64, len(theta))
	got := slices.Clone(want)
	NewObjective(ref.Net(), squared, ref.X(), ref.T()).Grad(want, theta)
	o := NewObjective(ref.Net(), squared, x, ref.T())
	o.Grad(got, theta)
	assert.Equal(t, want, got)
	assert.Equal(t, before, theta)
	assert.Equal(t, row(ref.X(), 7), row(x, 7))
}
