package touchstone

import (
	"math"

	"touchstone/activation"
	"touchstone/loss"
)

// limits says what is allowed to a claim, and how far the first-order bounds go.
type limits struct {
	unit, normal float64
	under        *underflow
	over         *overflow
	growth       float64 // of the bounds, by what is of higher order
	second       float64 // of the loss: the square of the errors it consists of
	steep        bool    // no bound holds but for z0
	kink         int     // the last layer with a ReLU of undecided sign, or −1
	rounded      bool    // a probability may round to 0 or 1
}

func newLimits(c *Case, right *pass, p Precision) *limits {
	m := &limits{unit: p.Unit(), normal: p.SmallestNormal(), kink: -1}
	m.under, m.over = newUnderflow(c, right, formats[p]), newOverflow(c, right, formats[p])
	steepness := 0.0
	last := c.Net.NumLayers() - 1
	for l := range c.Exact.Z {
		worst, width := 0.0, c.Net.Layer(l).Width
		for s := range c.Exact.Z[l] {
			for j, z := range c.Exact.Z[l][s] {
				e := m.unit*c.Scale.Z[l][s][j] + m.under.z[l][s*width+j]
				worst = math.Max(worst, e)
				if c.Net.Layer(l).Activation == (activation.ReLU{}) && z != "0" && math.Abs(z.Float64()) <= 2*(e+m.normal) {
					m.kink = l
				}
			}
		}
		// What does not bend has no other slope where an error leads, however large.
		if isCurved(c.Net.Layer(l).Activation) || l == last && !isQuadratic(c.Loss) {
			steepness += 2 * worst
		}
	}
	m.growth, m.steep = math.Exp(steepness), steepness > 0.7
	_, probability := c.Loss.(loss.CrossEntropy)
	for s, y := range c.Exact.A[last] {
		for j := range y {
			e := m.unit*c.Scale.A[last][s][j] + m.under.a[last][s*len(y)+j]
			if probability {
				v := y[j].Float64()
				q := v * (1 - v)
				m.rounded = m.rounded || !(4*(e+m.normal) < q)
				e /= q
			}
			if c.Loss != nil {
				m.second += e * e
			}
		}
	}
	m.second *= c.share()
	return m
}

// isQuadratic reports whether the derivatives of a loss are linear in the outputs.
func isQuadratic(l loss.Func) bool { return l == nil || l == loss.Squared{} }

// allow sets what the entries of a block may err by.
func (m *limits) allow(b *Block) {
	switch b.Stage {
	case "z":
		b.excused = m.steep && b.layer > 0
	case "a":
		b.excused = m.steep
	case "loss":
		b.excused = m.steep || m.rounded
	default:
		b.excused = m.steep || m.rounded || b.layer <= m.kink
	}
	b.excused = b.excused || m.over.isBehind(b)
	under := m.under.of(b)
	for i := range b.entries {
		e := &b.entries[i]
		e.bound = (m.unit*e.scale + under[i]) * m.growth
		if e.want != "0" {
			e.bound += m.normal
		}
		if b.Stage == "loss" {
			e.bound += m.second
		}
		if math.IsNaN(e.bound) || e.got-e.got != 0 && m.over.entry(b, i) {
			e.bound = math.Inf(1)
		}
	}
}

// gradient returns what element i of the gradient may err by, which is in a layer
// that begins at from, whether it is claimed or not.
func (m *limits) gradient(l, i, from int, c *Case) float64 {
	return (m.unit*c.Scale.Grad[i]+m.under.grad[l][i-from])*m.growth + m.normal
}
