package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestStandardise(t *testing.T) {
	// Mean 5 and population deviation 2, exactly.
	data := &table{
		file:     "data.csv",
		names:    []string{"a"},
		features: [][]float64{{2, 4, 4, 4, 5, 5, 7, 9}},
		lines:    []int{2, 3, 4, 5, 6, 7, 8, 9},
	}
	fs, err := measure(data)
	require.NoError(t, err)
	assert.Equal(t, []feature{{name: "a", mean: 5, deviation: 2}}, fs)
	x, err := standardise(data, fs)
	require.NoError(t, err)
	assert.Equal(t, []float64{-1.5, -0.5, -0.5, -0.5, 0, 0, 1, 2}, x.Data)
}

// The mean of equal numbers need not be that number in floating point, and then
// their deviation is not 0.
func TestConstantIsNotJudgedByDeviation(t *testing.T) {
	column := make([]float64, 303)
	for i := range column {
		column[i] = 0.1
	}
	_, err := measure(&table{file: "data.csv", names: []string{"a"}, features: [][]float64{column}})
	assert.EqualError(t, err, `data.csv: column "a": constant: 0.1 in every row; a feature must vary: take the column out`)
}
