package gradcheck

import (
	"fmt"
	"maps"
	"math"
	"slices"
)

// A factor is a number that gradients are known to be off by.
type factor struct {
	value float64
	text  string
}

// factors returns the causes where one known factor explains all, or all but a
// multiple of x: where the function has weight decay, it is often only the rest of
// the gradient that has the factor.
func (s *suspect) factors() []Cause {
	list := s.knownFactors()
	price := math.Log2(float64(len(list)))
	var causes []Cause
	for _, f := range list {
		m := s.exactly(s.n.scaled(f.value))
		m.price = price
		if s.explains(m) {
			causes = append(causes, Cause{Kind: CauseFactor, Text: "it " + f.text, Factor: f.value})
		}
	}
	if m, _, ok := s.fit(s.n, s.x); len(causes) > 0 || ok && s.explains(m) {
		return causes // where it is the decay alone that is wrong, any factor fits a small rest
	}
	for _, f := range list {
		m, c, ok := s.fit(s.n.scaled(f.value), s.x)
		m.price = price
		if ok && s.explains(m) {
			causes = append(causes, Cause{Kind: CauseFactor, Factor: f.value,
				Text: fmt.Sprintf("apart from weight decay of %.6g·x, it %s", c/(1-f.value), f.text)})
		}
	}
	return causes
}

func (s *suspect) knownFactors() []factor {
	list := []factor{
		{-1, "has the wrong sign"},
		{2, "is twice what it should be: it lacks a ½ that the function has, or was added twice"},
		{0.5, "is half of what it should be: it has a ½ that the function lacks"},
		{-2, "is twice what it should be, and has the wrong sign"},
		{-0.5, "is half of what it should be, and has the wrong sign"},
	}
	add := func(value float64, text string) {
		if value != 1 {
			list = append(list, factor{value, text})
		}
	}
	names := slices.Sorted(maps.Keys(s.p.Sizes))
	names = slices.DeleteFunc(names, func(name string) bool { return s.p.Sizes[name] <= 0 })
	for _, name := range names {
		v := s.p.Sizes[name]
		add(float64(v), fmt.Sprintf("is %d times what it should be, the number of %s: a sum and not a mean", v, name))
		add(1/float64(v), fmt.Sprintf("is 1/%d of what it should be: divided by the number of %s once more than the function", v, name))
		add(2/float64(v), fmt.Sprintf("is 2/%d of what it should be, where %d is the number of %s", v, v, name))
	}
	for i, over := range names {
		for k, under := range names {
			v, w := s.p.Sizes[over], s.p.Sizes[under]
			if i != k {
				add(float64(v)/float64(w), fmt.Sprintf("is %d/%d of what it should be, the number of %s by that of %s", v, w, over, under))
			}
			if i < k {
				add(float64(v)*float64(w)/2, fmt.Sprintf("is %d·%d/2 times what it should be, the number of %s and of %s, and a ½", v, w, over, under))
				add(float64(v)*float64(w), fmt.Sprintf("is %d·%d times what it should be, the number of %s and of %s", v, w, over, under))
				add(1/(float64(v)*float64(w)), fmt.Sprintf("is 1/(%d·%d) of what it should be: divided by the number of %s and of %s", v, w, over, under))
			}
		}
	}
	return list
}

// otherFactor looks for any factor, in the block, in the block but for weight decay,
// or in all blocks that fail.
func (s *suspect) otherFactor() []Cause {
	m, r, ok := s.fit(s.none, s.n)
	m.free = 2 // two entries are too few: those of a softmax always have a common factor
	if ok && s.explains(m) {
		return []Cause{{Kind: CauseFactor, Text: "it is " + factorText(r), Factor: r}}
	}
	if m, c, ok := s.fit(s.none, s.x); ok && s.explains(m) {
		text := fmt.Sprintf("apart from weight decay of %.6g·x, it is zero", c)
		if isWithin(c, 1, inexact) {
			text = "it is x itself: a copy, or weight decay with nothing beside it"
		}
		return []Cause{{Kind: CauseZero, Text: text}}
	}
	if m, c := s.fitAll(s.none, []quantity{s.n, s.x}); s.explains(m) {
		return []Cause{{Kind: CauseFactor, Factor: c[0],
			Text: fmt.Sprintf("apart from weight decay of %.6g·x, it is %s", c[1]/(1-c[0]), factorText(c[0]))}}
	}
	t := s.together(math.MaxInt)
	if m, r, ok := t.fit(t.none, t.n); ok && t.explains(m) {
		return []Cause{{Kind: CauseFactor, Text: "like all that is wrong, it is " + factorText(r), Factor: r}}
	}
	return nil
}

// factorText calls a factor by an integer, if it is within rounding of one.
func factorText(r float64) string {
	const largest, near = 1000, 1e-9
	whole, part := math.Round(r), math.Round(1/r)
	switch {
	case math.Abs(whole) <= largest && isWithin(r, whole, near*math.Abs(r)):
		return fmt.Sprintf("%g times what it should be", whole)
	case math.Abs(part) <= largest && isWithin(1/r, part, near/math.Abs(r)):
		sign := ""
		if part < 0 {
			sign = "-"
		}
		return fmt.Sprintf("%s1/%g of what it should be", sign, math.Abs(part))
	}
	return fmt.Sprintf("%.10g times what it should be", r)
}

func (s *suspect) decay() []Cause {
	m, c, ok := s.fit(s.n, s.x)
	if !ok || !s.explains(m) {
		t := s.together(math.MaxInt)
		if m, c, ok = t.fit(t.n, t.x); !ok || !t.explains(m) {
			return nil
		}
	}
	text := fmt.Sprintf("it has %.6g·x too much: weight decay that the function does not have, or not so much of", c)
	if math.Signbit(c) {
		text = fmt.Sprintf("it lacks %.6g·x: weight decay that the function has", -c)
	}
	return []Cause{{Kind: CauseDecay, Text: text, Factor: c}}
}

func (s *suspect) offset() []Cause {
	one := quantity{value: slices.Repeat([]float64{1}, len(s.a)), err: s.none.err}
	m, c, ok := s.fit(s.n, one)
	m.free = 2 // like a factor
	if !ok || !s.explains(m) {
		return nil
	}
	return []Cause{{Kind: CauseOffset, Text: fmt.Sprintf("the same number, %.6g, is added to each entry", c), Factor: c}}
}
