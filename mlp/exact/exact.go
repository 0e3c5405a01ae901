package exact

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp"
)

// A Problem is an objective of package mlp at a point: the mean of Loss over the
// samples (rows of X and T), or their sum, plus ½·Lambda·‖W‖². Where Loss is nil
// the objective is Σ DY·y, not divided. A negative Lambda is taken as it is.
type Problem struct {
	Net    *mlp.Net       // the architecture
	Loss   loss.Func      // one of package loss, or nil
	Theta  []float64      // the parameters, Net.NumParams of them
	X      blas64.General // inputs, samples × Net.Inputs
	T      blas64.General // with Loss: targets, samples × Net.Outputs
	DY     blas64.General // without: ∂E/∂y, of the same shape
	Sum    bool           // the sum of the samples' losses, not their mean
	Lambda float64        // λ of the regulariser
	Rate   float64        // of the step whose result is After
}

// A Result holds the objective and all that a forward and a backward pass compute
// on the way to it, as balls. In Z, A and Delta the first index is the layer; each
// holds one sample after the other. A[l] is the output of layer l.
type Result struct {
	Loss        Ball     // E, with the regulariser
	Grad        []Ball   // ∂E/∂θ
	DX          []Ball   // ∂E/∂x, one sample after the other
	Z, A, Delta [][]Ball // Delta is ∂E/∂z
	After       []Ball   // θ − Rate·∂E/∂θ

	// Entries counts all balls, FirstRounded those that double-double decided, and
	// Rounded those that are Rounded in the end.
	Entries, FirstRounded, Rounded int
	// Bits is the precision of the last pass: 106 if double-double decided all.
	Bits uint
}

// MaxBits is the precision at which Evaluate gives up rounding what is still open.
const MaxBits = 3200

// An InputError reports an input for which there is no truth to state.
type InputError struct {
	What   string // "W0[2,1]", "x[0,1]", "loss", …
	Reason string // what is wrong with it
}

// Error returns what it is and the reason.
func (e *InputError) Error() string { return "exact: " + e.What + " " + e.Reason }

// Gradient returns the exact results for the mean of l over the samples, without
// regulariser and with the rate 0.
//
// It panics if n is nil, and shapes are checked as by mlp.NewObjective, and panic like
// there. The error is an *InputError for a NaN or an Inf among the inputs, or for a loss
// or an activation that is not one of packages loss and activation.
func Gradient(n *mlp.Net, l loss.Func, theta []float64, x, t blas64.General) (*Result, error) {
	return Evaluate(Problem{Net: n, Loss: l, Theta: theta, X: x, T: t})
}

// Evaluate returns the exact results for p, with the panics and errors of
// Gradient. Where there is no truth, as for the CrossEntropy of a y outside [0, 1],
// or an infinite one, the ball is NaN with an infinite radius, and not Rounded.
//
// Balls are computed in double-double. If the rounding test leaves one open, the
// passes are repeated in math/big, with 200, 400, … MaxBits bits, until all are
// decided: 200 are nearly always enough, see split.go. What is open even then, such
// as the middle of two float64s that is reached by cancelling irrational numbers, or by
// thirds, stays a ball with Rounded = false.
func Evaluate(p Problem) (*Result, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	r := &Result{Bits: 106}
	first := newPass[ball](doubles{}, &p)
	collect(r, first.run(), ball.round)
	kink := first.kink
	r.FirstRounded = r.count()
	for bits := uint(200); r.Rounded < r.Entries && bits <= MaxBits; bits *= 2 {
		again := newPass[split](splits{bigs{bits}}, &p)
		collect(r, again.run(), split.round)
		kink = again.kink // what is decided now is not open
		r.count()
		r.Bits = bits
	}
	r.flag(kink, p.Net)
	scale(r, &p)
	return r, nil
}

// collect rounds the values of a pass into those balls of r that are still open.
func collect[T any](r *Result, v *values[T], round func(T) Ball) {
	put := func(to *[]Ball, from []T) {
		if *to == nil {
			*to = make([]Ball, len(from))
		}
		for i := range from {
			if b := &(*to)[i]; !b.Rounded {
				*b = round(from[i])
			}
		}
	}
	layers := func(to *[][]Ball, from [][]T) {
		if *to == nil {
			*to = make([][]Ball, len(from))
		}
		for l := range from {
			put(&(*to)[l], from[l])
		}
	}
	if !r.Loss.Rounded {
		r.Loss = round(v.loss)
	}
	put(&r.Grad, v.grad)
	put(&r.DX, v.dx)
	put(&r.After, v.after)
	layers(&r.Z, v.z)
	layers(&r.A, v.a)
	layers(&r.Delta, v.delta)
}

