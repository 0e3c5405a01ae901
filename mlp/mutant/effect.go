package mutant

import (
	"math"
	"slices"

	"touchstone/mlp"
	"touchstone/mlp/exact"
)

const (
	u              = 0x1p-53   // unit roundoff
	smallestNormal = 0x1p-1022 // below it, rounding is not relative
)

// Effect tells how wrong grad is, as the gradient of o at theta. It calls grad twice,
// first with NaN in its argument, to be overwritten, and then with its own result,
// and compares both results with the exact gradient.
//
// The effect is 0 if no fair judge could object: every element is within the fair
// tolerance of package exact and 4 units of roundoff of itself, both times, and theta
// is left alone. That is so for a right gradient in float64, unless something on the
// way underflows and later weights make it large again, or where the fair tolerance, which
// is of first order, is no bound: see package exact. Else it is the largest error of an
// element that is not, relative to the largest element of the exact gradient. It is +Inf where that is 0, for what is not finite, and if grad writes to
// theta.
//
// The error is that of exact.Evaluate.
func Effect(o *mlp.Objective, theta []float64, grad func(grad, theta []float64)) (float64, error) {
	t, err := newTruth(o, theta)
	if err != nil {
		return 0, err
	}
	return t.effect(grad), nil
}

// A truth is an exact gradient.
type truth struct {
	theta   []float64
	result  *exact.Result
	largest float64 // the size of the largest element
}

func newTruth(o *mlp.Objective, theta []float64) (*truth, error) {
	r, err := exact.Evaluate(exact.Problem{Net: o.Net(), Loss: o.Loss(), Theta: theta,
		X: o.X(), T: o.T(), Sum: o.Sum, Lambda: o.Lambda})
	if err != nil {
		return nil, err
	}
	t := &truth{slices.Clone(theta), r, 0}
	for _, b := range r.Grad {
		t.largest = math.Max(t.largest, math.Abs(b.Value))
	}
	return t, nil
}

func constant(v float64) func(float64) float64 { return func(float64) float64 { return v } }

// fair reports whether float64 can be asked for this truth at all: every element has
// a tolerance and one value, and the objective has ten digits.
func (t *truth) fair() bool {
	for _, b := range t.result.Grad {
		if b.Kink || !(b.Scale < math.Inf(1)) {
			return false
		}
	}
	return u*t.result.Loss.Scale <= 1e-10*math.Abs(t.result.Loss.Value)
}

func (t *truth) effect(grad func(grad, theta []float64)) float64 {
	g, theta := make([]float64, len(t.theta)), slices.Clone(t.theta)
	each(g, constant(math.NaN()))
	effect := 0.0
	for range 2 {
		grad(g, theta)
		effect = math.Max(effect, t.compare(g))
	}
	if !slices.Equal(theta, t.theta) {
		return math.Inf(1)
	}
	return effect
}

func (t *truth) compare(g []float64) (effect float64) {
	for i, b := range t.result.Grad {
		apart := math.Abs(g[i] - b.Value)
		if apart <= u*(b.Scale+4*math.Abs(b.Value))+b.Radius+smallestNormal {
			continue
		}
		relative := apart / t.largest
		if !(relative < math.Inf(1)) {
			return math.Inf(1) // also for NaN
		}
		effect = max(effect, relative, math.SmallestNonzeroFloat64)
	}
	return effect
}
