package gradcheck_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"touchstone/gradcheck"
)

func TestModeString(t *testing.T) {
	assert.Equal(t, "auto entries directions certified complex-step Mode(?)",
		fmt.Sprint(gradcheck.Auto, gradcheck.Entries, gradcheck.Directions, gradcheck.Certified, gradcheck.ComplexStep, gradcheck.Mode(9)))
}

// So it is with Settings.
func TestSettingsLimits(t *testing.T) {
	for _, c := range []struct {
		s     gradcheck.Settings
		field string
	}{
		{gradcheck.Settings{Resolution: math.SmallestNonzeroFloat64}, ""},
		{gradcheck.Settings{Resolution: math.Nextafter(1, 0)}, ""},
		{gradcheck.Settings{Resolution: 1}, "Resolution"},
		{gradcheck.Settings{Resolution: math.NaN()}, "Resolution"},
		{gradcheck.Settings{PerBlock: 1}, ""},
		{gradcheck.Settings{MaxEntries: 1}, ""},
		{gradcheck.Settings{Mode: gradcheck.Auto}, ""},
		{gradcheck.Settings{Mode: gradcheck.ComplexStep}, "Complex"},
		{gradcheck.Settings{Mode: gradcheck.ComplexStep + 1}, "Mode"},
		{gradcheck.Settings{Mode: -1}, "Mode"},
	} {
		_, err := gradcheck.Check(rosenbrock, &c.s)
		if c.field == "" {
			assert.NoError(t, err, "%+v", c.s)
			continue
		}
		var problem *gradcheck.ProblemError
		if assert.ErrorAs(t, err, &problem, "%+v", c.s) {
			assert.Equal(t, c.field, problem.Field, "%+v", c.s)
		}
	}
}

// Auto takes directions from 2001 elements on, if MaxEntries does not limit them.
func TestAuto(t *testing.T) {
	for _, c := range []struct {
		n, limit int
		want     gradcheck.Mode
	}{{2000, 0, gradcheck.Entries}, {2001, 0, gradcheck.Directions}, {2001, 5, gradcheck.Entries}} {
		p := gradcheck.Problem{
			Func: func(x []float64) float64 { return x[0] },
			Grad: func(grad, _ []float64) { clear(grad); grad[0] = 1 },
			X:    make([]float64, c.n),
		}
		assert.Equal(t, c.want, runWith(t, p, gradcheck.Settings{MaxEntries: c.limit}).Mode, "%+v", c)
	}
}
