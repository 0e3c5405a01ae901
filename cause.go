package touchstone

import (
	"fmt"
	"math"
	"strings"
)

// A Cause is a likely reason for a Fail.
type Cause struct {
	Type string // SCALE SIGN TRANSPOSE ORDER REDUCTION SATURATION ALIASING MISSING STALE PRECISION
	Text string
}

func (k *Cause) String() string { return k.Type + ": " + k.Text }

// A detective looks for the cause of a Fail: the first known mistake that explains
// every block that was claimed.
type detective struct {
	c      *Case
	claim  *Claim
	blocks []Block
	limits limits
	steep  float64 // what a relative error grows to through the steepest unit, in u
	grad   []part  // the gradient, claimed or told from the step; nil if neither
}

// A part is a block of the gradient.
type part struct {
	paramBlock
	got, bound, want, penalty []float64 // want without penalty, which is λW
}

// diagnose returns the likely cause, or nil. Causes that are more special come
// first: half of everything is a factor, whatever else could lead to it.
func diagnose(c *Case, claim *Claim, v *Verdict) *Cause {
	d := &detective{c: c, claim: claim, blocks: v.Blocks, limits: newLimits(c, claim.Precision), steep: 1}
	for l := range c.Scale.Z {
		for _, row := range c.Scale.Z[l] {
			for _, s := range row {
				d.steep = math.Max(d.steep, s)
			}
		}
	}
	d.readGradient()
	for _, try := range []func() *Cause{
		d.notFinite, d.wholeGradient, d.variants, d.penalty, d.lossOnly, d.step,
		d.eachBlock, d.permuted, d.leak, d.otherFactor,
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

func (d *detective) notFinite() *Cause {
	for _, b := range d.failed() {
		for _, e := range b.entries {
			if e.got-e.got != 0 {
				return &Cause{"SATURATION", fmt.Sprintf("%s is %v: e^z overflowed, or 0·log 0, 0/0 or log 0 was computed", e.name, e.got)}
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
	for l := c.Net.NumLayers() - 1; l >= 0; l-- {
		for _, b := range paramBlocks(c, l) {
			if fromStep && c.Step.isFrozen(b.name) {
				continue
			}
			p := part{paramBlock: b}
			for i := b.from; i < b.to; i++ {
				penalty := 0.0
				if !b.bias {
					penalty = c.Lambda * c.Theta[i]
				}
				bound := d.limits.bound(c.Exact.Grad[i], c.Scale.Grad[i])
				var got float64
				if fromStep {
					got = (c.Theta[i] - d.claim.After[i]) / c.Step.Rate
					bound = d.limits.bound(c.Step.Theta[i], c.Scale.After[i]) / math.Abs(c.Step.Rate)
				} else {
					got = d.claim.Grad[i]
				}
				p.got = append(p.got, got)
				p.bound = append(p.bound, bound)
				p.want = append(p.want, c.Exact.Grad[i].Float64()-penalty)
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
		slack := 4 * (1 + math.Abs(r)) * p.bound[i]
		if r == 1 && q == 1 {
			slack = p.bound[i]
		}
		if !(math.Abs(got-r*p.want[i]-q*p.penalty[i]) <= slack) {
			return false
		}
	}
	return true
}

// says reports whether a part tells r·want from want, and from nothing.
func (p *part) says(r float64) bool {
	for i := range p.got {
		if w := math.Abs(p.want[i]); w*math.Abs(r-1) > 16*p.bound[i] {
			return true
		}
	}
	return false
}

// A factor is a number that gradients are known to be off by.
type factor struct {
	value      float64
	kind, text string
}

func (d *detective) factors() []factor {
	n, k := float64(d.c.X.Rows), float64(d.c.Net.Outputs())
	list := []factor{
		{-1, "SIGN", "has the wrong sign"},
		{2, "SCALE", "is twice what it should be: ½ in the loss was forgotten, or it was added to itself"},
		{0.5, "SCALE", "is half of what it should be: ½ was taken twice"},
	}
	add := func(value float64, kind, text string) {
		for _, f := range list {
			if f.value == value {
				return
			}
		}
		if value != 1 && value != 0 && value-value == 0 {
			list = append(list, factor{value, kind, text})
		}
	}
	add(n, "REDUCTION", fmt.Sprintf("is %v times what it should be, the number of samples: it is a sum and not a mean", n))
	add(1/n, "REDUCTION", fmt.Sprintf("is 1/%v of what it should be: it was divided by the number of samples once too often", n))
	add(k, "REDUCTION", fmt.Sprintf("is %v times what it should be, the number of outputs", k))
	add(1/k, "REDUCTION", fmt.Sprintf("is 1/%v of what it should be: it was divided by the number of outputs", k))
	add(n*k, "REDUCTION", fmt.Sprintf("is %v times what it should be, the number of samples and outputs", n*k))
	add(1/(n*k), "REDUCTION", fmt.Sprintf("is 1/%v of what it should be: it was divided by the number of samples and outputs", n*k))
	add(2/n, "REDUCTION", fmt.Sprintf("is 2/%v of what it should be, with the number of samples", n))
	add(2/k, "REDUCTION", fmt.Sprintf("is 2/%v of what it should be, with the number of outputs", k))
	add(2/(n*k), "REDUCTION", fmt.Sprintf("is 2/%v of what it should be, with the number of samples and outputs", n*k))
	if d.c.Step != nil {
		add(d.c.Step.Rate, "SCALE", fmt.Sprintf("was multiplied by the rate, %v", d.c.Step.Rate))
		add(-d.c.Step.Rate, "SIGN", "is the step itself, −rate times the gradient")
	}
	add(d.c.Exact.Loss.Float64(), "SCALE", "was multiplied by the loss: the backward pass was started with it instead of 1")
	return list
}

// wholeGradient looks for one factor in all of the gradient.
func (d *detective) wholeGradient() *Cause {
	if len(d.grad) == 0 || !d.isWrong() || d.failsIn("z", "a") {
		return nil
	}
	for _, f := range d.factors() {
		says, all, allPenalty := false, true, true
		for i := range d.grad {
			p := &d.grad[i]
			says = says || p.says(f.value)
			all = all && p.is(f.value, 1)
			allPenalty = allPenalty && p.is(f.value, f.value)
		}
		if says && (all || allPenalty) {
			return &Cause{f.kind, "the gradient " + f.text}
		}
	}
	return nil
}

// eachBlock looks for a factor in every block that fails.
func (d *detective) eachBlock() *Cause {
	factors := append([]factor{{0, "MISSING", "is zero"}}, d.factors()...)
	var found []string
	kind := ""
	for _, b := range d.failed() {
		if b.Stage == "update" && (d.claim.Grad == nil || d.failsIn("gradient")) {
			continue // it follows from the gradient
		}
		text := ""
		for _, f := range factors {
			if b.is(f.value) {
				text = b.Name + " " + f.text
				if kind == "" {
					kind = f.kind
				}
				break
			}
		}
		if text == "" {
			return nil
		}
		found = append(found, text)
	}
	for i := range d.grad { // told from the step
		p := &d.grad[i]
		if d.claim.Grad != nil || p.is(1, 1) {
			continue
		}
		text := ""
		for _, f := range factors {
			if p.is(f.value, 1) || p.is(f.value, f.value) {
				text, kind = "the gradient of "+p.name+" "+f.text, f.kind
				break
			}
		}
		if text == "" {
			return nil
		}
		found = append(found, text)
	}
	if len(found) == 0 {
		return nil
	}
	return &Cause{kind, strings.Join(found, "; ")}
}

// is reports whether a block is r times what it should be.
func (b *Block) is(r float64) bool {
	for _, e := range b.entries {
		if !(math.Abs(e.got-r*e.want.Float64()) <= 4*(1+math.Abs(r))*e.bound) {
			return false
		}
	}
	return true
}
