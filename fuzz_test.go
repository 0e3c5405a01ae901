package touchstone

import (
	"errors"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"touchstone/internal/arbitrary"
	"touchstone/internal/hostile"
)

// corpusSeeds adds the documents of testdata/hostile, but for the large ones.
func corpusSeeds(f *testing.F, corpus func() (*hostile.Corpus, error)) {
	c, err := corpus()
	if err != nil {
		f.Fatal(err)
	}
	for name := range c.Valid {
		f.Add(c.Bytes(&hostile.Input{Of: name}))
	}
	for _, in := range c.Below(4096).Inputs {
		f.Add(c.Bytes(&in))
	}
}

// refused reports an error that is no *FormatError, or not one short line.
func refused(t *testing.T, err error) {
	if e := (*FormatError)(nil); !errors.As(err, &e) || len(err.Error()) > 3000 || strings.ContainsAny(err.Error(), "\n\r") {
		t.Errorf("the error %q", err.Error())
	}
}

// FuzzVectors: no file of vectors makes the decoder panic, and what it accepts has its
// shapes and decimals.
func FuzzVectors(f *testing.F) {
	corpusSeeds(f, hostileVectors)
	if data, err := os.ReadFile("testdata/golden/cs231n.json"); err == nil {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		cases, scalars, err := decode("in", data)
		if err != nil {
			refused(t, err)
			return
		}
		for i := range cases {
			c := &cases[i]
			if len(c.Theta) != c.Net.NumParams() || len(c.Exact.Grad) != len(c.Theta) || len(c.Exact.Z) != c.Net.NumLayers() || c.Step == nil {
				t.Errorf("%s has other shapes than its network", c.ID)
			}
			for _, d := range append(c.Exact.Grad, c.Exact.Loss, c.Step.Loss) {
				d.Big()
				d.Float64()
			}
			right := c.Step.Rate
			Judge(*c, Claim{Loss: &right})
		}
		for _, s := range scalars {
			if s.ID == "" || s.Function == "" {
				t.Errorf("%+v", s)
			}
		}
	})
}

// FuzzClaim: no claim makes the decoder or the judge panic, and what they agree to judge
// has the shape of its case.
func FuzzClaim(f *testing.F) {
	corpusSeeds(f, hostileClaims)
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 4096 {
			return // the time of exact results is bounded by maxWork, but not to milliseconds
		}
		c, claim, err := DecodeClaim("in", data)
		if err != nil {
			refused(t, err)
			return
		}
		v := judge(&c, &claim, 1<<20)
		if v.Err != nil || len(v.Blocks) == 0 {
			t.Errorf("%+v", v)
		}
		for i := range v.Blocks {
			if v.Blocks[i].String() == "" || v.Blocks[i].Outcome > v.Outcome {
				t.Errorf("%v, and the verdict is %v", &v.Blocks[i], v.Outcome)
			}
		}
	})
}

// FuzzJudge: for claims of the right and wrong shapes with arbitrary numbers, Judge does
// not panic and modifies nothing; it fails a claim of another shape with Err, does not
// pass a NaN, and does not fail the exact results rounded to the claim's precision.
func FuzzJudge(f *testing.F) {
	var cases []Case
	for _, c := range Cases() {
		if c.Net.NumParams() <= 40 {
			cases = append(cases, c)
		}
	}
	cases = cases[:min(len(cases), 200)]
	f.Add([]byte{})
	for k := range byte(200) {
		f.Add([]byte{k, k / 4, 255, 0, k, 170, 4, k, 3, 7, 1, 200, 4})
		f.Add([]byte{k, 0, 0xff, 0})
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s := arbitrary.New(data)
		c := cases[s.Below(len(cases))]
		claim, exact, nan := drawClaim(s, &c)
		theta, grad := slices.Clone(c.Theta), slices.Clone(claim.Grad)
		v := judge(&c, &claim, 1<<20)
		switch wrong := claim.Check(&c); {
		case (wrong != nil) != (v.Err != nil) || wrong != nil && v.Outcome != Fail:
			t.Errorf("%s: Check says %v, Judge %v and %v", c.ID, wrong, v.Outcome, v.Err)
		case wrong == nil && nan && v.Outcome == Pass:
			t.Errorf("%s: a NaN passes", c.ID)
		case wrong == nil && exact && v.Outcome == Fail:
			t.Errorf("%s: the exact results fail in %v: %v", c.ID, claim.Precision, v.First)
		}
		if v.Outcome.String() == "" || !arbitrary.Same(theta, c.Theta) || !arbitrary.Same(grad, claim.Grad) {
			t.Errorf("%s: an argument was modified", c.ID)
		}
	})
}

