package touchstone

import (
	"fmt"
	"math"
)

// A Claim is what somebody's implementation says of a Case. What is nil is not
// claimed. (Loss is a pointer for that: 0 is a claim.) Numbers may be NaN or
// infinite: such a claim is judged, not refused.
type Claim struct {
	Loss        *float64
	Grad        []float64   // in the order of theta
	Z, A, Delta [][]float64 // by layer, one sample after the other; a nil layer is not claimed
	After       []float64   // theta after the step of the case
	DX          []float64   // ∂E/∂x, one sample after the other
	Precision   Precision   // that was computed in
}

// A Precision is a floating-point format.
type Precision int

// The precisions that a claim may have been computed in.
const (
	Float64  Precision = iota // 53 bits of precision
	Float32                   // 24
	BFloat16                  // 8, with the exponents of Float32
	Float16                   // 11, with exponents from −14 to 15
)

// A format is what the judge knows of a Precision.
//
// lost is what an underflow may take from a result on its way. In float64, which
// keeps what is below its smallest normal number, that is the last bit; in the
// others, which many machines flush to zero, all of it.
type format struct {
	name                        string
	unit, normal, lost, largest float64
}

var formats = [...]format{
	{"float64", 0x1p-53, 0x1p-1022, 0x1p-1074, math.MaxFloat64},
	{"float32", 0x1p-24, 0x1p-126, 0x1p-126, math.MaxFloat32},
	{"bfloat16", 0x1p-8, 0x1p-126, 0x1p-126, 0x1.fep127},
	{"float16", 0x1p-11, 0x1p-14, 0x1p-14, 65504},
}

// String returns the name: "float64", "float32", "bfloat16" or "float16".
func (p Precision) String() string {
	if !p.isKnown() {
		return fmt.Sprintf("Precision(%d)", int(p))
	}
	return formats[p].name
}

// Unit returns the unit roundoff u. It panics if p is none of the constants above,
// which no Precision of PrecisionByName or in a claim that passes Check is.
func (p Precision) Unit() float64 {
	p.mustBeKnown()
	return formats[p].unit
}

// SmallestNormal returns the smallest normal number. It panics like Unit.
func (p Precision) SmallestNormal() float64 {
	p.mustBeKnown()
	return formats[p].normal
}

func (p Precision) isKnown() bool { return p >= 0 && int(p) < len(formats) }

func (p Precision) mustBeKnown() {
	if !p.isKnown() {
		panic("touchstone: Precision that is none of the constants")
	}
}

// PrecisionByName returns the precision whose String is name. For any other name the
// error is a *ClaimError.
func PrecisionByName(name string) (Precision, error) {
	for p := range formats {
		if formats[p].name == name {
			return Precision(p), nil
		}
	}
	return 0, &ClaimError{"precision", fmt.Sprintf("is %.40q, want float64, float32, bfloat16 or float16", name)}
}

// A ClaimError reports a claim that does not have the shape of its case.
type ClaimError struct {
	Field  string // "grad", "z[1]", …
	Reason string // what is wrong with it
}

// Error returns the field and the reason.
func (e *ClaimError) Error() string { return "claim: " + e.Field + " " + e.Reason }

// Check returns a *ClaimError if the claim does not have the shape of c, or claims
// nothing.
func (k *Claim) Check(c *Case) error {
	if !k.Precision.isKnown() {
		return &ClaimError{"precision", "is " + k.Precision.String() + ", want one of the constants Float64 to Float16"}
	}
	claimed := k.Loss != nil
	var wrong error
	see := func(field string, got []float64, want int, each string) {
		if got == nil {
			return
		}
		claimed = true
		if len(got) != want && wrong == nil {
			wrong = &ClaimError{field, fmt.Sprintf("has %d values, want %d, one for each %s", len(got), want, each)}
		}
	}
	for _, v := range []struct {
		field  string
		layers [][]float64
	}{{"z", k.Z}, {"a", k.A}, {"delta", k.Delta}} {
		if v.layers != nil && len(v.layers) != c.Net.NumLayers() {
			return &ClaimError{v.field, fmt.Sprintf("has %d layers, want %d; one that is not claimed is nil", len(v.layers), c.Net.NumLayers())}
		}
		for l, got := range v.layers {
			see(fmt.Sprintf("%s[%d]", v.field, l), got, c.X.Rows*c.Net.Layer(l).Width, "sample and neuron")
		}
	}
	see("grad", k.Grad, c.Net.NumParams(), "parameter")
	see("dx", k.DX, c.X.Rows*c.Net.Inputs(), "sample and input")
	if k.After != nil && c.Step == nil {
		return &ClaimError{"after", "is claimed, and the case has no step: leave it out"}
	}
	see("after", k.After, c.Net.NumParams(), "parameter")
	if wrong == nil && !claimed {
		return &ClaimError{"itself", "claims nothing: want a loss, grad, z, a, delta, dx or after"}
	}
	return wrong
}
