package mlp_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"touchstone/internal/arbitrary"
	"touchstone/mlp"
)

// FuzzObjective: for arbitrary networks, parameters and data, nothing panics or
// modifies what it reads, all say the same when asked again, a NaN among parameters,
// inputs or targets comes out as one, and training ends in finite parameters or says
// that it diverged.
func FuzzObjective(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte("\x02\x03\x01\x00\x02\x00\x01\x01\x02\x01\x00\x00 a moderate network of three layers, with weights of letters"))
	f.Add(slices.Repeat([]byte{200, 2, 3}, 60)) // infinities
	f.Add(slices.Repeat([]byte{1, 170, 4}, 60)) // NaN
	f.Add(slices.Repeat([]byte{170, 7, 1, 0}, 60))
	f.Add(slices.Repeat([]byte{250, 1, 2, 3, 4, 5, 6, 0xee, 0x7f}, 30)) // huge
	f.Fuzz(func(t *testing.T, data []byte) {
		s := arbitrary.New(data)
		o, theta := s.Objective(4, s.Float)
		x, targets, theta0 := slices.Clone(o.X().Data), slices.Clone(o.T().Data), slices.Clone(theta)
		v := arbitrary.Fill(make([]float64, len(theta)), s.Float)
		v0 := slices.Clone(v)
		rate := math.Abs(s.Finite())

		results := func(old float64) []float64 {
			grad, hess := slices.Repeat([]float64{old}, len(theta)), slices.Repeat([]float64{old}, len(theta))
			value := o.Func(theta)
			o.Grad(grad, theta)
			o.HessVec(hess, theta, v)
			return slices.Concat([]float64{value}, grad, hess, o.Trace().DX.Data)
		}
		first := results(math.NaN())
		if again := results(7); !arbitrary.Same(first, again) {
			t.Errorf("%v, then %v", first, again)
		}
		if read := slices.Concat(arbitrary.Rows(o.X()), arbitrary.Rows(o.T()), theta); hasNaN(read) && first[0] == first[0] {
			t.Errorf("NaN is lost: the objective is %v", first[0])
		}

		trained := slices.Clone(theta)
		err := mlp.SGD{Rate: rate, Batch: s.Below(5), Epochs: s.Below(3), Seed: 1}.Train(trained, o)
		if diverged := (*mlp.DivergedError)(nil); err != nil && (!errors.As(err, &diverged) || diverged.Error() == "") {
			t.Errorf("Train: %v", err)
		}
		if err == nil && slices.ContainsFunc(trained, func(v float64) bool { return v-v != 0 }) {
			t.Errorf("trained to %v without an error", trained)
		}
		if !arbitrary.Same(x, o.X().Data) || !arbitrary.Same(targets, o.T().Data) || !arbitrary.Same(theta0, theta) || !arbitrary.Same(v0, v) {
			t.Error("an argument was modified")
		}
	})
}

func hasNaN(v []float64) bool {
	return slices.ContainsFunc(v, func(x float64) bool { return x != x })
}
