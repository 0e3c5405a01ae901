package main

import (
	"fmt"

	"touchstone"
	"touchstone/mlp"
	"touchstone/mlp/exact"
)

// errVectorSize refuses a vector that nobody could read again.
var errVectorSize = fmt.Errorf("the vector is larger than %d MiB; take fewer samples or a smaller network", touchstone.MaxVectorFile>>20)

// exactVector computes a vector and returns a file of it.
func exactVector(source, id string, p exact.Problem, progress *progress) ([]byte, error) {
	if leastVector(p.Net, p.X.Rows) > touchstone.MaxVectorFile {
		return nil, errVectorSize
	}
	progress.begin(task{name: "the exact results", expected: expectedOf(p.X.Rows * p.Net.NumParams())})
	c, err := touchstone.NewCase(id, p)
	progress.end()
	if err != nil {
		return nil, err
	}
	return vectorFile(source, c)
}

// vectorFile returns a file of one vector.
func vectorFile(source string, c touchstone.Case) ([]byte, error) {
	data := touchstone.Vectors(source, []touchstone.Case{c})
	if len(data) > touchstone.MaxVectorFile {
		return nil, errVectorSize
	}
	return data, nil
}

// leastVector returns a number of bytes that a vector of so many samples does not fall
// below, for who does not want to compute it first. It may be several times as large.
func leastVector(n *mlp.Net, samples int) int {
	perParam := 5                                          // theta, the gradient, theta after the step and two scales
	perSample := 3*n.Inputs() + n.Outputs() + 6*unitsOf(n) // x, dx and its scale; t; z, a, delta and theirs
	const number = 5                                       // bytes: "0" with its quotes, a comma and a space or new line
	return number * (perParam*n.NumParams() + samples*perSample)
}
