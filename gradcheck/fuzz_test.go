package gradcheck_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
	"testing"

	"touchstone/gradcheck"
)

// source reads bytes, and zeros after the last.
type source []byte

func (s *source) byte() byte {
	if len(*s) == 0 {
		return 0
	}
	b := (*s)[0]
	*s = (*s)[1:]
	return b
}

func (s *source) below(n int) int { return int(s.byte()) % n }

// moderate returns a number between −4 and 4.
func (s *source) moderate() float64 { return float64(int8(s.byte()))/32 + float64(int8(s.byte()))/8192 }

// any returns any float64.
func (s *source) any() float64 {
	if s.below(2) == 0 {
		return s.moderate()
	}
	var b [8]byte
	for i := range b {
		b[i] = s.byte()
	}
	return math.Float64frombits(binary.LittleEndian.Uint64(b[:]))
}

// A term is a summand of a function, and of its gradient.
type term struct {
	c    float64
	i, j int
	kind int
}

const (
	smoothKinds = 8
	allKinds    = 19
)

// at returns the term and its derivatives with respect to x[i] and x[j]. Terms from
// smoothKinds on bend, jump, end, or are not functions at all: then the derivatives are
// as good as any.
func (m *term) at(x []float64, calls *int) (f, di, dj float64) {
	a, b := x[m.i], x[m.j]
	switch m.kind {
	case 0:
		f, di = a, 1
	case 1:
		f, di, dj = a*b, b, a
	case 2:
		f, di = a*a*a, 3*a*a
	case 3:
		f, di = math.Sin(a), math.Cos(a)
	case 4:
		f, di = math.Exp(a/2), math.Exp(a/2)/2
	case 5:
		q := 1 / (1 + a*a)
		f, di = q, -2*a*q*q
	case 6:
		f, di = math.Sqrt(1+a*a), a/math.Sqrt(1+a*a)
	case 7:
		f = 1
	case 8:
		f, di = math.Abs(a), math.Copysign(1, a)
	case 9:
		f, di = math.Max(a, b), 1
	case 10:
		f = math.Floor(16*a) / 16
	case 11:
		f, di = float64(float32(a)), 1
	case 12:
		f, di = math.Log(a), 1/a
	case 13:
		if f, di = a, 1; a > b {
			f = math.NaN()
		}
	case 14:
		f, di = 1/(a-b), -1/((a-b)*(a-b))
	case 15:
		f, di = 1e300*math.Pow(a, 21), 21e300*math.Pow(a, 20)
	case 16:
		f, di = 1e-300*a, 1e-300
	case 17: // another value each time
		*calls++
		f, di = a+1e-6*float64(*calls%7), 1
	case 18: // writes where it should only read
		f, di = a, 1
		x[m.i]++
	}
	return m.c * f, m.c * di, m.c * dj
}

// A drawn is a problem that the bytes of a fuzzer have chosen.
type drawn struct {
	gradcheck.Problem
	settings *gradcheck.Settings
	smooth   bool // and moderate
	truth    []float64
	calls    int
}

func draw(s *source) *drawn {
	d := &drawn{smooth: s.below(2) == 0}
	n, kinds, number := 1+s.below(5), smoothKinds, s.moderate
	if !d.smooth {
		kinds, number = allKinds, s.any
	}
	var terms []*term
	for range 1 + s.below(5) {
		terms = append(terms, &term{number(), s.below(n), s.below(n), s.below(kinds)})
	}
	for range n {
		d.X = append(d.X, number())
	}
	d.Func = func(x []float64) (sum float64) {
		for _, m := range terms {
			f, _, _ := m.at(x, &d.calls)
			sum += f
		}
		return sum
	}
	gradient := func(grad, x []float64) {
		clear(grad)
		for _, m := range terms {
			_, di, dj := m.at(x, &d.calls)
			grad[m.i] += di
			grad[m.j] += dj
		}
	}
	d.Grad = gradient
	d.truth = make([]float64, n)
	gradient(d.truth, slices.Clone(d.X))
	return d
}

