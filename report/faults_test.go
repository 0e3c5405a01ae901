package report

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// faults returns what is wrong with a page: it is not well-formed, refers to
// something outside or to an id that is not there, has a script, or leaves those who
// do not see it without a word.
func faults(text string) (list []string) {
	fault := func(format string, args ...any) { list = append(list, fmt.Sprintf(format, args...)) }
	if len(text) > MaxPage {
		fault("%d bytes", len(text))
	}
	d := xml.NewDecoder(strings.NewReader(text)) // stricter than HTML
	var ids, refs, open []string
	headings := 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			fault("%v", err)
			break
		}
		switch token := token.(type) {
		case xml.StartElement:
			open = append(open, token.Name.Local)
			if slices.Contains([]string{"script", "img", "iframe", "object", "embed", "form", "base", "use", "image"}, open[len(open)-1]) {
				fault("a %s", open[len(open)-1])
			}
			attributes := map[string]string{}
			for _, a := range token.Attr {
				attributes[a.Name.Local] = a.Value
				switch name := a.Name.Local; {
				case name == "id":
					if slices.Contains(ids, a.Value) {
						fault("id %s twice", a.Value)
					}
					ids = append(ids, a.Value)
				case name == "aria-labelledby" || name == "href" && strings.HasPrefix(a.Value, "#"):
					refs = append(refs, strings.TrimPrefix(a.Value, "#"))
				case name == "href" && a.Value == "data:,":
				case name == "href" || name == "src" || name == "srcset" || name == "action" || strings.HasPrefix(name, "on") || name == "style":
					fault("%s=%q", name, a.Value)
				}
			}
			switch name := token.Name.Local; {
			case name == "svg" && attributes["aria-hidden"] != "true" && attributes["aria-label"] == "":
				fault("an svg without a label")
			case name == "th" && attributes["scope"] == "":
				fault("a th without a scope")
			case name == "h1":
				headings++
			}
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 0 && open[len(open)-1] == "style" && regexp.MustCompile(`(?i)url\(|@import`).Match(token) {
				fault("a reference in the style")
			}
		}
	}
	for _, ref := range refs {
		if !slices.Contains(ids, ref) {
			fault("no id %s", ref)
		}
	}
	if headings != 1 {
		fault("%d h1", headings)
	}
	for _, need := range []string{`<html lang="en">`, `<meta name="viewport" content="width=device-width, initial-scale=1" />`, "prefers-color-scheme: dark", "@media print", "Content-Security-Policy"} {
		if !strings.Contains(text, need) {
			fault("no %s", need)
		}
	}
	return list
}

// faults finds what is planted.
func TestFaults(t *testing.T) {
	text := written(t, samples[1].page(t))
	for _, p := range []struct{ from, to, want string }{
		{"</main>", "<script>1</script></main>", "a script"},
		{"</main>", `<img src="x" /></main>`, "a img"},
		{"</main>", `<a href="http://x.test/">x</a></main>`, "http"},
		{"</main>", `<p onclick="x">x</p></main>`, "onclick"},
		{"</main>", `<p id="facts">x</p></main>`, "id facts twice"},
		{"</main>", `<a href="#nowhere">x</a></main>`, "no id nowhere"},
		{"</main>", "<svg></svg></main>", "without a label"},
		{"</main>", "</div></main>", "syntax error"},
		{"</main>", "a < b</main>", "syntax error"},
		{"</main>", "<br></main>", "syntax error"},
		{"</main>", "<h1>x</h1></main>", "2 h1"},
		{"</style>", "p { background: url(//x.test/) }</style>", "a reference in the style"},
		{"</style>", "@import 'x';</style>", "a reference in the style"},
		{`name="viewport"`, `name="view"`, "viewport"},
		{`<th scope="row">`, "<th>", "without a scope"},
		{"</html>", "<!-- " + strings.Repeat("x", MaxPage) + " --></html>", "bytes"},
	} {
		assert.Contains(t, text, p.from)
		list := faults(strings.Replace(text, p.from, p.to, 1))
		assert.Contains(t, strings.Join(list, "; "), p.want)
	}
}
