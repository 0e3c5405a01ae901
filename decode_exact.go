package touchstone

import (
	"fmt"

	"touchstone/internal/strictjson"
	"touchstone/mlp"
)

// rows and layers read arrays of arrays of what read reads, none of them empty.
func rows[T any](d *decoder, read func() T) [][]T {
	return strictjson.List(d.Reader, func() []T { return strictjson.List(d.Reader, read) })
}

func layers[T any](d *decoder, read func() T) [][][]T {
	return strictjson.List(d.Reader, func() [][]T { return rows(d, read) })
}

func (d *decoder) exact() Exact {
	var e Exact
	d.Object(func(field string) bool {
		switch field {
		case "z":
			e.Z = layers(d, d.decimal)
		case "a":
			e.A = layers(d, d.decimal)
		case "delta":
			e.Delta = layers(d, d.decimal)
		case "loss":
			e.Loss = d.decimal()
		case "grad":
			e.Grad = strictjson.List(d.Reader, d.decimal)
		case "dx":
			e.DX = rows(d, d.decimal)
		case "one_minus_p":
			e.OneMinusP = d.decimal()
		case "sequential_loss":
			e.SequentialLoss = d.decimal()
		default:
			return false
		}
		return true
	}, "z", "a", "delta", "loss", "grad", "dx")
	return e
}

func (d *decoder) scale() Scale {
	var s Scale
	d.Object(func(field string) bool {
		switch field {
		case "z":
			s.Z = layers(d, d.tolerance)
		case "a":
			s.A = layers(d, d.tolerance)
		case "delta":
			s.Delta = layers(d, d.tolerance)
		case "loss":
			s.Loss = d.tolerance()
		case "grad":
			s.Grad = strictjson.List(d.Reader, d.tolerance)
		case "dx":
			s.DX = rows(d, d.tolerance)
		case "step":
			d.Object(func(field string) bool {
				if field != "theta" {
					return false
				}
				s.After = strictjson.List(d.Reader, d.tolerance)
				return true
			}, "theta")
		default:
			return false
		}
		return true
	}, "z", "a", "delta", "loss", "grad", "dx", "step")
	return s
}

func (d *decoder) step() *Step {
	s := new(Step)
	d.Object(func(field string) bool {
		switch field {
		case "rate":
			s.Rate = d.FloatString()
		case "frozen":
			s.Frozen = d.Strings()
		case "theta":
			s.Theta = strictjson.List(d.Reader, d.decimal)
		case "loss":
			s.Loss = d.decimal()
		default:
			return false
		}
		return true
	}, "rate", "frozen", "theta", "loss")
	return s
}

func (d *decoder) training() *Training {
	t := new(Training)
	d.Object(func(field string) bool {
		switch field {
		case "rate":
			t.Rate = d.FloatString()
		case "batch":
			t.Batch = d.Int(1)
		case "shuffle":
			if d.Bool() {
				d.Fail("is true, and nobody knows the order")
			}
		case "frozen":
			t.Frozen = d.Strings()
		case "milestones":
			t.Milestones = strictjson.List(d.Reader, d.milestone)
		default:
			return false
		}
		return true
	}, "rate", "batch", "shuffle", "frozen", "milestones")
	return t
}

func (d *decoder) milestone() Milestone {
	var m Milestone
	d.Object(func(field string) bool {
		switch field {
		case "epoch":
			m.Epoch = d.Int(1)
		case "loss":
			m.Loss = d.decimal()
		case "theta":
			m.Theta = strictjson.List(d.Reader, d.decimal)
		default:
			return false
		}
		return true
	}, "epoch", "loss", "theta")
	return m
}

// checkShapes reports results that do not have the shape of the network.
func (d *decoder) checkShapes(c *Case) {
	n, samples := c.Net, c.X.Rows
	checkLayers(d, ".exact.z", c.Exact.Z, n, samples)
	checkLayers(d, ".exact.a", c.Exact.A, n, samples)
	checkLayers(d, ".exact.delta", c.Exact.Delta, n, samples)
	checkLayers(d, ".scale.z", c.Scale.Z, n, samples)
	checkLayers(d, ".scale.a", c.Scale.A, n, samples)
	checkLayers(d, ".scale.delta", c.Scale.Delta, n, samples)
	if wrong := misshapen(c.Exact.DX, samples, n.Inputs()); wrong != "" {
		d.FailAt(".exact.dx", "%s", wrong)
	}
	if wrong := misshapen(c.Scale.DX, samples, n.Inputs()); wrong != "" {
		d.FailAt(".scale.dx", "%s", wrong)
	}
	length := func(part string, got int) {
		if got != n.NumParams() {
			d.FailAt(part, "has %d values, theta %d", got, n.NumParams())
		}
	}
	length(".exact.grad", len(c.Exact.Grad))
	length(".scale.grad", len(c.Scale.Grad))
	length(".step.theta", len(c.Step.Theta))
	length(".scale.step.theta", len(c.Scale.After))
	d.checkFrozen(".step.frozen", c.Step.Frozen, n)
	if c.Training == nil {
		return
	}
	d.checkFrozen(".training.frozen", c.Training.Frozen, n)
	last := 0
	for _, m := range c.Training.Milestones {
		if m.Epoch <= last {
			d.FailAt(".training.milestones", "epoch %d follows %d", m.Epoch, last)
		}
		last = m.Epoch
		length(".training.milestones", len(m.Theta))
	}
}

// checkFrozen reports the name of no block, which would be frozen nowhere.
func (d *decoder) checkFrozen(part string, frozen []string, n *mlp.Net) {
	known := map[string]bool{}
	for _, layer := range paramBlocks(n) {
		for _, b := range layer {
			known[b.name] = true
		}
	}
	for i, name := range frozen {
		if !known[name] {
			d.FailAt(fmt.Sprintf("%s[%d]", part, i), "is %.40q, which is no block of the network", name)
		}
	}
}

func checkLayers[T any](d *decoder, part string, v [][][]T, n *mlp.Net, samples int) {
	if len(v) != n.NumLayers() {
		d.FailAt(part, "has %d layers, the network %d", len(v), n.NumLayers())
		return
	}
	for l, rows := range v {
		if wrong := misshapen(rows, samples, n.Layer(l).Width); wrong != "" {
			d.FailAt(part, "layer %d %s", l, wrong)
		}
	}
}

// misshapen says what is wrong with the shape of rows, and "" if nothing is.
func misshapen[T any](rows [][]T, n, cols int) string {
	for i, r := range rows {
		if len(r) != len(rows[0]) {
			return fmt.Sprintf("is ragged: row %d has %d values, row 0 has %d", i, len(r), len(rows[0]))
		}
	}
	found := 0
	if len(rows) > 0 {
		found = len(rows[0])
	}
	if len(rows) == n && found == cols {
		return ""
	}
	return fmt.Sprintf("is %d × %d, not %d × %d", len(rows), found, n, cols)
}
