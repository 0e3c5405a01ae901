package touchstone

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// A matrix has rows of one length, and as many as are wanted; no rows have no length.
func TestMisshapen(t *testing.T) {
	for _, b := range []struct {
		rows    [][]int
		n, cols int
		want    string
	}{
		{[][]int{{1, 2, 3}, {4, 5, 6}}, 2, 3, ""},
		{[][]int{{1, 2, 3}, {4, 5, 6}}, 3, 2, "is 2 × 3, not 3 × 2"},
		{[][]int{{1, 2, 3}}, 2, 3, "is 1 × 3, not 2 × 3"},
		{[][]int{{1, 2}, {4, 5}}, 2, 3, "is 2 × 2, not 2 × 3"},
		{[][]int{{1, 2, 3}, {4, 5}}, 2, 3, "is ragged: row 1 has 2 values, row 0 has 3"},
		{nil, 2, 3, "is 0 × 0, not 2 × 3"},
	} {
		assert.Equal(t, b.want, misshapen(b.rows, b.n, b.cols))
	}
}
