// Package bench holds the benchmarks of the matrix-heavy core, of the activation
// functions, of second derivatives and of the gradient check:
//
//	go test -bench . ./bench
//
// GFLOP/s counts a multiplication and an addition as two. A training step is a
// forward and a backward pass and the update of the parameters; its GFLOP/s
// counts the three matrix products of each layer. The five networks of the
// training step are, from small to large, one where overhead is everything, two
// of handwritten-digit size, and two where arithmetic is everything.
package bench
