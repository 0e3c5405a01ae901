package main

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"math"
	"strings"

	"gonum.org/v1/gonum/blas/blas64"

	"touchstone"
	"touchstone/activation"
	"touchstone/mlp"
	"touchstone/mlp/exact"
)

// checkFinite returns an error that names a parameter, or its derivative, that is NaN
// or infinite, and the tensor that it is from. Such numbers have no gradient, and JSON
// has none such.
func (o *importOptions) checkFinite(of string, n *mlp.Net, theta []float64) error {
	i := 0 // in theta
	for l, d := range o.layers {
		for _, part := range []struct {
			tensor  string
			numbers []float64
		}{{d.Weights, n.Weights(theta, l).Data}, {d.Biases, n.Biases(theta, l)}} {
			for _, v := range part.numbers {
				if !isFinite(v) {
					return fmt.Errorf("%s%s, of the tensor %q, is %v, and must be finite", of, n.ParamName(i), part.tensor, v)
				}
				i++
			}
		}
	}
	return nil
}

// makeModel returns a model file. A probability is the sigmoid of the logit that a model
// has as its output, so that a last sigmoid is left out.
func (o *importOptions) makeModel(n *mlp.Net, theta []float64) ([]byte, error) {
	last := n.NumLayers() - 1
	f := n.Layer(last).Activation
	if n.Outputs() != 1 || f != (activation.Sigmoid{}) && f != (activation.Identity{}) {
		return nil, fmt.Errorf("a model has one output, a probability (sigmoid) or its logit (identity); this network has %s of %v",
			count(n.Outputs(), "output"), f)
	}
	layers := make([]mlp.Layer, n.NumLayers())
	for l := range layers {
		layers[l] = n.Layer(l)
	}
	layers[last].Activation = activation.Identity{}
	net, err := newNet(n.Inputs(), layers)
	if err != nil {
		return nil, err
	}
	m := &model{target: o.target, net: net, theta: theta}
	names := strings.Split(o.features, ",")
	if len(names) != n.Inputs() {
		return nil, &usageError{"import", fmt.Sprintf("-features %q: has %s, and the network %s",
			o.features, count(len(names), "name"), count(n.Inputs(), "input"))}
	}
	mean, err := o.perInput(o.mean, n.Inputs(), 0)
	if err != nil {
		return nil, err
	}
	deviation, err := o.perInput(o.deviation, n.Inputs(), 1)
	if err != nil {
		return nil, err
	}
	for k, name := range names {
		m.features = append(m.features, feature{strings.TrimSpace(name), mean[k], deviation[k]})
	}
	data, err := m.encode()
	if err != nil {
		return nil, err
	}
	_, err = decodeModel("the model", data) // as predict must be able to read it
	return data, err
}

// perInput returns the numbers of a tensor, one for each input, or the standard ones.
func (o *importOptions) perInput(name string, inputs int, standard float64) ([]float64, error) {
	if name == "" {
		v := make([]float64, inputs)
		for k := range v {
			v[k] = standard
		}
		return v, nil
	}
	m, err := o.tensors.Samples(name, inputs)
	switch {
	case err != nil:
		return nil, err
	case m.Rows != 1:
		return nil, fmt.Errorf("the tensor %q has %d rows, want one number for each input", name, m.Rows)
	}
	for k, v := range m.Data {
		if !isFinite(v) {
			return nil, fmt.Errorf("element %d of the tensor %q is %v, and must be finite", k, name, v)
		}
	}
	return m.Data, nil
}

// problem returns the objective at the imported weights.
func (o *importOptions) problem(n *mlp.Net, theta []float64) (exact.Problem, error) {
	p := exact.Problem{Net: n, Loss: o.loss, Theta: theta, Sum: o.sum, Lambda: o.lambda, Rate: o.rate}
	var err error
	if p.X, err = o.samples(o.x, n.Inputs()); err != nil {
		return p, err
	}
	if p.T, err = o.samples(o.t, n.Outputs()); err != nil {
		return p, err
	}
	switch samples := p.X.Rows; {
	case p.T.Rows != samples:
		return p, fmt.Errorf("the tensors %q and %q have %s and %s of targets", o.x, o.t, count(samples, "sample"), count(p.T.Rows, "row"))
	case o.claim != "" && claimTooLarge(n, samples):
		return p, fmt.Errorf("the claim has %d parameters, %d units and %d samples, which is too much to compute exactly: "+
			"want at most %d parameters times samples, and %d units times samples",
			n.NumParams(), unitsOf(n), samples, maxClaimWork, maxClaimUnits)
	case samples > maxExact/n.NumParams():
		return p, fmt.Errorf("%s times %s is more than %d, too much to compute exactly; take fewer samples",
			count(samples, "sample"), count(n.NumParams(), "parameter"), maxExact)
	}
	for _, m := range []struct {
		name string
		blas64.General
	}{{o.x, p.X}, {o.t, p.T}} {
		for i, v := range m.Data {
			if !isFinite(v) {
				return p, fmt.Errorf("row %d, column %d of the tensor %q is %v, and must be finite", i/m.Cols, i%m.Cols, m.name, v)
			}
		}
	}
	return p, nil
}

// These are the limits of touchstone.DecodeClaim, by which verify would refuse the claim.
// To decode it here as well would compute its exact results, and double the time.
const (
	maxClaimUnits = 1 << 18 // samples × units
	maxClaimWork  = 1 << 20 // samples × parameters
)

func claimTooLarge(n *mlp.Net, samples int) bool {
	return samples > maxClaimUnits/unitsOf(n) || samples > maxClaimWork/n.NumParams()
}

func unitsOf(n *mlp.Net) int {
	units := 0
	for l := range n.NumLayers() {
		units += n.Layer(l).Width
	}
	return units
}

