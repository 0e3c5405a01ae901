package fast

// Products are computed as by Goto and van de Geijn, "Anatomy of high-performance
// matrix multiplication", ACM TOMS 34 (2008), with the two operands in each other's
// role: a block of B, packed, stays in the second-level cache while strips of A, of
// as many rows as a tile has, pass by it; one strip at a time is in the first-level
// cache.
//
//	for the rows of A, a block at a time
//	    for the rows of B, a block at a time                     (p)
//	        for the columns of B, a block at a time              (j)
//	            pack the block of B in panels as wide as a tile
//	            for the rows of the block of A, a strip at a time (i)
//	                pack the strip of A, for the first block of B
//	                for the panels of the block                  (q)
//	                    compute a tile of C, or add to it
//
// Blocks are of about the same size: no block is so shallow that its tiles are loaded
// and stored for little.
const (
	blockRows  = 1024 // a block of A takes 2 MiB of a third-level cache; a multiple of the height of every tile
	blockDepth = 272  // a strip of eight rows takes 17 KiB: half of a first-level cache
	blockCols  = 240  // a block takes 510 KiB: half of a second-level cache of 1 MiB; a multiple of the width of every tile
)

// fewTiles is the number of tiles up to which an operand that they share is read where
// it stands: to pack it would cost more than it saves.
const fewTiles = 4

// shallow is the depth up to which a panel of B is read where it stands, however many
// tiles share it: so few rows stay in the first-level cache, and in its table of pages.
const shallow = 48

// A worker is what one goroutine multiplies with.
type worker struct {
	kernel
	a, b []float64 // a packed block of A, or one strip of it, and a packed block of B
	edge []float64 // a tile of C that is not all in C, for kernels without part

	// Whether a holds a block, as its strips are needed for several blocks of B, and
	// whether it does so already.
	keep, kept bool
}

// newWorker returns a worker for operands of no dimension above largest.
func newWorker(k kernel, largest int) *worker {
	depth := min(largest, blockDepth)
	rows, cols := k.rows, min((largest+k.cols-1)/k.cols*k.cols, blockCols)
	if largest > blockCols {
		rows = min((largest+k.rows-1)/k.rows*k.rows, blockRows)
	}
	return &worker{
		kernel: k,
		a:      make([]float64, rows*depth),
		b:      make([]float64, depth*cols),
		edge:   make([]float64, k.rows*k.cols),
	}
}

// multiplyThen computes C = A·B, or C += A·B if add is set. The rows of C must be
// contiguous, and so must the rows or the columns of A, and of B. C overlaps neither. It
// is part of a larger matrix, from (row, col) of it on: unless then is nil, it is called
// with each block of that matrix as soon as it is computed, while it still is in a cache.
//
// Which of the ways below an element of C is computed in depends on the shape of the
// whole, and its terms are always added in the same order.
func (w *worker) multiplyThen(c, a, b view, add bool, row, col int, then func(region)) {
	rows, depth, cols := c.rows, even(a.cols, blockDepth, 1), even(c.cols, blockCols, w.cols)
	w.keep = cols < c.cols
	if w.keep {
		rows = even(c.rows, blockRows, w.rows)
	}
	for i := 0; i < c.rows; i += rows {
		rows := min(rows, c.rows-i)
		for p := 0; p < a.cols; p += depth {
			depth := min(depth, a.cols-p)
			for j := 0; j < c.cols; j += cols {
				cols := min(cols, c.cols-j)
				w.kept = j > 0
				w.block(c.block(i, j, rows, cols), a.block(i, p, rows, depth), b.block(p, j, depth, cols), add || p > 0)
				if then != nil && p+depth == a.cols {
					then(region{row + i, col + j, rows, cols})
				}
			}
		}
	}
}

// even returns the size of the blocks that n is divided into: as few as can be if none
// is above most, and of the same size but for the last. It is a multiple of unit, as
// most is.
func even(n, most, unit int) int {
	blocks := (n + most - 1) / most
	size := (n + blocks - 1) / blocks
	return (size + unit - 1) / unit * unit
}

// block computes C = A·B, or C += A·B, for a block B.
func (w *worker) block(c, a, b view, add bool) {
	inPlace := b.right == 1 && (c.rows <= fewTiles*w.rows || b.rows <= shallow)
	for j := 0; j < c.cols; j += w.cols {
		if cols := min(w.cols, c.cols-j); !inPlace || !w.can(w.rows, cols) {
			w.packInto(w.b[j*b.rows:], b.block(0, j, b.rows, cols).t(), w.cols)
		}
	}
	panels, down, apart := w.b, w.cols, b.rows*w.cols
	if inPlace {
		panels, down, apart = b.data, b.down, w.cols
	}
	for i := 0; i < c.rows; i += w.rows {
		rows, whole := min(w.rows, c.rows-i), c.cols // columns in one go
		if !w.can(rows, w.cols) {
			whole = 0
		} else if !w.can(rows, c.cols%w.cols) {
			whole -= c.cols % w.cols
		}
		strip := w.strip(a.block(i, 0, rows, a.cols), i, c.cols)
		if whole > 0 {
			w.tiles(c.block(i, 0, rows, whole), strip, panels, down, apart, add)
		}
		for j := whole; j < c.cols; j += w.cols {
			cols := min(w.cols, c.cols-j)
			panel, down := panels[j/w.cols*apart:], down
			if cols < w.cols {
				panel, down = w.b[j*b.rows:], w.cols
			}
			w.most(c.block(i, j, rows, cols), strip, panel, down, add)
		}
	}
}

// can reports whether the kernel has a function for so much of a tile. Otherwise the
// last strip and the last panel are packed, so that nothing beyond is read.
func (w *worker) can(rows, cols int) bool {
	return w.part != nil || rows == w.rows && cols%w.cols == 0
}

// strip returns the strip a, from row i of its block on, as wide as a tile, packed where
// that pays for the given number of columns of C.
func (w *worker) strip(a view, i, cols int) view {
	if cols <= fewTiles*w.cols && w.can(a.rows, w.cols) {
		return a
	}
	packed := w.a
	if w.keep {
		packed = w.a[i*a.cols:]
	}
	if !w.kept {
		w.packInto(packed, a, w.rows)
	}
	rows := w.rows
	if w.part != nil {
		rows = a.rows
	}
	return view{packed, rows, a.cols, 1, w.rows}
}

// most computes a C that is most of a tile, or adds to it, by way of a whole one.
func (w *worker) most(c, a view, b []float64, bk int, add bool) {
	w.tiles(view{w.edge, w.rows, w.cols, w.cols, 1}, a, b, bk, 0, false)
	for i := range c.rows {
		c, sum := c.data[i*c.down:][:c.cols], w.edge[i*w.cols:][:c.cols]
		if !add {
			copy(c, sum)
			continue
		}
		for j, x := range sum {
			c[j] += x
		}
	}
}
