package touchstone

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Tolerances are written with 6 digits, rounded up, and read again. One that no float64
// holds remains one, and one that a float64 just holds may become one.
func TestVectorsRoundScaleUp(t *testing.T) {
	c, ok := CaseByID("mazur")
	require.True(t, ok)
	for _, b := range []struct {
		scale float64
		want  string
	}{
		{0, "0"},
		{1, "1.00000e+00"},
		{1.234561, "1.23457e+00"},
		{1.234569, "1.23457e+00"},
		{1.23457, "1.23457e+00"},
		{1.234570000000001, "1.23458e+00"},
		{9.9999901, "1.00000e+01"},
		{9.9999951e-8, "1.00000e-07"},
		{5e-324, "4.94066e-324"}, // which is 5e-324
		{1.7976e308, "1.79760e+308"},
		{math.MaxFloat64, "9.99999e+999999"},
		{math.Inf(1), "9.99999e+999999"},
	} {
		c.Scale.Loss = b.scale
		data := Vectors("a test", []Case{c})
		assert.True(t, strings.Contains(string(data), `"loss": "`+b.want+`"`), "%v is not %s", b.scale, b.want)
		again, _, err := DecodeVectors("own.json", data)
		require.NoError(t, err)
		assert.GreaterOrEqual(t, again[0].Scale.Loss, b.scale)
	}
}

// Every line is indented by what is open before it, and holds a vector at most.
func TestVectorsAreIndented(t *testing.T) {
	c, ok := CaseByID("rectangular-squared")
	require.True(t, ok)
	depth := 0
	for _, line := range strings.Split(strings.TrimSpace(string(Vectors("a test", []Case{c, c}))), "\n") {
		text := strings.TrimLeft(line, " ")
		here := depth
		if strings.HasPrefix(text, "]") || strings.HasPrefix(text, "}") {
			here--
		}
		require.Equal(t, strings.Repeat("  ", here), line[:len(line)-len(text)], line)
		depth += strings.Count(text, "[") + strings.Count(text, "{") - strings.Count(text, "]") - strings.Count(text, "}")
	}
	assert.Zero(t, depth)
}
