package touchstone

import (
	"fmt"
	"math"

	"touchstone/activation"
	"touchstone/loss"
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

const (
	Float64 Precision = iota
	Float32
	BFloat16
	Float16
)

var formats = [...]struct {
	name                  string
	unit, normal, largest float64
}{
	{"float64", 0x1p-53, 0x1p-1022, math.MaxFloat64},
	{"float32", 0x1p-24, 0x1p-126, math.MaxFloat32},
	{"bfloat16", 0x1p-8, 0x1p-126, 0x1.fep127},
	{"float16", 0x1p-11, 0x1p-14, 65504},
}

// String returns the name: "float64", "float32", "bfloat16" or "float16".
func (p Precision) String() string {
	if p < 0 || int(p) >= len(formats) {
		return fmt.Sprintf("Precision(%d)", int(p))
	}
	return formats[p].name
}

// Unit returns the unit roundoff u.
func (p Precision) Unit() float64 { return formats[p].unit }

// SmallestNormal returns the smallest normal number.
func (p Precision) SmallestNormal() float64 { return formats[p].normal }

// PrecisionByName returns the precision whose String is name.
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
	Reason string
}

func (e *ClaimError) Error() string { return "claim: " + e.Field + " " + e.Reason }

// Check returns a *ClaimError if the claim does not have the shape of c, or claims
// nothing.
func (k *Claim) Check(c *Case) error {
	if k.Precision < 0 || int(k.Precision) >= len(formats) {
		return &ClaimError{"precision", "is " + k.Precision.String()}
	}
	claimed := k.Loss != nil
	var wrong error
	see := func(field string, got []float64, want int) {
		if got == nil {
			return
		}
		claimed = true
		if len(got) != want && wrong == nil {
			wrong = &ClaimError{field, fmt.Sprintf("has %d values, want %d", len(got), want)}
		}
	}
	for _, v := range []struct {
		field  string
		layers [][]float64
	}{{"z", k.Z}, {"a", k.A}, {"delta", k.Delta}} {
		if v.layers != nil && len(v.layers) != c.Net.NumLayers() {
			return &ClaimError{v.field, fmt.Sprintf("has %d layers, want %d", len(v.layers), c.Net.NumLayers())}
		}
		for l, got := range v.layers {
			see(fmt.Sprintf("%s[%d]", v.field, l), got, c.X.Rows*c.Net.Layer(l).Width)
		}
	}
	see("grad", k.Grad, c.Net.NumParams())
	see("dx", k.DX, c.X.Rows*c.Net.Inputs())
	if k.After != nil && c.Step == nil {
		return &ClaimError{"after", "is claimed, and the case has no step"}
	}
	see("after", k.After, c.Net.NumParams())
	if wrong == nil && !claimed {
		return &ClaimError{"itself", "claims nothing"}
	}
	return wrong
}

// An Outcome is what a judge can say. Worse ones are larger.
type Outcome int

const (
	Pass         Outcome = iota
	Inconclusive         // as it should be, but anything would have been: the bound exceeds the values
	Fail
)

func (o Outcome) String() string { return [...]string{"pass", "inconclusive", "fail"}[o] }

// A Verdict is the result of Judge.
type Verdict struct {
	Outcome Outcome
	// Blocks are those that were claimed, in the order in which they are computed:
	// z0, a0, z1, a1, …, loss, delta and then W and b from the last layer to the
	// first, dx, after.
	Blocks []Block
	First  *Block // the first that fails: the bug is there, or was before if that is not claimed
	Cause  *Cause // the likely one of a Fail, nil if none is known
	Err    error  // a *ClaimError if the claim could not be judged, and is a Fail
}

// A Block is the verdict on a part of a claim.
type Block struct {
	Name    string // "z0", "a0", "loss", "delta0", "W0", "b0", "dx", "after"
	Stage   string // "z", "a", "loss", "delta", "gradient", "update"
	Outcome Outcome

	// The worst entry, its error in units of what is allowed, and what is allowed.
	Worst string // "W2[3,1]", "z0[2,1]" with sample and unit, "after b0[1]"
	Error float64
	Got   float64
	Want  Decimal
	Bound float64

	entries []entry
	worst   int
	excused bool // the bound says nothing here
}

type entry struct {
	name       string
	got, bound float64
	want       Decimal
}