// samples returns a tensor of the files or, if there is none, of the gradient's.
func (o *importOptions) samples(name string, cols int) (blas64.General, error) {
	if !o.tensors.Has(name) && o.gradient.Has(name) {
		return o.gradient.Samples(name, cols)
	}
	return o.tensors.Samples(name, cols)
}

func (o *importOptions) makeVector(n *mlp.Net, theta []float64) ([]byte, error) {
	p, err := o.problem(n, theta)
	if err != nil {
		return nil, err
	}
	return exactVector(o.source, fmt.Sprintf("imported-%v-%v-%016x", n, o.loss, fingerprint(&p)), p, o.progress)
}

// fingerprint tells apart the problems that differ in anything.
func fingerprint(p *exact.Problem) uint64 {
	h := fnv.New64a() // whose writes have no errors
	for l := range p.Net.NumLayers() {
		fmt.Fprintln(h, p.Net.Layer(l))
	}
	fmt.Fprintln(h, p.Sum, p.X.Rows)
	for _, list := range [][]float64{{p.Lambda, p.Rate}, p.Theta, p.X.Data, p.T.Data} {
		for _, v := range list {
			binary.Write(h, binary.LittleEndian, math.Float64bits(v))
		}
	}
	return h.Sum64()
}

// A claimJSON is a claim file with a network of its own.
type claimJSON struct {
	Schema    string      `json:"schema"`
	Net       netJSON     `json:"net"`
	Loss      string      `json:"loss"`
	Reduction string      `json:"reduction"`
	L2        float64     `json:"l2"`
	Rate      float64     `json:"rate"`
	Precision string      `json:"precision"`
	Theta     []float64   `json:"theta"`
	X         [][]float64 `json:"x"`
	T         [][]float64 `json:"t"`
	Claim     struct {
		Loss *float64  `json:"loss,omitempty"`
		Grad []float64 `json:"grad"`
	} `json:"claim"`
}

type netJSON struct {
	Inputs int         `json:"inputs"`
	Layers []layerJSON `json:"layers"`
}

func layersJSON(n *mlp.Net) []layerJSON {
	var list []layerJSON
	for l := range n.NumLayers() {
		d, bias := n.Layer(l), !n.Layer(l).NoBias
		list = append(list, layerJSON{d.Width, d.Activation.String(), &bias})
	}
	return list
}

func (o *importOptions) makeClaim(n *mlp.Net, theta []float64) ([]byte, error) {
	p, err := o.problem(n, theta)
	if err != nil {
		return nil, err
	}
	j := claimJSON{Schema: "touchstone-claim-1", Loss: o.loss.String(), Reduction: "mean", L2: o.lambda, Rate: o.rate,
		Theta: theta, X: rowsOf(p.X), T: rowsOf(p.T)}
	if o.sum {
		j.Reduction = "sum"
	}
	j.Net.Inputs = n.Inputs()
	j.Net.Layers = layersJSON(n)
	if err := o.claimed(&j, n); err != nil {
		return nil, err
	}
	data, err := json.Marshal(j)
	if err == nil && len(data) > touchstone.MaxClaimFile {
		err = fmt.Errorf("the claim is larger than %d MiB; take fewer samples", touchstone.MaxClaimFile>>20)
	}
	return append(data, '\n'), err
}

// claimed reads what the framework computed, and in which precision.
func (o *importOptions) claimed(j *claimJSON, n *mlp.Net) error {
	g := &o.gradient
	m, grad, err := g.Network(o.orientation, o.layers...)
	switch {
	case err != nil:
		return fmt.Errorf("-grad: %w", err)
	case m.Inputs() != n.Inputs() || m.String() != n.String():
		return fmt.Errorf("-grad: %s has the gradient of a network %v, and the weights are of %v", o.grad, m, n)
	}
	if err := o.checkFinite("the derivative by ", n, grad); err != nil {
		return fmt.Errorf("-grad: %w", err)
	}
	j.Claim.Grad = grad
	if g.Has("loss") {
		t, err := g.Tensor("loss")
		switch {
		case err != nil:
			return err
		case len(t.Data) != 1 || !isFinite(t.Data[0]):
			return fmt.Errorf("-grad: the tensor %q of %s is not one finite number", "loss", o.grad)
		}
		j.Claim.Loss = &t.Data[0]
	}
	p, err := o.precisionOf()
	j.Precision = p.String()
	return err
}

// precisionOf returns the precision that is asked for, or the lowest in which a tensor
// of the gradient is stored.
func (o *importOptions) precisionOf() (touchstone.Precision, error) {
	if o.precision != "" {
		p, err := touchstone.PrecisionByName(o.precision)
		if wrong := (*touchstone.ClaimError)(nil); errors.As(err, &wrong) {
			return p, &usageError{"import", "-precision " + wrong.Reason}
		}
		return p, nil
	}
	lowest := touchstone.Float64
	for _, l := range o.layers {
		for _, name := range []string{l.Weights, l.Biases} {
			if name == "" {
				continue
			}
			t, err := o.gradient.Tensor(name)
			if err != nil {
				return lowest, err
			}
			p, err := touchstone.PrecisionByName(t.Type)
			if err != nil {
				return lowest, fmt.Errorf("-grad: the tensor %q is of %s, which no gradient is computed in", name, t.Type)
			}
			if p.Unit() > lowest.Unit() {
				lowest = p
			}
		}
	}
	return lowest, nil
}

func rowsOf(m blas64.General) [][]float64 {
	rows := make([][]float64, m.Rows)
	for s := range rows {
		rows[s] = m.Data[s*m.Stride:][:m.Cols]
	}
	return rows
}
