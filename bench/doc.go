// Package bench holds the benchmarks:
//
//	go test -run '^$' -bench . ./bench
//
// They measure the matrix product, the training step and the activation functions, in
// packages mlp ("reference") and mlp/fast; the exact gradient; Hessian-vector products;
// and the gradient check. README.md says what else is measured, and how fast it was.
//
// GFLOP/s counts a multiplication and an addition as two. A training step is a forward
// and a backward pass and the update of the parameters; its GFLOP/s counts the matrix
// products that it needs: three for each layer, but two for the first, as the gradient
// with respect to the inputs is of no use to it (mlp computes it all the same). The five
// networks of the training step are, from small to large, one where overhead is
// everything, two of handwritten-digit size, and two where arithmetic is everything.
package bench