// choose draws all that is optional, right or wrong.
func (d *drawn) choose(s *source) {
	n := len(d.X)
	list := func() (v []float64) {
		for range n + s.below(2)*s.below(2) {
			v = append(v, s.any())
		}
		return v
	}
	k := s.byte()
	if k&1 > 0 {
		d.settings = &gradcheck.Settings{Mode: gradcheck.Mode(s.below(7) - 1), MaxEntries: s.below(4) - 1, PerBlock: s.below(5) - 1, Seed: uint64(s.byte())}
		if s.below(2) > 0 {
			d.settings.Resolution = s.any()
		}
	}
	if k&2 > 0 {
		for range s.below(3) {
			d.Blocks = append(d.Blocks, gradcheck.Block{Name: "W", Offset: s.below(n+1) - s.below(2), Rows: s.below(n + 1), Cols: s.below(3)})
		}
	}
	if k&4 > 0 {
		d.Lower, d.Upper = list(), list()
	}
	if k&8 > 0 {
		d.Scale = list()
	}
	if k&16 > 0 {
		d.Branch = func(x []float64) uint64 { return math.Float64bits(math.Floor(x[0])) }
	}
	if k&32 > 0 {
		f := d.Func
		d.Parts = []func([]float64) float64{f, func(x []float64) float64 { return x[0] }}
		d.Sizes = map[string]int{"samples": s.below(5) - 1}
		if s.below(2) > 0 {
			d.PartGrad = func(grad, x []float64, _ int) { d.Grad(grad, x) }
		}
	}
	if k&64 > 0 {
		d.HessVec = func(dst, x, v []float64) { copy(dst, v); dst[0] += x[0] }
	}
	if k&128 > 0 {
		d.Complex = func(x []complex128) complex128 { return x[0] * x[0] }
		d.Big = func(x []*big.Float, prec uint) *big.Float { return new(big.Float).SetPrec(prec).Mul(x[0], x[0]) }
	}
	right := d.Grad
	switch k, by := s.below(12), s.any(); k {
	case 1, 2, 3, 4, 5:
		d.Grad = func(grad, x []float64) {
			right(grad, x)
			switch k {
			case 1:
				grad[0] += by
			case 2:
				grad[n-1] *= by
			case 3:
				grad[0] = math.NaN()
			case 4:
				x[0]++
			case 5: // remembers
				d.calls++
				grad[0] += float64(d.calls)
			}
		}
	case 6:
		d.Grad = func(grad, x []float64) { right(grad[:1], x[:1:1]) }
		if n > 1 { // it would panic, and rightly so
			d.Grad = func(grad, x []float64) { grad[0] = by }
		}
	case 7:
		d.Grad = func(grad, x []float64) {}
	case 8:
		d.Grad = func(grad, x []float64) {
			old := slices.Clone(grad)
			right(grad, x)
			for i := range grad {
				grad[i] += old[i]
			}
		}
	}
}

