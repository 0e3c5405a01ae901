package touchstone

import (
	"fmt"
	"math"
	"slices"
)

// A Cause is a likely reason for a Fail.
type Cause struct {
	Type string // SCALE SIGN TRANSPOSE ORDER REDUCTION SATURATION ALIASING MISSING STALE PRECISION
	Text string // what is wrong, in words
}

// String returns type and text.
func (k *Cause) String() string { return k.Type + ": " + k.Text }

// A detective looks for the cause of a Fail: the first known mistake that explains
// every block that was claimed.
type detective struct {
	c      *Case
	claim  *Claim
	blocks []Block
	limits *limits
	grad   []part // the gradient, claimed or told from the step; nil if neither

	right   *pass
	proof   *evidence
	scratch [][]float64
	work    int64 // what comparing with mistakes may still cost, in multiply-adds
}

// A part is a block of the gradient.
type part struct {
	paramBlock
	got, bound, want, penalty []float64 // want without penalty, which is λW
}

func newDetective(c *Case, claim *Claim, blocks []Block, right *pass, m *limits) *detective {
	steep := 1.0 // what a relative error grows to through the steepest unit, in u
	for l := range c.Scale.Z {
		for _, row := range c.Scale.Z[l] {
			for _, s := range row {
				steep = math.Max(steep, s)
			}
		}
	}
	d := &detective{c: c, claim: claim, blocks: blocks, limits: m, right: right, scratch: layersOfTheta(c)}
	d.proof = newEvidence(c, blocks, 4*m.unit*(1+steep))
	d.readGradient()
	return d
}

// diagnose returns the likely cause, or nil. Causes that are more special come
// first: half of everything is a factor, whatever else could lead to it.
func (d *detective) diagnose() *Cause {
	if d.isZero() {
		return d.zero()
	}
	for _, try := range []func() *Cause{
		d.notFinite, d.insteadOfStep, d.wholeGradient, d.variants, d.penalty, d.lossOnly, d.step,
		d.eachBlock, d.permuted, d.oneEntry, d.largeFactor, d.leak, d.otherFactor,
	} {
		if cause := try(); cause != nil {
			return cause
		}
	}
	return nil
}

func (d *detective) failed() (list []*Block) {
	for i := range d.blocks {
		if d.blocks[i].Outcome == Fail {
			list = append(list, &d.blocks[i])
		}
	}
	return list
}

func (d *detective) failsIn(stages ...string) bool {
	for _, b := range d.failed() {
		for _, s := range stages {
			if b.Stage == s {
				return true
			}
		}
	}
	return false
}

// claimsGradient reports whether anything of the backward pass is claimed.
func (d *detective) claimsGradient() bool {
	for i := range d.blocks {
		switch d.blocks[i].Stage {
		case "delta", "gradient", "update":
			return true
		}
	}
	return false
}

func (d *detective) notFinite() *Cause {
	for _, b := range d.failed() {
		for i, e := range b.entries {
			if e.got-e.got != 0 {
				return &Cause{"SATURATION", fmt.Sprintf("%s is %v: e^z or a sum overflowed, or 0·log 0, 0/0 or log 0 was computed", b.name(i), e.got)}
			}
		}
	}
	return nil
}

// readGradient sets grad from the claim or, if it does not claim the gradient,
// from the step.
func (d *detective) readGradient() {
	c := d.c
	fromStep := d.claim.Grad == nil
	if fromStep && (d.claim.After == nil || c.Step.Rate == 0) {
		return
	}
	for _, layer := range slices.Backward(d.proof.params) {
		for _, b := range layer {
			if fromStep && b.rate == 0 {
				continue // frozen
			}
			p := part{paramBlock: b.paramBlock}
			for i := range b.to - b.from {
				theta, penalty := c.Theta[b.from+i], 0.0
				if !b.bias {
					penalty = c.Lambda * theta
				}
				var got, want, bound float64
				if fromStep {
					e := &b.step.block.entries[b.from+i]
					got, bound = (theta-e.got)/b.rate, e.bound/math.Abs(b.rate)
					want = c.Exact.Grad[b.from+i].Float64()
				} else {
					e := &b.gradient.block.entries[i]
					got, want, bound = e.got, e.value, e.bound
				}
				p.got = append(p.got, got)
				p.bound = append(p.bound, bound)
				p.want = append(p.want, want-penalty)
				p.penalty = append(p.penalty, penalty)
			}
			d.grad = append(d.grad, p)
		}
	}
}

// isWrong reports whether the gradient is.
func (d *detective) isWrong() bool {
	for i := range d.grad {
		if !d.grad[i].is(1, 1) {
			return true
		}
	}
	return false
}

// is reports whether a part is r times what it should be, and its penalty q times.
func (p *part) is(r, q float64) bool {
	for i, got := range p.got {
		off, bound := got-r*p.want[i]-q*p.penalty[i], p.bound[i]
		fits := explained(off, (1+math.Abs(r))*bound)
		if r == 1 && q == 1 {
			fits = math.Abs(off) <= bound
		}
		if !fits {
			return false
		}
	}
	return true
}

// explained reports whether a number that is so far off what a known factor, or mistake,
// makes of it may be just that: the bound on a right number, four times for what the
// mistake does to errors. NaN may not.
func explained(off, bound float64) bool { return math.Abs(off) <= 4*bound }

// A known factor, or mistake, is no explanation where it would hardly change
// anything: then any small error would fit. clearly reports whether it would change
// a number by so much that an error within bounds cannot be mistaken for it.
func clearly(change, bound float64) bool { return math.Abs(change) > 16*bound }

// says reports whether a part with r times what it should be, and q times its
// penalty, is clearly another.
func (p *part) says(r, q float64) bool {
	for i := range p.got {
		if clearly((r-1)*p.want[i]+(q-1)*p.penalty[i], p.bound[i]) {
			return true
		}
	}
	return false
}
