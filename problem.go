package touchstone

import (
	"fmt"

	"touchstone/activation"
	"touchstone/gradcheck"
	"touchstone/loss"
	"touchstone/mlp"
	"touchstone/mlp/exact"
)

// GradientProblem returns the objective o at theta as a problem for package
// gradcheck, with all that a check of a network can use: the layers' weights and
// biases as blocks, the objective in math/big, the fair tolerance of each element of
// the gradient, the sides of the rectifiers, and the losses of the samples. Put the
// gradient that is to be checked in the place of its Grad, which is that of o, and, if
// it can be asked for single samples, in PartGrad, which is not set.
//
// By default such a problem is checked against differences in math/big, which are
// right to the last bit and cost some milliseconds each; gradcheck.Settings has
// other modes.
//
// It keeps o and theta, and what it returns is for one goroutine at a time. It panics
// if theta does not have NumParams elements. The error is that of exact.Scales.
func GradientProblem(o *mlp.Objective, theta []float64) (gradcheck.Problem, error) {
	n := o.Net()
	e := exact.Problem{Net: n, Loss: o.Loss(), Theta: theta, X: o.X(), T: o.T(), Sum: o.Sum, Lambda: o.Lambda}
	scale, err := exact.Scales(e)
	if err != nil {
		return gradcheck.Problem{}, err
	}
	p := gradcheck.Problem{
		Func: o.Func, Grad: o.Grad, X: theta, Name: n.ParamName,
		Blocks: paramGradBlocks(n),
		Scale:  scale,
		Sizes:  map[string]int{"samples": o.X().Rows, "outputs": n.Outputs()},
	}
	if p.Big, err = exact.Func(e); err != nil {
		return gradcheck.Problem{}, err
	}
	if hasRectifier(n) {
		p.Branch = branch(o)
	}
	if hasCurvature(o) {
		p.HessVec = o.HessVec
	}
	p.Parts = parts(o)
	return p, nil
}

// paramGradBlocks returns W and b of each layer as blocks of θ.
func paramGradBlocks(n *mlp.Net) []gradcheck.Block {
	var list []gradcheck.Block
	at, fanIn := 0, n.Inputs()
	for l := range n.NumLayers() {
		width := n.Layer(l).Width
		list = append(list, gradcheck.Block{Name: fmt.Sprintf("W%d", l), Offset: at, Rows: width, Cols: fanIn})
		at += width * fanIn
		if !n.Layer(l).NoBias {
			list = append(list, gradcheck.Block{Name: fmt.Sprintf("b%d", l), Offset: at, Rows: width})
			at += width
		}
		fanIn = width
	}
	return list
}

func hasRectifier(n *mlp.Net) bool {
	for l := range n.NumLayers() {
		if n.Layer(l).Activation == (activation.ReLU{}) {
			return true
		}
	}
	return false
}

// hasCurvature reports whether o.HessVec can be called: of all functions of packages
// activation and loss.
func hasCurvature(o *mlp.Objective) bool {
	_, ok := o.Loss().(loss.Func2)
	for l := range o.Net().NumLayers() {
		_, curved := o.Net().Layer(l).Activation.(activation.Func2)
		ok = ok && curved
	}
	return ok
}

// branch returns the signs of all z of rectifiers, in a hash (FNV-1a).
func branch(o *mlp.Objective) func(theta []float64) uint64 {
	n := o.Net()
	tr := n.NewTrace(o.X().Rows)
	return func(theta []float64) uint64 {
		n.Forward(tr, theta, o.X())
		hash := uint64(14695981039346656037)
		for l := range n.NumLayers() {
			if n.Layer(l).Activation != (activation.ReLU{}) {
				continue
			}
			for _, z := range tr.Z[l].Data {
				sign := uint64(1) // of 0 and NaN
				switch {
				case z > 0:
					sign = 2
				case z < 0:
					sign = 0
				}
				hash = (hash ^ sign) * 1099511628211
			}
		}
		return hash
	}
}

// parts returns the losses of the samples.
func parts(o *mlp.Objective) []func(theta []float64) float64 {
	var list []func(theta []float64) float64
	for s := range o.X().Rows {
		x, t := o.X(), o.T()
		x.Rows, t.Rows = 1, 1
		x.Data, t.Data = rowOf(o.X(), s), rowOf(o.T(), s)
		part := mlp.NewObjective(o.Net(), o.Loss(), x, t)
		list = append(list, part.Func)
	}
	return list
}