// Judge compares a claim with the truth. An entry may err by u·Scale, and by the
// smallest normal number unless it is exactly zero, u being the unit roundoff of
// the claim's precision; for a low precision the bound is enlarged by what is of
// higher order in u. A block fails if an entry errs more. It is inconclusive if no
// entry exceeds its bound: then a zero would have passed too. It is also
// inconclusive, instead of failing, where no such bound holds: behind a ReLU whose
// sign is not decided, for a probability that may round to 1, and in networks so
// steep that u·Scale of z is not small. The claim fails if a block fails, and
// passes if all pass.
//
// A claim that does not have the shape of c fails with Err; see Check.
func Judge(c Case, claim Claim) *Verdict {
	if err := claim.Check(&c); err != nil {
		return &Verdict{Outcome: Fail, Err: err}
	}
	v := &Verdict{Blocks: blocks(&c, &claim)}
	for i := range v.Blocks {
		b := &v.Blocks[i]
		b.judge(formats[claim.Precision].largest)
		v.Outcome = max(v.Outcome, b.Outcome)
		if b.Outcome == Fail && v.First == nil {
			v.First = b
		}
	}
	if v.Outcome == Fail {
		v.Cause = diagnose(&c, &claim, v)
	}
	return v
}

func (b *Block) judge(largest float64) {
	idle, overflow := true, false
	b.Error = -1
	for i, e := range b.entries {
		size := math.Abs(e.want.Float64())
		if e.bound < size || e.bound == 0 {
			idle = false
		}
		err := e.want.Error(e.got)
		if math.IsInf(e.got, 0) && size+e.bound > largest && (e.got > 0) == (e.want[0] != '-') {
			err, overflow = 0, true // nothing else could be said in that format
		}
		switch {
		case err == 0:
		case e.bound == 0:
			err = math.Inf(1)
		default:
			err /= e.bound
		}
		if math.IsNaN(err) { // ∞/∞
			err, overflow = 0, true
		}
		if err > b.Error {
			b.Error, b.worst = err, i
		}
	}
	worst := b.entries[b.worst]
	b.Worst, b.Got, b.Want, b.Bound = worst.name, worst.got, worst.want, worst.bound
	switch {
	case b.Error > 1 && !b.excused:
		b.Outcome = Fail
	case b.Error > 1 || idle || overflow:
		b.Outcome = Inconclusive
	}
}

// limits says how far the first-order bounds go for a claim.
type limits struct {
	unit, normal float64
	growth       float64 // of the bounds, by what is of higher order
	second       float64 // of the loss: the square of the errors it consists of
	steep        bool    // no bound holds but for z0
	kink         int     // the last layer with a ReLU of undecided sign, or −1
	rounded      bool    // a probability may round to 0 or 1
}

func newLimits(c *Case, p Precision) limits {
	m := limits{unit: p.Unit(), normal: p.SmallestNormal(), kink: -1}
	steepness := 0.0
	last := c.Net.NumLayers() - 1
	for l := range c.Exact.Z {
		worst := 0.0
		for s := range c.Exact.Z[l] {
			for j, z := range c.Exact.Z[l][s] {
				e := m.unit * c.Scale.Z[l][s][j]
				worst = math.Max(worst, e)
				if c.Net.Layer(l).Activation == (activation.ReLU{}) && z != "0" && math.Abs(z.Float64()) <= 2*e {
					m.kink = l
				}
			}
		}
		if c.Net.Layer(l).Activation != (activation.Identity{}) || l == last {
			steepness += 2 * worst
		}
	}
	m.growth, m.steep = math.Exp(steepness), steepness > 0.7
	_, probability := c.Loss.(loss.CrossEntropy)
	for s, y := range c.Exact.A[last] {
		for j := range y {
			e := m.unit * c.Scale.A[last][s][j]
			if probability {
				v := y[j].Float64()
				q := v * (1 - v)
				m.rounded = m.rounded || !(4*(e+m.normal) < q)
				e /= q
			}
			m.second += e * e
		}
	}
	return m
}

// String returns the block in one line.
func (b *Block) String() string {
	return fmt.Sprintf("%-8s %-12v worst %s = %v, want %.20s…, off by %.3g of the bound %.3g",
		b.Name, b.Outcome, b.Worst, b.Got, string(b.Want), b.Error, b.Bound)
}
