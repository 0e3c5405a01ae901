package exact

import (
	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/activation"
	"touchstone/internal/dd"
)

// arithmetic is what a pass computes with: balls in double-double first, balls in
// math/big for what those leave open. Every result contains the truth for every
// choice of truths within its arguments.
type arithmetic[T any] interface {
	exactly(x float64) T
	difference(a, b float64) T // a − b
	add(a, b T) T
	sub(a, b T) T
	mul(a, b T) T
	div(a, b T) T
	positive(a T) bool // of the centre of the ball
	atLeast0(a T) bool // of all of the ball
	unknown() T

	dot(b float64, w []float64, a []T) T // b + Σₖ w[k]·a[k], a flat
	columns(w blas64.General, d []T) []T // Σⱼ w[j,k]·d[j], for all k
	weighted(a [][]T, d []T) []T         // Σₛ a[s][k]·d[s], for all k, a flat
	total(d []T) T                       // Σₛ d[s]
	flat(a []T) []T                      // a as dot and weighted want it

	activate(f activation.Func, z T) (value, deriv T, kink bool) // kink: a ReLU's z may be 0
	logistic(z T, minus bool) T                                  // σ(z), or σ(−z)
	logTail(z T) T                                               // log(1+e^−|z|)
	exp(x T) T
	log1p(x T) T // x ≥ 0
	log(x T) T   // x > 0
}

// doubles is arithmetic in double-double balls.
type doubles struct{}

func (doubles) exactly(x float64) ball       { return exactly(x) }
func (doubles) difference(a, b float64) ball { return ball{v: dd.TwoSum(a, -b)} }
func (doubles) add(a, b ball) ball           { return a.add(b) }
func (doubles) sub(a, b ball) ball           { return a.sub(b) }
func (doubles) positive(a ball) bool         { return a.v.Hi > 0 }
func (doubles) atLeast0(a ball) bool         { return a.isZero() || a.isPositive() }
func (doubles) unknown() ball                { return unknown }

func (doubles) mul(a, b ball) ball {
	if one := exactly(1); b == one {
		return a
	}
	return a.mul(b)
}

func (doubles) div(a, b ball) ball {
	if n := b.v.Hi; 1 <= n && n <= 0x1p53 && b == exactly(n) {
		return a.divided(n)
	}
	return a.div(b)
}
