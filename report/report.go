// Package report shows a verdict of package touchstone, or a report of package
// gradcheck, as one HTML page: what is wrong, where it begins, why it likely is, a
// heat map of the errors of each block, and the worst entries.
//
// A page is one file without scripts that refers to nothing outside. It reads on a
// phone, in the dark, on paper and aloud: no colour says anything that a shape or a
// word does not. Names are shown as text, whatever they contain, and cut after 40
// characters, or 80 bytes of HTML. The same verdict gives the same bytes.
//
// No page is larger than MaxPage. A map of a large block has cells that stand for
// several entries each and look like the worst of them, so that no wrong entry is
// hidden. Of more than 200 blocks those with errors come first, and the page says
// what it leaves out.
package report

import (
	"bytes"
	"embed"
	"html/template"
	"io"
	"slices"

	"touchstone"
	"touchstone/gradcheck"
)

// MaxPage is how many bytes a page has at most. Few have a tenth of that.
const MaxPage = 4 << 20

//go:embed page.html style.css
var files embed.FS

// parsed is not changed after it is made.
var parsed = template.Must(template.New("page.html").ParseFS(files, "page.html"))

// Verdict writes the page of v, the verdict of touchstone.Judge on a claim about c in
// precision p. The error is that of w.
func Verdict(w io.Writer, c touchstone.Case, p touchstone.Precision, v *touchstone.Verdict) error {
	return verdictPage(&c, p, v).write(w)
}

// Gradcheck writes the page of r, which gradcheck.Check or Read returned. The error
// is that of w.
func Gradcheck(w io.Writer, r *gradcheck.Report) error { return gradcheckPage(r).write(w) }

// A page is what page.html shows.
type page struct {
	Style    template.CSS
	Kind     string // "verdict on a claim"
	Name     string // what was judged
	Outcome  outcome
	Lead     string
	Findings []finding
	Notes    []string
	Facts    []fact
	Path     []step // in the order of computation; nil if there is none
	Tables   []table
	Blocks   []block
	Left     string // out of Blocks, and why; "" if nothing is
	Legend   []legend
	Reading  []string // paragraphs
}

// A finding is a line that answers a question.
type finding struct {
	Label, Strong, Text string
	Block               string // to link to, "" if to none
}

type fact struct{ Label, Value string }

// A step is a block on the way from the inputs to the result.
type step struct {
	Name    string
	Block   string // to link to
	Outcome outcome
	First   bool // that fails
}

// A block is a card with heat maps.
type block struct {
	ID      string
	Name    string
	Outcome outcome
	Shape   string
	Summary string
	Causes  []finding
	Maps    []heatMap
	Width   string // "", "wide" or "full", as the widest map needs
}

// add adds a map, for which a card must be wide enough.
func (b *block) add(m heatMap) {
	b.Maps = append(b.Maps, m)
	switch {
	case m.Width > 450:
		b.Width = "full"
	case m.Width > 200 && b.Width == "":
		b.Width = "wide"
	}
}

type table struct {
	ID, Title string
	Head      []column
	Rows      []row
	More      string // what is left out
}

type column struct {
	Name   string
	Number bool
}

type row struct {
	Outcome outcome
	Block   string // to link the first cell to
	Cells   []text
}

// A text is that of a cell. The part that differs from what is right stands out.
type text struct{ Same, Other string }

// write executes the template first, so that an error is one of w.
func (p *page) write(w io.Writer) error {
	style, err := files.ReadFile("style.css")
	if err != nil {
		return err // the file is part of the binary: it is there
	}
	slices.SortStableFunc(p.Blocks, func(a, b block) int { return int(b.Outcome - a.Outcome) }) // what is wrong first
	p.Style, p.Legend = template.CSS(style), legends()
	var b bytes.Buffer
	if err := parsed.Execute(&b, p); err != nil {
		return err // no page makes the template fail
	}
	_, err = w.Write(b.Bytes())
	return err
}

// An outcome is what all verdicts come down to.
type outcome int

const (
	pass outcome = iota
	inconclusive
	fail
)

func (o outcome) Word() string { return [...]string{"pass", "inconclusive", "fail"}[o] }

// Mark is the sign beside the word.
func (o outcome) Mark() string { return [...]string{"✓", "?", "✗"}[o] }