// drawClaim draws a claim about c, and tells if it is exact, and if it has a NaN.
func drawClaim(s *arbitrary.Source, c *Case) (claim Claim, exact, nan bool) {
	claim.Precision = Precision(s.Below(6) - 1)
	fields, odd := s.Byte(), s.Byte()
	exact = odd&1 == 1
	number := func(right Decimal) float64 {
		v := right.Float64()
		if !exact {
			if k := s.Below(4); k == 0 {
				v = s.Float()
			}
		} else if claim.Precision == Float32 {
			v = float64(float32(v))
		} else if claim.Precision != Float64 {
			exact = false // rounding to the others is for the judge's own tests
		}
		nan = nan || v != v
		return v
	}
	list := func(right []Decimal) (v []float64) {
		for _, d := range right {
			v = append(v, number(d))
		}
		if odd&0xe == 0xe && len(v) > 0 { // another length
			v = v[:s.Below(len(v))]
		}
		return v
	}
	layers := func(right [][][]Decimal) (v [][]float64) {
		for _, rows := range right {
			v = append(v, list(slices.Concat(rows...)))
		}
		if odd&0x70 == 0x70 {
			v = v[1:]
		}
		return v
	}
	if fields&1 > 0 {
		v := number(c.Exact.Loss)
		claim.Loss = &v
	}
	if fields&2 > 0 {
		claim.Grad = list(c.Exact.Grad)
	}
	if fields&4 > 0 {
		claim.Z = layers(c.Exact.Z)
	}
	if fields&8 > 0 {
		claim.A = layers(c.Exact.A)
	}
	if fields&16 > 0 {
		claim.Delta = layers(c.Exact.Delta)
	}
	if fields&32 > 0 && c.Step != nil {
		claim.After = list(c.Step.Theta)
	}
	if fields&64 > 0 {
		claim.DX = list(slices.Concat(c.Exact.DX...))
	}
	return claim, exact, nan
}

// FuzzDecimal: a Decimal is a number or panics as documented, at once; the nearest float64
// is that of Big.
func FuzzDecimal(f *testing.F) {
	for _, s := range []string{"0", "1.5e+0", "-9.99e-324", "2.4703282292062327e-324", "1.7976931348623159e+308", "1.0e+999999", "1.0e-999999", "1e9999999", "1e999999999999999", "", "e", "-", "NaN", "Inf", "0x1p-3", "1p999999999", "1_0", " 1", "1e"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 1000 {
			return
		}
		d := Decimal(s)
		text := caught(func() { d.Float64() })
		if text != nil && text != notDecimal {
			t.Errorf("Float64 of %q: %v", s, text)
		}
		if text := caught(func() { d.Big() }); text != nil && text != notDecimal {
			t.Errorf("Big of %q: %v", s, text)
		}
		if !decimalPattern.MatchString(s) {
			return
		}
		near, _ := d.Big().Float64() // rounded to 200 bits and again
		if got := d.Float64(); got != near && math.Abs(got-near) > 1e-15*math.Abs(got) {
			t.Errorf("%q is %v, and by way of Big %v", s, got, near)
		}
		if e := d.Error(d.Float64()); !math.IsInf(near, 0) && !(e <= 0x1p-53*math.Abs(near)+5e-324) {
			t.Errorf("%q is %v off %v", s, e, near)
		}
	})
}

func caught(f func()) (text any) {
	defer func() { text = recover() }()
	f()
	return nil
}
