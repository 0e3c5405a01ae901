package samebits

import (
	_ "embed"
	"encoding/json"
	"strconv"

	"gonum.org/v1/gonum/blas/blas64"

	"touchstone"
	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp"
	"touchstone/mlp/exact"
)

// The files have floats in hexadecimal, for their bits, and "NaN", "Inf" and "-Inf".

//go:embed testdata/nets.json
var storedNets []byte

//go:embed testdata/points.json
var storedPoints []byte

type numbers []float64

func (n *numbers) UnmarshalJSON(data []byte) error {
	var texts []string
	if err := json.Unmarshal(data, &texts); err != nil {
		return err
	}
	*n = nil
	for _, s := range texts {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil {
			return err
		}
		*n = append(*n, v)
	}
	return nil
}

// points are arguments of functions: of activations; of losses of one output, y and t;
// and of losses of several outputs.
type points struct {
	Z       numbers
	Pairs   []numbers
	Outputs []struct{ Y, T, V numbers }
}

// readPoints returns the stored points, and those of the golden vectors.
func readPoints() (p points) {
	must(json.Unmarshal(storedPoints, &p))
	for _, s := range touchstone.Scalars() {
		if _, err := loss.ByName(s.Function); err == nil {
			p.Pairs = append(p.Pairs, numbers{s.Arg, s.Target})
		} else {
			p.Z = append(p.Z, s.Arg)
		}
	}
	return p
}

// A problem is a network with data. Where its numbers are not finite, package exact
// refuses it.
type problem struct {
	name string
	exact.Problem
}

// rate is of the steps that problems take, as stochastic gradient descent too.
const rate = 0x1p-5

// problems returns those of the golden vectors, and the stored ones.
func problems() []problem {
	var list []problem
	for _, c := range touchstone.Cases() {
		list = append(list, problem{c.ID, exact.Problem{Net: c.Net, Loss: c.Loss, Theta: c.Theta,
			X: c.X, T: c.T, DY: c.DY, Sum: c.Sum, Lambda: c.Lambda, Rate: rate}})
	}
	var nets []struct {
		Name   string
		Inputs int
		Layers []struct {
			Width      int
			Activation string
			NoBias     bool
		}
		Loss   string
		Sum    bool
		Lambda string
		Theta  numbers
		X, T   []numbers
	}
	must(json.Unmarshal(storedNets, &nets))
	for _, n := range nets {
		var layers []mlp.Layer
		for _, d := range n.Layers {
			layers = append(layers, mlp.Layer{Width: d.Width, Activation: get(activation.ByName(d.Activation)), NoBias: d.NoBias})
		}
		list = append(list, problem{n.Name, exact.Problem{
			Net: mlp.New(n.Inputs, layers...), Loss: get(loss.ByName(n.Loss)), Theta: n.Theta,
			X: matrix(n.X), T: matrix(n.T), Sum: n.Sum, Lambda: get(strconv.ParseFloat(n.Lambda, 64)), Rate: rate}})
	}
	return list
}

func matrix(rows []numbers) blas64.General {
	m := blas64.General{Rows: len(rows), Cols: len(rows[0]), Stride: len(rows[0])}
	for _, r := range rows {
		m.Data = append(m.Data, r...)
	}
	return m
}

func row(m blas64.General, s int) []float64 { return m.Data[s*m.Stride:][:m.Cols] }

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func get[T any](v T, err error) T {
	must(err)
	return v
}
