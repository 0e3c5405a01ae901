package touchstone

import (
	"fmt"
	"strings"
)

// blocks lists what a claim claims, with what is allowed.
func blocks(c *Case, claim *Claim) []Block {
	m := newLimits(c, claim.Precision)
	n := c.Net
	var all []Block
	add := func(name, stage string, excused bool, got []float64, at func(i int) (string, Decimal, float64)) {
		if got == nil {
			return
		}
		b := Block{Name: name, Stage: stage, excused: excused, entries: make([]entry, len(got))}
		for i := range got {
			name, want, scale := at(i)
			b.entries[i] = entry{name, got[i], m.bound(want, scale), want}
		}
		all = append(all, b)
	}
	layer := func(of [][]float64, l int) []float64 {
		if of == nil {
			return nil
		}
		return of[l]
	}
	unit := func(what string, l int, want [][][]Decimal, scale [][][]float64) func(i int) (string, Decimal, float64) {
		w := n.Layer(l).Width
		return func(i int) (string, Decimal, float64) {
			s, j := i/w, i%w
			return fmt.Sprintf("%s%d[%d,%d]", what, l, s, j), want[l][s][j], scale[l][s][j]
		}
	}
	for l := range n.NumLayers() {
		add(fmt.Sprintf("z%d", l), "z", m.steep && l > 0, layer(claim.Z, l), unit("z", l, c.Exact.Z, c.Scale.Z))
		add(fmt.Sprintf("a%d", l), "a", m.steep, layer(claim.A, l), unit("a", l, c.Exact.A, c.Scale.A))
	}
	if claim.Loss != nil {
		add("loss", "loss", m.steep || m.rounded, []float64{*claim.Loss}, func(int) (string, Decimal, float64) {
			return "loss", c.Exact.Loss, c.Scale.Loss
		})
		all[len(all)-1].entries[0].bound += m.second
	}
	excused := func(l int) bool { return m.steep || m.rounded || l <= m.kink }
	for l := n.NumLayers() - 1; l >= 0; l-- {
		add(fmt.Sprintf("delta%d", l), "delta", excused(l), layer(claim.Delta, l), unit("delta", l, c.Exact.Delta, c.Scale.Delta))
	}
	for l := n.NumLayers() - 1; l >= 0 && claim.Grad != nil; l-- {
		for _, b := range paramBlocks(c, l) {
			add(b.name, "gradient", excused(l), claim.Grad[b.from:b.to], func(i int) (string, Decimal, float64) {
				i += b.from
				return n.ParamName(i), c.Exact.Grad[i], c.Scale.Grad[i]
			})
		}
	}
	add("dx", "gradient", excused(0), claim.DX, func(i int) (string, Decimal, float64) {
		s, k := i/n.Inputs(), i%n.Inputs()
		return fmt.Sprintf("dx[%d,%d]", s, k), c.Exact.DX[s][k], c.Scale.DX[s][k]
	})
	add("after", "update", excused(0), claim.After, func(i int) (string, Decimal, float64) {
		return "after " + n.ParamName(i), c.Step.Theta[i], c.Scale.After[i]
	})
	return all
}

// bound returns the error that is allowed.
func (m *limits) bound(want Decimal, scale float64) float64 {
	if want == "0" {
		return m.unit * scale * m.growth
	}
	return m.unit*scale*m.growth + m.normal
}

// A paramBlock is W or b of a layer, as a range of theta.
type paramBlock struct {
	name     string
	layer    int
	bias     bool
	from, to int
}

func paramBlocks(c *Case, l int) []paramBlock {
	from := 0
	for k := range l {
		from += len(c.Net.Weights(c.Theta, k).Data) + len(c.Net.Biases(c.Theta, k))
	}
	mid := from + len(c.Net.Weights(c.Theta, l).Data)
	list := []paramBlock{{fmt.Sprintf("W%d", l), l, false, from, mid}}
	if b := len(c.Net.Biases(c.Theta, l)); b > 0 {
		list = append(list, paramBlock{fmt.Sprintf("b%d", l), l, true, mid, mid + b})
	}
	return list
}

// isFrozen reports whether the step leaves the parameter of that name alone.
func (s *Step) isFrozen(param string) bool {
	block, _, _ := strings.Cut(param, "[")
	for _, f := range s.Frozen {
		if f == block {
			return true
		}
	}
	return false
}
