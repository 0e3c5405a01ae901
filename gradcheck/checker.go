package gradcheck

import (
	"math"
	"slices"
)

// A checker calls the functions of a problem, counts the calls and watches what
// they do. It is for one check.
type checker struct {
	p Problem
	s Settings
	r *Report

	x        []float64 // a copy of X
	g        []float64 // the gradient to be checked
	f0       float64   // Func at x
	noise    float64   // in Func near x
	short    float64   // the same over the shortest segments, or 0 if it was not measured
	jump     float64   // the largest found in Func near x
	searches int       // for jumps that are left
	branch   uint64    // at x
	index    [][]int   // the elements of X of each block of r
	block    []int     // the block of each element of X
	rest     int       // the block of what is in none, or −1
	least    []float64 // by block: what elements may lose to rounding where larger ones do

	point []float64 // where Func is to be called
	arg   []float64 // what it is given: a copy, for it may write there

	adds  bool // Grad adds to its argument
	asked bool // whether the noise is a component of high frequency
	fine  bool // it is
	owed  *owed
	found []*finding // what the entries and directions were judged by
	parts []quantity // by element of X: its derivatives of all Parts, where they are known
}

// A finding is a numerical derivative along v, and what a right gradient may owe
// to rounding there.
type finding struct {
	*Entry
	derivative
	of     string // what line is of: Func, Grad or Complex
	line   *line
	f0     float64   // the value of what line is of, at 0
	noise  float64   // in it
	index  []int     // the elements of X that v moves
	v      []float64 // nil for an entry, whose v is 1
	owed   float64
	factor float64 // by which the bound was enlarged
	size   float64 // what a zero is compared with, or 0
}

func newChecker(p Problem, s Settings) *checker {
	c := &checker{p: p, s: s, r: &Report{Mode: s.Mode}, x: slices.Clone(p.X), searches: jumpSearches}
	c.point, c.arg = slices.Clone(c.x), slices.Clone(c.x)
	c.block = make([]int, len(c.x))
	for i := range c.block {
		c.block[i] = -1
	}
	for _, b := range p.Blocks {
		if b.size() == 0 {
			continue
		}
		var index []int
		for k := range b.size() {
			index = append(index, b.Offset+k)
			c.block[b.Offset+k] = len(c.r.Blocks)
		}
		c.index = append(c.index, index)
		c.r.Blocks = append(c.r.Blocks, BlockReport{Block: b})
	}
	var rest []int
	c.rest = -1
	for i, b := range c.block {
		if b < 0 {
			c.rest = len(c.r.Blocks)
			rest = append(rest, i)
			c.block[i] = len(c.r.Blocks)
		}
	}
	if rest != nil {
		c.index = append(c.index, rest)
		c.r.Blocks = append(c.r.Blocks, BlockReport{Block: Block{Name: "x", Offset: rest[0], Rows: len(rest)}})
	}
	return c
}

// name returns what the report calls x[i].
func (c *checker) name(i int) string {
	if c.p.Name != nil {
		return c.p.Name(i)
	}
	b := c.r.Blocks[c.block[i]]
	if c.block[i] == c.rest {
		return b.Block.name(i)
	}
	return b.Block.name(i - b.Offset)
}

// eval returns Func at x.
func (c *checker) eval(x []float64) float64 {
	copy(c.arg, x)
	v := c.p.Func(c.arg)
	c.r.Evaluations++
	c.watch("Func", sameBits(c.arg, x))
	return v
}

// watch remarks on a function that did not leave its x the same.
func (c *checker) watch(name string, same bool) {
	if !same {
		c.r.remark(Fail, name+" modified x")
	}
}

// grad stores Grad at x in dst.
func (c *checker) grad(dst, x []float64) {
	copy(c.arg, x)
	c.p.Grad(dst, c.arg)
	c.r.Gradients++
}

// pointCopy returns a copy of c.point, for a function that may write to it.
func (c *checker) pointCopy() []float64 {
	copy(c.arg, c.point)
	return c.arg
}

// begin evaluates the functions at x, and remarks on what repeated calls show.
func (c *checker) begin() {
	nan := make([]float64, len(c.x))
	for i := range nan {
		nan[i] = math.NaN() // what is not overwritten stays NaN and fails
	}
	c.grad(nan, c.x)
	c.g = slices.Clone(nan) // for Grad may have kept its argument
	modified := !sameBits(c.arg, c.x)
	if slices.ContainsFunc(c.g, math.IsNaN) {
		c.overwrites()
	}
	c.least = make([]float64, len(c.r.Blocks))
	for i, b := range c.block {
		if g := 0x1p-50 * math.Abs(c.g[i]); isFinite(g) {
			c.least[b] = math.Max(c.least[b], g)
		}
	}
	if c.p.Branch != nil {
		copy(c.arg, c.x)
		c.branch = c.p.Branch(c.arg)
	}
	c.f0 = c.eval(c.x)
	if again := c.eval(c.x); math.Float64bits(again) != math.Float64bits(c.f0) {
		c.r.remark(Inconclusive, "Func returned two values at the same x")
	}
	if isFinite(c.f0) && c.s.Mode != Certified && c.s.Mode != ComplexStep {
		c.noise = c.noiseLevel(c.x)
	}
	// The second call follows calls of Func elsewhere, and finds the first result in
	// its argument: it shows a gradient that adds to it or keeps state.
	again := slices.Clone(c.g)
	c.grad(again, c.x)
	modified = modified || !sameBits(c.arg, c.x)
	switch {
	case modified:
		c.r.remark(Fail, "Grad modified x")
	case c.adds:
		c.r.remark(Fail, "Grad adds to its argument instead of overwriting it, which makes that a state")
		c.r.hasState = true
	case !agree(c.g, again, func(i int) float64 { return c.least[c.block[i]] }):
		c.r.remark(Fail, "Grad gave two results at the same x: it adds to its argument or keeps state")
		c.r.hasState = true
	case !slices.EqualFunc(again, c.g, sameValue):
		c.r.remark(Inconclusive, "Grad gave two results at the same x, which differ by rounding")
	}
}

// agree reports whether two results of a function at the same x are the same, but for
// rounding, where element i may lose least(i) to that of larger ones.
func agree(first, again []float64, least func(i int) float64) bool {
	for i, v := range first {
		near := isFinite(v) && isWithin(v, again[i], inexact*math.Abs(v)+least(i))
		if !near && !sameValue(v, again[i]) {
			return false
		}
	}
	return true
}

// overwrites tells a NaN of Grad from one that was in its argument, and takes the
// gradient that it adds to a 0.
func (c *checker) overwrites() {
	zero := make([]float64, len(c.x))
	c.grad(zero, c.x)
	for i, g := range c.g {
		if math.IsNaN(g) && zero[i] != 0 && isFinite(zero[i]) {
			c.g[i], c.adds = zero[i], true
		}
	}
}

// sameBits reports whether a and b are equal, NaN for NaN and −0 for −0.
func sameBits(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(u, v float64) bool {
		return math.Float64bits(u) == math.Float64bits(v)
	})
}
