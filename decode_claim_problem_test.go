package touchstone

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The loss of a claim's own network is a mean over the samples, unless it says "sum".
func TestDecodeClaimReduction(t *testing.T) {
	for reduction, loss := range map[string]string{``: `2.5`, `"reduction":"mean",`: `2.5`, `"reduction":"sum",`: `5`} {
		c, k, err := DecodeClaim("f", []byte(`{"schema":"touchstone-claim-1",`+reduction+
			`"net":{"inputs":1,"layers":[{"width":1,"activation":"identity","bias":false}]},`+
			`"loss":"squared","theta":[1],"x":[[1],[3]],"t":[[2],[0]],"claim":{"loss":`+loss+`}}`))
		require.NoError(t, err)
		assert.Equal(t, loss == "5", c.Sum, reduction)
		assert.Equal(t, Pass, Judge(c, k).Outcome, reduction)
		*k.Loss = 7.5 - *k.Loss // the other one
		assert.Equal(t, Fail, Judge(c, k).Outcome, reduction)
	}
}

// What a claim claims has all digits in the case, and nothing else more than a float64's:
// each result by itself.
func TestDecodeClaimDigits(t *testing.T) {
	digits := func(claim string) map[string]bool {
		c, _, err := DecodeClaim("f", []byte(`{"schema":"touchstone-claim-1","rate":0.1,`+
			`"net":{"inputs":1,"layers":[{"width":1,"activation":"tanh","bias":false}]},`+
			`"loss":"squared","theta":[0.3],"x":[[0.7]],"t":[[0.9]],"claim":{`+claim+`}}`))
		require.NoError(t, err)
		long := map[string]bool{}
		for name, d := range map[string]Decimal{"loss": c.Exact.Loss, "grad": c.Exact.Grad[0], "after": c.Step.Theta[0], "dx": c.Exact.DX[0][0],
			"z": c.Exact.Z[0][0][0], "a": c.Exact.A[0][0][0], "delta": c.Exact.Delta[0][0][0]} {
			mantissa, _, _ := strings.Cut(string(d), "e")
			if len(strings.TrimPrefix(mantissa, "-")) > len("1.2345678901234567") {
				long[name] = true
			}
		}
		return long
	}
	for name, claim := range map[string]string{"loss": `1`, "grad": `[1]`, "after": `[1]`, "dx": `[[1]]`, "z": `[[[1]]]`, "a": `[[[1]]]`, "delta": `[[[1]]]`} {
		assert.Equal(t, map[string]bool{name: true}, digits(`"`+name+`":`+claim))
	}
}
