package main

import (
	"fmt"
	"slices"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/stat"
)

// A feature is an input column, with the measures that standardise it: a network
// that sees (value − mean)/deviation starts where its sigmoids are not saturated,
// whatever the unit of the column.
type feature struct {
	name            string
	mean, deviation float64 // of the rows trained on; the deviation is that of the population
}

// measure returns the features of t. A column without scale is a *DataError.
func measure(t *table) ([]feature, error) {
	var fs []feature
	for k, column := range t.features {
		// Not by the deviation: of equal numbers it may round to something above 0.
		if slices.Min(column) == slices.Max(column) {
			return nil, &DataError{File: t.file, Column: t.names[k],
				Reason: fmt.Sprintf("constant: %v in every row; a feature must vary: take the column out", column[0])}
		}
		mean, deviation := stat.PopMeanStdDev(column, nil)
		if !(deviation > 0 && isFinite(deviation) && isFinite(mean)) {
			return nil, &DataError{File: t.file, Column: t.names[k],
				Reason: fmt.Sprintf("the standard deviation is %v in floating point; change the unit", deviation)}
		}
		fs = append(fs, feature{t.names[k], mean, deviation})
	}
	return fs, nil
}

// standardise returns the features of t as the inputs of a network, rows × features.
func standardise(t *table, fs []feature) (blas64.General, error) {
	x := blas64.General{Rows: len(t.lines), Cols: len(fs), Stride: len(fs), Data: make([]float64, len(t.lines)*len(fs))}
	for k, f := range fs {
		for s, v := range t.features[k] {
			z := (v - f.mean) / f.deviation
			if !isFinite(z) {
				return blas64.General{}, &DataError{t.file, t.lines[s], f.name,
					fmt.Sprintf("%v is too far from the mean %v of training", v, f.mean)}
			}
			x.Data[s*x.Stride+k] = z
		}
	}
	return x, nil
}
