package report

import (
	"bytes"
	"errors"
	"fmt"
	"math"

	"touchstone/gradcheck"
	"touchstone/internal/strictjson"
)

// MaxFile is how large a file of Read may be: a million entries have about 300 MB.
const MaxFile = 1 << 29

// A FormatError reports JSON that is not a report of package gradcheck.
type FormatError struct {
	Path   string // "entries[3].verdict"; "" for the whole
	Reason string // what is there, and what is wanted
}

// Error returns the path and the reason.
func (e *FormatError) Error() string {
	if e.Path == "" {
		return e.Reason
	}
	return e.Path + ": " + e.Reason
}

// Read returns the report whose MarshalJSON is data, such as the file gradcheck.json
// that gradcheck.Assert leaves among the artifacts of a test. An error is a
// *FormatError. Of a report without "allowed", Allowed is the bound.
func Read(data []byte) (*gradcheck.Report, error) {
	if len(data) > MaxFile {
		return nil, &FormatError{Reason: fmt.Sprintf("is larger than %d MiB", MaxFile>>20)}
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, &FormatError{Reason: "is empty"}
	}
	r := new(gradcheck.Report)
	err := strictjson.Read(data, func(s *strictjson.Reader) {
		d := &reader{s}
		d.report(r)
	})
	if e := (*strictjson.Error)(nil); errors.As(err, &e) {
		return nil, &FormatError{e.Path, e.Reason}
	}
	return r, nil
}

type reader struct{ *strictjson.Reader }

func (d *reader) report(r *gradcheck.Report) {
	d.Object(func(field string) bool {
		switch field {
		case "format":
			if s := d.Text(); s != "touchstone-gradcheck-1" {
				d.Fail("is %.40q, want %q", s, "touchstone-gradcheck-1")
			}
		case "verdict":
			r.Verdict = d.verdict()
		case "mode":
			r.Mode = d.mode()
		case "remarks":
			r.Remarks = d.Strings()
		case "failed":
			r.Failed = d.Int(0)
		case "undecided":
			r.Undecided = d.Int(0)
		case "evaluations":
			r.Evaluations = d.Int(0)
		case "gradients":
			r.Gradients = d.Int(0)
		case "blocks":
			d.Array(func(int) { r.Blocks = append(r.Blocks, d.block()) })
		case "entries":
			r.Entries = d.entries()
		case "directions":
			r.Directions = d.entries()
		case "second":
			r.Second = d.entries()
		case "controls":
			d.Array(func(int) { r.Controls = append(r.Controls, d.control()) })
		default:
			return false
		}
		return true
	}, "format", "verdict", "mode", "remarks", "failed", "undecided", "evaluations", "gradients", "blocks", "entries", "directions", "second", "controls")
	d.checkPlaces("entries", r.Entries, r.Blocks, true)
	d.checkPlaces("directions", r.Directions, r.Blocks, false)
	d.checkPlaces("second", r.Second, r.Blocks, false)
	d.checkCounts(r)
}

// checkPlaces sees to it that each entry is in a block, and no block has more entries
// than places.
func (d *reader) checkPlaces(field string, list []gradcheck.Entry, blocks []gradcheck.BlockReport, once bool) {
	seen := make([]int, len(blocks))
	for i, e := range list {
		if e.Block >= len(blocks) {
			d.FailAt(fmt.Sprintf(".%s[%d].block", field, i), "is %d, and there are %d blocks", e.Block, len(blocks))
			return
		}
		b := &blocks[e.Block]
		if seen[e.Block]++; once && seen[e.Block] > b.Rows*max(b.Cols, 1) {
			d.FailAt(fmt.Sprintf(".%s[%d]", field, i), "is one more than block %d has", e.Block)
			return
		}
	}
}

