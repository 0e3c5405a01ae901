package fast

// packInto copies v into dst, column after column. A column takes width elements there,
// a multiple of the kernel's eight if it has a pack. What those beyond its own become
// is not said: what a tile makes of them is thrown away. One of the strides of v is 1.
func (t *kernel) packInto(dst []float64, v view, width int) {
	switch {
	case v.right != 1 && t.copy != nil:
		_ = dst[(v.cols-1)*width+v.rows-1]
		_ = v.data[(v.cols-1)*v.right+v.rows-1]
		t.copy(dst, width, v.data, v.right, v.rows, v.cols)
	case v.right != 1:
		for p := range v.cols {
			copy(dst[p*width:], v.data[p*v.right:][:v.rows])
		}
	case t.pack != nil:
		for i := 0; i < v.rows; i += 8 {
			rows, dst, src := min(8, v.rows-i), dst[i:], v.data[i*v.down:]
			_ = dst[(v.cols-1)*width+7]
			_ = src[(rows-1)*v.down+v.cols-1]
			t.pack(dst, width, src, v.down, rows, v.cols)
		}
	default:
		packRows(dst, v, width)
	}
}

// packRows packs rows that are contiguous, four at a time as long as there are so many:
// fewer would write each cache line of dst again and again.
func packRows(dst []float64, v view, width int) {
	i := 0
	for ; i+4 <= v.rows; i += 4 {
		src := v.data[i*v.down:]
		r0, r1, r2, r3 := src[:v.cols], src[v.down:][:v.cols], src[2*v.down:][:v.cols], src[3*v.down:][:v.cols]
		for p := range v.cols {
			d := dst[p*width+i:][:4:4]
			d[0], d[1], d[2], d[3] = r0[p], r1[p], r2[p], r3[p]
		}
	}
	for ; i < v.rows; i++ {
		for p, x := range v.data[i*v.down:][:v.cols] {
			dst[p*width+i] = x
		}
	}
}
