package fast

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// What is packed is the matrix, column after column, by assembly as in Go.
func TestPack(t *testing.T) {
	eachKernel(t, func(t *testing.T, k kernel) {
		rnd := newRand(3)
		for rows := 1; rows <= 24; rows++ {
			for cols := 1; cols < 20; cols++ {
				v := random(rnd, rows, cols, layouts[(rows+cols)%4])
				assert.True(t, packed(k, v, 24), "%d × %d", rows, cols)
			}
		}
	})
}

// packed reports whether k packs v right.
func packed(k kernel, v view, width int) bool {
	dst := guarded(v.cols * width)
	for i := range dst {
		dst[i] = canary
	}
	k.packInto(dst, v, width)
	for p := range v.cols {
		for i := range v.rows {
			if dst[p*width+i] != v.element(i, p) {
				return false
			}
		}
	}
	return true
}

// A pack that exchanges two rows, or ends early, is seen.
func TestPackCatches(t *testing.T) {
	for what, pack := range map[string]func(dst []float64, width int, src []float64, down, rows, cols int){
		"right": func(dst []float64, width int, src []float64, down, rows, cols int) {
			for i := range rows {
				for p := range cols {
					dst[p*width+i] = src[i*down+p]
				}
			}
		},
		"two rows exchanged": func(dst []float64, width int, src []float64, down, rows, cols int) {
			for i := range rows {
				for p := range cols {
					dst[p*width+i^1] = src[i*down+p]
				}
			}
		},
		"last column left out": func(dst []float64, width int, src []float64, down, rows, cols int) {
			for i := range rows {
				for p := range cols - 1 {
					dst[p*width+i] = src[i*down+p]
				}
			}
		},
	} {
		k := generic
		k.pack = pack
		assert.Equal(t, what == "right", packed(k, random(newRand(3), 8, 5, layouts[0]), 24), what)
	}
}

// So is a copy that leaves out the last row.
func TestCopyCatches(t *testing.T) {
	k, v := generic, random(newRand(3), 8, 5, layouts[1])
	for missing := range 2 {
		k.copy = func(dst []float64, width int, src []float64, right, rows, cols int) {
			for p := range cols {
				copy(dst[p*width:], src[p*right:][:rows-missing])
			}
		}
		assert.Equal(t, missing == 0, packed(k, v, 24))
	}
}