// checkCounts sees to it that what is said of a block, and of all, is what its entries say:
// a verdict may be worse than all of them only for a remark.
func (d *reader) checkCounts(r *gradcheck.Report) {
	if d.Failed() {
		return
	}
	counted := make([]gradcheck.BlockReport, len(r.Blocks))
	for _, list := range [...][]gradcheck.Entry{r.Entries, r.Directions, r.Second} {
		for _, e := range list {
			b := &counted[e.Block]
			b.Checked++
			b.Verdict = max(b.Verdict, e.Verdict)
			switch e.Verdict {
			case gradcheck.Fail:
				b.Failed++
			case gradcheck.Inconclusive:
				b.Undecided++
			}
		}
	}
	var all gradcheck.BlockReport
	for i, want := range counted {
		b := &r.Blocks[i]
		all.Failed, all.Undecided, all.Verdict = all.Failed+want.Failed, all.Undecided+want.Undecided, max(all.Verdict, want.Verdict)
		for _, c := range []struct {
			field     string
			got, want any
		}{{"verdict", b.Verdict, want.Verdict}, {"checked", b.Checked, want.Checked}, {"failed", b.Failed, want.Failed}, {"undecided", b.Undecided, want.Undecided}} {
			if c.got != c.want {
				d.FailAt(fmt.Sprintf(".blocks[%d].%s", i, c.field), "is %v, and by the entries of the block it is %v", c.got, c.want)
			}
		}
	}
	switch {
	case r.Failed != all.Failed:
		d.FailAt(".failed", "is %d, and %d entries are wrong", r.Failed, all.Failed)
	case r.Undecided != all.Undecided:
		d.FailAt(".undecided", "is %d, and %d entries are inconclusive", r.Undecided, all.Undecided)
	case r.Verdict < all.Verdict:
		d.FailAt(".verdict", "is %v, and an entry has %v", r.Verdict, all.Verdict)
	case r.Verdict > all.Verdict && len(r.Remarks) == 0:
		d.FailAt(".verdict", "is %v, and neither an entry nor a remark says why", r.Verdict)
	}
}

func (d *reader) block() (b gradcheck.BlockReport) {
	d.Object(func(field string) bool {
		switch field {
		case "name":
			b.Name = d.Text()
		case "offset":
			b.Offset = d.Int(0)
		case "rows":
			b.Rows = d.Int(0)
		case "cols":
			b.Cols = d.Int(0)
		case "verdict":
			b.Verdict = d.verdict()
		case "checked":
			b.Checked = d.Int(0)
		case "failed":
			b.Failed = d.Int(0)
		case "undecided":
			b.Undecided = d.Int(0)
		case "fraction":
			b.Fraction = d.AnyFloat()
		case "causes":
			d.Array(func(int) { b.Causes = append(b.Causes, d.cause()) })
		default:
			return false
		}
		return true
	}, "name", "offset", "rows", "cols", "verdict", "checked", "failed", "undecided", "fraction", "causes")
	const most = math.MaxInt / 128 // so that nobody's sums overflow
	if b.Cols > most || b.Rows > most/max(b.Cols, 1) {
		d.Fail("has %d rows of %d columns", b.Rows, b.Cols)
	}
	return b
}

func (d *reader) cause() (c gradcheck.Cause) {
	d.Object(func(field string) bool {
		switch field {
		case "kind":
			c.Kind = gradcheck.CauseKind(d.Text())
		case "text":
			c.Text = d.Text()
		case "factor":
			c.Factor = d.AnyFloat()
		default:
			return false
		}
		return true
	}, "kind", "text", "factor")
	return c
}

func (d *reader) entries() (list []gradcheck.Entry) {
	d.Array(func(int) { list = append(list, d.entry()) })
	return list
}

func (d *reader) entry() (e gradcheck.Entry) {
	allowed := false
	d.Object(func(field string) bool {
		switch field {
		case "index":
			e.Index = d.Int(-1)
		case "block":
			e.Block = d.Int(0)
		case "name":
			e.Name = d.Text()
		case "analytic":
			e.Analytic = d.AnyFloat()
		case "numeric":
			e.Numeric = d.AnyFloat()
		case "bound":
			e.Bound = d.AnyFloat()
		case "allowed":
			e.Allowed, allowed = d.AnyFloat(), true
		case "ratio":
			d.AnyFloat() // of the other two
		case "min_detectable":
			e.MinDetectable = d.AnyFloat()
		case "order":
			e.Order = d.AnyFloat()
		case "verdict":
			e.Verdict = d.verdict()
		case "reason":
			e.Reason = d.Text()
		default:
			return false
		}
		return true
	}, "index", "block", "name", "analytic", "numeric", "bound", "ratio", "min_detectable", "order", "verdict", "reason")
	if !allowed {
		e.Allowed = e.Bound
	}
	return e
}

func (d *reader) control() (c gradcheck.Control) {
	d.Object(func(field string) bool {
		switch field {
		case "name":
			c.Name = d.Text()
		case "refused":
			c.Refused = d.Bool()
		default:
			return false
		}
		return true
	}, "name", "refused")
	return c
}

func (d *reader) verdict() gradcheck.Verdict {
	switch s := d.Text(); s {
	case "pass":
		return gradcheck.Pass
	case "inconclusive":
		return gradcheck.Inconclusive
	case "fail":
	default:
		d.Fail(`is %.40q, want "pass", "inconclusive" or "fail"`, s)
	}
	return gradcheck.Fail
}

func (d *reader) mode() gradcheck.Mode {
	s := d.Text()
	for m := gradcheck.Entries; m <= gradcheck.ComplexStep; m++ {
		if m.String() == s {
			return m
		}
	}
	d.Fail("is %.40q, which is none of the modes", s)
	return gradcheck.Auto
}
