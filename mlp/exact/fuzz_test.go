package exact_test

import (
	"math"
	"math/big"
	"slices"
	"testing"

	"touchstone/internal/arbitrary"
	"touchstone/loss"
	"touchstone/mlp"
	"touchstone/mlp/exact"
)

// problem draws a problem of numbers of f.
func problem(s *arbitrary.Source, f func() float64) (exact.Problem, *mlp.Objective) {
	o, theta := s.Objective(3, f)
	p := exact.Problem{Net: o.Net(), Loss: o.Loss(), Theta: theta, X: o.X(), T: o.T(), Sum: o.Sum, Lambda: o.Lambda, Rate: f()}
	if s.Below(8) == 1 {
		p.Loss, p.DY = nil, p.T
	}
	return p, o
}

func seeds(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte("\x02\x02\x01\x00\x02\x00\x01\x01\x02\x01\x00\x00 a moderate network of some layers, with weights of letters"))
	f.Add(slices.Repeat([]byte{1, 33, 7, 90}, 50))
	f.Add(slices.Repeat([]byte{170, 7, 1, 5}, 60))                      // subnormal numbers
	f.Add(slices.Repeat([]byte{250, 1, 2, 3, 4, 5, 6, 0xee, 0x7f}, 30)) // huge ones
}

// FuzzEvaluate: for arbitrary finite problems nothing panics or modifies what it reads;
// where the loss is finite its ball contains what exact.Func computes in enough bits,
// without this derivation; the balls of the gradient contain the decimals of Digits, and
// for moderate numbers what differences of exact.Func say; and mlp is within its fair
// tolerance of all of them.
func FuzzEvaluate(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		s := arbitrary.New(data)
		moderate := s.Bool()
		number := s.Finite
		if moderate {
			number = s.Moderate
		}
		p, o := problem(s, number)
		before := slices.Concat(p.Theta, p.X.Data, p.T.Data)
		r, err := exact.Evaluate(p)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range slices.Concat([]exact.Ball{r.Loss}, r.Grad, r.After, r.DX) {
			if !(b.Radius >= 0) || b.Rounded && !(b.Radius <= math.Abs(b.Value)) && b.Radius > 5e-324 || !(b.Scale >= math.Abs(b.Value)) && b.Value == b.Value {
				t.Errorf("no ball: %+v", b)
			}
		}
		function, err := exact.Func(p)
		if err != nil {
			t.Fatal(err)
		}
		v := function(bigs(p.Theta), 500)
		if !contains(r.Loss, v) {
			v = function(bigs(p.Theta), 20000) // for logits of 1e308 that are nearly equal
		}
		if !contains(r.Loss, v) {
			t.Errorf("the loss %v is outside %+v", v, r.Loss)
		}
		if d, err := exact.DigitsOf(p, exact.Fields{Grad: true}); err == nil {
			for i, text := range d.Grad {
				v, _, err := big.ParseFloat(text, 10, 300, big.ToNearestEven)
				if err != nil || !contains(r.Grad[i], v) {
					t.Errorf("%s: the decimal %s is outside %+v", p.Net.ParamName(i), text, r.Grad[i])
				}
			}
		}
		if moderate {
			slopes(t, p, r, function)
			if p.Loss != nil {
				compareMLP(t, o, p, r)
			}
		}
		if !arbitrary.Same(before, slices.Concat(p.Theta, p.X.Data, p.T.Data)) {
			t.Error("an argument was modified")
		}
	})
}

// contains reports whether v is in b, but for the rounding of v to 40 digits, which is
// below 2^−130 of it. Where v is infinite, it is not defined, and nothing is said.
func contains(b exact.Ball, v *big.Float) bool {
	if math.IsInf(b.Radius, 1) || v.IsInf() {
		return true
	}
	d := new(big.Float).SetPrec(3000).SetFloat64(b.Value)
	d.Sub(d, v).Abs(d)
	room := new(big.Float).SetPrec(3000).Mul(new(big.Float).SetMantExp(v, -130), big.NewFloat(1))
	room.Abs(room).Add(room, new(big.Float).SetFloat64(b.Radius))
	return d.Cmp(room) <= 0
}

func bigs(v []float64) []*big.Float {
	list := make([]*big.Float, len(v))
	for i := range v {
		list[i] = new(big.Float).SetFloat64(v[i])
	}
	return list
}

// slopes compares some elements of the gradient with central differences of 2⁻²⁰⁰ in 900
// bits, whose own error is far below 2⁻²⁰⁰ of the larger numbers on the way. At a kink they
// say nothing.
func slopes(t *testing.T, p exact.Problem, r *exact.Result, function func([]*big.Float, uint) *big.Float) {
	const prec = 900
	step := new(big.Float).SetMantExp(big.NewFloat(1), -200)
	for i := 0; i < len(p.Theta); i += 1 + len(p.Theta)/4 {
		if r.Grad[i].Kink || math.IsInf(r.Grad[i].Scale, 1) || nearKink(p, r) {
			continue
		}
		at := func(sign int64) *big.Float {
			theta := bigs(p.Theta)
			h := new(big.Float).SetPrec(prec).Mul(step, new(big.Float).SetInt64(sign))
			theta[i] = new(big.Float).SetPrec(prec).Add(theta[i], h)
			return function(theta, prec)
		}
		up, down := at(1), at(-1)
		if up.IsInf() || down.IsInf() {
			continue
		}
		d := new(big.Float).SetPrec(prec).Sub(up, down)
		d.Quo(d, new(big.Float).SetMantExp(big.NewFloat(1), -199))
		off := new(big.Float).SetPrec(prec).SetFloat64(r.Grad[i].Value)
		off.Sub(off, d).Abs(off)
		room := r.Grad[i].Radius + 0x1p-120*(r.Grad[i].Scale+1)
		if off.Cmp(big.NewFloat(room)) > 0 {
			t.Errorf("%s: the difference says %.30g, outside %+v", p.Net.ParamName(i), d, r.Grad[i])
		}
	}
}