// FuzzCheck: whatever the functions do and the settings are, Check does not panic,
// modifies nothing, calls Func a bounded number of times and, of functions that are
// functions, says the same again. What it refuses is a *ProblemError.
func FuzzCheck(f *testing.F) {
	f.Add([]byte{})
	for k := range byte(allKinds) {
		f.Add([]byte{1, 2, 1, 0, 32, 0, 0, 1, k, 0, 64, 0, 1, k, 0, 20, 3, 0, 48, 7, 0, 1, 1, k, k})
	}
	for k := range 8 {
		f.Add([]byte{0, 2, 2, 32, 0, 0, 1, 1, 64, 0, 1, 1, 2, 40, 3, 2, 2, 3, 20, 3, 48, 7, 30, 1, 1 << k, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1})
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s := source(data)
		d := draw(&s)
		d.choose(&s)
		calls := 0
		function := d.Func
		d.Func = func(x []float64) float64 { calls++; return function(x) }
		before := fmt.Sprint(d.X, d.Lower, d.Upper, d.Scale, d.Blocks, d.settings)
		r, err := gradcheck.Check(d.Problem, d.settings)
		if after := fmt.Sprint(d.X, d.Lower, d.Upper, d.Scale, d.Blocks, d.settings); after != before {
			t.Errorf("modified: %s, then %s", before, after)
		}
		if err != nil {
			if e := (*gradcheck.ProblemError)(nil); !errors.As(err, &e) || r != nil {
				t.Errorf("%v, %v", r, err)
			}
			return
		}
		if calls > 20000 {
			t.Errorf("%d calls for %d elements", calls, len(d.X))
		}
		if _, err := r.MarshalJSON(); err != nil || r.String() == "" {
			t.Errorf("no report: %v", err)
		}
		if worst := r.Worst(); r.Verdict == gradcheck.Pass && worst.Verdict != gradcheck.Pass {
			t.Errorf("passes in spite of %+v", worst)
		}
		if d.smooth && d.calls == 0 {
			again, err := gradcheck.Check(d.Problem, d.settings)
			if err != nil || again.String() != r.String() {
				t.Errorf("%v, and again %v %v", r, again, err)
			}
		}
	})
}

// FuzzVerdict states what a verdict is worth. A function that is a sum of up to five of
// the terms c, cx, cxy, cx³, c·sin x, c·exp(x/2), c/(1+x²) and c√(1+x²), with |c| and |x|
// at most 4 and up to five variables, is smooth and moderate. Of it, by default,
//
//   - the right gradient, as float64 computes it, does not fail;
//   - a gradient with an element that differs from the right one by more than 10 times
//     Resolution, relative to the larger of the two, does not pass;
//   - and along random directions, one with an element off by more than the sum of all.
func FuzzVerdict(f *testing.F) {
	f.Add([]byte{}, 0.5)
	for k := range byte(smoothKinds) {
		f.Add([]byte{0, 2, 1, 32, 0, 0, 1, k, 64, 0, 1, k, 0, 20, 3, 48, 7, 30, 1}, 0.02)
		f.Add([]byte{0, 0, 0, 32, 0, 0, 0, k, 9, 9}, -1e-9)
	}
	f.Fuzz(func(t *testing.T, data []byte, e float64) {
		s := source(append([]byte{0}, data...))
		d := draw(&s)
		r, err := gradcheck.Check(d.Problem, nil)
		if err != nil {
			t.Fatal(err)
		}
		if r.Verdict == gradcheck.Fail {
			t.Errorf("the right gradient fails at %v: %v", d.X, r)
		}
		k := s.below(len(d.X))
		wrong := d.truth[k] + e
		off := math.Abs(wrong - d.truth[k])
		if !(off > 10*gradcheck.DefaultResolution*math.Max(math.Abs(wrong), math.Abs(d.truth[k]))) && wrong == wrong {
			return
		}
		right := d.Grad
		d.Grad = func(grad, x []float64) { right(grad, x); grad[k] += e }
		if r, err = gradcheck.Check(d.Problem, nil); err != nil || r.Verdict == gradcheck.Pass {
			t.Errorf("passes with element %d of %v off by %v, at %v: %v", k, d.truth, e, d.X, r)
		}
		sum := 0.0
		for _, g := range d.truth {
			sum += math.Abs(g)
		}
		if !(off > sum) {
			return
		}
		if r, err = gradcheck.Check(d.Problem, &gradcheck.Settings{Mode: gradcheck.Directions}); err != nil || r.Verdict == gradcheck.Pass {
			t.Errorf("passes along directions with element %d of %v off by %v, at %v: %v", k, d.truth, e, d.X, r)
		}
	})
}
