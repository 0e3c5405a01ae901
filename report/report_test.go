package report

import (
	"bytes"
	"errors"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone"
	"touchstone/gradcheck"
)

// written returns p as a page, which has no faults.
func written(t testing.TB, p *page) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, p.write(&b))
	assert.Empty(t, faults(b.String()))
	return b.String()
}

func TestPages(t *testing.T) {
	dir := os.Getenv("TOUCHSTONE_PAGES") // for .ci/screenshots
	for _, s := range samples {
		t.Run(s.name, func(t *testing.T) {
			p := s.page(t)
			assert.Equal(t, s.outcome, p.Outcome)
			text := written(t, p)
			for _, says := range s.says {
				assert.True(t, strings.Contains(text, says), says)
			}
			for _, o := range []outcome{pass, inconclusive, fail} {
				assert.Equal(t, o == s.outcome, strings.Contains(text, "<title>"+o.Word()+": "))
			}
			if dir != "" {
				require.NoError(t, os.WriteFile(filepath.Join(dir, s.name+".html"), []byte(text), 0o666))
			}
		})
	}
}

// The same verdict gives the same bytes.
func TestDeterministic(t *testing.T) {
	for _, s := range samples {
		if s.name == "claim-wrong" || s.name == "gradcheck-directions" {
			text := written(t, s.page(t))
			assert.True(t, text == written(t, s.page(t)), s.name)
		}
	}
}

// What is wrong is where it is planted: in the first block to differ, the cause, the
// map and the tables.
func TestVerdictShowsWhatIsWrong(t *testing.T) {
	c := sampleCase(t)
	right := written(t, judged(c, backprop(&c, nil)))
	for _, say := range []string{"first to differ", "Likely cause", `class="c4"`, "wrong, "} {
		body := right[strings.Index(right, "</ul>"):] // after the legend
		assert.False(t, strings.Contains(body, say), say)
	}
	k := backprop(&c, func(l int, d float64) float64 {
		if l == 1 {
			return 1
		}
		return d
	})
	v := touchstone.Judge(c, k)
	text := written(t, verdictPage(&c, k.Precision, v))
	assert.Equal(t, 1, strings.Count(text, "first to differ"))
	assert.True(t, strings.Contains(text, `delta1<span class="hidden">: fail</span> <span class="tag">first to differ</span>`))
	assert.True(t, strings.Contains(text, "<dt>Likely cause</dt><dd><strong>MISSING</strong>: "+v.Cause.Text+"</dd>"))

	wrong := 0
	for i := range v.Blocks {
		b := &v.Blocks[i]
		for i := range b.Rows * b.Cols {
			if e := b.Entry(i); e.Outcome == touchstone.Fail {
				wrong++
				assert.True(t, strings.Contains(text, "<title>"+e.Name+": wrong, "+times(e.Error)+" × what is allowed</title>"), e.Name)
			}
		}
	}
	assert.Len(t, regexp.MustCompile("<title>[^<]*: wrong, ").FindAllString(text, -1), wrong)
}

// One entry that is wrong among a million is in the map, the table and the counts.
func TestMillion(t *testing.T) {
	r := &gradcheck.Report{Verdict: gradcheck.Fail, Entries: make([]gradcheck.Entry, 1_000_000),
		Blocks: []gradcheck.BlockReport{{Block: gradcheck.Block{Name: "W", Rows: 1000, Cols: 1000}, Verdict: gradcheck.Fail, Checked: 1_000_000, Failed: 1}}}
	for i := range r.Entries {
		r.Entries[i] = gradcheck.Entry{Index: i, Name: "right", Analytic: 1, Numeric: 1, Allowed: 1e-12}
	}
	r.Entries[456_789] = gradcheck.Entry{Index: 456_789, Name: "W[456,789]", Analytic: 2, Numeric: 1, Allowed: 1e-12, Verdict: gradcheck.Fail}
	text := written(t, gradcheckPage(r))
	assert.True(t, strings.Contains(text, "1 of 1\u202f000\u202f000 entries wrong"))
	assert.Equal(t, 2, strings.Count(text, `<path class="c8" d="`), "a cell, and the legend")
	assert.True(t, strings.Contains(text, "<title>W[456,789]: wrong, 1.0×10¹² × what is allowed, the worst of 336; 1 wrong</title>"))
	assert.True(t, strings.Contains(text, `<th scope="row"><a href="#block0">W[456,789]</a></th>`))
	assert.Less(t, len(text), MaxPage/8)
}

