package report

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone/gradcheck"
)

// A report that was written and read is the same report, to the last bit.
func TestReadWhatIsWritten(t *testing.T) {
	reports := []*gradcheck.Report{
		{Mode: gradcheck.Entries},
		checked(t, func(grad, theta []float64) {}, nil),
		checked(t, func(grad, theta []float64) { grad[0], grad[1], grad[21] = math.NaN(), math.Inf(1), 7 }, nil),
		checked(t, func(grad, theta []float64) { grad[21] = -grad[21] }, &gradcheck.Settings{Mode: gradcheck.Directions}),
		checked(t, func(grad, theta []float64) {}, &gradcheck.Settings{MaxEntries: 9}),
	}
	for _, r := range reports {
		data, err := json.Marshal(r)
		require.NoError(t, err)
		got, err := Read(data)
		require.NoError(t, err)
		again, err := json.Marshal(got)
		require.NoError(t, err)
		assert.Equal(t, string(data), string(again))
		assert.Equal(t, r.String(), got.String())
		assert.Equal(t, written(t, gradcheckPage(r)), written(t, gradcheckPage(got)))
	}
}

const goodReport = `{"format": "touchstone-gradcheck-1", "verdict": "fail", "mode": "entries", "remarks": ["r"],
 "failed": 1, "undecided": 0, "evaluations": 12, "gradients": 2,
 "blocks": [{"name": "W", "offset": 0, "rows": 1, "cols": 1, "verdict": "fail", "checked": 1, "failed": 1, "undecided": 0, "fraction": 0,
  "causes": [{"kind": "factor", "text": "it is twice what it should be", "factor": 2}]}],
 "entries": [{"index": 0, "block": 0, "name": "W[0,0]", "analytic": 2, "numeric": 1, "bound": 1e-12, "ratio": 2,
  "min_detectable": 1e-11, "order": 0, "verdict": "fail", "reason": ""}],
 "directions": [], "second": [], "controls": [{"name": "zero", "refused": true}]}`

func TestReadRefuses(t *testing.T) {
	r, err := Read([]byte(goodReport))
	require.NoError(t, err)
	assert.Equal(t, 1e-12, r.Entries[0].Allowed, "the bound where nothing else is said")
	for _, p := range []struct{ from, to, want string }{
		{goodReport, "", "is empty"},
		{goodReport, goodReport[:200], "blocks[0]: the JSON ends too early"},
		{goodReport, "[1]", "is an array, want an object"},
		{goodReport, strings.Repeat("[", 100_000), "is an array, want an object"},
		{"gradcheck-1", "gradcheck-9", `format: is "touchstone-gradcheck-9", want "touchstone-gradcheck-1"`},
		{`"mode": "entries"`, `"mode": "auto"`, `mode: is "auto", which is none of the modes`},
		{`"verdict": "fail", "mode"`, `"verdict": "FAIL", "mode"`, `verdict: is "FAIL", want "pass", "inconclusive" or "fail"`},
		{`"failed": 1, "undecided": 0, "evaluations"`, `"failed": -1, "undecided": 0, "evaluations"`, "failed: is -1, want a whole number from 0 to 9223372036854775807"},
		{`"rows": 1, "cols": 1`, `"rows": 9223372036854775807, "cols": 2`, "blocks[0]: has 9223372036854775807 rows of 2 columns"},
		{`"rows": 1, "cols": 1`, `"rows": 0, "cols": 1`, "entries[0]: is one more than block 0 has"},
		{`"rows": 1, "cols": 1, "verdict": "fail"`, `"rows": 1, "cols": 1, "verdict": "pass"`, "blocks[0].verdict: is PASS, and by the entries of the block it is FAIL"},
		{`"checked": 1`, `"checked": 2`, "blocks[0].checked: is 2, and by the entries of the block it is 1"},
		{`"failed": 1, "undecided": 0, "fraction"`, `"failed": 0, "undecided": 0, "fraction"`, "blocks[0].failed: is 0, and by the entries of the block it is 1"},
		{`"failed": 1, "undecided": 0, "fraction"`, `"failed": 1, "undecided": 1, "fraction"`, "blocks[0].undecided: is 1, and by the entries of the block it is 0"},
		{`"failed": 1, "undecided": 0, "evaluations"`, `"failed": 0, "undecided": 0, "evaluations"`, "failed: is 0, and 1 entries are wrong"},
		{`"failed": 1, "undecided": 0, "evaluations"`, `"failed": 1, "undecided": 7, "evaluations"`, "undecided: is 7, and 0 entries are inconclusive"},
		{`"verdict": "fail", "mode"`, `"verdict": "pass", "mode"`, "verdict: is PASS, and an entry has FAIL"},
		{`"block": 0`, `"block": 1`, "entries[0].block: is 1, and there are 1 blocks"},
		{`"index": 0`, `"index": -2`, "entries[0].index: is -2, want a whole number from -1 to 9223372036854775807"},
		{`"analytic": 2`, `"analytic": "two"`, `entries[0].analytic: "two" is not a finite float64`},
		{`"analytic": 2`, `"analytic": null`, `entries[0].analytic: is null, want a number`},
		{`"analytic": 2`, `"analytic": 1e999`, `entries[0].analytic: "1e999" is not a finite float64`},
		{`"reason": ""`, `"reason": "", "extra": 1`, "entries[0].extra: unknown field"},
		{`, "reason": ""`, ``, `entries[0]: has no field "reason"`},
		{`"refused": true`, `"refused": 1`, "controls[0].refused: is the number 1, want true or false"},
	} {
		require.Contains(t, goodReport, p.from)
		_, err := Read([]byte(strings.Replace(goodReport, p.from, p.to, 1)))
		assert.EqualError(t, err, p.want)
		assert.IsType(t, &FormatError{}, err)
	}
}

// A verdict that is worse than every entry has a remark.
func TestReadVerdictOfRemark(t *testing.T) {
	const empty = `{"format": "touchstone-gradcheck-1", "verdict": "inconclusive", "mode": "entries", "remarks": ["r"],
 "failed": 0, "undecided": 0, "evaluations": 0, "gradients": 0, "blocks": [], "entries": [], "directions": [], "second": [], "controls": []}`
	_, err := Read([]byte(empty))
	assert.NoError(t, err)
	_, err = Read([]byte(strings.Replace(empty, `"r"`, "", 1)))
	assert.EqualError(t, err, "verdict: is INCONCLUSIVE, and neither an entry nor a remark says why")
}

// Whatever can be read can be shown, as text and as a page.
func FuzzRead(f *testing.F) {
	f.Add([]byte(goodReport))
	f.Add([]byte(strings.Replace(goodReport, `"index": 0`, `"index": 5`, 1)))
	f.Add([]byte(strings.Replace(goodReport, `"cols": 1`, `"cols": 9223372036854775807`, 1)))
	f.Add([]byte(strings.Replace(goodReport, `"analytic": 2`, `"analytic": "NaN"`, 1)))
	f.Add([]byte(strings.Replace(goodReport, `"bound": 1e-12`, `"bound": "-Inf"`, 1)))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Read(data)
		if err != nil {
			return
		}
		_ = r.String()
		written(t, gradcheckPage(r))
	})
}
