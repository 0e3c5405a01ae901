package gradcheck

import (
	"bytes"
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// fullReport is a report with something in each field.
func fullReport() *Report {
	r := grid(1, 2,
		Entry{Index: 0, Analytic: 0.1, Numeric: 0.1, Bound: 1e-12, Allowed: 2e-12, MinDetectable: 1e-11},
		Entry{Index: 1, Analytic: math.NaN(), Numeric: 2, Bound: math.Inf(1), MinDetectable: math.Inf(1), Verdict: Fail, Reason: "not finite"},
	)
	r.Mode = Certified
	r.remark(Fail, "Grad modified x")
	r.Blocks[0].Causes = []Cause{{CauseFactor, "it is twice what it should be", 2}}
	r.Blocks[0].Fraction = 0.25
	r.Directions = []Entry{{Index: -1, Name: "W along v0", Analytic: math.Inf(-1), Numeric: 1, Order: 1.5, Verdict: Inconclusive}}
	r.Second = []Entry{{Name: "H·v0", Analytic: 3, Numeric: 4}}
	r.Controls = []Control{{"zero", true}, {"negated", false}}
	r.Evaluations, r.Gradients = 214, 2
	return r
}

func TestJSON(t *testing.T) {
	got, err := json.MarshalIndent(fullReport(), "", " ")
	require.NoError(t, err)
	assert.JSONEq(t, `{
		"format": "touchstone-gradcheck-1", "verdict": "fail", "mode": "certified",
		"remarks": ["Grad modified x"], "failed": 1, "undecided": 0, "evaluations": 214, "gradients": 2,
		"blocks": [{"name": "W", "offset": 0, "rows": 1, "cols": 2, "verdict": "fail", "checked": 2, "failed": 1,
			"undecided": 0, "fraction": 0.25,
			"causes": [{"kind": "factor", "text": "it is twice what it should be", "factor": 2}]}],
		"entries": [
			{"index": 0, "block": 0, "name": "W[0,0]", "analytic": 0.1, "numeric": 0.1, "bound": 1e-12, "allowed": 2e-12, "ratio": 1,
			"min_detectable": 1e-11, "order": 0, "verdict": "pass", "reason": ""},
			{"index": 1, "block": 0, "name": "W[0,1]", "analytic": "NaN", "numeric": 2, "bound": "+Inf", "allowed": 0, "ratio": "NaN",
			"min_detectable": "+Inf", "order": 0, "verdict": "fail", "reason": "not finite"}],
		"directions": [{"index": -1, "block": 0, "name": "W along v0", "analytic": "-Inf", "numeric": 1, "bound": 0, "allowed": 0,
			"ratio": "-Inf", "min_detectable": 0, "order": 1.5, "verdict": "inconclusive", "reason": ""}],
		"second": [{"index": 0, "block": 0, "name": "H·v0", "analytic": 3, "numeric": 4, "bound": 0, "allowed": 0, "ratio": 0.75,
			"min_detectable": 0, "order": 0, "verdict": "pass", "reason": ""}],
		"controls": [{"name": "zero", "refused": true}, {"name": "negated", "refused": false}]
	}`, string(got))

	again, err := json.MarshalIndent(fullReport(), "", " ")
	require.NoError(t, err)
	assert.Equal(t, string(got), string(again))
	other := fullReport()
	other.Entries[0].Analytic = math.Nextafter(0.1, 1)
	changed, err := json.MarshalIndent(other, "", " ")
	require.NoError(t, err)
	assert.NotEqual(t, string(got), string(changed), "the last bit counts")
}

// An empty report has empty arrays, not null.
func TestJSONHasNoNull(t *testing.T) {
	for _, r := range []*Report{{}, {Blocks: make([]BlockReport, 1)}} {
		got, err := json.Marshal(r)
		require.NoError(t, err)
		assert.False(t, bytes.Contains(got, []byte("null")), "%s", got)
	}
}

// Each number is read back as it was.
func TestJSONNumbers(t *testing.T) {
	for _, v := range []float64{0, math.Copysign(0, -1), 1. / 3, 5e-324, math.MaxFloat64, 0x1p-1022, -1e21, 1e-7} {
		text, err := json.Marshal(number(v))
		require.NoError(t, err)
		var got float64
		require.NoError(t, json.Unmarshal(text, &got))
		assert.Equal(t, math.Float64bits(v), math.Float64bits(got), "%s", text)
	}
}
