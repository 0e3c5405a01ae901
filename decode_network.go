package touchstone

import (
	"encoding/json"
	"fmt"

	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp"
)

// A group has one network and one objective, or one scalar function, in common.
type group struct {
	kind, function, loss, reduction string
	net                             *netShape
	l2                              *float64
}

// A netShape is an architecture whose size nobody has vouched for yet.
type netShape struct {
	inputs int
	layers []mlp.Layer
}

// group reads a group. Its tests come last in every file, and must: before what
// the group says they cannot be understood.
func (d *decoder) group() {
	var g group
	d.Object(func(field string) bool {
		switch field {
		case "kind":
			if g.kind = d.Text(); g.kind != "network" && g.kind != "scalar" {
				d.Fail("is %.50q, want \"network\" or \"scalar\"", g.kind)
			}
		case "function":
			if g.function = d.Text(); functions[g.function] == "" {
				d.Fail("is %.50q, which is not a function of the format", g.function)
			}
		case "net":
			g.net = d.readNet()
		case "loss":
			if g.loss = d.Text(); g.loss != "none" {
				d.lossByName(g.loss)
			}
		case "reduction":
			if g.reduction = d.Text(); g.reduction != "mean" && g.reduction != "sum" {
				d.Fail("is %.50q, want \"mean\" or \"sum\"", g.reduction)
			}
		case "l2":
			l2 := d.FloatString()
			g.l2 = &l2
		case "tests":
			d.readTests(&g)
		default:
			return false
		}
		return true
	}, "kind", "tests")
	switch {
	case g.kind == "network" && g.function != "":
		d.Fail(`has a function, and the kind "network"`)
	case g.kind == "scalar" && (g.net != nil || g.loss != "" || g.reduction != "" || g.l2 != nil):
		d.Fail(`has a net, loss, reduction or l2, and the kind "scalar"`)
	}
}

func (d *decoder) lossByName(name string) loss.Func {
	l, err := loss.ByName(name)
	if err != nil {
		d.failAs(err)
	}
	return l
}

func (d *decoder) readTests(g *group) {
	switch {
	case g.kind != "scalar" && g.loss == "none" && g.reduction == "mean":
		d.Fail("are of the loss \"none\", which is a sum over the samples: want the reduction \"sum\"")
	case g.kind == "scalar" && g.function != "":
		d.Array(func(int) {
			d.scalars = append(d.scalars, d.scalar(g.function))
		})
	case g.kind == "network" && g.net != nil && g.loss != "" && g.reduction != "" && g.l2 != nil:
		d.Array(func(int) { d.cases = append(d.cases, d.test(g)) })
	default:
		d.Fail("come before the kind, net, loss, reduction and l2, or kind and function, of the group")
	}
}

func (d *decoder) readNet() *netShape {
	n := new(netShape)
	d.Object(func(field string) bool {
		switch field {
		case "inputs":
			n.inputs = d.Int(1)
		case "layers":
			d.Array(func(int) { n.layers = append(n.layers, d.layer()) })
		default:
			return false
		}
		return true
	}, "inputs", "layers")
	return n
}

func (d *decoder) layer() mlp.Layer {
	var l mlp.Layer
	d.Object(func(field string) bool {
		switch field {
		case "width":
			l.Width = d.Int(1)
		case "activation":
			f, err := activation.ByName(d.Text())
			if err != nil {
				d.failAs(err)
			}
			l.Activation = f
		case "bias":
			l.NoBias = !d.Bool()
		default:
			return false
		}
		return true
	}, "width", "activation", "bias")
	return l
}

// newNet returns the network that theta, with that many values, fills exactly. As
// every weight is there, nothing overflows or is larger than the file.
func (n *netShape) newNet(params int) (*mlp.Net, error) {
	fanIn, left := n.inputs, params
	for l, d := range n.layers {
		bias := 1
		if d.NoBias {
			bias = 0
		}
		// Width·(fanIn+bias) ≤ left, without computing the product.
		if fanIn > left || d.Width > left/(fanIn+bias) {
			return nil, fmt.Errorf("has %d values, too few for layer %d of %d × %d weights", params, l, d.Width, fanIn)
		}
		left -= d.Width * (fanIn + bias)
		fanIn = d.Width
	}
	if len(n.layers) == 0 || left != 0 {
		return nil, fmt.Errorf("has %d values, %d more than the layers of the network take", params, left)
	}
	return mlp.New(n.inputs, n.layers...), nil
}

func (d *decoder) test(g *group) Case {
	c := Case{File: d.name, Lambda: *g.l2, Sum: g.reduction == "sum"}
	targets := "t"
	if g.loss == "none" {
		targets = "dy"
	} else {
		c.Loss = d.lossByName(g.loss) // which was checked
	}
	var x, t [][]float64
	d.Object(func(field string) bool {
		switch field {
		case "id":
			c.ID = d.id()
		case "comment":
			c.Comment = d.Text()
		case "flags":
			c.Flags = d.Strings()
		case "theta":
			var err error
			d.Array(func(int) { c.Theta = append(c.Theta, d.FloatString()) })
			if c.Net, err = g.net.newNet(len(c.Theta)); err != nil {
				d.Fail("%v", err)
			}
		case "x":
			x = rows(d, d.FloatString)
		case targets:
			t = rows(d, d.FloatString)
		case "exact":
			c.Exact = d.exact()
		case "scale":
			c.Scale = d.scale()
		case "step":
			c.Step = d.step()
		case "training":
			c.Training = d.training()
		case "as_printed":
			c.AsPrinted = d.asPrinted()
		default:
			return false
		}
		return true
	}, "id", "comment", "flags", "theta", "x", targets, "exact", "scale", "step")
	if d.Failed() {
		return c
	}
	c.X = d.matrix(".x", x, len(x), c.Net.Inputs())
	if m := d.matrix("."+targets, t, len(x), c.Net.Outputs()); c.Loss == nil {
		c.DY = m
	} else {
		c.T = m
	}
	d.checkShapes(&c)
	return c
}

// matrix returns rows as a matrix of n × cols.
func (d *decoder) matrix(part string, rows [][]float64, n, cols int) blas64.General {
	m := blas64.General{Rows: n, Cols: cols, Stride: cols}
	if wrong := misshapen(rows, n, cols); wrong != "" { // of no rows there always is
		d.FailAt(part, "%s", wrong)
		return m
	}
	for _, r := range rows {
		m.Data = append(m.Data, r...)
	}
	return m
}

func (d *decoder) asPrinted() json.RawMessage {
	printed := map[string]any{}
	d.Object(func(key string) bool {
		printed[key] = d.StringOrStrings()
		return true
	})
	raw, _ := json.Marshal(printed) // strings have no errors
	return raw
}
