package touchstone

import (
	"math"
	"slices"
)

// An overflow says what may come out as ±Inf or NaN in a format, though it is none of
// that: something on the way to it, or a sum whose small remainder it is, may be beyond
// the largest number. Of such sums, and of N times a mean, Scale is an upper bound.
type overflow struct {
	c        *Case
	largest  float64
	forward  int // the first layer with such a z; there may be none, and −1 is the inputs
	backward int // the last layer with such a ∂E/∂a or δ, or −1
}

func newOverflow(c *Case, right *pass, p Precision) *overflow {
	o := &overflow{c, formats[p].largest, c.Net.NumLayers(), -1}
	for l := range c.Net.NumLayers() {
		width := c.Net.Layer(l).Width
		for s := range c.X.Rows {
			for j := range width {
				if o.forward > l && o.sum(l, c.Scale.Z[l][s][j]) {
					o.forward = l
				}
				if c.Scale.Delta[l][s][j] > o.largest || math.Abs(right.da[l+1][s*width+j]) > o.largest {
					o.backward = l
				}
			}
		}
	}
	given := slices.Concat(c.Theta, c.X.Data, c.T.Data, c.DY.Data, []float64{c.Lambda})
	if c.Step != nil {
		given = append(given, c.Step.Rate)
	}
	for _, v := range given { // which rounds to ±Inf
		if math.Abs(v) > o.largest {
			o.forward = -1
		}
	}
	return o
}

// sum reports whether a z of layer l may be, or become, too large. Its Scale has more
// than n+3 times its terms.
func (o *overflow) sum(l int, scale float64) bool {
	return scale/float64(fanIn(o.c.Net, l)+3) > o.largest
}

// isBehind reports whether a block is computed from what may have overflowed.
func (o *overflow) isBehind(b *Block) bool {
	switch b.Stage {
	case "z":
		return b.layer > o.forward
	case "a":
		return b.layer >= o.forward
	case "loss":
		return o.forward < o.c.Net.NumLayers()
	}
	return o.forward < o.c.Net.NumLayers() || b.layer <= o.backward
}

// entry reports whether entry i of a block may overflow before it is what it should be.
func (o *overflow) entry(b *Block, i int) bool {
	switch b.Stage {
	case "z":
		return o.sum(b.layer, b.entries[i].scale)
	case "a":
		return false
	case "update":
		return o.c.Scale.Grad[i] > o.largest
	}
	return b.entries[i].scale > o.largest
}
