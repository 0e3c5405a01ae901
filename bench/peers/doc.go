// Command peers measures mlp/fast beside other programs that compute the same: gonum,
// OpenBLAS, BLIS, NumPy, PyTorch, scikit-learn and FANN. It is started by the script
// run, and is a module of its own so that nobody who uses the library depends on it.
//
// Each peer runs in a process of its own with a number of threads of its own, and they
// take turns: in each round each peer gets a moment for each task, so that a machine
// that is busy for a while is so for all. A process that has not its turn is stopped,
// as some peers' idle threads go round in circles.
//
// There are two kinds of tasks. A product is C = A·Bᵀ of square matrices. A step is one
// of gradient descent on one batch: forward pass, backward pass, update, of a network
// of sigmoids with the mean of squared errors, all in float64. Before a peer is timed
// at a task it does it once, and the result is compared with that of package mlp: if it
// differs by more than 1e-10, no time is printed.
package main
