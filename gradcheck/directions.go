package gradcheck

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// directions checks by differences along random directions of each block.
func (c *checker) directions() {
	var list []*finding
	for b, index := range c.index {
		for k := range c.s.PerBlock {
			rnd := rand.New(rand.NewPCG(c.s.Seed, uint64(b)<<32|uint64(k)))
			list = append(list, c.along(b, k, index, c.random(rnd, index)))
		}
	}
	c.settle(list)
	for _, f := range list {
		f.Order = f.order(f.Analytic)
		if f.Verdict == Pass && f.Order != 0 && f.Order < 1.5 {
			f.Verdict, f.Reason = Inconclusive, "the Taylor remainder does not fall with the square of the step"
		}
	}
	c.take(list...)
	located := map[int]bool{}
	for _, f := range list {
		if f.Verdict == Fail && !located[f.Block] {
			located[f.Block] = true
			c.locate(f)
		}
	}
	slices.SortStableFunc(c.r.Entries, func(a, b Entry) int { return a.Index - b.Index })
}

// random returns a direction over the given elements of X: each is moved by half to
// one and a half of its size, at random to either side, but away from an edge of
// the domain that is near. Continuous lengths, and none near 0, miss nothing: with
// ±1, swapped entries are missed half of the time.
func (c *checker) random(rnd *rand.Rand, index []int) []float64 {
	v := make([]float64, len(index))
	for k, i := range index {
		size := math.Max(math.Abs(c.x[i]), 1) / math.Sqrt(float64(len(index)))
		v[k] = size * (0.5 + rnd.Float64())
		if coin(rnd) {
			v[k] = -v[k]
		}
		above, below := c.room(i, c.x[i])
		switch near := math.Min(above, below); {
		case math.Max(above, below) == 0:
			v[k] = 0
		case near < firstStep*size:
			v[k] = math.Copysign(v[k], above-below)
		}
	}
	return v
}

// along returns a finding for a direction without a verdict.
func (c *checker) along(b, k int, index []int, v []float64) *finding {
	f := &finding{
		Entry: &Entry{Index: -1, Block: b, Name: fmt.Sprintf("%s along v%d", c.r.Blocks[b].Name, k),
			Bound: math.Inf(1), Allowed: math.Inf(1), MinDetectable: math.Inf(1)},
		derivative: derivative{bound: math.Inf(1)}, of: "Func", line: c.direction(index, v),
		f0: c.f0, noise: c.noise, index: index, v: v, factor: 1,
	}
	f.Analytic = c.product(c.g, index, v)
	return f
}

// product returns g·v over the given elements, compensated.
func (c *checker) product(g []float64, index []int, v []float64) float64 {
	sum, rest := 0.0, 0.0
	for k, i := range index {
		p := g[i] * v[k]
		s := sum + p
		d := s - sum
		rest += (sum - (s - d)) + (p - d) + math.FMA(g[i], v[k], -p)
		sum = s
	}
	if r := sum + rest; isFinite(r) {
		return r
	}
	return sum
}

// lookedAt is how many entries of a block are looked at after a direction failed.
const lookedAt = 24

// locate looks for entries that are wrong, after direction f failed: it follows the
// larger half of the error down to one element, and draws a sample.
func (c *checker) locate(f *finding) {
	index, v, off := f.index, f.v, f.Analytic-f.Numeric
	for len(index) > 1 && isFinite(off) {
		half := len(index) / 2
		d := derive(c.direction(index[:half], v[:half]), firstStep, c.f0, c.noise)
		left := c.product(c.g, index[:half], v[:half]) - d.value
		if math.IsInf(d.bound, 1) {
			break
		}
		if math.Abs(left) >= math.Abs(off-left) {
			index, v, off = index[:half], v[:half], left
		} else {
			index, v, off = index[half:], v[half:], off-left
		}
	}
	list := c.sample(f.Block, lookedAt)
	if len(index) == 1 {
		list = append(list, index[0])
	} else {
		for _, i := range f.index {
			if !isFinite(c.g[i]) {
				list = append(list, i)
				break
			}
		}
	}
	slices.Sort(list)
	var entries []*finding
	for _, i := range slices.Compact(list) {
		entries = append(entries, c.entry(i))
	}
	c.settle(entries)
	c.take(entries...)
}
