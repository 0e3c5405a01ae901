package gradcheck

import (
	"math"
	"math/rand/v2"
	"slices"
)

// chosen returns the elements of X to be looked at: all, or a sample of
// MaxEntries. Each block has its share of the sample, and each of as many nearly
// equal parts of the block one element, so that the sample misses an error of a
// given extent no more often than independent draws would: with φₛ of part s wrong
// and mean φ, Π (1−φₛ) ≤ (1−φ)^m.
func (c *checker) chosen() []int {
	var list []int
	for b, index := range c.index {
		m := len(index)
		if c.s.MaxEntries > 0 && c.s.MaxEntries < len(c.x) {
			m = min(m, max(1, int(float64(c.s.MaxEntries)*float64(m)/float64(len(c.x)))))
		}
		if m < len(index) {
			c.r.Blocks[b].Fraction = -math.Expm1(math.Log(1e-3) / float64(m)) // (1−φ)^m = 1/1000
		}
		list = append(list, c.sample(b, m)...)
	}
	slices.Sort(list)
	return list
}

// sample returns m elements of block b, or all if it has fewer, one from each of as
// many equal parts.
func (c *checker) sample(b, m int) []int {
	index := c.index[b]
	m = min(m, len(index))
	rnd := rand.New(rand.NewPCG(c.s.Seed, uint64(b)))
	list := make([]int, m)
	for k := range list {
		low, high := k*len(index)/m, (k+1)*len(index)/m
		list[k] = index[low+rnd.IntN(high-low)]
	}
	return list
}

// entries checks by differences in each element.
func (c *checker) entries() {
	var list []*finding
	for _, i := range c.chosen() {
		list = append(list, c.entry(i))
	}
	c.settle(list)
	c.take(list...)
}

// entry returns a finding for x[i] without a verdict.
func (c *checker) entry(i int) *finding {
	return &finding{
		Entry: &Entry{Index: i, Block: c.block[i], Name: c.name(i), Analytic: c.g[i],
			Bound: math.Inf(1), Allowed: math.Inf(1), MinDetectable: math.Inf(1)},
		derivative: derivative{bound: math.Inf(1)}, of: "Func", line: c.coordinate(i),
		f0: c.f0, noise: c.noise, index: []int{i}, factor: 1,
	}
}

// take adds findings to the report.
func (c *checker) take(list ...*finding) {
	for _, f := range list {
		c.r.count(f.Entry)
		c.found = append(c.found, f)
		if f.Index < 0 {
			c.r.Directions = append(c.r.Directions, *f.Entry)
		} else {
			c.r.Entries = append(c.r.Entries, *f.Entry)
		}
	}
}
