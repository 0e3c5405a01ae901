package gradcheck

import (
	"math"
	"math/rand/v2"
	"slices"
)

// complexStep checks by the imaginary part of Complex: for an analytic f, Im f(x +
// ih)/h = f′(x) − h²·f‴(x)/6 + …, without a difference that cancels, so that h can
// be so small that the first term is all (Squire and Trapp, "Using complex
// variables to estimate derivatives of real functions", SIAM Review 40 (1998)).
func (c *checker) complexStep() {
	z := make([]complex128, len(c.x))
	for i, v := range c.x {
		z[i] = complex(v, 0)
	}
	arg := make([]complex128, len(z))
	eval := func() complex128 {
		c.r.Evaluations++
		copy(arg, z)
		v := c.p.Complex(arg)
		c.watch("Complex", slices.Equal(arg, z))
		return v
	}
	if isFinite(c.f0) {
		c.noise = c.noiseLevel(c.x)
	}
	v := real(eval())
	if isFinite(c.f0) && !isWithin(v, c.f0, 1e-6*math.Abs(c.f0)+100*c.noise) {
		c.r.remark(Inconclusive, "Complex is not the same function as Func")
	}
	for _, i := range c.chosen() {
		f := c.entry(i)
		f.of = "Complex"
		var lost bool
		f.derivative, lost = c.complexDerivative(i, z, eval)
		f.owed = c.owedTo(i, false)
		if f.decide(c.s.Resolution); f.Verdict == Fail && isFinite(f.Analytic) {
			f.owed = c.owedTo(i, true)
			f.decide(c.s.Resolution)
		}
		if lost && f.Verdict == Inconclusive {
			f.Reason = "Func moves here, and the imaginary part does not: Complex is not analytic, or too small a number"
		}
		c.take(f)
	}
	c.compareComplex()
}

// complexDerivative returns the derivative in element i. The step is so small that
// h² is nothing beside 1, nor beside x², and the imaginary part yet no subnormal number;
// of an x for which there is no such step nothing is known. Rounding is different for
// each step, and for real parts that differ by some units in the last place: the spread
// shows it. The derivative is lost where the imaginary part underflows although Func
// moves.
func (c *checker) complexDerivative(i int, z []complex128, eval func() complex128) (d derivative, lost bool) {
	x := c.x[i]
	unit := math.Max(math.Abs(x)*0x1p-300, 0x1p-700)
	if x != 0 {
		unit = math.Min(unit, math.Abs(x)*0x1p-40)
	}
	defer func() { z[i] = complex(x, 0) }()
	low, high, least := math.Inf(1), math.Inf(-1), math.Inf(1)
	for k, h := range [...]float64{1, 0.6, 0.35, 0.2} {
		z[i] = complex(c.inside(i, x*(1+2*ulp*float64(k))), h*unit)
		im := imag(eval())
		d := im / (h * unit)
		if !isFinite(d) {
			return derivative{bound: math.Inf(1), above: true, below: true}, false
		}
		low, high, least = math.Min(low, d), math.Max(high, d), math.Min(least, math.Abs(im))
	}
	d = derivative{value: low + (high-low)/2, left: low, right: high, above: true, below: true}
	d.bound = 4*(high-low) + 0x1p-46*math.Abs(d.value)
	if size := math.Max(math.Abs(c.f0), math.Abs(d.value)*math.Max(math.Abs(x), 1)); size > 0 {
		d.bound += 8 * math.Abs(d.value) * c.noise / size // what Func loses to rounding, this may too
	}
	if least < 0x1p-1020 {
		// An underflow, or a derivative of 0: that is so if Func does not move.
		l := c.coordinate(i)
		hi, _ := l.at(firstStep * l.unit)
		lo, _ := l.at(-firstStep * l.unit)
		d.bound += 0x1p-1020 / (0.2 * unit) // which an underflow hides
		if lost = hi != c.f0 || lo != c.f0; lost {
			d.bound = math.Inf(1)
		}
	}
	return d, lost
}

// compareComplex remarks on a Complex that is not analytic, such as one with an
// Abs: its imaginary part has nothing to do with the derivative of Func. Along one
// direction, differences of Func tell.
func (c *checker) compareComplex() {
	var index []int // of what was looked at and is known
	numeric := make([]float64, len(c.x))
	bound := 0.0
	for _, f := range c.found {
		if isFinite(f.Bound) {
			index = append(index, f.Index)
			numeric[f.Index] = f.Numeric
			bound += f.Bound * math.Max(math.Abs(c.x[f.Index]), 1)
		}
	}
	if len(index) == 0 || !isFinite(c.f0) {
		return
	}
	v := c.random(rand.New(rand.NewPCG(c.s.Seed, 1<<63)), index)
	sum := c.product(numeric, index, v)
	f := c.along(0, 0, index, v)
	f.Analytic = sum
	f.derivative = derive(f.line, firstStep, f.f0, c.noise)
	if f.decide(c.s.Resolution); f.Verdict == Fail {
		c.secondOpinion(f, c.noise, doubt*bound)
	}
	if f.Verdict == Fail {
		c.r.remark(Inconclusive, "Complex is not analytic, or not the same function as Func")
	}
}