// Names are text, whatever they contain, and not long.
func TestHostileNames(t *testing.T) {
	const hostile = `</title></style><script>alert("1")</script>&amp;<img src="http://x.test/" onerror='x'>` + "\x00\x01\u202e\xff"
	r := &gradcheck.Report{Verdict: gradcheck.Fail, Remarks: []string{hostile}, Failed: 1,
		Blocks: []gradcheck.BlockReport{{Block: gradcheck.Block{Name: hostile, Rows: 1}, Verdict: gradcheck.Fail, Checked: 1, Failed: 1,
			Causes: []gradcheck.Cause{{Kind: "x", Text: hostile}}}},
		Entries:  []gradcheck.Entry{{Name: hostile, Analytic: math.NaN(), Verdict: gradcheck.Fail, Reason: hostile}},
		Controls: []gradcheck.Control{{Name: hostile}}}
	text := written(t, gradcheckPage(r))
	for _, live := range []string{"<script", "<img", "\u202e", "\x01"} {
		assert.False(t, strings.Contains(text, live), "%q", live)
	}
	assert.True(t, strings.Contains(text, "&lt;script&gt;alert("))

	c, ok := touchstone.CaseByID("mazur")
	require.True(t, ok)
	c.ID, c.Flags = hostile, []string{hostile}
	v := touchstone.Judge(c, touchstone.Claim{Grad: make([]float64, c.Net.NumParams())})
	v.Cause = &touchstone.Cause{Type: hostile, Text: hostile}
	v.Err = nil
	assert.False(t, strings.Contains(written(t, verdictPage(&c, touchstone.Float64, v)), "<script"))
	v.Err = errors.New(hostile)
	assert.False(t, strings.Contains(written(t, verdictPage(&c, touchstone.Float64, v)), "<script"))
}

// hugeReport has many large blocks, of which so many in a hundred are wrong, and long names
// of what must be escaped, or of other characters.
func hugeReport(blocks, wrong int, character string) *gradcheck.Report {
	long := strings.Repeat(character, 1000)
	r := &gradcheck.Report{Verdict: gradcheck.Fail}
	for range 100 {
		r.Remarks = append(r.Remarks, long)
	}
	each := 200_000 / blocks
	for i := range blocks {
		b := gradcheck.BlockReport{Block: gradcheck.Block{Name: long, Offset: len(r.Entries), Rows: 2, Cols: each / 2}, Checked: each}
		for range 10 {
			b.Causes = append(b.Causes, gradcheck.Cause{Text: long})
		}
		if i%100 >= 100-wrong {
			b.Verdict, b.Failed = gradcheck.Fail, each
		}
		for range each {
			e := gradcheck.Entry{Index: len(r.Entries), Block: i, Name: long, Analytic: -1.2345678901234567e-300, Verdict: b.Verdict,
				Numeric: 1.2345678901234567e-300, Bound: 1e-320, Allowed: 1e-320, Reason: long}
			r.Entries = append(r.Entries, e)
			if wrong == 100 {
				e.Index = -1
				r.Directions, r.Second = append(r.Directions, e), append(r.Second, e)
			}
		}
		r.Blocks = append(r.Blocks, b)
	}
	return r
}

// No page is larger than MaxPage, and blocks with errors go before those without.
func TestMaxPage(t *testing.T) {
	all, characters := []int{1, 10, 200, 1000}, []string{"\x00", "世", "\U0001F600", `"`}
	if testing.Short() {
		all, characters = all[3:], characters[3:]
	}
	for _, character := range characters {
		text := written(t, gradcheckPage(hugeReport(200, 100, character)))
		t.Logf("200 blocks, all wrong, of %q: %d bytes", character, len(text))
		assert.Less(t, len(text), MaxPage)
	}
	for _, blocks := range all {
		text := written(t, gradcheckPage(hugeReport(blocks, 50, `"`)))
		t.Logf("%d blocks: %d bytes", blocks, len(text))
		assert.Less(t, len(text), MaxPage)
		assert.Equal(t, min(blocks, maxBlocks), strings.Count(text, "<article"))
		if blocks == 1000 {
			assert.Equal(t, maxBlocks, strings.Count(text, `<article class="card fail`))
			assert.True(t, strings.Contains(text, "800 more blocks are not shown, 300 of them wrong."))
		}
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestWriteError(t *testing.T) {
	assert.EqualError(t, Gradcheck(fullDisk{}, new(gradcheck.Report)), "no space left on device")
	c, ok := touchstone.CaseByID("mazur")
	require.True(t, ok)
	assert.EqualError(t, Verdict(fullDisk{}, c, touchstone.Float32, touchstone.Judge(c, touchstone.Claim{})), "no space left on device")
}

// An empty report is a page, too.
func TestEmpty(t *testing.T) {
	assert.True(t, strings.Contains(written(t, gradcheckPage(new(gradcheck.Report))), "Nothing was compared."))
}
