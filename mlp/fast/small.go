package fast

// plain computes C = A·B, or C += A·B, by the definition: for products that are done
// before a kernel would have its operands together.
func plain(c, a, b view, add bool) {
	for i := range c.rows {
		for j := range c.cols {
			sum, at, bt := 0.0, i*a.down, j*b.right
			for range a.cols {
				sum += a.data[at] * b.data[bt]
				at += a.right
				bt += b.down
			}
			if at := i*c.down + j; add {
				c.data[at] += sum
			} else {
				c.data[at] = sum
			}
		}
	}
}
