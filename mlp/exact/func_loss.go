package exact

import (
	"math/big"
	"slices"

	"touchstone/activation"
	"touchstone/internal/bigfloat"
	"touchstone/loss"
)

// loss returns the loss of sample s with the outputs y, which are functions of z, or
// +Inf where it is infinite or undefined. It is the definition, written such that it
// has a value wherever the loss is finite: for a sigmoid, cross-entropy is one of z,
// as 1−σ(z) may be 0 where −log(1−σ(z)) is not infinite.
func (f *forward) loss(s int, z, y []*big.Float) *big.Float {
	_, sigmoid := f.p.Net.Layer(f.p.Net.NumLayers() - 1).Activation.(activation.Sigmoid)
	if f.p.Loss == nil {
		return f.linear(y, row(f.p.DY, s))
	}
	t := row(f.p.T, s)
	switch f.p.Loss.(type) {
	case loss.Squared:
		return f.squared(y, t)
	case loss.LogitCrossEntropy:
		return f.logits(y, t)
	case loss.SoftmaxCrossEntropy:
		return f.softmax(y, t)
	}
	if sigmoid {
		return f.logits(z, t)
	}
	return f.probabilities(y, t)
}

// linear returns Σ dⱼ·yⱼ.
func (f *forward) linear(y []*big.Float, d []float64) *big.Float {
	sum := f.zero()
	for j := range y {
		f.add(sum, f.mul(y[j], f.number(d[j])))
	}
	return sum
}

// squared returns ½ Σ (yⱼ−tⱼ)².
func (f *forward) squared(y []*big.Float, t []float64) *big.Float {
	sum := f.zero()
	for j := range y {
		d := f.number(-t[j])
		f.add(d, y[j])
		f.add(sum, f.mul(d, d))
	}
	return sum.SetMantExp(sum, -1)
}

// probabilities returns −Σ [tⱼ log yⱼ + (1−tⱼ) log(1−yⱼ)], with 0·log 0 = 0.
func (f *forward) probabilities(y []*big.Float, t []float64) *big.Float {
	sum, one := f.zero(), f.number(1)
	for j := range y {
		atOne := y[j].Cmp(one)
		switch {
		case y[j].Sign() < 0 || atOne > 0:
			return f.infinite() // undefined
		case y[j].Sign() == 0 && t[j] != 0 || atOne == 0 && t[j] != 1:
			return f.infinite()
		}
		if t[j] != 0 {
			f.add(sum, f.mul(f.number(-t[j]), bigfloat.Log(y[j], f.prec)))
		}
		if t[j] != 1 {
			rest := f.number(t[j])
			f.add(rest, f.number(-1))
			f.add(sum, f.mul(rest, bigfloat.Log1p(f.zero().Neg(y[j]), f.prec)))
		}
	}
	return sum
}

// logits returns Σ [log(1+e^yⱼ) − tⱼ·yⱼ]. For y ≥ 0 that is (1−t)·y + log(1+e^−y),
// where y itself does not cancel.
func (f *forward) logits(y []*big.Float, t []float64) *big.Float {
	sum := f.zero()
	for j := range y {
		slope, size := f.number(-t[j]), y[j]
		if !y[j].Signbit() {
			f.add(slope, f.number(1))
			size = f.zero().Neg(y[j])
		}
		f.add(sum, f.mul(slope, y[j]))
		f.add(sum, bigfloat.Softplus(size, f.prec))
	}
	return sum
}

// softmax returns Σ tⱼ·(log Σₖ e^yₖ − yⱼ), relative to the largest of the yₖ: e^yₖ
// itself may be beyond all exponents.
func (f *forward) softmax(y []*big.Float, t []float64) *big.Float {
	top := slices.Index(y, slices.MaxFunc(y, (*big.Float).Cmp)) // the first that is this very pointer
	rest, above := f.zero(), make([]*big.Float, len(y))         // Σ e^(yₖ−y[top]) of the others, and y[top]−yₖ
	for k := range y {
		above[k] = f.zero()
		if k != top {
			f.add(above[k], y[top])
			f.add(above[k], f.zero().Neg(y[k]))
			f.add(rest, bigfloat.Exp(f.zero().Neg(above[k]), f.prec))
		}
	}
	log := bigfloat.Log1p(rest, f.prec)
	sum := f.zero()
	for j := range y {
		if t[j] != 0 {
			f.add(above[j], log)
			f.add(sum, f.mul(f.number(t[j]), above[j]))
		}
	}
	return sum
}
