package touchstone

import (
	"fmt"
	"slices"
	"strings"

	"touchstone/mlp"
)

// blocks lists what a claim claims. What is allowed is not set; see limits.allow.
func blocks(c *Case, claim *Claim) []Block {
	n := c.Net
	var all []Block
	add := func(b Block, got []float64, name func(i int) string, at func(i int) (Decimal, float64)) {
		if got == nil {
			return
		}
		b.Rows = max(b.Rows, 1)
		b.Cols = len(got) / b.Rows
		b.name, b.entries = name, make([]entry, len(got))
		for i, g := range got {
			want, scale := at(i)
			b.entries[i] = entry{want: want, got: g, value: want.Float64(), off: want.Error(g), scale: scale}
		}
		all = append(all, b)
	}
	units := func(what string, l int, got [][]float64, want [][][]Decimal, scale [][][]float64) {
		if got == nil {
			return
		}
		w := n.Layer(l).Width
		add(Block{Name: fmt.Sprintf("%s%d", what, l), Stage: what, Rows: c.X.Rows, layer: l}, got[l],
			func(i int) string { return fmt.Sprintf("%s%d[%d,%d]", what, l, i/w, i%w) },
			func(i int) (Decimal, float64) { return want[l][i/w][i%w], scale[l][i/w][i%w] })
	}
	for l := range n.NumLayers() {
		units("z", l, claim.Z, c.Exact.Z, c.Scale.Z)
		units("a", l, claim.A, c.Exact.A, c.Scale.A)
	}
	if claim.Loss != nil {
		add(Block{Name: "loss", Stage: "loss"}, []float64{*claim.Loss},
			func(int) string { return "loss" },
			func(int) (Decimal, float64) { return c.Exact.Loss, c.Scale.Loss })
	}
	for l := n.NumLayers() - 1; l >= 0; l-- {
		units("delta", l, claim.Delta, c.Exact.Delta, c.Scale.Delta)
	}
	if claim.Grad != nil {
		for _, layer := range slices.Backward(paramBlocks(n)) {
			for _, p := range layer {
				rows := 1
				if !p.bias {
					rows = n.Layer(p.layer).Width
				}
				add(Block{Name: p.name, Stage: "gradient", Rows: rows, layer: p.layer, offset: p.from - layer[0].from}, claim.Grad[p.from:p.to],
					func(i int) string { return n.ParamName(p.from + i) },
					func(i int) (Decimal, float64) { return c.Exact.Grad[p.from+i], c.Scale.Grad[p.from+i] })
			}
		}
	}
	add(Block{Name: "dx", Stage: "gradient", Rows: c.X.Rows}, claim.DX,
		func(i int) string { return fmt.Sprintf("dx[%d,%d]", i/n.Inputs(), i%n.Inputs()) },
		func(i int) (Decimal, float64) {
			s, k := i/n.Inputs(), i%n.Inputs()
			return c.Exact.DX[s][k], c.Scale.DX[s][k]
		})
	add(Block{Name: "after", Stage: "update"}, claim.After,
		func(i int) string { return "after " + n.ParamName(i) },
		func(i int) (Decimal, float64) { return c.Step.Theta[i], c.Scale.After[i] })
	return all
}

// A paramBlock is W or b of a layer, as a range of theta.
type paramBlock struct {
	name     string
	layer    int
	bias     bool
	from, to int
}

// paramBlocks returns W and, unless there is none, b of each layer.
func paramBlocks(n *mlp.Net) [][]paramBlock {
	all := make([][]paramBlock, n.NumLayers())
	from, fanIn := 0, n.Inputs()
	for l := range all {
		layer := n.Layer(l)
		to := from + layer.Width*fanIn
		all[l] = append(all[l], paramBlock{fmt.Sprintf("W%d", l), l, false, from, to})
		from, fanIn = to, layer.Width
		if !layer.NoBias {
			to += layer.Width
			all[l] = append(all[l], paramBlock{fmt.Sprintf("b%d", l), l, true, from, to})
			from = to
		}
	}
	return all
}

// isFrozen reports whether the step leaves the parameters of a block alone. A
// single parameter's name, such as "W0[1,2]", stands for its block.
func (s *Step) isFrozen(name string) bool {
	block, _, _ := strings.Cut(name, "[")
	return slices.Contains(s.Frozen, block)
}
