package report

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestTexts(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 0.001: "<0.01", 0.0123: "0.0123", 1: "1", 12.345: "12.3", 9999: "1e+04", 10000: "1.0×10⁴", 5.13e15: "5.1×10¹⁵", 1e300: "1.0×10³⁰⁰", math.Inf(1): "∞",
	} {
		assert.Equal(t, want, times(v))
	}
	for v, want := range map[float64]string{0: "0", -1: "-1", 0.1: "0.1", 1e-5: "1e-05", 123456: "123456", 1e17: "1e+17", math.Inf(-1): "-∞", math.Inf(1): "+∞"} {
		assert.Equal(t, want, number(v))
	}
	assert.Equal(t, "NaN", number(math.NaN()))
	assert.Equal(t, "0.125", decimal("1.250000000000000000000000000000000000000e-1"))
	assert.Equal(t, "0", decimal("0"))
	assert.Equal(t, "5.2428856633634789e-422", decimal("5.242885663363478925657932296728015129948e-422"))
	assert.Equal(t, "-5.242885663363478e+422", decimal("-5.242885663363478925657932296728015129948e+422"))
	for _, p := range []struct{ got, want, same, other string }{
		{"0.125", "0.125", "0.125", ""},
		{"0.1254", "0.125", "0.125", "4"},
		{"0.12", "0.125", "0.1", "2"},
		{"-1", "1", "", "-1"},
		{"+∞", "1", "", "+∞"},
	} {
		assert.Equal(t, text{p.same, p.other}, against(p.got, p.want))
	}
	assert.Equal(t, "1 row", plural(1, "row", "rows"))
	assert.Equal(t, "1\u202f234\u202f567 rows", plural(1234567, "row", "rows"))
	assert.Equal(t, "1234", grouped(1234))
	assert.Equal(t, strings.Repeat("é", maxName)+"…", name(strings.Repeat("é", 1000)))
	assert.Equal(t, strings.Repeat("\"", 2*maxName/5)+"…", name(strings.Repeat("\"", 1000)))
}
