package touchstone

import (
	"math"

	"touchstone/activation"
	"touchstone/loss"
)

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
				if c.Net.Layer(l).Activation == (activation.ReLU{}) && z != "0" && math.Abs(z.Float64()) <= 2*(e+m.normal) {
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
