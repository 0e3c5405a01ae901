package touchstone

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What nobody claimed is in the case to the digits of a float64, and exactly zero only
// if it is.
func TestUnclaimedZero(t *testing.T) {
	c, _, err := DecodeClaim("claim.json", []byte(`{"schema":"touchstone-claim-1",
	 "net":{"inputs":2,"layers":[{"width":1,"activation":"sigmoid","bias":true}]},"loss":"squared",
	 "theta":[0.5,0,1e-300],"x":[[0,1e-200]],"t":[[0.25]],"claim":{"delta":[[[0.0625]]]}}`))
	require.NoError(t, err)
	assert.Equal(t, Decimal("0"), c.Exact.Grad[0])
	assert.Equal(t, Decimal("6.2499999999999999e-202"), c.Exact.Grad[1])
	assert.Equal(t, []Decimal{"3.1250000000000000e-02", "0"}, c.Exact.DX[0])
	assert.Equal(t, Decimal("1.0000000000000000e-300"), c.Exact.Z[0][0][0])
	assert.Equal(t, Pass, Judge(c, Claim{Delta: [][]float64{{0.0625}}}).Outcome)
}