// each calls f for every ball.
func (r *Result) each(f func(b *Ball)) {
	f(&r.Loss)
	lists := [][]Ball{r.Grad, r.DX, r.After}
	for l := range r.Z {
		lists = append(lists, r.Z[l], r.A[l], r.Delta[l])
	}
	for _, list := range lists {
		for i := range list {
			f(&list[i])
		}
	}
}

func (r *Result) count() int {
	r.Entries, r.Rounded = 0, 0
	r.each(func(b *Ball) {
		r.Entries++
		if b.Rounded {
			r.Rounded++
		}
	})
	return r.Rounded
}

// flag marks the balls that may depend on the convention ReLU′(0) = 0: kink tells it
// of each δ, by layer and sample.
func (r *Result) flag(kink [][][]bool, n *mlp.Net) {
	at := 0
	for l := range kink {
		width := n.Layer(l).Width
		fanIn := n.Inputs()
		if l > 0 {
			fanIn = n.Layer(l - 1).Width
		}
		biases := !n.Layer(l).NoBias
		for s := range kink[l] {
			for j, k := range kink[l][s] {
				if !k {
					continue
				}
				r.Delta[l][s*width+j].Kink = true
				own := []int{}
				for i := range fanIn {
					own = append(own, at+j*fanIn+i)
				}
				if biases {
					own = append(own, at+width*fanIn+j)
				}
				for _, i := range own {
					r.Grad[i].Kink, r.After[i].Kink = true, true
				}
				if l == 0 {
					for i := range fanIn {
						r.DX[s*fanIn+i].Kink = true
					}
				}
			}
		}
		at += width * fanIn
		if biases {
			at += width
		}
	}
}

// divisor is what sums over the samples are divided by: their number if the objective is
// a mean, and else 1.
func (p *Problem) divisor() float64 {
	if p.Sum || p.Loss == nil {
		return 1
	}
	return float64(p.X.Rows)
}

// check panics on shapes and reports values that have no truth.
func (p *Problem) check() error {
	n := p.Net
	if n == nil {
		panic("exact: nil Net")
	}
	if len(p.Theta) != n.NumParams() {
		panic("exact: length of theta is not NumParams")
	}
	targets, name := p.T, "t"
	if p.Loss == nil {
		targets, name = p.DY, "dy"
	}
	if p.X.Rows < 1 || !isShape(p.X, p.X.Rows, n.Inputs()) {
		panic("exact: x is not samples × inputs")
	}
	if !isShape(targets, p.X.Rows, n.Outputs()) {
		panic("exact: t or dy is not samples × outputs")
	}
	switch p.Loss.(type) {
	case nil, loss.Squared, loss.CrossEntropy, loss.LogitCrossEntropy, loss.SoftmaxCrossEntropy:
	default:
		return &InputError{"loss", "is not one of package loss, of which alone the formulas are known here"}
	}
	for l := range n.NumLayers() {
		switch n.Layer(l).Activation.(type) {
		case activation.Identity, activation.Sigmoid, activation.Tanh, activation.ReLU, activation.Softplus:
		default:
			return &InputError{fmt.Sprintf("activation of layer %d", l), "is not one of package activation, of which alone the formulas are known here"}
		}
	}
	for i, v := range p.Theta {
		if v-v != 0 {
			return &InputError{n.ParamName(i), fmt.Sprintf("is %v, want a finite number", v)}
		}
	}
	for _, m := range []struct {
		name string
		blas64.General
	}{{"x", p.X}, {name, targets}} {
		for s := range m.Rows {
			for k, v := range row(m.General, s) {
				if v-v != 0 {
					return &InputError{fmt.Sprintf("%s[%d,%d]", m.name, s, k), fmt.Sprintf("is %v, want a finite number", v)}
				}
			}
		}
	}
	for _, v := range []struct {
		name  string
		value float64
	}{{"lambda", p.Lambda}, {"rate", p.Rate}} {
		if math.IsNaN(v.value) || math.IsInf(v.value, 0) {
			return &InputError{v.name, fmt.Sprintf("is %v, want a finite number", v.value)}
		}
	}
	return nil
}

func isShape(m blas64.General, rows, cols int) bool {
	return m.Rows == rows && m.Cols == cols && m.Stride >= cols &&
		len(m.Data) >= cols && (len(m.Data)-cols)/m.Stride >= rows-1
}
