package main

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"touchstone/mlp"
)

// maxExtents is how many extents a lossCurve keeps: more than a plot has pixels.
const maxExtents = 1024

// A lossCurve keeps the losses of training for a plot, in bounded memory: of long
// training the least and the largest of each few epochs, so that no peak is lost.
type lossCurve struct {
	each    int // epochs in an extent, the last of which may be short
	extents []extent

	first, last, lowest epochLoss
}

type epochLoss struct {
	epoch int
	loss  float64
}

type extent struct{ low, high epochLoss }

// newLossCurve returns a curve that begins with the loss before training, epoch 0.
func newLossCurve(loss float64) *lossCurve {
	first := epochLoss{0, loss}
	return &lossCurve{each: 1, extents: []extent{{first, first}}, first: first, last: first, lowest: first}
}

// add adds the loss after the next epoch.
func (c *lossCurve) add(loss float64) {
	p := epochLoss{c.last.epoch + 1, loss}
	c.last, c.lowest = p, lower(c.lowest, p)
	if p.epoch/c.each < len(c.extents) {
		e := &c.extents[len(c.extents)-1]
		*e = extent{lower(e.low, p), higher(e.high, p)}
		return
	}
	if len(c.extents) == maxExtents {
		for i := range maxExtents / 2 {
			a, b := c.extents[2*i], c.extents[2*i+1]
			c.extents[i] = extent{lower(a.low, b.low), higher(a.high, b.high)}
		}
		c.extents, c.each = c.extents[:maxExtents/2], 2*c.each
	}
	c.extents = append(c.extents, extent{p, p})
}

// lower returns the lower of two losses, and a if they are equal.
func lower(a, b epochLoss) epochLoss {
	if b.loss < a.loss {
		return b
	}
	return a
}

func higher(a, b epochLoss) epochLoss {
	if b.loss > a.loss {
		return b
	}
	return a
}

// points returns what is drawn, in the order of the epochs.
func (c *lossCurve) points() []epochLoss {
	var list []epochLoss
	for _, e := range c.extents {
		a, b := e.low, e.high
		if a.epoch > b.epoch {
			a, b = b, a
		}
		if list = append(list, a); a != b {
			list = append(list, b)
		}
	}
	if list[len(list)-1] != c.last {
		list = append(list, c.last)
	}
	return list
}

// save writes the plot of training, which ended with an error or nil, to the file
// that o names, if any.
func (c *lossCurve) save(w io.Writer, o *trainOptions, t *table, m *model, ended error) error {
	if o.plot == "" {
		return nil
	}
	title := fmt.Sprintf("%q from %s: network %v, %v", o.target, o.data, m.net, o)
	ylabel := "mean log-loss, in nats a row"
	if o.lambda > 0 {
		ylabel = "mean log-loss in nats a row, and ½λ‖W‖²"
	}
	note := ""
	if d := (*mlp.DivergedError)(nil); errors.As(ended, &d) {
		note = fmt.Sprintf("diverged in epoch %d", d.Epoch)
	}
	if err := writeAtomically(o.plot, c.svg(title, ylabel, "epoch, a pass over "+count(len(t.lines), "row"), note)); err != nil {
		return err
	}
	fmt.Fprintln(w, "plotted", o.plot)
	return nil
}

// The plot, in its own units, which are pixels at its natural size.
const (
	plotWidth, plotHeight                    = 640, 420
	plotLeft, plotRight, plotTop, plotBottom = 76, 24, 74, 58
)

const plotStyle = `
svg { max-width: 100%; height: auto; --back: #ffffff; --ink: #1a1f26; --soft: #57606b; --line: #e3e7ec; --curve: #0b6bab; }
@media screen and (prefers-color-scheme: dark) { svg { --back: #14181e; --ink: #e6eaef; --soft: #a3adb9; --line: #2b333d; --curve: #6fbcf0; } }
text { font: 15px system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; fill: var(--soft); }
.back { fill: var(--back); }
.title { font-size: 18px; font-weight: 600; fill: var(--ink); }
.grid { stroke: var(--line); stroke-width: 1; }
.axis { stroke: var(--soft); stroke-width: 1; }
.curve { fill: none; stroke: var(--curve); stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
.dot { fill: var(--curve); stroke: var(--back); stroke-width: 2; }
.end { text-anchor: end; }
.middle { text-anchor: middle; }
`

