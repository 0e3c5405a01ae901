package main

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"

	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp"
)

// rate is the learning rate of all steps. FANN rounds it to float32, which leaves this
// one as it is.
const rate = 1.0 / 128

// A task is a product of n × n matrices, or a step where widths are given.
type task struct {
	n      int
	widths []int
	batch  int
}

var products = []task{{n: 64}, {n: 256}, {n: 512}, {n: 1024}}

var steps = []task{
	{widths: []int{3, 4, 1}, batch: 1},
	{widths: []int{784, 30, 10}, batch: 10},
	{widths: []int{784, 100, 10}, batch: 32},
	{widths: []int{784, 512, 512, 10}, batch: 128},
	{widths: []int{1024, 1024, 1024, 1024, 1024}, batch: 256},
}

// String is also the name of the file that holds the operands.
func (t task) String() string {
	if t.n > 0 {
		return fmt.Sprint(t.n)
	}
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(t.widths), " ", "-"), "[]") + fmt.Sprintf(",%d", t.batch)
}

// flops counts the additions and multiplications of the matrix products: in a step
// three for each layer, but for the gradient with respect to the inputs, which nobody
// needs.
func (t task) flops() float64 {
	if t.n > 0 {
		return 2 * float64(t.n) * float64(t.n) * float64(t.n)
	}
	sum := 0
	for l, width := range t.widths[1:] {
		each := 3
		if l == 0 {
			each = 2
		}
		sum += each * t.widths[l] * width
	}
	return 2 * float64(sum) * float64(t.batch)
}

func (t task) net() *mlp.Net {
	var layers []mlp.Layer
	for _, width := range t.widths[1:] {
		layers = append(layers, mlp.Layer{Width: width, Activation: activation.Sigmoid{}})
	}
	return mlp.New(t.widths[0], layers...)
}

// operands are those of a product, or θ, x and t of a step.
type operands struct {
	a, b, theta []float64
	x, t        blas64.General
}

// newOperands keeps to small inputs, and targets away from 0 and 1: FANN takes the
// derivative of a sigmoid at 0.01 or 0.99 for all that is beyond.
func newOperands(t task) operands {
	rnd := rand.New(rand.NewPCG(1, 1))
	if t.n > 0 {
		return operands{a: uniform(rnd, t.n*t.n, -0.5, 0.5), b: uniform(rnd, t.n*t.n, -0.5, 0.5)}
	}
	n := t.net()
	theta := make([]float64, n.NumParams())
	n.InitGlorot(theta, 1)
	return operands{
		theta: theta,
		x:     matrix(t.batch, n.Inputs(), uniform(rnd, t.batch*n.Inputs(), -0.5, 0.5)),
		t:     matrix(t.batch, n.Outputs(), uniform(rnd, t.batch*n.Outputs(), 0.2, 0.8)),
	}
}

func uniform(rnd *rand.Rand, n int, from, to float64) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = from + (to-from)*rnd.Float64()
	}
	return v
}

func matrix(rows, cols int, data []float64) blas64.General {
	return blas64.General{Rows: rows, Cols: cols, Stride: cols, Data: data}
}

// truth is what package mlp makes of the operands: C, or θ after the step.
func truth(t task, o operands) []float64 {
	if t.n > 0 {
		n := mlp.New(t.n, mlp.Layer{Width: t.n, Activation: activation.Identity{}, NoBias: true})
		return n.Forward(n.NewTrace(t.n), o.b, matrix(t.n, t.n, o.a)).Data
	}
	n := t.net()
	grad := make([]float64, n.NumParams())
	mlp.NewObjective(n, loss.Squared{}, o.x, o.t).Grad(grad, o.theta)
	for i, g := range grad {
		grad[i] = o.theta[i] - rate*g
	}
	return grad
}

// writeOperands writes them where processes that are not in Go find them.
func writeOperands(dir string, t task, o operands) error {
	f, err := os.Create(filepath.Join(dir, t.String()))
	if err != nil {
		return err
	}
	for _, v := range [][]float64{o.a, o.b, o.theta, o.x.Data, o.t.Data} {
		if err := binary.Write(f, binary.LittleEndian, v); err != nil {
			f.Close()
			return err
		}
	}
	return f.Close()
}

// readResult reads what a process wrote.
func readResult(path string, n int) ([]float64, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if len(data) != 8*n {
		return nil, fmt.Errorf("%d bytes instead of %d", len(data), 8*n)
	}
	v := make([]float64, n)
	_, err = binary.Decode(data, binary.LittleEndian, v)
	return v, err
}
