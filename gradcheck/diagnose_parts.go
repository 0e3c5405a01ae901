package gradcheck

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// partial looks for an explanation by the derivatives of the parts: one or more
// have the wrong weight or, if lines are allowed, each has in each row or column.
func (s *suspect) partial(d terms, lines bool) []Cause {
	parts, weight := s.parts(d)
	if c := s.weights(parts, weight); len(c) > 0 {
		return c
	}
	if t := s.together(8 * len(parts)); len(t.a) != len(s.a) {
		t.undecayed()
		more, weight := t.parts(d)
		if c := t.weights(more, weight); len(c) > 0 {
			return c
		}
	}
	if !lines {
		return nil
	}
	if d.analytic != nil && s.whole {
		if c := s.alone(d); len(c) > 0 {
			return c
		}
	}
	if s.cols > 1 && s.partLines(parts, weight, s.byColumn()) {
		return []Cause{{Kind: CauseDerivative, Text: "each part has a factor of its own in each column, " + columnText}}
	}
	for _, t := range s.units() {
		if t != s {
			parts, weight = t.parts(d)
		}
		if t.partLines(parts, weight, t.byRow()) {
			return []Cause{{Kind: CauseDerivative, Text: "each part has a factor of its own in each row, " + rowText}}
		}
	}
	return nil
}

// parts returns the derivatives of the parts, and the weight of each in the function:
// 1 if it is their sum, and 1/len(parts) if it is their mean, but for weight decay. A
// part that is lost in the noise of its differences, as of a saturated sample, is 0.
func (s *suspect) parts(d terms) (parts []quantity, weight float64) {
	parts = d.numeric(s.entries)
	for i, part := range parts {
		if !part.isSeen() {
			parts[i] = s.none
		}
	}
	var n, x, sum []float64
	for k, v := range s.n.value {
		total := 0.0
		for _, part := range parts {
			total += part.value[k]
		}
		if isFinite(s.n.err[k]) && isFinite(total) {
			n, x, sum = append(n, v), append(x, s.x.value[k]), append(sum, total)
		}
	}
	c, _ := leastSquares([][]float64{sum, x}, n)
	mean := 1 / float64(len(parts))
	if math.Abs(c[0]-1) < math.Abs(c[0]-mean) {
		return parts, 1
	}
	return parts, mean
}

// isSeen reports whether four bits are known of some element.
func (q quantity) isSeen() bool { return q.isAnyKnown(0x1p-4) }

// weights looks for parts with the wrong weights: one, or one alone, or several.
func (s *suspect) weights(parts []quantity, weight float64) []Cause {
	price := math.Log2(float64(2 * len(parts)))
	for i, part := range parts {
		m, c, ok := s.fit(s.n, part)
		if m.price = price; ok && s.explains(m) {
			return []Cause{{Kind: CausePart, Factor: c,
				Text: fmt.Sprintf("the gradient of part %d of %d %s", i, len(parts), timesText(counts(c, weight)))}}
		}
	}
	for i, part := range parts {
		m, c, ok := s.fit(s.none, part)
		if m.price = price; ok && s.explains(m) {
			return []Cause{{Kind: CausePart, Text: fmt.Sprintf("it is %.6g times the gradient of part %d of %d alone", c, i, len(parts))}}
		}
	}
	for i, part := range parts { // with weight decay
		m, c := s.fitAll(s.n, []quantity{part, s.x})
		if m.price = price; !isSame(counts(c[0], weight), 1) && s.explains(m) {
			return []Cause{{Kind: CausePart, Factor: c[0],
				Text: fmt.Sprintf("the gradient of part %d of %d %s, but for weight decay", i, len(parts), timesText(counts(c[0], weight)))}}
		}
	}
	for _, v := range [][]quantity{parts, append(slices.Clone(parts), s.x)} { // without and with weight decay
		if m, c := s.fitAll(s.n, v); len(v) < len(s.a) && s.explains(m) {
			return weightsCause(c[:len(parts)], weight)
		}
	}
	return nil
}

// counts returns how many times a part counts that has c more than its weight.
func counts(c, weight float64) float64 { return 1 + c/weight }

func timesText(times float64) string {
	switch {
	case isSame(times, 0):
		return "is missing"
	case isSame(times, 2):
		return "counts twice"
	}
	return fmt.Sprintf("counts %.6g times", times)
}

// weightsCause tells which parts have wrong weights.
func weightsCause(c []float64, weight float64) []Cause {
	var missing []string
	low, high := math.Inf(1), math.Inf(-1) // of the others
	times := make([]float64, len(c))
	for i := range c {
		times[i] = counts(c[i], weight)
		if isSame(times[i], 0) {
			missing = append(missing, fmt.Sprint(i))
			continue
		}
		low, high = math.Min(low, times[i]), math.Max(high, times[i])
	}
	switch {
	case len(missing) == 0 && areNearOne(times):
		return nil
	case len(missing) == 0 && isOneFactor(low, high):
		return []Cause{{Kind: CauseFactor, Factor: high,
			Text: fmt.Sprintf("apart from weight decay, it is %s, as others are", factorText(high))}}
	case len(missing) == 0 || high-low > same:
		if len(missing) > 0 {
			low = math.Min(low, 0)
		}
		return []Cause{{Kind: CausePart,
			Text: fmt.Sprintf("the parts have wrong weights, from %.9g to %.9g times the right ones", low, high)}}
	}
	text := fmt.Sprintf("of the %d parts, the gradients of these are missing: %s", len(c), strings.Join(missing, ", "))
	if len(missing) < len(c) && !isSame(high, 1) {
		text += "; each of the others " + timesText(high)
	}
	return []Cause{{Kind: CausePart, Text: text}}
}

// partLines reports whether each part has a factor of its own in each line, with or
// without weight decay.
func (s *suspect) partLines(parts []quantity, weight float64, lines [][]int) bool {
	for _, v := range [][]quantity{parts, append(slices.Clone(parts), s.x)} {
		var factors []float64
		if s.eachLine(lines, func(t *suspect, line []int) model {
			m, c := t.fitAll(t.n, at(v, line))
			for i := range parts {
				factors = append(factors, counts(c[i], weight))
			}
			return m
		}) {
			return !areNearOne(factors)
		}
	}
	return false
}