// svg returns the plot as an SVG file: readable on light and dark ground, and to
// those who only hear its title and description.
func (c *lossCurve) svg(title, ylabel, xlabel, note string) []byte {
	points := c.points()
	low, high := math.Inf(1), math.Inf(-1)
	for _, p := range points {
		low, high = math.Min(low, p.loss), math.Max(high, p.loss)
	}
	y := newAxis(low, high, low > 0 && high/low >= 10)
	x := newAxis(0, float64(max(c.last.epoch, 1)), false)
	x.low, x.high, x.step = 0, float64(max(c.last.epoch, 1)), math.Max(x.step, 1) // to the last epoch and no further
	px := func(v float64) float64 { return plotLeft + x.at(v)*(plotWidth-plotLeft-plotRight) }
	py := func(v float64) float64 { return plotHeight - plotBottom - y.at(v)*(plotHeight-plotTop-plotBottom) }

	said := fmt.Sprintf("From %.4g to %.4g in %s", c.first.loss, c.last.loss, count(c.last.epoch, "epoch"))
	lowest := ""
	if c.lowest != c.last {
		lowest = fmt.Sprintf("lowest %.4g, after %d", c.lowest.loss, c.lowest.epoch)
	}
	if note != "" {
		said += "; " + note
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%[1]d" height="%[2]d" role="img" aria-labelledby="title desc">`+"\n", plotWidth, plotHeight)
	fmt.Fprintf(&b, "<title id=\"title\">Training loss. %s</title>\n<desc id=\"desc\">%s</desc>\n<style>%s</style>\n", escaped(said), escaped(title), plotStyle)
	fmt.Fprintf(&b, `<rect class="back" width="%d" height="%d"/>`+"\n", plotWidth, plotHeight)
	fmt.Fprintf(&b, `<text class="title" x="%d" y="28">%s</text>`+"\n", 16, escaped(said))
	scale := ""
	if y.log {
		scale = ", logarithmic"
	}
	fmt.Fprintf(&b, `<text x="%d" y="54">%s%s</text>`+"\n", 16, escaped(ylabel), scale)
	right, bottom := plotWidth-plotRight, plotHeight-plotBottom
	for _, v := range y.ticks() {
		fmt.Fprintf(&b, `<path class="grid" d="M%d %.1fH%d"/><text class="end" x="%d" y="%.1f">%s</text>`+"\n",
			plotLeft, py(v), right, plotLeft-8, py(v)+5, tickLabel(v))
	}
	for _, v := range x.ticks() {
		class := "middle"
		if px(v) > float64(right)-20 {
			class = "end"
		}
		fmt.Fprintf(&b, `<path class="axis" d="M%.1f %dv5"/><text class="%s" x="%.1f" y="%d">%s</text>`+"\n", px(v), bottom, class, px(v), bottom+22, tickLabel(v))
	}
	fmt.Fprintf(&b, `<path class="axis" d="M%d %dH%d"/><text class="end" x="%[3]d" y="%d">%s</text>`+"\n", plotLeft, bottom, right, bottom+46, escaped(xlabel))
	fmt.Fprintf(&b, `<text x="%d" y="%d">%s</text>`+"\n", plotLeft, bottom+46, escaped(lowest))
	var d strings.Builder
	for i, p := range points {
		fmt.Fprintf(&d, "%c%.1f %.1f", "ML"[min(i, 1)], px(float64(p.epoch)), py(p.loss))
	}
	fmt.Fprintf(&b, `<path class="curve" d="%s"/>`+"\n", d.String())
	fmt.Fprintf(&b, `<circle class="dot" cx="%.1f" cy="%.1f" r="5"/>`+"\n</svg>\n", px(float64(c.last.epoch)), py(c.last.loss))
	return b.Bytes()
}

// escaped returns s as the text of an element, cut if it is long.
func escaped(s string) string {
	clean := func(r rune) rune {
		if !unicode.IsPrint(r) {
			return unicode.ReplacementChar
		}
		return r
	}
	if r := []rune(strings.Map(clean, s)); len(r) > 300 {
		s = string(r[:300]) + "…"
	} else {
		s = string(r)
	}
	var b strings.Builder
	xml.EscapeText(&b, []byte(s)) // a strings.Builder takes everything
	return b.String()
}

// An axis maps values to [0, 1].
type axis struct {
	low, high, step float64
	log             bool
}

// newAxis returns an axis that begins and ends with a tick, or with a power of ten.
func newAxis(low, high float64, log bool) axis {
	if log {
		return axis{
			low:  math.Max(math.Pow(10, math.Floor(math.Log10(low))), math.SmallestNonzeroFloat64),
			high: math.Min(math.Pow(10, math.Ceil(math.Log10(high))), math.MaxFloat64),
			log:  true,
		}
	}
	size := math.Max(math.Abs(low), math.Abs(high))
	if !(high/2-low/2 > 1e-9*size && size > 1e-290) { // hardly a change
		high = math.Min(low+cmp.Or(math.Abs(low), 1), math.MaxFloat64)
	}
	step := high/5 - low/5
	power := math.Pow(10, math.Floor(math.Log10(step)))
	for _, m := range []float64{1, 2, 5, 10} {
		if m*power >= step*0.999 {
			step = m * power
			break
		}
	}
	limited := func(v float64) float64 { return math.Max(-math.MaxFloat64, math.Min(v, math.MaxFloat64)) }
	return axis{low: limited(step * math.Floor(low/step)), high: limited(step * math.Ceil(high/step)), step: step}
}

// at returns where v is, which rounding does not put outside.
func (a axis) at(v float64) float64 {
	at := (v/2 - a.low/2) / (a.high/2 - a.low/2) // and no overflow
	if a.log {
		at = (math.Log(v) - math.Log(a.low)) / (math.Log(a.high) - math.Log(a.low))
	}
	return math.Max(0, math.Min(at, 1))
}

// ticks returns the values that are labelled: of a logarithmic axis of few decades 2
// and 5 times the powers of ten, too.
func (a axis) ticks() []float64 {
	var list []float64
	if !a.log {
		first := math.Round(a.low / a.step)
		for k := range 1 + int((a.high/2-a.low/2)/(a.step/2)+1e-6) {
			list = append(list, (first+float64(k))*a.step)
		}
		return list
	}
	decades := math.Round(math.Log10(a.high) - math.Log10(a.low))
	each := max(math.Ceil(decades/8), 1)
	for k := 0.0; k <= decades; k += each {
		v := a.low * math.Pow(10, k)
		list = append(list, v)
		if decades <= 2 && k < decades {
			list = append(list, 2*v, 5*v)
		}
	}
	return slices.DeleteFunc(list, func(v float64) bool { return v > a.high })
}

func tickLabel(v float64) string {
	if v == 0 {
		return "0"
	}
	if a := math.Abs(v); a >= 1e7 || a < 1e-4 {
		return strconv.FormatFloat(v, 'g', 3, 64)
	}
	return strconv.FormatFloat(math.Round(v*1e6)/1e6, 'f', -1, 64)
}
