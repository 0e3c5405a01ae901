package exact

import (
	"math"

	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/activation"
)

// An estimate is a value v in plain float64 and its Scale s: to first order, no
// evaluation in precision u errs by more than u·s. Its own rounding is far below what
// it bounds. The rules are, with n the number of terms of a sum,
//
//	S(x)     = |x|                        an input, rounded to the precision too
//	S(a ± b) = S(a) + S(b) + |a ± b|
//	S(a·b)   = |a|·S(b) + S(a)·|b| + |a·b|
//	S(a/b)   = (S(a) + |a/b|·S(b))/|b| + |a/b|
//	S(Σ a·b) = Σ (|a|·S(b) + S(a)·|b|) + (n+2)·Σ |a·b|
//	S(f(z))  = |f′|·S(z) + 8|f|           identity and ReLU: |f′|·S(z)
//
// so that, for example, S(f″·R{z}) follows from S(f″) and S(R{z}).
type estimate struct{ v, s float64 }

// scale returns s, or +Inf where the value is out of reach: an overflow, or a division
// by a saturated 0.
func (a estimate) scale() float64 {
	if a.v-a.v != 0 {
		return math.Inf(1)
	}
	return a.s
}

// estimates is arithmetic in estimates.
type estimates struct{}

func (estimates) exactly(x float64) estimate          { return estimate{x, math.Abs(x)} }
func (ar estimates) difference(a, b float64) estimate { return ar.sub(ar.exactly(a), ar.exactly(b)) }
func (estimates) positive(a estimate) bool            { return a.v > 0 }
func (estimates) atLeast0(a estimate) bool            { return a.v >= 0 }
func (estimates) unknown() estimate                   { return estimate{math.NaN(), math.NaN()} }
func (estimates) flat(a []estimate) []estimate        { return a }

func (estimates) add(a, b estimate) estimate {
	return estimate{a.v + b.v, a.s + b.s + math.Abs(a.v+b.v)}
}

func (ar estimates) sub(a, b estimate) estimate { return ar.add(a, estimate{-b.v, b.s}) }

func (estimates) mul(a, b estimate) estimate {
	p := float64(a.v * b.v)
	return estimate{p, float64(math.Abs(a.v)*b.s) + float64(a.s*math.Abs(b.v)) + math.Abs(p)}
}

func (estimates) div(a, b estimate) estimate {
	q := a.v / b.v
	return estimate{q, (a.s+float64(math.Abs(q)*b.s))/math.Abs(b.v) + math.Abs(q)}
}

// sum adds up products of a and b.
func (ar estimates) sum(n int, term func(i int) (a, b estimate)) (sum estimate) {
	for i := range n {
		a, b := term(i)
		p := ar.mul(a, b)
		sum.v += p.v
		sum.s += p.s + float64(float64(n+1)*math.Abs(p.v))
	}
	return sum
}

func (ar estimates) dot(b float64, w []float64, a []estimate) estimate {
	return ar.sum(len(w)+1, func(k int) (estimate, estimate) {
		if k == len(w) {
			return ar.exactly(b), estimate{v: 1}
		}
		return ar.exactly(w[k]), a[k]
	})
}

func (ar estimates) columns(w blas64.General, d []estimate) []estimate {
	out := make([]estimate, w.Cols)
	for k := range out {
		out[k] = ar.sum(len(d), func(j int) (estimate, estimate) { return ar.exactly(row(w, j)[k]), d[j] })
	}
	return out
}

func (ar estimates) weighted(a [][]estimate, d []estimate) []estimate {
	out := make([]estimate, len(a[0]))
	for k := range out {
		out[k] = ar.sum(len(d), func(s int) (estimate, estimate) { return a[s][k], d[s] })
	}
	return out
}

func (ar estimates) total(d []estimate) estimate {
	return ar.sum(len(d), func(s int) (estimate, estimate) { return d[s], estimate{v: 1} })
}

// function returns y = f(z), where f′(z) = slope and f itself may err by cost·u·|y|.
func (estimates) function(z estimate, y, slope, cost float64) estimate {
	return estimate{y, float64(math.Abs(slope)*z.s) + float64(cost*math.Abs(y))}
}

func (ar estimates) activate(f activation.Func, z estimate) (value, deriv estimate, kink bool) {
	d, cost := f.Deriv(z.v), functionCost(f)
	return ar.function(z, f.Value(z.v), d, cost), ar.function(z, d, second(f, z.v), cost), false
}

func (ar estimates) logistic(z estimate, minus bool) estimate {
	if minus {
		z.v = -z.v
	}
	var σ activation.Sigmoid
	return ar.function(z, σ.Value(z.v), σ.Deriv(z.v), functionError)
}

func (ar estimates) logTail(z estimate) estimate {
	var f activation.Softplus
	a := -math.Abs(z.v)
	return ar.function(z, f.Value(a), f.Deriv(a), functionError)
}

func (ar estimates) exp(x estimate) estimate {
	y := doubles{}.exp(exactly(x.v)).round().Value
	return ar.function(x, y, y, functionError)
}

func (ar estimates) log1p(x estimate) estimate {
	return ar.function(x, doubles{}.log1p(exactly(x.v)).round().Value, 1/(1+x.v), functionError)
}

// log is for probabilities.
func (ar estimates) log(x estimate) estimate {
	return ar.function(x, logarithm(x.v), 1/x.v, functionError)
}
