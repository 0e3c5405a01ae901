package fast

// inner computes C = A·B by dot. The rows of C and A must be contiguous, and so must
// the columns of B.
func (w *worker) inner(c, a, b view) {
	for j := 0; j < c.cols; j += dotSize {
		cols := min(dotSize, c.cols-j)
		for i := 0; i < c.rows; i += dotSize {
			rows := min(dotSize, c.rows-i)
			w.dots(c.block(i, j, rows, cols), a.block(i, 0, rows, a.cols), b.block(0, j, b.rows, cols))
		}
	}
}
