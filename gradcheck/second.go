package gradcheck

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// rounded is what a right product may lose to rounding in each element, as a part of the
// largest: each is a sum over all of v.
const rounded = 0x1p-46

// second compares HessVec along random directions v with the derivatives of each
// element of Grad along v, by the same differences as those of Func. An evaluation
// of Grad at a step serves all elements.
func (c *checker) second() {
	if slices.ContainsFunc(c.g, func(g float64) bool { return !isFinite(g) }) {
		c.r.remark(Inconclusive, "HessVec was not checked: Grad is not finite")
		return
	}
	gradFails := c.r.Failed > 0
	noise, _ := c.gradNoise()
	all := make([]int, len(c.x))
	for i := range all {
		all[i] = i
	}
	looked := c.chosen()
	if c.s.Mode == Directions {
		looked = nil
		for b := range c.index {
			looked = append(looked, c.sample(b, lookedAt)...)
		}
	}
	for k := range c.s.PerBlock {
		rnd := rand.New(rand.NewPCG(c.s.Seed, 1<<62|uint64(k)))
		v := c.random(rnd, all)
		hv, ok := c.hessVec(v)
		if !ok {
			return
		}
		largest := maxAbs(hv)
		grads := map[float64][]float64{} // by t
		l := c.direction(all, v)
		for _, i := range looked {
			l := *l
			l.at = func(t float64) (value, actual float64) {
				if grads[t] == nil {
					grads[t] = c.gradAlong(all, v, t)
				}
				l.crossed = l.crossed || math.IsNaN(grads[t][i])
				return grads[t][i], t
			}
			f := c.entry(i)
			f.of, f.line, f.index, f.f0, f.noise = "Grad", &l, nil, c.g[i], noise[i]
			f.Name, f.Analytic, f.size = fmt.Sprintf("(H·v%d) %s", k, f.Name), hv[i], largest
			if isFinite(hv[i]) {
				f.owed = inexact * math.Abs(hv[i])
			}
			f.derivative = derive(&l, firstStep, f.f0, f.noise)
			if f.decide(c.s.Resolution); f.Verdict == Fail && isFinite(hv[i]) {
				c.secondOpinion(f, noiseFactor*f.noise, f.owed+rounded*largest)
			}
			if f.Verdict == Fail && gradFails && f.Reason == "" {
				f.Reason = "but Grad, of which it is to be the derivative, is wrong itself"
			}
			c.r.count(f.Entry)
			c.r.Second = append(c.r.Second, *f.Entry)
		}
	}
}

// gradAlong returns Grad at x + t·v, and NaNs across a kink.
func (c *checker) gradAlong(all []int, v []float64, t float64) []float64 {
	for k, i := range all {
		c.point[i] = c.inside(i, c.x[i]+t*v[k])
	}
	g := make([]float64, len(c.x))
	if c.p.Branch != nil && c.p.Branch(c.pointCopy()) != c.branch {
		for i := range g {
			g[i] = math.NaN()
		}
		return g
	}
	c.grad(g, c.point)
	return g
}

// hessVec returns HessVec at x, and remarks on what two calls show.
func (c *checker) hessVec(v []float64) (hv []float64, ok bool) {
	hv, again := make([]float64, len(c.x)), make([]float64, len(c.x))
	for i := range hv {
		hv[i], again[i] = math.NaN(), 1
	}
	arg := slices.Clone(v)
	for _, dst := range [...][]float64{hv, again} {
		copy(c.arg, c.x)
		c.p.HessVec(dst, c.arg, arg)
		if !sameBits(c.arg, c.x) || !sameBits(arg, v) {
			c.r.remark(Fail, "HessVec modified x or v")
			return hv, false
		}
	}
	switch largest := maxAbs(hv); {
	case !agree(hv, again, func(int) float64 { return rounded * largest }):
		c.r.remark(Fail, "HessVec gave two results at the same x: it adds to its argument or keeps state")
	case !slices.EqualFunc(hv, again, sameValue):
		c.r.remark(Inconclusive, "HessVec gave two results at the same x, which differ by rounding")
	}
	return hv, true
}

// maxAbs returns the largest |xᵢ| of those that are finite.
func maxAbs(x []float64) float64 {
	m := 0.0
	for _, v := range x {
		if isFinite(v) {
			m = math.Max(m, math.Abs(v))
		}
	}
	return m
}
