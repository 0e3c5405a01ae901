package gradcheck

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Rows and columns have factors of their own in matrices of any shape that has more than
// one of them. With two in a row, that row's factor is no evidence.
func TestDiagnoseLinesOfShapes(t *testing.T) {
	for _, c := range []struct{ rows, cols int }{{2, 5}, {5, 2}, {2, 3}, {3, 2}, {3, 3}, {1, 5}, {5, 1}} {
		for _, line := range []string{"row", "column"} {
			for seed := range uint64(5) {
				trial := newTrial(seed, 1e-12, Block{Name: "W", Rows: c.rows, Cols: c.cols})
				lines, length := c.rows, c.cols
				if line == "column" {
					lines, length = c.cols, c.rows
				}
				for k := range trial.a {
					j := k / c.cols
					if line == "column" {
						j = k % c.cols
					}
					trial.a[k] *= 0.25 + 0.3*float64(j)
				}
				causes := trial.diagnose(0, false)
				what := fmt.Sprintf("%d×%d, %s, seed %d: %v", c.rows, c.cols, line, seed, causes)
				switch {
				case lines == 1:
					require.NotEmpty(t, causes, what)
					assert.Equal(t, CauseFactor, causes[0].Kind, what)
				case length > 2:
					require.NotEmpty(t, causes, what)
					assert.Equal(t, CauseDerivative, causes[0].Kind, what)
					assert.Contains(t, causes[0].Text, fmt.Sprintf("each %s has a factor of its own, from 0.25 to %.9g", line, 0.25+0.3*float64(lines-1)), what)
				default:
					assert.Empty(t, causes, what)
				}
			}
		}
	}
}

// Two opposite units, as those of a softmax of two outputs, with a matrix of one column that
// has weight decay, are two numbers: any two have a factor and a decay.
func TestDiagnoseUnitsOfTwo(t *testing.T) {
	for seed := range uint64(5) {
		c := newTrial(seed, 1e-12, Block{Name: "W", Rows: 2, Cols: 1}, Block{Name: "b", Rows: 2})
		for _, v := range [][]float64{c.truth, c.p.X} {
			v[1], v[3] = -v[0], -v[2]
		}
		copy(c.a, c.truth)
		times(1.9)(c, c.block(c.a, 0))
		times(2.7)(c, c.block(c.a, 1))
		assert.Empty(t, c.diagnose(1, false), "seed %d", seed)
	}
}

// Factors are one if they differ by a millionth of how far they are off 1, and one that
// has no limit is not.
func TestIsOneFactor(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		low, high float64
		want      bool
	}{
		{2, 2, true}, {1, 1, true}, {0, 0, true}, {-3, -3, true},
		{2, 2 + 0.9e-6, true}, {2, 2 + 1.1e-6, false},
		{101, 101 + 90e-6, true}, {101, 101 + 110e-6, false},
		{-99, -99 + 90e-6, true}, {-99, -99 + 110e-6, false},
		{1, 1 + 1e-9, false},
		{2, inf, false}, {inf, inf, false},
	} {
		assert.Equal(t, c.want, isOneFactor(c.low, c.high), "%+v", c)
	}
}
