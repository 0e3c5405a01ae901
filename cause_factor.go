package touchstone

import (
	"fmt"
	"slices"
	"strings"
)

// A factor is a number that gradients are known to be off by.
type factor struct {
	value      float64
	kind, text string
}

// factors lists them, each once: of causes that coincide, as where a mean is over two
// outputs, the text has all but products of two and the loss. What makes a loss or a
// gradient wrong is said of these stages only, and not of a step whose gradient is right.
func (d *detective) factors(stage string) []factor {
	n, k := float64(d.c.X.Rows), float64(d.c.Net.Outputs())
	twice, half := "is twice what it should be: it was added to itself", "is half of what it should be: it was halved"
	byLoss := "was multiplied by the loss"
	ofLoss := stage == "loss" || stage == "delta" || stage == "gradient"
	if ofLoss {
		twice, half = "is twice what it should be: ½ in the loss was forgotten, or it was added to itself", "is half of what it should be: ½ was taken twice"
		byLoss += ": the backward pass was started with it instead of 1"
	}
	list := []factor{{-1, "SIGN", "has the wrong sign"}, {2, "SCALE", twice}, {0.5, "SCALE", half}}
	// To a value that is there already the other cause is added.
	add := func(value float64, kind, text, or string) {
		if value == 1 || value == 0 || value-value != 0 {
			return
		}
		for i := range list {
			if list[i].value == value {
				list[i].text += or
				return
			}
		}
		list = append(list, factor{value, kind, text})
	}
	if !ofLoss || d.c.Sum || d.c.Loss == nil {
		add(n, "REDUCTION", fmt.Sprintf("is %v times what it should be, the number of samples", n),
			", or it was multiplied by the number of samples")
	} else {
		add(n, "REDUCTION", fmt.Sprintf("is %v times what it should be, the number of samples: it is a sum and not a mean", n),
			", or it is a sum over the samples and not a mean")
	}
	add(1/n, "REDUCTION", fmt.Sprintf("is 1/%v of what it should be: it was divided by the number of samples once too often", n),
		", or it was divided by the number of samples once too often")
	add(k, "REDUCTION", fmt.Sprintf("is %v times what it should be, the number of outputs", k),
		", or it was multiplied by the number of outputs")
	add(1/k, "REDUCTION", fmt.Sprintf("is 1/%v of what it should be: it was divided by the number of outputs", k),
		", or it was divided by the number of outputs")
	add(n*k, "REDUCTION", fmt.Sprintf("is %v times what it should be, the number of samples and outputs", n*k), "")
	add(1/(n*k), "REDUCTION", fmt.Sprintf("is 1/%v of what it should be: it was divided by the number of samples and outputs", n*k), "")
	add(2/n, "REDUCTION", fmt.Sprintf("is 2/%v of what it should be, with the number of samples", n), "")
	add(2/k, "REDUCTION", fmt.Sprintf("is 2/%v of what it should be, with the number of outputs", k), "")
	add(2/(n*k), "REDUCTION", fmt.Sprintf("is 2/%v of what it should be, with the number of samples and outputs", n*k), "")
	if d.c.Step != nil {
		rate := fmt.Sprintf("was multiplied by the rate, %v", d.c.Step.Rate)
		if ofLoss {
			add(-d.c.Step.Rate, "SIGN", "is the step itself, −rate times the gradient", ", or it is the step itself, −rate times the gradient")
		} else {
			rate += ", once too often"
			add(-d.c.Step.Rate, "SIGN", "has the wrong sign, and "+rate, "")
		}
		add(d.c.Step.Rate, "SCALE", rate, ", or it "+rate)
	}
	add(d.c.Exact.Loss.Float64(), "SCALE", byLoss, "")
	return list
}

// wholeGradient looks for one factor in all of the gradient.
func (d *detective) wholeGradient() *Cause {
	if len(d.grad) == 0 || !d.isWrong() || d.failsIn("z", "a") {
		return nil
	}
	for _, f := range d.factors("gradient") {
		// It is a matter of the regulariser where that is all there is.
		isData := func(p part) bool { return p.says(f.value, 1) }
		if slices.ContainsFunc(d.grad, isData) && (d.all(f.value, 1) || d.all(f.value, f.value)) {
			text := "the gradient " + f.text
			if f.value == -1 && d.claim.Grad == nil {
				text += ", or the step adds it instead of subtracting it"
			}
			return &Cause{f.kind, text}
		}
	}
	return nil
}

// eachBlock looks for a factor in every block that fails.
func (d *detective) eachBlock() *Cause {
	factors := func(stage string) []factor { return append([]factor{{0, "MISSING", "is zero"}}, d.factors(stage)...) }
	var found []string
	kind := ""
	for _, b := range d.failed() {
		if b.Stage == "update" && (d.claim.Grad == nil || d.failsIn("gradient")) {
			continue // it follows from the gradient
		}
		text := ""
		for _, f := range factors(b.Stage) {
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
		for _, f := range factors("gradient") {
			if p.is(f.value, 1) && p.says(f.value, 1) || p.is(f.value, f.value) && p.says(f.value, f.value) {
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

// is reports whether a block is r times what it should be, and clearly so.
func (b *Block) is(r float64) bool {
	says := false
	for i := range b.entries {
		e := &b.entries[i]
		if !e.is(r) {
			return false
		}
		says = says || clearly((r-1)*e.value, e.bound)
	}
	return says
}
