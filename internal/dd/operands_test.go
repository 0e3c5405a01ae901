package dd

import (
	"math"
	"math/rand/v2"
)

// float returns a float64 from 2^−200 to 2^200: of random bits, or a power of two,
// one of its neighbours, or a number of few bits.
func float(rnd *rand.Rand) float64 {
	m := 1 + rnd.Float64()
	switch rnd.IntN(6) {
	case 0:
		m = 1
	case 1:
		m = 1 + 0x1p-52
	case 2:
		m = 2 - 0x1p-52
	case 3:
		m = 1 + float64(rnd.IntN(8))/8
	}
	if rnd.IntN(2) == 0 {
		m = -m
	}
	e := rnd.IntN(401) - 200
	if rnd.IntN(2) == 0 {
		e = rnd.IntN(5) - 2 // as close as it takes to interfere
	}
	return math.Ldexp(m, e)
}

func ulp(x float64) float64 {
	x = math.Abs(x)
	return math.Nextafter(x, math.Inf(1)) - x
}

// withLo adds a Lo part to x: none, one of random bits, half an ulp or nearly so,
// or one far below.
func withLo(x float64, rnd *rand.Rand) DD {
	h := ulp(x) / 2
	lo := 0.0
	switch rnd.IntN(6) {
	case 0:
	case 1:
		lo = h
	case 2:
		lo = h * (1 - 0x1p-53*float64(1+rnd.IntN(4)))
	case 3:
		lo = math.Ldexp(h*(1-rnd.Float64()), -rnd.IntN(300))
	default:
		lo = h * rnd.Float64()
	}
	if rnd.IntN(2) == 0 {
		lo = -lo
	}
	return TwoSum(x, lo)
}

func dd(rnd *rand.Rand) DD { return withLo(float(rnd), rnd) }

// floats returns two float64s. In one case of three they all but cancel.
func floats(rnd *rand.Rand) (x, y DD) {
	x, y = DD{float(rnd), 0}, DD{float(rnd), 0}
	if rnd.IntN(3) == 0 {
		y.Hi = -x.Hi + float64(rnd.IntN(7)-3)*ulp(x.Hi)
	}
	return x, y
}

// ordered returns two float64s, the larger first.
func ordered(rnd *rand.Rand) (x, y DD) {
	x, y = floats(rnd)
	if math.Abs(x.Hi) < math.Abs(y.Hi) {
		x, y = y, x
	}
	return x, y
}

// noLo returns args without the Lo of y, and noLos without either.
func noLo(args func(*rand.Rand) (x, y DD)) func(*rand.Rand) (x, y DD) {
	return func(rnd *rand.Rand) (x, y DD) {
		x, y = args(rnd)
		return x, DD{y.Hi, 0}
	}
}

func noLos(args func(*rand.Rand) (x, y DD)) func(*rand.Rand) (x, y DD) {
	return func(rnd *rand.Rand) (x, y DD) {
		x, y = args(rnd)
		return DD{x.Hi, 0}, DD{y.Hi, 0}
	}
}

// pair returns two numbers. In one case of three they all but cancel, in Hi alone
// or in Lo too.
func pair(rnd *rand.Rand) (x, y DD) {
	x, y = dd(rnd), dd(rnd)
	switch rnd.IntN(6) {
	case 0:
		y = withLo(-x.Hi+float64(rnd.IntN(5)-2)*ulp(x.Hi), rnd)
	case 1:
		y = TwoSum(-x.Hi, -x.Lo+float64(rnd.IntN(5)-2)*ulp(x.Lo))
	}
	if y.Hi == 0 {
		y = x
	}
	return x, y
}

// small returns x and y with |y| ≤ 2^−7·|x|.
func small(rnd *rand.Rand) (x, y DD) {
	x, y = dd(rnd), dd(rnd)
	d := math.Ilogb(x.Hi) - math.Ilogb(y.Hi) - 8
	if rnd.IntN(2) == 0 {
		d -= rnd.IntN(60)
	}
	return x, y.Scale(d)
}

// logUniform returns a number from 2^lo to 2^hi, hi excluded.
func logUniform(lo, hi int, rnd *rand.Rand) float64 {
	return math.Ldexp(1+rnd.Float64(), lo+rnd.IntN(hi-lo))
}

// expArg returns a number up to 1000 in absolute value: uniform, log-uniform down
// to the subnormals, or next to a multiple of step/2, where the reduction changes
// its mind and where r is 0 or at its largest.
func expArg(rnd *rand.Rand) (x, y DD) {
	switch rnd.IntN(4) {
	case 0:
		x.Hi = 1000 * rnd.Float64()
	case 1:
		x.Hi = logUniform(-1074, 9, rnd)
	case 2:
		x.Hi = logUniform(-20, 9, rnd)
	default:
		n := rnd.IntN(1 << (1 + rnd.IntN(23)))
		x.Hi = float64(n) * (step1/2 + step2/2)
		x.Hi += float64(rnd.IntN(9)-4) * ulp(x.Hi)
	}
	x.Hi = min(math.Abs(x.Hi), 1000)
	if rnd.IntN(2) == 0 {
		x.Hi = -x.Hi
	}
	return withLo(x.Hi, rnd), y
}

