package gradcheck

import (
	"math"
	"slices"
)

// controls judges gradients that are wrong by what was found, without another
// evaluation. A check that refuses none of their entries could not have failed.
func (c *checker) controls() {
	for _, wrong := range []struct {
		name string
		of   func(f *finding, k int) float64 // instead of g at element k of f.index
	}{
		{"zero", func(*finding, int) float64 { return 0 }},
		{"negated", func(f *finding, k int) float64 { return -c.g[f.index[k]] }},
		{"doubled", func(f *finding, k int) float64 { return 2 * c.g[f.index[k]] }},
		{"permuted", func(f *finding, k int) float64 { return c.next(f.index[k]) }},
	} {
		differs, refused := false, false
		for _, f := range c.found {
			analytic := 0.0
			for k, x := range f.index {
				v := 1.0
				if f.v != nil {
					v = f.v[k]
				}
				w := wrong.of(f, k)
				differs = differs || w != c.g[x] && !isWithin(w, c.g[x], c.s.Resolution*math.Abs(c.g[x]))
				analytic += w * v
			}
			refused = refused || isBeyond(analytic, f.Numeric, f.Bound+f.owed)
		}
		if !differs {
			continue // it is no other gradient: all is 0, or all the same
		}
		control := Control{wrong.name, refused}
		c.r.Controls = append(c.r.Controls, control)
		if !refused && c.r.Verdict == Pass {
			c.r.remark(Inconclusive, control.String())
		}
	}
}

// next returns the element of the gradient after x[i] in its block, and the first
// after the last.
func (c *checker) next(i int) float64 {
	index := c.index[c.block[i]]
	k, _ := slices.BinarySearch(index, i)
	return c.g[index[(k+1)%len(index)]]
}
