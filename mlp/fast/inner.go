package fast

// Inner products are faster than tiles where rows of C are so few that to pack the other
// operand is not repaid, and where its columns leave most of a tile empty. But the sums
// must be long: to add up their parts costs as much as some thirty terms. Both limits
// are measured.
const (
	fewRows = 64
	fewCols = 16
)

// prefersInner reports whether C = A·B is better computed by inner, if it can be.
func (t *kernel) prefersInner(c, a, b view) bool {
	if t.dot == nil || a.right != 1 || b.down != 1 {
		return false
	}
	return c.rows <= min(fewRows, a.cols/8) || c.cols <= fewCols && a.cols > fewCols
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
