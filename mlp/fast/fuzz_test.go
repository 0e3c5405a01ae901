package fast

import (
	"math"
	"slices"
	"testing"

	"touchstone/activation"
	"touchstone/internal/arbitrary"
	"touchstone/loss"
	"touchstone/mlp"
	"touchstone/mlp/exact"
)

// FuzzObjective: with every kernel and without, for arbitrary networks, parameters and
// data, nothing panics or modifies what it reads, and all say the same when asked again.
// A NaN among parameters or data comes out as one. For moderate numbers the results are
// within the fair tolerance; and where infinities are among them, of the forward pass
// each is finite, +Inf, −Inf or NaN as in mlp. That last is for what rounding does not
// decide: not beyond the first layer with an infinity in its weights, nor for infinite
// targets and for losses of probabilities, which may round to 0 or 1.
func FuzzObjective(f *testing.F) {
	f.Add([]byte{})
	for mode := range byte(3) {
		f.Add([]byte{mode})
		f.Add(append([]byte{mode}, "\x02\x03\x01\x00\x02\x00\x01\x01\x02\x01\x00\x00 a moderate network of three layers, with weights of letters"...))
		f.Add(append([]byte{mode}, slices.Repeat([]byte{200, 2, 3, 17, 5}, 200)...))
		f.Add(append([]byte{mode}, slices.Repeat([]byte{1, 170, 4, 99, 30, 14, 8}, 200)...))
		f.Add(append([]byte{mode}, slices.Repeat([]byte{250, 1, 2, 3, 4, 5, 6, 0xee, 0x7f}, 100)...))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s := arbitrary.New(data)
		mode := s.Below(3)
		number := [...]func() float64{s.Float, s.Moderate, func() float64 {
			if v := s.Float(); v == 0 || v-v != 0 || math.Abs(v) > 1e-3 && math.Abs(v) < 1e3 {
				return v
			}
			return 1
		}}[mode]
		o, theta := s.Objective(9, number)
		before := slices.Concat(theta, o.X().Data, o.T().Data)
		lost := slices.ContainsFunc(slices.Concat(theta, arbitrary.Rows(o.X()), arbitrary.Rows(o.T())), math.IsNaN)
		for k, fast := range objectives(o) {
			first := everything(fast, theta)
			if again := everything(fast, theta); !arbitrary.Same(first, again) {
				t.Errorf("%s: %v, then %v", k, first, again)
			}
			if lost && first[0] == first[0] {
				t.Errorf("%s: NaN is lost: the objective is %v", k, first[0])
			}
			switch mode {
			case 1:
				within(t, k, o, theta, first)
			case 2:
				sameKinds(t, k, o, fast, theta)
			}
		}
		if !arbitrary.Same(before, slices.Concat(theta, o.X().Data, o.T().Data)) {
			t.Error("an argument was modified")
		}
	})
}

// objectives returns fast objectives of o with each kernel, and as they are made.
func objectives(o *mlp.Objective) map[string]*Objective {
	all := map[string]*Objective{"as made": asMade(o)}
	for _, k := range kernels() {
		all[k.name] = like(k, o)
	}
	return all
}

// everything returns the value, the gradient, ∂E/∂x, and θ after a step.
func everything(o *Objective, theta []float64) []float64 {
	grad, after := slices.Repeat([]float64{math.NaN()}, len(theta)), slices.Clone(theta)
	value := o.Func(theta)
	o.Grad(grad, theta)
	dx := slices.Clone(o.Trace().DX.Data)
	o.Step(after, 0.25)
	return slices.Concat([]float64{value}, grad, dx, after)
}

// within holds everything to the fair tolerance, unless rounding may take a rectifier to
// its other side, or a probability to 0 or 1, where its cross-entropy may be infinite.
func within(t *testing.T, name string, o *mlp.Objective, theta, got []float64) {
	r, err := exact.Evaluate(exact.Problem{Net: o.Net(), Loss: o.Loss(), Theta: theta, X: o.X(), T: o.T(), Sum: o.Sum, Lambda: o.Lambda, Rate: 0.25})
	if err != nil {
		t.Fatal(err)
	}
	for l := range r.Z {
		for _, z := range r.Z[l] {
			if o.Net().Layer(l).Activation == (activation.ReLU{}) && math.Abs(z.Value) <= u*z.Scale+z.Radius {
				return
			}
		}
	}
	if _, ok := o.Loss().(loss.CrossEntropy); ok {
		for _, p := range r.A[len(r.A)-1] {
			if min(p.Value, 1-p.Value) <= u*p.Scale+p.Radius {
				return
			}
		}
	}
	for i, b := range slices.Concat([]exact.Ball{r.Loss}, r.Grad, r.DX, r.After) {
		if room := u*b.Scale + b.Radius + 0x1p-1000; room < math.Inf(1) && !(math.Abs(got[i]-b.Value) <= room) {
			t.Errorf("%s: result %d is %v, off by %v of the %v allowed: %+v", name, i, got[i], got[i]-b.Value, room, b)
		}
	}
}

// sameKinds compares the kinds of numbers of the forward pass.
func sameKinds(t *testing.T, name string, o *mlp.Objective, fast *Objective, theta []float64) {
	want, got := o.Func(theta), fast.Func(theta)
	n := o.Net()
	decided := true
	for l := range n.NumLayers() {
		if l > 0 && slices.ContainsFunc(n.Weights(theta, l).Data, func(w float64) bool { return math.IsInf(w, 0) }) {
			decided = false // 0·∞ is NaN, and a rounding error times ∞ is infinite
		}
		if !decided {
			return
		}
		for i, z := range o.Trace().Z[l].Data {
			if g := fast.Trace().Z[l].Data[i]; arbitrary.Class(g) != arbitrary.Class(z) {
				t.Errorf("%s: z%d[%d] is %v, in mlp %v", name, l, i, g, z)
			}
			if a, g := o.Trace().A[l+1].Data[i], fast.Trace().A[l+1].Data[i]; arbitrary.Class(g) != arbitrary.Class(a) {
				t.Errorf("%s: a%d[%d] is %v, in mlp %v", name, l, i, g, a)
			}
		}
	}
	if slices.ContainsFunc(append(arbitrary.Rows(o.T()), o.Lambda), func(v float64) bool { return math.IsInf(v, 0) }) {
		return // ∞·0 again
	}
	if _, probability := o.Loss().(loss.CrossEntropy); !probability && arbitrary.Class(want) != arbitrary.Class(got) {
		t.Errorf("%s: the objective is %v, in mlp %v", name, got, want)
	}
}
