package gradcheck

// TB is the part of testing.TB that Assert uses.
type TB interface {
	Helper()
	Errorf(format string, args ...any)
}

// Assert checks p and reports anything but Pass as an error of the test t, with
// the worst entry by name, both its values and their ratio. It accepts
// Inconclusive if s allows that. A nil s stands for the defaults.
func Assert(t TB, p Problem, s *Settings) {
	t.Helper()
	r, err := Check(p, s)
	if err != nil {
		t.Errorf("%v", err)
		return
	}
	if r.Verdict == Pass || r.Verdict == Inconclusive && s != nil && s.AllowInconclusive {
		return
	}
	t.Errorf("%v", r)
}