func expm1Arg(rnd *rand.Rand) (x, y DD) {
	x, y = expArg(rnd)
	if rnd.IntN(4) != 0 {
		x = withLo(math.Copysign(logUniform(-16, 2, rnd), x.Hi), rnd)
	}
	if x.Hi > 709 {
		x = x.Neg()
	}
	return x, y
}

// log1pArg returns a number from 0 to 1: uniform, log-uniform down to the
// subnormals, or next to a boundary between table entries.
func log1pArg(rnd *rand.Rand) (x, y DD) {
	switch rnd.IntN(4) {
	case 0:
		x.Hi = rnd.Float64()
	case 1:
		x.Hi = logUniform(-1074, 0, rnd)
	case 2:
		x.Hi = logUniform(-18, 0, rnd)
	default:
		x.Hi = math.Ldexp(float64(rnd.IntN(1<<8)), -8-rnd.IntN(8))
		x.Hi += float64(rnd.IntN(9)-4) * ulp(x.Hi)
	}
	return withLo(math.Abs(x.Hi), rnd), y
}

// aboveOne returns a number from 1 to 2^60, or one next to a power of two less 1.
func aboveOne(rnd *rand.Rand) (x, y DD) {
	x = withLo(logUniform(0, 60, rnd), rnd)
	if rnd.IntN(2) == 0 {
		x = DD{math.Ldexp(1, 1+rnd.IntN(60)), 0}.AddFloat(-1).AddFloat(math.Ldexp(float64(rnd.IntN(3)-1), -rnd.IntN(60)))
	}
	if x.Hi < 1 {
		x = DD{1, 0}
	}
	return x, y
}

// anywhere returns two float64s of random bits that neither overflow nor are NaN.
func anywhere(rnd *rand.Rand) (x, y DD) {
	bits := func() DD {
		return DD{math.Float64frombits(rnd.Uint64()&^(1<<62) | rnd.Uint64()&(1<<62)>>1), 0}
	}
	return bits(), bits()
}

// largest returns two numbers, each of them up to four steps below ±MaxFloat64 or a few
// half steps from 0, but y is not at the end itself. Their sum does not overflow.
func largest(rnd *rand.Rand) (x, y DD) {
	number := func() DD {
		hi, lo := float64(rnd.IntN(9))*0x1p970, 0.0 // steps are 2^971
		if rnd.IntN(2) == 0 {
			hi = math.MaxFloat64 - float64(rnd.IntN(5))*0x1p971
			lo = float64(rnd.IntN(3)-1) * rnd.Float64() * 0x1p970
		}
		if rnd.IntN(2) == 0 {
			hi = -hi
		}
		return DD{hi, lo}
	}
	for {
		x, y = number(), number()
		s := x.Hi + y.Hi
		exact, _ := sum(x.big(), y.big()).Float64()
		without, _ := sum(x.big(), DD{y.Hi, 0}.big()).Float64()
		if math.Abs(y.Hi) != math.MaxFloat64 && !math.IsInf(s, 0) && !math.IsInf(exact, 0) && !math.IsInf(without, 0) {
			return x, y
		}
	}
}

// low returns x and y with 2^e ≤ |x·y| < 2^(e+2).
func low(e int) func(*rand.Rand) (x, y DD) {
	return func(rnd *rand.Rand) (x, y DD) {
		x, y = dd(rnd), dd(rnd)
		k := e/2 + rnd.IntN(101) - 50
		x = renorm(x.Scale(k - math.Ilogb(x.Hi)))
		y = renorm(y.Scale(e - k - math.Ilogb(y.Hi)))
		return x, y
	}
}

// far returns x and y with |y| from 2^−900 to 2^900 and |x/y| from 2^−900 to
// 2^1000, as far as x has room.
func far(rnd *rand.Rand) (x, y DD) {
	x, y = dd(rnd), dd(rnd)
	k := rnd.IntN(1800) - 900
	e := max(-950, min(k-898+rnd.IntN(1898), 1020))
	e = max(e, k-898)
	return renorm(x.Scale(e - math.Ilogb(x.Hi))), renorm(y.Scale(k - math.Ilogb(y.Hi)))
}

// renorm repairs what an underflow in Scale may have done to the form of x.
func renorm(x DD) DD { return TwoSum(x.Hi, x.Lo) }
