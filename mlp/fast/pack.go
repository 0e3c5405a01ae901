package fast

// packInto copies v into dst, column after column. A column takes width elements there,
// a multiple of the kernel's eight if it has a pack. What those beyond its own become
// is not said: what a tile makes of them is thrown away. One of the strides of v is 1.
func (t *kernel) packInto(dst []float64, v view, width int) {
	if v.right != 1 && t.copy != nil {
		_ = dst[(v.cols-1)*width+v.rows-1]
		_ = v.data[(v.cols-1)*v.right+v.rows-1]
		t.copy(dst, width, v.data, v.right, v.rows, v.cols)
		return
	}
	if v.right != 1 {
		for p := range v.cols {
			copy(dst[p*width:], v.data[p*v.right:][:v.rows])
		}
		return
	}
	for i := 0; i < v.rows; i += 8 {
		rows, dst, src := min(8, v.rows-i), dst[i:], v.data[i*v.down:]
		switch {
		case t.pack != nil:
			_ = dst[(v.cols-1)*width+7]
			_ = src[(rows-1)*v.down+v.cols-1]
			t.pack(dst, width, src, v.down, rows, v.cols)
		case rows == 8:
			pack8(dst, src, v.cols, v.down, width)
		default:
			for i := range rows {
				for p, x := range src[i*v.down:][:v.cols] {
					dst[p*width+i] = x
				}
			}
		}
	}
}

// pack8 copies eight rows at a time, which fill a cache line of dst: a row at a time
// would write each line again and again.
func pack8(dst, src []float64, cols, down, width int) {
	r0, r1, r2, r3 := src[:cols], src[down:][:cols], src[2*down:][:cols], src[3*down:][:cols]
	src = src[4*down:]
	r4, r5, r6, r7 := src[:cols], src[down:][:cols], src[2*down:][:cols], src[3*down:][:cols]
	for p := range cols {
		d := dst[p*width:][:8:8]
		d[0], d[1], d[2], d[3] = r0[p], r1[p], r2[p], r3[p]
		d[4], d[5], d[6], d[7] = r4[p], r5[p], r6[p], r7[p]
	}
}
