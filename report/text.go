package report

import (
	"fmt"
	"html/template"
	"math"
	"strconv"
	"strings"
	"unicode"

	"touchstone"
)

const (
	maxName = 40  // characters of a name
	maxText = 400 // characters of a sentence
)

// shown returns s for a page: at most so many characters, none of which turns the
// direction of writing or is invisible, and twice as many bytes of HTML.
func shown(s string, most int) string {
	var b strings.Builder
	n, size := 0, 0
	for _, r := range s {
		if !unicode.IsPrint(r) {
			r = unicode.ReplacementChar
		}
		n++
		if size += len(template.HTMLEscapeString(string(r))); n > most || size > 2*most {
			b.WriteRune('…')
			break
		}
		b.WriteRune(r)
	}
	return b.String()
}

func name(s string) string { return shown(s, maxName) }

// number returns the shortest decimal that reads back as v.
func number(v float64) string {
	switch {
	case math.IsInf(v, 0):
		return strings.Replace(fmt.Sprint(v), "Inf", "∞", 1)
	case v != 0 && (math.Abs(v) < 1e-4 || math.Abs(v) >= 1e17):
		return strconv.FormatFloat(v, 'e', -1, 64)
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// decimal returns d as number does, or to 17 digits where a float64 cannot hold it.
func decimal(d touchstone.Decimal) string {
	v := d.Float64()
	if v == 0 && d != "0" || math.IsInf(v, 0) {
		digits, exponent, _ := strings.Cut(string(d), "e")
		return digits[:min(len(digits), 18)] + "e" + exponent
	}
	return number(v)
}

// rough returns v to three digits.
func rough(v float64) string {
	switch a := math.Abs(v); {
	case a != 0 && a < 1e-3:
		return strconv.FormatFloat(v, 'e', 1, 64)
	case a < 1e4:
		return strconv.FormatFloat(v, 'g', 3, 64)
	case a <= math.MaxFloat64:
		return strconv.FormatFloat(v, 'e', 1, 64)
	}
	return number(v)
}

// times returns an error in units of what is allowed, as "5.1×10⁶".
func times(err float64) string {
	switch {
	case err > 0 && err < 0.01:
		return "<0.01"
	case !(err >= 1e4 && err <= math.MaxFloat64):
		return strings.TrimPrefix(rough(err), "+")
	}
	digits, exponent, _ := strings.Cut(strconv.FormatFloat(err, 'e', 1, 64), "e+")
	return digits + "×10" + superscript.Replace(strings.TrimLeft(exponent, "0"))
}

var superscript = strings.NewReplacer("0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹")

// against splits got where it begins to differ from want.
func against(got, want string) text {
	n := 0
	for n < len(got) && n < len(want) && got[n] == want[n] && got[n] < 0x80 {
		n++
	}
	if n == len(got) && n < len(want) && n > 0 {
		n-- // it ends where the other goes on
	}
	return text{got[:n], got[n:]}
}

func plain(s string) text { return text{Same: s} }

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return grouped(n) + " " + many
}

// grouped returns n with its digits in groups of three.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && len(s) > 4; i -= 3 {
		s = s[:i] + "\u202f" + s[i:] // a narrow space
	}
	return s
}
