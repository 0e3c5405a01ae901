package fast

// skinny is the number of rows or of columns of C up to which inner products are faster
// than tiles: the other operand is used too seldom to repay that it is packed.
const skinny = 64

// prefersInner reports whether C = A·B is better computed by inner, if it can be.
func (t *kernel) prefersInner(c, a, b view) bool {
	return t.dot != nil && a.right == 1 && b.down == 1 && min(c.rows, c.cols) <= skinny
}

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
