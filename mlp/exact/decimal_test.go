package exact_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"touchstone"
	"touchstone/mlp/exact"
)

// Every digit of every golden vector, which another program computed without
// backpropagation.
func TestDigits(t *testing.T) {
	digits := 0
	for _, c := range touchstone.Cases() {
		d, err := exact.Digits(caseProblem(&c))
		require.NoError(t, err, c.ID)
		see := func(what, got string, want touchstone.Decimal) {
			assert.Equal(t, string(want), got, "%s %s", c.ID, what)
			digits += len(got)
		}
		see("loss", d.Loss, c.Exact.Loss)
		for i := range d.Grad {
			see(c.Net.ParamName(i), d.Grad[i], c.Exact.Grad[i])
		}
		for i := range d.DX {
			see("dx", d.DX[i], c.Exact.DX[i/c.Net.Inputs()][i%c.Net.Inputs()])
		}
		for l := range d.Z {
			w := c.Net.Layer(l).Width
			for i := range d.Z[l] {
				see("z", d.Z[l][i], c.Exact.Z[l][i/w][i%w])
				see("a", d.A[l][i], c.Exact.A[l][i/w][i%w])
				see("delta", d.Delta[l][i], c.Exact.Delta[l][i/w][i%w])
			}
		}
		if len(c.Step.Frozen) == 0 {
			see("loss after the step", d.LossAfter, c.Step.Loss)
			for i := range d.After {
				see("after", d.After[i], c.Step.Theta[i])
			}
		}
	}
	assert.Greater(t, digits, 500_000)
}