// nearKink reports whether a pre-activation is as good as 0, where a rectifier bends.
func nearKink(p exact.Problem, r *exact.Result) bool {
	for l := range r.Z {
		for _, z := range r.Z[l] {
			if p.Net.Layer(l).Activation.String() == "relu" && math.Abs(z.Value) <= 0x1p-100 {
				return true
			}
		}
	}
	return false
}

// compareMLP holds mlp to the fair tolerance.
func compareMLP(t *testing.T, o *mlp.Objective, p exact.Problem, r *exact.Result) {
	grad := make([]float64, len(p.Theta))
	value := o.Func(p.Theta)
	o.Grad(grad, p.Theta)
	got := append([]float64{value}, grad...)
	for i, b := range append([]exact.Ball{r.Loss}, r.Grad...) {
		const underflow = 0x1p-1000 // is not in Scale
		if room := 0x1p-53*b.Scale + b.Radius + underflow; !kinked(p, r) && !(math.Abs(got[i]-b.Value) <= room) && room < math.Inf(1) {
			t.Errorf("mlp's result %d is %v, off by %v of the %v allowed: %+v", i, got[i], got[i]-b.Value, room, b)
		}
	}
}

// kinked reports whether rounding may take a pre-activation of a rectifier to its other
// side, or a probability to 0 or 1, where its cross-entropy may be infinite.
func kinked(p exact.Problem, r *exact.Result) bool {
	if _, ok := p.Loss.(loss.CrossEntropy); ok {
		for _, y := range r.A[len(r.A)-1] {
			if min(y.Value, 1-y.Value) <= 0x1p-53*y.Scale+y.Radius {
				return true
			}
		}
	}
	for l := range r.Z {
		for _, z := range r.Z[l] {
			if p.Net.Layer(l).Activation.String() == "relu" && math.Abs(z.Value) <= 0x1p-53*z.Scale+z.Radius {
				return true
			}
		}
	}
	return false
}

// FuzzHessVec: the same for products with the Hessian, which mlp computes within the
// fair tolerance too.
func FuzzHessVec(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		s := arbitrary.New(data)
		moderate := s.Bool()
		number := s.Finite
		if moderate {
			number = s.Moderate
		}
		p, o := problem(s, number)
		v := arbitrary.Fill(make([]float64, len(p.Theta)), number)
		before := slices.Concat(p.Theta, p.X.Data, p.T.Data, v)
		balls, err := exact.HessVec(p, v)
		if err != nil {
			t.Fatal(err)
		}
		r, err := exact.Evaluate(p)
		if err != nil {
			t.Fatal(err)
		}
		if moderate && p.Loss != nil && !kinked(p, r) {
			got := make([]float64, len(v))
			o.HessVec(got, p.Theta, v)
			for i, b := range balls {
				if room := 0x1p-53*b.Scale + b.Radius + 0x1p-1000; room < math.Inf(1) && !(math.Abs(got[i]-b.Value) <= room) {
					t.Errorf("mlp's product at %s is %v, off by %v of the %v allowed: %+v", p.Net.ParamName(i), got[i], got[i]-b.Value, room, b)
				}
			}
		}
		if !arbitrary.Same(before, slices.Concat(p.Theta, p.X.Data, p.T.Data, v)) {
			t.Error("an argument was modified")
		}
	})
}

// FuzzDigits: decimals of any selection of fields are decimals, of the shape of the
// problem, and the same in any selection.
func FuzzDigits(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		s := arbitrary.New(data)
		k := s.Byte()
		some := exact.Fields{Loss: k&1 > 0, Grad: k&2 > 0, DX: k&4 > 0, Z: k&8 > 0, A: k&16 > 0, Delta: k&32 > 0, After: k&64 > 0, LossAfter: k&128 > 0}
		p, _ := problem(s, s.Finite)
		d, err := exact.DigitsOf(p, some)
		if err != nil {
			if _, ok := err.(*exact.InputError); !ok {
				t.Errorf("error %v", err)
			}
			return
		}
		lists := [][]string{d.Grad, d.DX, d.After, slices.Concat(d.Z...), slices.Concat(d.A...), slices.Concat(d.Delta...)}
		for _, text := range append(slices.Concat(lists...), d.Loss, d.LossAfter) {
			if text != "" && !isDecimal(text) {
				t.Errorf("%q is not a decimal of 40 digits", text)
			}
		}
		if some.Grad && len(d.Grad) != len(p.Theta) || some.Loss != (d.Loss != "") || some.LossAfter != (d.LossAfter != "") {
			t.Errorf("of %+v there are %+v", some, d)
		}
		if again, err := exact.Digits(p); err == nil && (some.Loss && again.Loss != d.Loss || some.Grad && !slices.Equal(again.Grad, d.Grad)) {
			t.Errorf("%+v, but of all fields %+v", d, again)
		}
	})
}

// isDecimal reports whether text is 0 or a digit, a point, 39 digits and an exponent.
func isDecimal(text string) bool {
	if text == "0" {
		return true
	}
	if text[0] == '-' {
		text = text[1:]
	}
	if len(text) < 44 || text[0] < '1' || text[0] > '9' || text[1] != '.' || text[41] != 'e' {
		return false
	}
	v, _, err := big.ParseFloat(text, 10, 64, big.ToNearestEven)
	return err == nil && v.Sign() > 0 && !v.IsInf()
}
