package weights

import (
	"fmt"

	"touchstone"
)

// EncodeCase returns a NPZ file of a case, for any framework to replay: everything that
// goes in, and every result as the float64 nearest its 40 digits. The same case gives the
// same bytes. With l for the number of a layer, from 0 on:
//
//	x, t                       samples as rows; or dy, where there is no loss
//	Wl, bl                     parameters, a row of Wl for each neuron; no bl without biases
//	activations                names, one for each layer
//	loss_function, reduction   "squared", …, or "none"; "mean" or "sum"
//	l2, rate                   λ of the regulariser ½λ‖W‖², and the rate of the step
//	loss                       L, with the regulariser
//	zl, al, deltal             before and after the activation, and ∂L/∂z; samples as rows
//	grad_Wl, grad_bl, dx       ∂L/∂W, ∂L/∂b, ∂L/∂x
//	after_Wl, after_bl         parameters after the step
//	loss_after                 the loss there
//
// and for everything from loss to after_bl a scale_… of the same shape: what is computed
// in precision u may be off by u·scale, and by the smallest normal number, and what is
// stored is itself off by half a unit in the last place. A result beyond float64 is 0 or
// infinite. Blocks that the step of a case leaves as they are, are in after as they
// were. What a case does not have is not in the file: a step, or the loss after it.
func EncodeCase(c touchstone.Case) []byte {
	a := newArchive()
	a.matrix("x", c.X)
	name, reduction := "none", "mean"
	if c.Loss == nil {
		a.matrix("dy", c.DY)
	} else {
		a.matrix("t", c.T)
		name = c.Loss.String()
	}
	if c.Sum || c.Loss == nil {
		reduction = "sum"
	}
	a.params("", c.Net, c.Theta)
	a.activations(c.Net)
	a.texts("loss_function", []string{name})
	a.texts("reduction", []string{reduction})
	a.numbers("l2", []float64{c.Lambda})

	e, scale := &c.Exact, &c.Scale
	a.numbers("loss", []float64{e.Loss.Float64()})
	a.numbers("scale_loss", []float64{scale.Loss})
	a.layers("z", e.Z, scale.Z)
	a.layers("a", e.A, scale.A)
	a.layers("delta", e.Delta, scale.Delta)
	a.params("grad_", c.Net, nearest(e.Grad))
	a.params("scale_grad_", c.Net, scale.Grad)
	a.rows("dx", e.DX, scale.DX)
	if c.Step != nil {
		a.numbers("rate", []float64{c.Step.Rate})
		a.params("after_", c.Net, nearest(c.Step.Theta))
		a.params("scale_after_", c.Net, scale.After)
		if c.Step.Loss != "" {
			a.numbers("loss_after", []float64{c.Step.Loss.Float64()})
		}
	}
	return a.finish()
}

// layers adds the results of each layer and their scales.
func (a *archive) layers(name string, exact [][][]touchstone.Decimal, scale [][][]float64) {
	for l := range exact {
		a.rows(fmt.Sprintf("%s%d", name, l), exact[l], scale[l])
	}
}

func (a *archive) rows(name string, exact [][]touchstone.Decimal, scale [][]float64) {
	var values, scales []float64
	for s := range exact {
		values = append(values, nearest(exact[s])...)
		scales = append(scales, scale[s]...)
	}
	a.numbers(name, values, len(exact), len(exact[0]))
	a.numbers("scale_"+name, scales, len(exact), len(exact[0]))
}

func nearest(d []touchstone.Decimal) []float64 {
	v := make([]float64, len(d))
	for i := range d {
		v[i] = d[i].Float64()
	}
	return v
}
