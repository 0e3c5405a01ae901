package gradcheck

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
)

// TB is the part of testing.TB that Assert needs.
type TB interface {
	// Helper marks its caller as a helper of tests.
	Helper()
	// Errorf fails the test and goes on with it.
	Errorf(format string, args ...any)
}

// Assert checks p and reports anything but Pass as an error of the test t, as
// Report.String says it. It accepts Inconclusive if s allows that. A nil s stands
// for the defaults.
//
// With a Go that has test attributes, the verdict is also set as attributes of t:
// gradcheck.verdict, gradcheck.failed, gradcheck.undecided, gradcheck.evaluations
// and gradcheck.median-detectable. With a Go that has test artifacts, and under
// go test -artifacts, the report is also written as JSON to gradcheck.json among
// those of t, or to gradcheck-2.json and so on if t asserts more than once.
func Assert(t TB, p Problem, s *Settings) {
	t.Helper()
	r, err := Check(p, s)
	if err != nil {
		t.Errorf("%v", err)
		return
	}
	setAttributes(t, r)
	if err := writeArtifact(t, r); err != nil {
		t.Errorf("gradcheck: writing the report: %v", err)
	}
	if r.Verdict == Pass || r.Verdict == Inconclusive && s != nil && s.AllowInconclusive {
		return
	}
	t.Errorf("%v", r)
}

// setAttributes notes what was found for programs that read the output of go test.
func setAttributes(t TB, r *Report) {
	a, ok := t.(interface{ Attr(key, value string) }) // since Go 1.25
	if !ok {
		return
	}
	middle, _ := r.detectable()
	a.Attr("gradcheck.verdict", r.Verdict.word())
	a.Attr("gradcheck.failed", strconv.Itoa(r.Failed))
	a.Attr("gradcheck.undecided", strconv.Itoa(r.Undecided))
	a.Attr("gradcheck.evaluations", strconv.Itoa(r.Evaluations))
	a.Attr("gradcheck.median-detectable", strconv.FormatFloat(middle, 'g', 2, 64))
}

// writeArtifact writes r where go test keeps the artifacts of t, if it does.
func writeArtifact(t TB, r *Report) error {
	a, ok := t.(interface{ ArtifactDir() string }) // since Go 1.26
	if !ok || !keepsArtifacts() {
		return nil
	}
	data, err := r.MarshalJSON()
	if err != nil {
		return err
	}
	f, err := createNext(a.ArtifactDir())
	if err != nil {
		return err
	}
	_, err = f.Write(append(data, '\n'))
	return errors.Join(err, f.Close())
}

// keepsArtifacts reports whether the test runs with -artifacts. Without it the
// directory is a temporary one, and a report in it would be lost work.
func keepsArtifacts() bool {
	f := flag.Lookup("test.artifacts")
	return f != nil && f.Value.String() == "true"
}

// createNext creates the first of gradcheck.json, gradcheck-2.json, … that is not
// there yet.
func createNext(dir string) (*os.File, error) {
	name := "gradcheck.json"
	for n := 2; ; n++ {
		f, err := os.OpenFile(filepath.Join(dir, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
		name = fmt.Sprintf("gradcheck-%d.json", n)
	}
}
