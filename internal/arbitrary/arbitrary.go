// Package arbitrary makes numbers, networks and samples of arbitrary bytes, as a fuzzer
// draws them. It is for tests.
package arbitrary

import (
	"encoding/binary"
	"math"

	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp"
)

// A Source reads bytes, and zeros after the last.
type Source struct{ data []byte }

// New returns a Source of data, which it does not modify.
func New(data []byte) *Source { return &Source{data} }

// Byte returns the next byte.
func (s *Source) Byte() byte {
	if len(s.data) == 0 {
		return 0
	}
	b := s.data[0]
	s.data = s.data[1:]
	return b
}

// Below returns a number from 0 to n−1, for n up to 256.
func (s *Source) Below(n int) int { return int(s.Byte()) % n }

// Bool returns false or true.
func (s *Source) Bool() bool { return s.Byte()&1 == 1 }

// Bits returns 64 bits.
func (s *Source) Bits() uint64 {
	var b [8]byte
	for i := range b {
		b[i] = s.Byte()
	}
	return binary.LittleEndian.Uint64(b[:])
}

// specials are numbers at which something may happen.
var specials = [...]float64{
	0, math.Copysign(0, -1), math.Inf(1), math.Inf(-1), math.NaN(), math.MaxFloat64, -math.MaxFloat64,
	5e-324, -5e-324, 0x1p-1022, 0x1.fffffffffffffp-1023, 1, -1, 0.5, 37.5, -745.2, 709.8, 1e154, 1e-154, 0x1p53,
}

// Float returns any float64: often one between −4 and 4, or a special one.
func (s *Source) Float() float64 {
	switch k := s.Byte(); {
	case k < 160:
		return s.Moderate()
	case k < 240:
		return specials[s.Below(len(specials))]
	default:
		return math.Float64frombits(s.Bits())
	}
}

// Moderate returns a number between −4 and 4.
func (s *Source) Moderate() float64 {
	return float64(float64(int8(s.Byte()))/32) + float64(float64(int8(s.Byte()))/8192)
}

// Finite is Float without NaN and infinities.
func (s *Source) Finite() float64 {
	if v := s.Float(); v-v == 0 {
		return v
	}
	return 0
}

// Fill fills v by f.
func Fill(v []float64, f func() float64) []float64 {
	for i := range v {
		v[i] = f()
	}
	return v
}

// Matrix returns a matrix of numbers of f, with a stride of its own.
func (s *Source) Matrix(rows, cols int, f func() float64) blas64.General {
	m := blas64.General{Rows: rows, Cols: cols, Stride: cols + s.Below(3)}
	m.Data = Fill(make([]float64, m.Stride*(rows-1)+cols), f)
	return m
}

// Rows returns the elements of m without what is between its rows.
func Rows(m blas64.General) (all []float64) {
	for i := range m.Rows {
		all = append(all, m.Data[i*m.Stride:][:m.Cols]...)
	}
	return all
}

// Activation returns an activation function.
func (s *Source) Activation() activation.Func {
	return [...]activation.Func{activation.Sigmoid{}, activation.Tanh{}, activation.ReLU{}, activation.Softplus{}, activation.Identity{}}[s.Below(5)]
}

// Loss returns a loss function.
func (s *Source) Loss() loss.Func {
	return [...]loss.Func{loss.Squared{}, loss.CrossEntropy{}, loss.LogitCrossEntropy{}, loss.SoftmaxCrossEntropy{}}[s.Below(4)]
}

// Net returns a network of at most most layers, inputs and neurons in a layer.
func (s *Source) Net(most int) *mlp.Net {
	layers := make([]mlp.Layer, 1+s.Below(most))
	for l := range layers {
		layers[l] = mlp.Layer{Width: 1 + s.Below(most), Activation: s.Activation(), NoBias: s.Bool()}
	}
	return mlp.New(1+s.Below(most), layers...)
}

// Objective returns an objective over such a network and up to most samples, and θ. The
// numbers are those of f.
func (s *Source) Objective(most int, f func() float64) (o *mlp.Objective, theta []float64) {
	n, samples := s.Net(most), 1+s.Below(most)
	l, sum, decays := s.Loss(), s.Bool(), s.Bool()
	theta = Fill(make([]float64, n.NumParams()), f)
	x := s.Matrix(samples, n.Inputs(), f)
	t := s.Matrix(samples, n.Outputs(), func() float64 {
		if s.Bool() {
			return float64(s.Below(2)) // a label
		}
		return f()
	})
	o = mlp.NewObjective(n, l, x, t)
	if o.Sum = sum; decays {
		o.Lambda = f()
	}
	return o, theta
}

// Same reports whether two slices have the same bits, but for which NaN a NaN is.
func Same(a, b []float64) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if math.Float64bits(a[i]) != math.Float64bits(b[i]) && !(a[i] != a[i] && b[i] != b[i]) {
			return false
		}
	}
	return true
}

// Class returns 0 for a finite number, 1 and −1 for an infinite one, 2 for NaN.
func Class(v float64) int {
	switch {
	case math.IsNaN(v):
		return 2
	case math.IsInf(v, 1):
		return 1
	case math.IsInf(v, -1):
		return -1
	}
	return 0
}
